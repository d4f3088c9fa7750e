#include "adapters/telemetry/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "core/base/random.h"

namespace arbees {
namespace {

TEST(LatencyHistogram, IsZeroWithoutMeasurements) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_EQ(histogram.max(), 0);
}

TEST(LatencyHistogram, HoldsTheWholeRange) {
  LatencyHistogram histogram;
  histogram.add(-5);
  histogram.add(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_EQ(histogram.quantile(1), std::numeric_limits<std::int64_t>::max());
}

TEST(LatencyHistogram, AgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    LatencyHistogram histogram;
    std::vector<std::int64_t> values;
    for (int i = 0; i < 1000; ++i) {
      const auto value = static_cast<std::int64_t>(random.next() >> (1 + random.below(63)));
      values.push_back(value);
      histogram.add(value);
    }
    double sum = 0;
    for (const std::int64_t value : values) sum += static_cast<double>(value);
    EXPECT_DOUBLE_EQ(histogram.sum(), sum);
    std::sort(values.begin(), values.end());
    for (const std::int64_t bound : {std::int64_t{-1}, values[0], values[400], values[999], values[999] + 1}) {
      const auto exact = std::upper_bound(values.begin(), values.end(), bound) - values.begin();
      const auto below = std::upper_bound(values.begin(), values.end(), bound - bound / 32 - 1) - values.begin();
      const auto found = static_cast<std::ptrdiff_t>(histogram.count_at_most(bound));
      EXPECT_LE(found, exact) << bound;
      EXPECT_GE(found, below) << bound;
    }
    EXPECT_EQ(histogram.max(), values.back());
    for (const std::size_t rank : {1U, 10U, 500U, 990U, 999U, 1000U}) {
      const std::int64_t exact = values[rank - 1];
      const std::int64_t found = histogram.quantile(static_cast<double>(rank) / 1000);
      EXPECT_GE(found, exact) << rank;
      EXPECT_LE(found - exact, exact / 32 + 1) << rank;
    }
  }
}

}  // namespace
}  // namespace arbees
