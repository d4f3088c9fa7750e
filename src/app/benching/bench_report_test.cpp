#include "app/benching/bench_report.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "app/benching/kalshi_frames.h"
#include "app/benching/measure.h"
#include "app/import/importer.h"

namespace arbees::app {
namespace {

TEST(BenchReport, HasAllFiguresOfBothMeasurements) {
  BenchSettings settings;
  settings.seconds = 0.001;
  settings.events = 5'000;
  settings.frames = 500;
  const BenchReport report = run_bench(settings);
  rapidjson::Document json;
  json.Parse(report.to_json().c_str());
  ASSERT_TRUE(json.IsObject());
  EXPECT_GT(json["baseline"]["getppid_ns"].GetDouble(), 0.0);
  EXPECT_GT(json["peak_rss_bytes"].GetUint64(), 1'000'000u);
  for (const char* part : {"engine", "frames"}) {
    const auto& speed = json[part];
    EXPECT_GE(speed["passes"].GetUint64(), 3u) << part;
    EXPECT_GT(speed["events"].GetUint64(), 500u) << part;
    EXPECT_GT(speed["events_per_second"].GetDouble(), 0.0) << part;
    EXPECT_GT(speed["ns_per_event"]["mean"].GetDouble(), 0.0) << part;
    EXPECT_LE(speed["ns_per_event"]["p50"].GetUint64(), speed["ns_per_event"]["p99"].GetUint64()) << part;
    EXPECT_GT(speed["getppid_ratio"].GetDouble(), 0.0) << part;
    EXPECT_TRUE(speed["repeatable"].GetBool()) << part;
    EXPECT_TRUE(speed["decisions"].IsUint64()) << part;
    EXPECT_EQ(speed["digest"].GetStringLength(), 16u) << part;
  }
  EXPECT_GT(json["engine"]["decisions"].GetUint64(), 0u) << "decisions must be on while measuring";
  EXPECT_EQ(json["frames"]["frames"].GetUint64(), 564u);
  EXPECT_GT(json["frames"]["frames_per_second"].GetDouble(), 0.0);
  EXPECT_NE(report.to_text().find("M events/s"), std::string::npos);
}

TEST(KalshiFrames, EveryFrameBecomesEventsWithoutAnAnomaly) {
  const KalshiFrames made = make_kalshi_frames(2'000, 3);
  const auto decoder = make_decoder(Venue::Kalshi);
  DecodedFrame decoded;
  ASSERT_EQ(made.frames.size(), 2'064u);
  EXPECT_EQ(made.listings.size(), 3u * 64u);
  for (std::size_t i = 0; i < made.frames.size(); ++i) {
    decoded.clear();
    decoder->decode(made.frames.text(i), made.frames.received_at(i), decoded);
    ASSERT_FALSE(decoded.events.empty()) << made.frames.text(i);
    ASSERT_TRUE(decoded.anomalies.empty()) << made.frames.text(i);
  }
}

TEST(NanosecondHistogram, GivesTheLeastValueThatTheShareDoesNotExceed) {
  NanosecondHistogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0u);
  for (int value = 1; value <= 100; ++value) histogram.add(value);
  EXPECT_EQ(histogram.quantile(0.5), 50u);
  EXPECT_EQ(histogram.quantile(0.99), 99u);
  EXPECT_EQ(histogram.quantile(1.0), 100u);
  histogram.add(-5);
  EXPECT_EQ(histogram.quantile(0.0), 0u);
  histogram.add(1'000'000);
  EXPECT_EQ(histogram.quantile(1.0), NanosecondHistogram::kLimit);
  EXPECT_EQ(histogram.count(), 102u);
}

}  // namespace
}  // namespace arbees::app
