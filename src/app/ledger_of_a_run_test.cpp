// A whole simulated session into journal and ledger: the books are right, and a replay makes the same ones.

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/store/journal_source.h"
#include "adapters/store/journal_writer.h"
#include "adapters/store/ledger.h"
#include "adapters/store/ledger_check.h"
#include "app/ledger_json.h"
#include "core/engine/trading_engine.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "core/simulation/prefixed_source.h"

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

std::unique_ptr<Ledger> new_ledger(const std::string& path) {
  auto ledger = Ledger::open(path, Ledger::Durability::Normal);
  EXPECT_TRUE(ledger.has_value()) << ledger.error();
  EXPECT_TRUE((*ledger)->begin_session(1, "paper", from_unix_s(1)));
  EXPECT_TRUE((*ledger)->set_limits({limits().max_position, limits().max_asset_exposure, limits().max_total_exposure}));
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

}  // namespace
}  // namespace arbees::app
