#include "adapters/venue/candle.h"

#include <gmock/gmock.h>

#include "adapters/venue/frame.h"
#include "core/base/random.h"

namespace arbees {
namespace {

using testing::ElementsAre;

constexpr Timestamp kStart = from_unix_s(1'790'000'040);  // on the minute

Candle candle(std::int64_t minute) {
  Candle bar;
  bar.opened_at = kStart + std::chrono::minutes(minute);
  return bar;
}

TEST(Candles, MissingMinutesAreCountedAndNothingElse) {
  const std::vector<Candle> bars = {candle(-1), candle(0), candle(2), candle(5)};
  EXPECT_EQ(missing_minutes(bars, kStart, kStart + std::chrono::minutes(5)), 3U);
  EXPECT_EQ(missing_minutes(bars, kStart + std::chrono::seconds(1), kStart + std::chrono::minutes(3)), 1U);
  EXPECT_EQ(missing_minutes(bars, kStart, kStart), 0U);
  EXPECT_EQ(missing_minutes({}, kStart + std::chrono::minutes(2), kStart), 0U);
}

TEST(Candles, RangesAreSplitWithoutHolesOrOverlaps) {
  const CandleRange range{"BTC-USD", kStart + std::chrono::seconds(30), kStart + std::chrono::minutes(650)};
  const auto parts = split_range(range, 300);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].from, kStart);
  EXPECT_EQ(parts[0].to, parts[1].from);
  EXPECT_EQ(parts[1].to, parts[2].from);
  EXPECT_EQ(parts[2].to, kStart + std::chrono::minutes(650));
  EXPECT_TRUE(split_range({"X", kStart, kStart}, 300).empty());
}

TEST(Candles, OnlyPossibleBarsAreTaken) {
  const Timestamp now = kStart + std::chrono::minutes(60);
  const auto count = [now](const CandleText& text, Timestamp at = kStart) {
    CandleBuilder builder(CandleOrder::OldestFirst, now);
    builder.add(at, text);
    const CandleSeries series = builder.take();
    return std::vector<std::size_t>{series.candles.size(), series.rejected, series.unfinished, series.empty};
  };
  EXPECT_THAT(count({"100", "102", "99", "101", "1"}), ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(count({"100", "100.5", "99", "101", "1"}), ElementsAre(0, 1, 0, 0)) << "high below the close";
  EXPECT_THAT(count({"100", "102", "100.5", "101", "1"}), ElementsAre(0, 1, 0, 0)) << "low above the open";
  EXPECT_THAT(count({"0", "102", "0", "101", "1"}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(count({"-1", "102", "-2", "101", "1"}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(count({"", "102", "99", "101", "1"}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(count({"NaN", "102", "99", "101", "1"}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(count({"100", "102", "99", "101", "0.00"}), ElementsAre(0, 0, 0, 1)) << "nothing was traded";
  EXPECT_THAT(count({"100", "102", "99", "101", "1"}, kStart + std::chrono::seconds(1)), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(count({"100", "102", "99", "101", "1"}, kNoTime), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(count({"100", "102", "99", "101", "1"}, now), ElementsAre(0, 0, 1, 0)) << "still runs";
  EXPECT_THAT(count({"100", "102", "99", "101", "1"}, now - std::chrono::minutes(1)), ElementsAre(1, 0, 0, 0));
}

// Whatever comes: what is taken is possible and rises in time, and every bar is counted once.
TEST(Candles, RandomBarsKeepThePromises) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const CandleOrder order = random.chance(1, 2) ? CandleOrder::OldestFirst : CandleOrder::NewestFirst;
    CandleBuilder builder(order, kStart + std::chrono::minutes(90));
    std::size_t added = 0;
    std::int64_t minute = order == CandleOrder::OldestFirst ? 0 : 100;
    for (; added < 100; ++added) {
      minute += (order == CandleOrder::OldestFirst ? 1 : -1) * random.between(-1, 2);
      const auto number = [&random] { return std::to_string(random.between(0, 20)); };
      const std::string open = number(), high = number(), low = number(), close = number(), volume = number();
      builder.add(kStart + std::chrono::minutes(minute), {open, high, low, close, volume});
    }
    const CandleSeries series = builder.take();
    EXPECT_EQ(series.candles.size() + series.rejected + series.unfinished + series.empty, added);
    for (std::size_t i = 0; i < series.candles.size(); ++i) {
      const Candle& bar = series.candles[i];
      EXPECT_TRUE(bar.low.is_positive() && bar.low <= bar.open && bar.low <= bar.close);
      EXPECT_TRUE(bar.high >= bar.open && bar.high >= bar.close);
      EXPECT_LT(bar.opened_at, kStart + std::chrono::minutes(90));
      EXPECT_TRUE(i == 0 || series.candles[i - 1].opened_at < bar.opened_at);
    }
  }
}

}  // namespace
}  // namespace arbees
