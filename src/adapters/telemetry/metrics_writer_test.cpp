#include "adapters/telemetry/metrics_writer.h"

#include <gtest/gtest.h>

#include <array>

namespace arbees {
namespace {

TEST(MetricsWriter, WritesFamiliesWithTheirSamples) {
  MetricsWriter writer;
  writer.family("arbees_fills_total", MetricKind::Counter, "Fills");
  writer.sample({}, std::uint64_t{3});
  writer.family("arbees_cash_dollars", MetricKind::Gauge, "Cash");
  writer.sample({{"venue", "kalshi"}, {"kind", "free"}}, "-9999.5");
  writer.sample({{"venue", "polymarket"}, {"kind", "free"}}, 0.25);
  EXPECT_EQ(writer.take(),
            "# HELP arbees_fills_total Fills\n"
            "# TYPE arbees_fills_total counter\n"
            "arbees_fills_total 3\n"
            "# HELP arbees_cash_dollars Cash\n"
            "# TYPE arbees_cash_dollars gauge\n"
            "arbees_cash_dollars{venue=\"kalshi\",kind=\"free\"} -9999.5\n"
            "arbees_cash_dollars{venue=\"polymarket\",kind=\"free\"} 0.25\n");
  EXPECT_EQ(writer.take(), "");
}

TEST(MetricsWriter, EscapesWhatWouldEndALabel) {
  MetricsWriter writer;
  writer.family("arbees_info", MetricKind::Gauge, "Two\nlines, a \\ and a \"");
  writer.sample({{"data", "C:\\a \"b\"\nc"}}, std::uint64_t{1});
  EXPECT_EQ(writer.take(),
            "# HELP arbees_info Two\\nlines, a \\\\ and a \"\n"
            "# TYPE arbees_info gauge\n"
            "arbees_info{data=\"C:\\\\a \\\"b\\\"\\nc\"} 1\n");
}

TEST(MetricsWriter, HistogramsEndWithAllMeasurements) {
  MetricsWriter writer;
  writer.family("arbees_stage_seconds", MetricKind::Histogram, "Stages");
  const std::array<MetricBucket, 2> buckets = {{{0.00001, 2}, {0.5, 3}}};
  writer.histogram({{"stage", "naked"}}, buckets, 4, 1.75);
  EXPECT_EQ(writer.take(),
            "# HELP arbees_stage_seconds Stages\n"
            "# TYPE arbees_stage_seconds histogram\n"
            "arbees_stage_seconds_bucket{stage=\"naked\",le=\"1e-05\"} 2\n"
            "arbees_stage_seconds_bucket{stage=\"naked\",le=\"0.5\"} 3\n"
            "arbees_stage_seconds_bucket{stage=\"naked\",le=\"+Inf\"} 4\n"
            "arbees_stage_seconds_sum{stage=\"naked\"} 1.75\n"
            "arbees_stage_seconds_count{stage=\"naked\"} 4\n");
}

}  // namespace
}  // namespace arbees
