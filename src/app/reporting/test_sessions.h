#pragma once
// For tests: a paper session on a generated market with its ledger and, if wanted, its journal.

#include <gtest/gtest.h>

#include <string>

#include "adapters/store/ledger.h"
#include "app/trading_run.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app::test {

inline RiskLimits session_limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  return limits;
}

struct Session {
  std::uint64_t seed = 1;
  std::string ledger;
  std::string journal;                // empty: none
  std::uint64_t events = UINT64_MAX;  // stops after so many, in the middle of things
};

inline void trade(const Session& session) {
  const RiskLimits limits = session_limits();
  auto ledger = Ledger::open(session.ledger, Ledger::Durability::Normal);
  ASSERT_TRUE(ledger) << ledger.error();
  ASSERT_TRUE((*ledger)->begin_session(1, "paper", from_unix_s(1)));
  ASSERT_TRUE((*ledger)->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure}));
  GeneratorSettings settings;
  settings.seed = session.seed;
  settings.length = std::chrono::seconds(120);
  MarketGenerator generator(settings);
  PrefixedSource market(generator, paper_opening(1, limits));
  TradingRunOptions options;
  options.limits = limits;
  options.seed = session.seed;
  options.ledger = ledger->get();
  std::unique_ptr<JournalWriter> journal;
  if (!session.journal.empty()) {
    auto created = JournalWriter::create(session.journal, JournalHeader{JournalMode::Paper, 1});
    ASSERT_TRUE(created) << created.error();
    journal = std::move(*created);
    options.journal = journal.get();
  }
  TradingRun run(market, options);
  while (run.event_count() < session.events && run.step()) continue;
  ASSERT_EQ(run.finish(), "");
}

}  // namespace arbees::app::test
