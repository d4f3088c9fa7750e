// Every recorded Kalshi session: imported to a journal, then replayed through the engine with a position of
// each kind in every contract. Nothing may be wrong with the books on the way, and all ends as settled.

#include <map>
#include <set>

#include "adapters/store/journal_source.h"
#include "adapters/store/journal_writer.h"
#include "adapters/store/test_files.h"
#include "app/import/importer.h"
#include "app/trading_run.h"
#include "core/simulation/prefixed_source.h"
#include "tests/recorded/recorded_data.h"
#include "tests/replayed/rebuilt.h"

namespace arbees {
namespace {

constexpr std::string_view kFormat = "kalshi-btc15m-l2";

// What markets.csv says about a market with a result.
struct KnownResult {
  bool yes_won = false;
  std::int64_t value = 0;  // in units of 10^-8; 0: not known
};

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells(1);
  for (const char c : row) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back().push_back(c);
    }
  }
  return cells;
}

// By ticker. Columns: market_ticker, close_time, strike, settlement_value, result, result_source.
std::map<std::string, KnownResult> known_results() {
  std::map<std::string, KnownResult> results;
  for (const std::string& row : recorded_lines("kalshi-btc15m-l2/markets.csv")) {
    const std::vector<std::string> cells = cells_of(row);
    if (cells.size() != 6 || (cells[4] != "yes" && cells[4] != "no")) continue;
    results[cells[0]] = KnownResult{cells[4] == "yes", naive::to_units(cells[3])};
  }
  EXPECT_GT(results.size(), 40U);
  return results;
}

// Markets that the recorder says it watched, from the raw lines.
std::set<std::string> watched_markets(const std::vector<std::string>& lines) {
  std::set<std::string> markets;
  for (const std::string& line : lines) {
    if (quoted_value(line, "type") == "watch_market") markets.emplace(quoted_value(line, "market_ticker"));
  }
  return markets;
}

const Quantity kYesHeld = Quantity::from_units(7'00);
const Quantity kNoHeld = Quantity::from_units(2'25);
const Money kYesCost = Money::from_units(3'141'593);
const Money kNoCost = Money::from_units(1'000'001);

// Adds a position of each outcome behind the first listing of every contract.
class WithPositions final : public EventSource {
 public:
  explicit WithPositions(EventSource& source) noexcept : source_(source) {}

  bool poll(Event& event) override {
    if (!waiting_.empty()) {
      event = waiting_.back();
      waiting_.pop_back();
    } else {
      if (!source_.poll(event)) return false;
      const auto* listed = std::get_if<ContractListed>(&event.body);
      if (listed != nullptr && seen_.insert(listed->id).second) add_positions(event.received_at, listed->id);
    }
    last = event;
    return true;
  }

  Event last;

 private:
  void add_positions(Timestamp at, InstrumentId id) {
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      PositionSnapshot held;
      held.id = id;
      held.outcome = outcome;
      held.quantity = outcome == Outcome::Yes ? kYesHeld : kNoHeld;
      held.cost = outcome == Outcome::Yes ? kYesCost : kNoCost;
      Event event;
      event.received_at = at;
      event.body = held;
      waiting_.push_back(event);
    }
  }

  EventSource& source_;
  std::vector<Event> waiting_;
  std::set<InstrumentId> seen_;
};

// Keeps what the engine says about settled positions.
class Settlements final : public OutputSink {
 public:
  void deliver(const Event&, const Outputs& outputs) override {
    for (const Report& report : outputs.reports) {
      if (const auto* ended = std::get_if<PositionSettled>(&report.body)) all.push_back(*ended);
    }
  }

  std::vector<PositionSettled> all;
};

InstrumentId touched_by(const Event& event) {
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) return update->id;
  if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) return faulted->id;
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) return listed->id;
  return InstrumentId{};
}

// The first thing that is wrong with a book after an event; empty if nothing is.
std::string fault_in(const MarketState& market, const Event& event) {
  const Contract* contract = market.find(touched_by(event));
  if (contract == nullptr) return {};
  const OrderBook& book = contract->book;
  const bool is_crossed = book.has_bid() && book.has_ask() && book.best_bid() >= book.best_ask();
  if (book.status() == BookStatus::Proven && is_crossed) return "a proven book is crossed";
  if (book.fault() == BookFault::NegativeLevel) return "a level became negative";
  if (book.fault() == BookFault::OffTick || book.fault() == BookFault::OutOfRange) return "an impossible level";
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    if (update->action != BookAction::Clear && book.quantity_at(update->side, update->price).is_negative()) {
      return "a level is negative";
    }
  }
  return {};
}

// Imports one session; its journal is at `journal`.
app::ImportSummary import_session(const std::string& name, const std::string& journal) {
  app::ImportSummary summary;
  const auto importer = app::make_importer(kFormat);
  auto writer = JournalWriter::create(journal, JournalHeader{});
  EXPECT_TRUE(writer) << journal;
  if (!writer) return summary;
  app::ImportSink sink(**writer, summary);
  EXPECT_EQ(importer->import_file(recorded_path(name), sink, summary), "");
  EXPECT_TRUE(sink.finish());
  EXPECT_TRUE((*writer)->flush(Sync::ToSystem));
  return summary;
}

void expect_good_import(const app::ImportSummary& summary, const std::vector<std::string>& lines) {
  EXPECT_EQ(summary.lines, lines.size());
  EXPECT_EQ(summary.bad_lines, 0U);
  EXPECT_GT(summary.events, lines.size() / 2);
  // Deltas before the first snapshot of a session, if anything.
  for (const auto& [kind, count] : summary.anomalies) EXPECT_EQ(kind, "unknown_symbol") << count;
}

JournalSource open_journal(const std::string& path) {
  auto source = JournalSource::open({path});
  EXPECT_TRUE(source) << path;
  return std::move(*source);
}

// Exactly the settlements that markets.csv calls for, of the markets that the session listed.
void expect_settled(const std::vector<PositionSettled>& settled, const std::set<std::string>& watched,
                    const std::map<std::string, KnownResult>& results) {
  std::size_t expected = 0;
  for (const std::string& ticker : watched) {
    const auto result = results.find(ticker);
    if (result == results.end()) continue;
    expected += 2;
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      const bool is_yes = outcome == Outcome::Yes;
      const Quantity held = is_yes ? kYesHeld : kNoHeld;
      const auto matches = [&](const PositionSettled& position) {
        return position.instrument == instrument_id(Venue::Kalshi, ticker) && position.outcome == outcome;
      };
      ASSERT_EQ(std::count_if(settled.begin(), settled.end(), matches), 1) << ticker;
      const PositionSettled& position = *std::find_if(settled.begin(), settled.end(), matches);
      EXPECT_EQ(position.quantity, held) << ticker;
      EXPECT_EQ(position.payout, is_yes == result->second.yes_won ? kPriceOne * held : Money{}) << ticker;
      EXPECT_EQ(position.cost, is_yes ? kYesCost : kNoCost) << ticker;
      EXPECT_EQ(position.venue, Venue::Kalshi);
      EXPECT_EQ(position.asset, Asset::BTC);
    }
  }
  EXPECT_EQ(settled.size(), expected);
}

// Plays the journal through the bare loop and engine; the digest of the decisions.
std::uint64_t settle_positions(const std::string& journal, Settlements& settlements) {
  JournalSource source = open_journal(journal);
  WithPositions events(source);
  TradingEngine engine(Capacity{}, RiskLimits{});
  TradingLoop loop(events, nullptr, engine, settlements);
  while (loop.step()) {
  }
  EXPECT_EQ(source.corrected_times(), 0U);
  EXPECT_FALSE(source.is_corrupt());
  return loop.digest();
}

// The same through the run that `replay` uses, with a look at the touched book after every event.
std::uint64_t watch_books(const std::string& journal) {
  JournalSource source = open_journal(journal);
  WithPositions events(source);
  app::TradingRunOptions options;
  options.simulate_execution = false;
  app::TradingRun run(events, options);
  while (run.step()) {
    const std::string fault = fault_in(run.engine().market(), events.last);
    if (fault.empty()) continue;
    ADD_FAILURE() << fault << " at event " << run.event_count();
    break;
  }
  EXPECT_EQ(run.finish(), "");
  return run.digest();
}

// As the command replays a recording: with cash and simulated execution.
std::uint64_t replay_on_paper(const std::string& journal) {
  JournalSource source = open_journal(journal);
  app::TradingRunOptions options;
  PrefixedSource with_cash(source, paper_opening(options.seed, options.limits));
  app::TradingRun run(with_cash, options);
  while (run.step()) {
  }
  EXPECT_EQ(run.finish(), "");
  return run.digest();
}

TEST(KalshiSessions, ReplayWithProvenBooksAndSettleExactly) {
  const std::map<std::string, KnownResult> results = known_results();
  const test::TemporaryFolder folder;
  for (const std::string& session : sampled(recorded_files("kalshi-btc15m-l2", ".jsonl.zst"))) {
    SCOPED_TRACE(session);
    const std::vector<std::string> lines = recorded_lines(session);
    const std::string journal = folder.file("session.journal");
    expect_good_import(import_session(session, journal), lines);
    Settlements settlements;
    const std::uint64_t digest = settle_positions(journal, settlements);
    expect_settled(settlements.all, watched_markets(lines), results);
    EXPECT_EQ(watch_books(journal), digest);
    EXPECT_EQ(replay_on_paper(journal), replay_on_paper(journal));
    std::filesystem::remove(journal);
  }
}

// Only looks at events as they would be written.
class EventsOfAllSessions final : public EventJournal {
 public:
  bool append(const Event& event) override {
    is_in_order = is_in_order && event.received_at >= latest_ && event.sequence == ++sequence_;
    latest_ = event.received_at;
    if (const auto* listed = std::get_if<ContractListed>(&event.body)) closes_at[listed->id] = listed->terms.closes_at;
    if (const auto* ended = std::get_if<ContractSettled>(&event.body)) {
      settled[ended->id].push_back(*ended);
      EXPECT_GT(event.received_at, closes_at[ended->id]);
    }
    return true;
  }

  std::map<InstrumentId, Timestamp> closes_at;
  std::map<InstrumentId, std::vector<ContractSettled>> settled;
  bool is_in_order = true;

 private:
  Timestamp latest_ = kNoTime;
  std::uint64_t sequence_ = 0;
};

TEST(KalshiSessions, OneImportSettlesEveryMarketOnceWithItsValue) {
  std::map<std::string, KnownResult> results = known_results();
  EventsOfAllSessions events;
  app::ImportSummary summary;
  app::ImportSink sink(events, summary);
  const auto importer = app::make_importer(kFormat);
  std::set<std::string> watched;
  for (const std::string& session : sampled(recorded_files("kalshi-btc15m-l2", ".jsonl.zst"))) {
    EXPECT_EQ(importer->import_file(recorded_path(session), sink, summary), "") << session;
    watched.merge(watched_markets(recorded_lines(session)));
  }
  EXPECT_TRUE(sink.finish());
  EXPECT_TRUE(events.is_in_order);
  EXPECT_EQ(summary.bad_lines, 0U);
  std::erase_if(results, [&](const auto& known) { return !watched.contains(known.first); });
  EXPECT_EQ(events.settled.size(), results.size());
  for (const auto& [ticker, result] : results) {
    SCOPED_TRACE(ticker);
    const std::vector<ContractSettled>& settled = events.settled[instrument_id(Venue::Kalshi, ticker)];
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled[0].payout, result.yes_won ? kPriceOne : kPriceZero);
    EXPECT_EQ(settled[0].has_value, result.value == 0 ? 0 : 1);
    EXPECT_EQ(settled[0].settled_value.units(), result.value);
  }
}

}  // namespace
}  // namespace arbees
