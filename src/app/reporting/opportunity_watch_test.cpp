#include "app/reporting/opportunity_watch.h"

#include <gtest/gtest.h>

#include "app/reporting/opportunity_report.h"
#include "app/reporting/test_ladder_market.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

using test::kLower;
using test::kUpper;

Money dollars(std::string_view text) { return Money::parse(text).value(); }

std::vector<WatchedOpportunity> watch(EventSource& market) {
  OpportunityWatch watch;
  TradingRunOptions options;
  options.observer = &watch;
  PrefixedSource source(market, paper_opening(1, options.limits));
  TradingRun run(source, options);
  while (run.step()) continue;
  EXPECT_EQ(run.finish(), "");
  return watch.all();
}

// 100 contracts of both legs cost $80 at first, $95 from 30 ms on and $99 from 200 ms on; at 900 ms one is gone.
TEST(OpportunityWatch, PricesTheLegsAgainAtTheBooksOfEachLaterInstant) {
  test::LadderMarket market;
  market.quote(0, kUpper, "0.60", "0.70");
  market.quote(10, kLower, "0.30", "0.40");
  market.quote(40, kLower, "0.30", "0.55");
  market.quote(210, kLower, "0.30", "0.59");
  market.quote(910, kLower, "0.30", "");
  market.quote(1500, kUpper, "0.50", "0.70");
  const auto all = watch(market);
  ASSERT_EQ(all.size(), 1U);
  const WatchedOpportunity& only = all.front();
  EXPECT_EQ(only.detector, Detector::Ladder);
  EXPECT_EQ(only.outlay, dollars("80"));
  EXPECT_EQ(only.profit[0], dollars("20"));
  EXPECT_EQ(only.profit[1], dollars("5"));
  EXPECT_EQ(only.profit[2], dollars("1"));
  EXPECT_EQ(only.profit[3], std::nullopt);
}

TEST(OpportunityWatch, AChangeAtTheVeryInstantCountsAlready) {
  test::LadderMarket market;
  market.quote(0, kUpper, "0.60", "0.70");
  market.quote(0, kLower, "0.30", "0.40");
  market.quote(50, kLower, "0.30", "0.55");
  market.quote(51, kLower, "0.30", "0.59");
  const auto all = watch(market);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().profit[1], dollars("5"));
}

TEST(OpportunityWatch, TakenAtOnceBringsWhatTheCertificateSaysAtLeastOnManySeeds) {
  std::size_t seen = 0;
  std::size_t exact = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    GeneratorSettings settings;
    settings.seed = seed;
    MarketGenerator market(settings);
    for (const WatchedOpportunity& each : watch(market)) {
      ++seen;
      ASSERT_TRUE(each.profit[0].has_value());
      // A package that a limit has cut was certified on its share of each level, and finds more at the best ones.
      EXPECT_GE(*each.profit[0], each.promised - each.outlay);
      if (*each.profit[0] == each.promised - each.outlay) ++exact;
    }
  }
  EXPECT_GT(seen, 20U);
  EXPECT_GT(exact, 10U);
}

TEST(OpportunityFigures, CountByKindDurationAndDelay) {
  std::vector<WatchedOpportunity> all(3);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].outlay = Money::whole(static_cast<std::int64_t>(10 * (i + 1)));
    all[i].promised = all[i].outlay + Money::whole(1);
    all[i].started_at = test::kStart;
  }
  all[0].ended_at = test::kStart + std::chrono::milliseconds(100);
  all[1].ended_at = test::kStart + std::chrono::seconds(10);
  all[2].detector = Detector::CrossVenue;
  all[0].profit[1] = Money::whole(2);
  all[1].profit[1] = -Money::whole(1);
  const auto figures = opportunity_figures(all);
  ASSERT_EQ(figures.size(), 3U);
  EXPECT_EQ(figures[0].kind, "same_market");
  EXPECT_EQ(figures[1].kind, "cross_venue");
  EXPECT_EQ(figures[1].unended, 1U);
  const OpportunityFigures& sum = figures[2];
  EXPECT_EQ(sum.kind, "all");
  EXPECT_EQ(sum.durations, (std::array<std::uint64_t, kDurationClasses>{0, 1, 0, 0, 1}));
  EXPECT_EQ(sum.median_outlay, Money::whole(20));
  EXPECT_EQ(sum.delayed[1].profitable, 1U);
  EXPECT_EQ(sum.delayed[1].profit, Money::whole(2));
  EXPECT_EQ(sum.delayed[1].blind, Money::whole(1));
  EXPECT_EQ(sum.delayed[1].gone, 1U);
}

TEST(OpportunityFigures, ACompletionStandsByItself) {
  std::vector<WatchedOpportunity> all(2);
  all[0].outlay = all[1].outlay = Money::whole(10);
  all[1].detector = Detector::Completion;
  all[1].profit[0] = Money::whole(90);
  const auto figures = opportunity_figures(all);
  ASSERT_EQ(figures.size(), 3U);
  EXPECT_EQ(figures[1].kind, "completion");
  EXPECT_EQ(figures[1].delayed[0].profit, Money::whole(90));
  EXPECT_EQ(figures[2].kind, "all");
  EXPECT_EQ(figures[2].count, 1U);
  EXPECT_EQ(figures[2].delayed[0].profit, Money{});
}

TEST(OpportunityFigures, OfNothingAreNone) { EXPECT_TRUE(opportunity_figures({}).empty()); }

}  // namespace
}  // namespace arbees::app
