// The whole core on generated markets: what must hold whatever happens, over many seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "core/simulation/test_observer.h"

namespace arbees {
namespace {

using test::run;
using test::RunResult;
using test::RunSettings;

// What a request loses by all its sales stays within the budget.
void expect_cheap_unwinding(const RunResult& result, Money budget) {
  for (const auto& [id, ended] : result.ends) EXPECT_LE(ended.unwind_cost, budget) << "request " << id;
}

TEST(WholeSystem, KeepsItsInvariantsOnManySeeds) {
  int accepted = 0;
  int settled = 0;
  std::uint64_t broken = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RunSettings settings;
    settings.seed = seed;
    const RunResult result = run(settings);
    EXPECT_EQ(result.ends.size(), static_cast<std::size_t>(result.accepted)) << "every request must end";
    expect_cheap_unwinding(result, settings.limits.unwind_budget);
    accepted += result.accepted;
    settled += result.settled;
    broken += result.broken;
    if (HasFailure()) return;
  }
  // The generator must offer something to lose and something to win, or the test shows nothing.
  EXPECT_GT(accepted, 20);
  EXPECT_GT(settled, 20);
  EXPECT_GT(broken, 0u);
}

TEST(WholeSystem, KeepsItsLimitsWhenOrdersAndAnswersAreLost) {
  int doubted = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RunSettings settings;
    settings.seed = seed;
    settings.faults.lost_orders = 100;
    settings.faults.lost_answers = 150;
    settings.faults.repeated_answers = 200;
    settings.limits.unwind_budget = Money::whole(5);
    const RunResult result = run(settings);
    expect_cheap_unwinding(result, settings.limits.unwind_budget);
    doubted += result.doubted;
    if (HasFailure()) return;
  }
  EXPECT_GT(doubted, 20);
}

TEST(WholeSystem, BooksLateAndFailedFillsToTheLastUnit) {
  int late = 0;
  int reverted = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RunSettings settings;
    settings.seed = seed;
    settings.faults.late_fills = 200;
    settings.faults.failed_settlements = 150;
    settings.faults.repeated_answers = 200;
    settings.faults.lost_answers = 50;
    settings.limits_hold = false;
    const RunResult result = run(settings);
    late += result.late;
    reverted += result.reverted;
    if (HasFailure()) return;
  }
  EXPECT_GT(late, 10);
  EXPECT_GT(reverted, 10);
}

TEST(WholeSystem, SendsNoOrderWhileHaltedWhateverComes) {
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RunSettings settings;
    settings.seed = seed;
    settings.commands_per_thousand = 20;
    settings.faults.lost_answers = 100;
    accepted += run(settings).accepted;
    if (HasFailure()) return;
  }
  EXPECT_GT(accepted, 20);
}

// Commands at random, and fills that come late or fail: what flattening sends are sales of what is held, and nothing is
// bought meanwhile.
TEST(WholeSystem, FlatteningNeverOpensAPosition) {
  int sold = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RunSettings settings;
    settings.seed = seed;
    settings.commands_per_thousand = 5;
    settings.faults.lost_orders = 50;
    settings.faults.lost_answers = 100;
    settings.faults.repeated_answers = 100;
    settings.faults.failed_settlements = 50;
    settings.limits_hold = false;
    sold += run(settings).sold_flat;
    if (HasFailure()) return;
  }
  EXPECT_GT(sold, 50);
}

TEST(WholeSystem, TheSameSeedGivesTheSameDigestAndAnotherOneAnother) {
  RunSettings settings;
  settings.seed = 7;
  const RunResult first = run(settings);
  const RunResult second = run(settings);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.events, second.events);
  settings.seed = 8;
  EXPECT_NE(first.digest, run(settings).digest);
}

// What an order of legs is worth, over seeds: the figures of docs/decisions/legs.md.
struct LegFigures {
  std::size_t requests = 0;
  std::size_t failed = 0;
  std::size_t unwound = 0;
  std::size_t kept = 0;
  Money unwind_cost;
  Money profit;
  std::vector<std::int64_t> naked_ms;

  [[nodiscard]] std::int64_t naked(std::size_t percent) {
    if (naked_ms.empty()) return 0;
    std::sort(naked_ms.begin(), naked_ms.end());
    return naked_ms[std::min(naked_ms.size() - 1, naked_ms.size() * percent / 100)];
  }
};

LegFigures figures_at(std::int64_t depth_hundredths) {
  LegFigures figures;
  for (std::uint64_t seed = 101; seed <= 140; ++seed) {
    RunSettings settings;
    settings.seed = seed;
    settings.limits.sequential_depth_hundredths = depth_hundredths;
    const RunResult result = run(settings);
    figures.profit += result.profit;
    for (const auto& [id, ended] : result.ends) {
      ++figures.requests;
      figures.failed += static_cast<std::size_t>(ended.outcome == RequestOutcome::Failed);
      figures.unwound += static_cast<std::size_t>(ended.outcome == RequestOutcome::Unwound);
      figures.kept += static_cast<std::size_t>(ended.outcome == RequestOutcome::Kept);
      figures.unwind_cost += ended.unwind_cost;
      if (ended.naked_time.count() > 0) figures.naked_ms.push_back(ended.naked_time.count() / 1'000'000);
    }
  }
  std::printf(
      "depth %4.1f: %zu requests, failed %zu, unwound %zu, kept %zu, naked ms p50 %lld p99 %lld, unwind $%.2f, "
      "profit $%.2f\n",
      static_cast<double>(depth_hundredths) / 100, figures.requests, figures.failed, figures.unwound, figures.kept,
      static_cast<long long>(figures.naked(50)), static_cast<long long>(figures.naked(99)),
      static_cast<double>(figures.unwind_cost.units()) / 1e6, static_cast<double>(figures.profit.units()) / 1e6);
  return figures;
}

// Why the default sends all legs at once: docs/decisions/legs.md.
TEST(WholeSystem, TheDefaultOrderOfLegsBreaksTheFewestRequests) {
  const LegFigures by_default = figures_at(RiskLimits{}.sequential_depth_hundredths);
  ASSERT_GT(by_default.requests, 100u);
  for (const std::int64_t depth : {150, 400, 1000, 100'000}) {
    const LegFigures other = figures_at(depth);
    EXPECT_LE(by_default.unwound + by_default.kept, other.unwound + other.kept) << depth;
    EXPECT_GE(by_default.profit, other.profit) << depth;
  }
}

}  // namespace
}  // namespace arbees
