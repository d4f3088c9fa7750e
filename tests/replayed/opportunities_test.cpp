// No false positive: every opportunity that the engine reports on the recordings is checked again from the raw lines.
//
// Recorded markets hardly ever offer one, so things are added that make many: a second market with a lower strike whose
// quotes lag (a ladder out of step), a position in every contract, and, to know that the check can fail, lines that
// show other quotes than the engine saw.

#include <cstdio>
#include <set>

#include "adapters/store/test_files.h"
#include "app/import/importer.h"
#include "core/base/stable_order.h"
#include "core/engine/trading_engine.h"
#include "core/simulation/prefixed_source.h"
#include "tests/recorded/recorded_data.h"
#include "tests/replayed/rebuilt.h"
#include "tests/replayed/verifier.h"

namespace arbees {
namespace {

using std::chrono::milliseconds;

// Everything that is found is to be judged in full: no limit of ours stands in the way.
RiskLimits wide_limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 0;
  limits.min_liquidity = Money{};
  limits.max_position = Money::whole(1'000'000);
  limits.max_asset_exposure = Money::whole(10'000'000);
  limits.max_total_exposure = Money::whole(100'000'000);
  limits.price_staleness = std::chrono::hours(1);
  limits.max_open_requests = 64;
  return limits;
}

struct Additions {
  bool positions = false;
  bool other_lines = false;  // the engine is told something else than what the lines say
};

// Takes imported events as a journal would, and runs the engine on them.
class CheckedRun final : public EventJournal {
 public:
  CheckedRun(LineFormat format, const std::vector<std::string>& lines, Additions additions)
      : verifier_(format, lines), additions_(additions) {
    for (EventBody body : paper_opening(1, wide_limits())) {
      if (auto* cash = std::get_if<CashSnapshot>(&body)) cash->cash = Money::whole(50'000'000);
      say(body, kNoTime);
    }
  }

  bool append(const Event& event) override {
    say(event.body, event.received_at);
    const auto* listed = std::get_if<ContractListed>(&event.body);
    if (listed != nullptr && additions_.positions && held_.insert(listed->id.value).second) {
      for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
        PositionSnapshot position;
        position.id = listed->id;
        position.outcome = outcome;
        position.quantity = outcome == Outcome::Yes ? Quantity::whole(40) : Quantity::from_units(2'25);
        position.cost = Money::whole(1);
        say(position, event.received_at);
      }
    }
    return true;
  }

  std::uint64_t events = 0;
  std::uint64_t judged = 0;
  std::uint64_t requested = 0;
  std::uint64_t false_positives = 0;
  std::string first_fault;

 private:
  void say(const EventBody& body, Timestamp at) {
    Event event;
    event.received_at = at;
    event.sequence = ++events;
    event.body = body;
    verifier_.note(event);
    outputs_.clear();
    engine_.on_event(event, outputs_);
    requested += outputs_.requests.size();
    for (const Report& report : outputs_.reports) {
      if (!std::holds_alternative<OpportunityJudged>(report.body)) continue;
      ++judged;
      const std::string fault = verifier_.fault_in(engine_.arbitrage().accepted(), at);
      if (fault.empty()) continue;
      ++false_positives;
      if (first_fault.empty()) first_fault = fault + " at event " + std::to_string(event.sequence);
    }
  }

  Verifier verifier_;
  Additions additions_;
  TradingEngine engine_{Capacity{}, wide_limits()};
  Outputs outputs_;
  std::set<std::uint64_t> held_;
};

struct Totals {
  std::uint64_t recordings = 0;
  std::uint64_t events = 0;
  std::uint64_t judged = 0;
  std::uint64_t requested = 0;
  std::uint64_t false_positives = 0;
};

// `path` is the recording, `lines` the same, read.
Totals check(std::string_view importer_name, LineFormat format, const std::string& path,
             const std::vector<std::string>& lines, Additions additions) {
  CheckedRun run(format, lines, additions);
  app::ImportSummary summary;
  app::ImportSink sink(run, summary);
  const auto importer = app::make_importer(importer_name);
  EXPECT_EQ(importer->import_file(path, sink, summary), "");
  EXPECT_TRUE(sink.finish());
  if (!additions.other_lines) {
    EXPECT_EQ(run.false_positives, 0U) << path << ": " << run.first_fault;
  }
  return {1, run.events, run.judged, run.requested, run.false_positives};
}

Totals check_all(std::string_view importer_name, LineFormat format, Additions additions) {
  Totals totals;
  for (const std::string& name : sampled(recorded_files(importer_name, ".jsonl.zst"))) {
    const Totals one = check(importer_name, format, recorded_path(name), recorded_lines(name), additions);
    ++totals.recordings;
    totals.events += one.events;
    totals.judged += one.judged;
    totals.requested += one.requested;
    totals.false_positives += one.false_positives;
  }
  std::printf("%s%s: %llu recordings, %llu events, %llu opportunities judged, %llu requested, %llu false\n",
              std::string(importer_name).c_str(), additions.positions ? " with positions" : "",
              static_cast<unsigned long long>(totals.recordings), static_cast<unsigned long long>(totals.events),
              static_cast<unsigned long long>(totals.judged), static_cast<unsigned long long>(totals.requested),
              static_cast<unsigned long long>(totals.false_positives));
  return totals;
}

TEST(RecordedOpportunities, OfKalshiAreTrue) { check_all("kalshi-btc15m-l2", LineFormat::KalshiSession, {}); }
TEST(RecordedOpportunities, OfPolymarketAreTrue) {
  check_all("polymarket-btc5m-book", LineFormat::PolymarketBooks, {});
}
TEST(RecordedOpportunities, OfManyVenuesAreTrue) { check_all("multivenue-raw-frames", LineFormat::ManyVenues, {}); }

// In one market alone, completing is never better than selling.
TEST(RecordedOpportunities, OfKalshiWithPositionsAreTrue) {
  check_all("kalshi-btc15m-l2", LineFormat::KalshiSession, {.positions = true});
}
TEST(RecordedOpportunities, OfPolymarketWithPositionsAreTrue) {
  check_all("polymarket-btc5m-book", LineFormat::PolymarketBooks, {.positions = true});
}

std::string with_time(const std::string& line, std::int64_t ns) {
  const std::string key = "\"recv_ns\":";
  const std::size_t begin = line.find(key) + key.size();
  return line.substr(0, begin) + std::to_string(ns) + line.substr(line.find_first_of(",}", begin));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The session with a twin of its market: strike 50 lower, every quote the same but 700 ms late. When prices fall, the
// twin's Yes is still dear and its No still cheap; when they rise, the other way round.
std::vector<std::string> with_lagging_twin(const std::vector<std::string>& lines, std::int64_t lag_ns) {
  std::vector<std::pair<std::int64_t, std::string>> timed;
  for (const std::string& line : lines) {
    const std::int64_t at = unix_ns(time_of_line(line));
    timed.emplace_back(at, line);
    const std::string ticker(quoted_value(line, "market_ticker"));
    const std::string_view type = quoted_value(line, "type");
    const bool is_market = type == "watch_market" || type.starts_with("orderbook_");
    if (ticker.empty() || !is_market) continue;
    std::string twin = replaced(with_time(line, at + lag_ns), ticker, ticker + "-TWIN");
    const std::size_t strike = twin.find("\"strike\":");
    if (strike != std::string::npos) {
      const double value = std::stod(twin.substr(strike + 9));
      const std::size_t end = twin.find_first_of(",}", strike + 9);
      char text[32];
      std::snprintf(text, sizeof(text), "%.2f", value - 50);
      twin = twin.substr(0, strike + 9) + text + twin.substr(end);
    }
    // Numbers of the connection's messages would not be whole with the twin's among them.
    timed.emplace_back(at + lag_ns, twin);
  }
  sort_stably(timed, [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> merged;
  std::uint64_t number = 0;
  for (auto& [at, line] : timed) {
    const std::size_t begin = line.find("\"seq\":");
    if (begin != std::string::npos) {
      const std::size_t end = line.find_first_of(",}", begin + 6);
      line = line.substr(0, begin + 6) + std::to_string(++number) + line.substr(end);
    }
    if (line.find("ws_connected") != std::string::npos) number = 0;
    merged.push_back(std::move(line));
  }
  return merged;
}

Totals check_twin(const std::string& name, Additions additions) {
  const test::TemporaryFolder folder;
  const std::vector<std::string> recorded = recorded_lines(name);
  const std::vector<std::string> lines = with_lagging_twin(recorded, 700'000'000);
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  const std::string path = folder.file("twin.jsonl");
  std::FILE* file = std::fopen(path.c_str(), "w");
  EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
  std::fclose(file);
  return check("kalshi-btc15m-l2", LineFormat::KalshiSession, path,
               additions.other_lines ? with_lagging_twin(recorded, 0) : lines, additions);
}

void check_twins(Additions additions) {
  Totals totals;
  for (const std::string& name : sampled(recorded_files("kalshi-btc15m-l2", ".jsonl.zst"))) {
    const Totals one = check_twin(name, additions);
    totals.judged += one.judged;
    totals.requested += one.requested;
    if (++totals.recordings == 8) break;
  }
  std::printf("ladders out of step%s: %llu recordings, %llu judged, %llu requested\n",
              additions.positions ? " with positions" : "", static_cast<unsigned long long>(totals.recordings),
              static_cast<unsigned long long>(totals.judged), static_cast<unsigned long long>(totals.requested));
  EXPECT_GT(totals.judged, 0U);
}

TEST(RecordedOpportunities, OfALadderOutOfStepAreTrue) { check_twins({}); }
TEST(RecordedOpportunities, OfALadderOutOfStepWithPositionsAreTrue) { check_twins({.positions = true}); }

TEST(RecordedOpportunities, ThatTheLinesDoNotShowAreFoundOut) {
  Totals totals;
  for (const std::string& name : sampled(recorded_files("kalshi-btc15m-l2", ".jsonl.zst"))) {
    const Totals one = check_twin(name, {.other_lines = true});
    totals.false_positives += one.false_positives;
    if (totals.false_positives > 0) break;
  }
  EXPECT_GT(totals.false_positives, 0U);
}

}  // namespace
}  // namespace arbees
