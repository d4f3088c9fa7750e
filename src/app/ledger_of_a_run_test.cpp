// A whole simulated session into journal and ledger: the books are right, and a replay makes the same ones.

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/store/journal_source.h"
#include "adapters/store/journal_writer.h"
#include "adapters/store/ledger.h"
#include "adapters/store/ledger_check.h"
#include "adapters/store/test_files.h"
#include "app/ledger_json.h"
#include "core/engine/trading_engine.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "core/simulation/prefixed_source.h"
#include "core/simulation/test_observer.h"

namespace arbees::app {
namespace {

class Recorder final : public OutputSink {
 public:
  Recorder(Ledger& ledger, SimulatedExchange* exchange) : ledger_(ledger), exchange_(exchange) {}

  void deliver(const Event& cause, const Outputs& outputs) override {
    EXPECT_TRUE(ledger_.record(cause, outputs)) << ledger_.error();
    if (exchange_ != nullptr) exchange_->submit(outputs, cause.received_at);
  }

 private:
  Ledger& ledger_;
  SimulatedExchange* exchange_;
};

RiskLimits limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  return limits;
}

std::unique_ptr<Ledger> new_ledger(const std::string& path, const RiskLimits& limits = app::limits()) {
  auto ledger = Ledger::open(path, Ledger::Durability::Normal);
  EXPECT_TRUE(ledger.has_value()) << ledger.error();
  EXPECT_TRUE((*ledger)->begin_session(1, "paper", from_unix_s(1)));
  EXPECT_TRUE((*ledger)->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure}));
  return std::move(*ledger);
}

TEST(LedgerOfARun, IsRightAndAReplayOfTheJournalMakesTheSame) {
  std::string folder = (std::filesystem::temp_directory_path() / "arbees-run-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const Capacity capacity;
  GeneratorSettings settings;
  settings.seed = 3;
  settings.length = std::chrono::seconds(120);
  std::uint64_t digest = 0;
  {
    MarketGenerator generator(settings);
    SimulatedExchange exchange(capacity, LatencyModel{}, settings.seed);
    PrefixedSource market(generator, paper_opening(settings.seed, limits()));
    MergedSource source(market, exchange);
    TradingEngine engine(capacity, RiskLimits{});
    const auto ledger = new_ledger(folder + "/live.sqlite");
    Recorder recorder(*ledger, &exchange);
    const auto journal = JournalWriter::create(folder + "/live.journal", JournalHeader{JournalMode::Paper, 1});
    ASSERT_TRUE(journal.has_value()) << journal.error();
    TradingLoop loop(source, journal->get(), engine, recorder);
    while (loop.step()) continue;
    digest = loop.digest();
    EXPECT_EQ(ledger->cash(Venue::Kalshi), exchange.cash(Venue::Kalshi));
    EXPECT_EQ(ledger->cash(Venue::Polymarket), exchange.cash(Venue::Polymarket));
  }
  {
    auto source = JournalSource::open({folder + "/live.journal"});
    ASSERT_TRUE(source.has_value()) << source.error();
    TradingEngine engine(capacity, RiskLimits{});  // the limits are in the journal
    const auto ledger = new_ledger(folder + "/replay.sqlite");
    Recorder recorder(*ledger, nullptr);
    TradingLoop loop(*source, nullptr, engine, recorder);
    while (loop.step()) continue;
    EXPECT_EQ(loop.digest(), digest);
  }
  const auto live = read_ledger(folder + "/live.sqlite");
  const auto replay = read_ledger(folder + "/replay.sqlite");
  ASSERT_TRUE(live.has_value() && replay.has_value());
  EXPECT_GT(live->fills.size(), 10U);
  EXPECT_GT(live->settlements.size(), 0U);
  EXPECT_THAT(audit_ledger(*live).problems, testing::IsEmpty());
  EXPECT_EQ(export_document(*live), export_document(*replay));
  std::filesystem::remove_all(folder);
}

// The audit of two minutes with so little room that the limits bind all the time.
LedgerAudit audit_of_a_tight_run(std::uint64_t seed, const ExchangeFaults& faults) {
  RiskLimits tight = arbees::test::demo_limits();
  tight.max_position = Money::whole(200);
  tight.max_asset_exposure = Money::whole(400);
  tight.max_total_exposure = Money::whole(400);
  const arbees::test::TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const auto ledger = new_ledger(path, tight);
  GeneratorSettings settings;
  settings.seed = seed;
  settings.length = std::chrono::seconds(120);
  const Capacity capacity;
  MarketGenerator generator(settings);
  SimulatedExchange exchange(capacity, LatencyModel{}, seed, faults);
  PrefixedSource market(generator, paper_opening(seed, tight));
  arbees::test::TickedSource ticked(market, 600, seed);
  MergedSource source(ticked, exchange);
  TradingEngine engine(capacity, RiskLimits{});
  Recorder recorder(*ledger, &exchange);
  TradingLoop loop(source, nullptr, engine, recorder);
  while (loop.step()) continue;
  EXPECT_TRUE(ledger->commit()) << ledger->error();
  const auto contents = read_ledger(path);
  EXPECT_TRUE(contents) << contents.error();
  return audit_ledger(*contents);
}

// What comes late, or comes back, may find its room given to others: the books are right all the same, and say so.
TEST(LedgerOfARun, LateFillsAndFailedSettlementsAtTightLimitsAreNoProblemOfTheBooks) {
  ExchangeFaults late;
  late.late_fills = 200;
  ExchangeFaults failed;
  failed.failed_settlements = 500;
  ExchangeFaults all;
  all.late_fills = 150;
  all.failed_settlements = 300;
  all.lost_answers = 50;
  all.repeated_answers = 200;
  std::size_t excesses = 0;
  for (const ExchangeFaults& faults : {late, failed, all}) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", late fills " << faults.late_fills);
      const LedgerAudit audit = audit_of_a_tight_run(seed, faults);
      EXPECT_THAT(audit.problems, testing::IsEmpty());
      excesses += audit.excesses.size();
    }
  }
  EXPECT_GT(excesses, 100U) << "the limits must be reached, or the test shows nothing";
}

// Without faults nothing is over a limit: none is explained away.
TEST(LedgerOfARun, NothingGoesOverALimitWithoutFaults) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const LedgerAudit audit = audit_of_a_tight_run(seed, {});
    EXPECT_THAT(audit.problems, testing::IsEmpty());
    EXPECT_EQ(audit.excesses.size(), 0U);
  }
}

}  // namespace
}  // namespace arbees::app
