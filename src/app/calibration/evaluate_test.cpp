// Walk-forward: nothing later than the instant is ever seen, and a planted leak is caught.

#include "app/calibration/evaluate.h"

#include <gtest/gtest.h>

#include "app/calibration/summary.h"
#include "core/base/random.h"

namespace arbees::app {
namespace {

constexpr std::int64_t kStart = 1'785'000'000;

SpotRecord price_of(double price) { return {{price, price, price, price}, 0.0}; }

// Two days of minute candles, then windows of fifteen minutes asked about in their middle.
Sample walk(std::uint64_t seed) {
  Sample sample;
  sample.rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  AssetSample& asset = sample.assets["BTC"];
  Random random(seed);
  double spot = 64000;
  for (std::int64_t minute = 1; minute <= 3 * 1440; ++minute) {
    const double open = spot;
    spot += static_cast<double>(random.between(-2000, 2000)) / 100;
    const Timestamp end = from_unix_s(kStart + minute * 60);
    asset.spots.add(end, {{open, std::max(open, spot), std::min(open, spot), spot}, 60.0});
    if (minute < 2 * 1440 || minute % 15 != 7) continue;
    Instant instant;
    instant.at = end;
    instant.close = end + std::chrono::minutes(8);
    instant.lower = spot - 20;
    instant.market = 0.5;
    instant.outcome = random.chance(1, 2);
    asset.instants.push_back(instant);
  }
  return sample;
}

TEST(PastFeed, HandsOutNothingFromTheFuture) {
  PastFeed<int> feed;
  feed.add(from_unix_s(30), 3);
  feed.add(from_unix_s(10), 1);
  feed.add(from_unix_s(20), 2);
  std::vector<int> seen;
  const auto use = [&](Timestamp, int value) { seen.push_back(value); };
  feed.advance(from_unix_s(9), use);
  EXPECT_TRUE(seen.empty());
  feed.advance(from_unix_s(20), use);
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
  feed.advance(from_unix_s(20), use);
  EXPECT_EQ(seen.size(), 2U) << "each record once";
  EXPECT_DEATH(feed.advance(from_unix_s(19), use), "") << "time never goes back";
}

TEST(Evaluate, APlantedFutureChangesNothingBeforeIt) {
  Sample honest = walk(1);
  Sample planted = walk(1);
  const Timestamp from = planted.assets["BTC"].instants[20].at + std::chrono::seconds(1);
  planted.assets["BTC"].spots.add(from, price_of(99000));  // what an oracle would have seen
  const Evaluation a = evaluate(honest);
  const Evaluation b = evaluate(planted);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  ASSERT_GT(a.rows.size(), 60U);
  for (std::size_t i = 0; i <= 20; ++i) EXPECT_EQ(a.rows[i].model, b.rows[i].model) << i;
  EXPECT_EQ(count_leaks(a.rows), 0);
}

TEST(Evaluate, ARowThatRestsOnTheFutureIsCaught) {
  Sample sample = walk(2);
  Evaluation evaluation = evaluate(sample);
  EXPECT_EQ(count_leaks(evaluation.rows), 0);
  evaluation.rows[5].newest_input = evaluation.rows[5].at + std::chrono::milliseconds(1);
  EXPECT_EQ(count_leaks(evaluation.rows), 1);
}

TEST(Evaluate, WithoutFreshSpotOrVolatilityThereIsNoRow) {
  Sample stale = walk(3);
  for (Instant& instant : stale.assets["BTC"].instants) {
    instant.at += std::chrono::seconds(55);  // the candle before is 55 s old
  }
  stale.largest_spot_age_s = 50;
  EXPECT_TRUE(evaluate(stale).rows.empty());
  Sample unknown;
  unknown.rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  unknown.assets["BTC"].spots.add(from_unix_s(kStart), price_of(64000));
  Instant instant;
  instant.at = from_unix_s(kStart + 1);
  instant.close = from_unix_s(kStart + 900);
  instant.lower = 64000;
  unknown.assets["BTC"].instants.push_back(instant);
  const Evaluation evaluation = evaluate(unknown);
  EXPECT_TRUE(evaluation.rows.empty());
  EXPECT_EQ(evaluation.without_model, 1);
}

TEST(Evaluate, FittingFindsTheVolatilityThatMadeTheOutcomes) {
  std::vector<Row> rows;
  Random random(4);
  for (int i = 0; i < 4000; ++i) {
    Row row;
    row.inputs = {.spot = 64000, .volatility = 0.5, .window = average_before(900, 60, 1, 1)};
    row.lower = 63700 + static_cast<double>(random.between(0, 600));
    PricingInputs truth = row.inputs;
    truth.volatility *= 1.2;
    const double p = threshold_value(truth, Comparator::GreaterOrEqual, row.lower).probability;
    row.outcome = static_cast<double>(random.below(1'000'000)) < p * 1e6 ? 1 : 0;
    rows.push_back(row);
  }
  EXPECT_NEAR(fitted(rows).volatility_scale, 1.2, 0.151);
}

TEST(Summary, SameForecastsMakeNoDifferenceAndClosesAreCounted) {
  Sample sample = walk(5);
  Evaluation evaluation = evaluate(sample);
  for (Row& row : evaluation.rows) row.market = row.model;
  const Summary summary = summarise(evaluation.rows);
  EXPECT_EQ(summary.all.n, evaluation.rows.size());
  EXPECT_EQ(summary.all.closes, evaluation.rows.size());
  EXPECT_EQ(summary.all.difference, 0);
  EXPECT_EQ(summary.all.model.brier, summary.all.market->brier);
  EXPECT_EQ(summary.by_asset.size(), 1U);
  const std::string json = summary_json(summary, {.format = "x", .settlement_checked = 3, .settlement_reproduced = 2});
  for (const char* name :
       {"\"n\":", "\"closes\":", "\"model\":{\"brier\":", "\"log_loss\":", "\"ece\":", "\"ci95\":[", "\"by_horizon\":{",
        "\"by_moneyness\":{", "\"by_asset\":{\"BTC\":", "\"settlement\":{\"checked\":3,\"reproduced\":2}"}) {
    EXPECT_NE(json.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace arbees::app
