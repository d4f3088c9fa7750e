// The recorded sets: read whole, settlement recomputed, and the model's figures within what the documentation claims.

#include "app/calibration/formats.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "app/calibration/csv.h"
#include "app/calibration/report.h"
#include "tests/support/project_file.h"

namespace arbees::app {
namespace {

const std::string kData = testing_support::project_file("../shared/data/");

Sample loaded(const std::string& format, const std::vector<std::string>& files,
              const std::vector<std::string>& spot = {}) {
  SampleFiles given;
  for (const std::string& file : files) given.files.push_back(kData + format + "/" + file);
  for (const std::string& file : spot) given.spot_files.push_back(kData + "binance-btcusdt-1m/" + file);
  Sample sample;
  std::string mistake;
  EXPECT_TRUE(find_sample_loader(format)(given, sample, mistake)) << mistake;
  EXPECT_EQ(sample.bad_lines, 0);
  return sample;
}

Summary scored(Sample& sample) {
  const Evaluation evaluation = evaluate(sample);
  EXPECT_EQ(count_leaks(evaluation.rows), 0);
  return summarise(evaluation.rows);
}

TEST(RecordedSampleFormats, HourlyLadder) {
  Sample sample =
      loaded("kalshi-hourly-ladder", {"KXBTC_2026-07-03_2026-07-17.csv.zst", "KXETH_2026-07-03_2026-07-17.csv.zst"});
  EXPECT_EQ(sample.settlement_checked, 109'446);
  EXPECT_EQ(sample.settlement_reproduced, 109'446);
  const Summary summary = scored(sample);
  EXPECT_GT(summary.all.n, 2000U);
  EXPECT_LE(summary.all.model.ece, 0.02);
  EXPECT_LE(summary.all.difference, 0.003);
}

TEST(RecordedSampleFormats, HourlyPredictions) {
  Sample sample = loaded("kalshi-hourly-predictions", {"predictions_settled_2026-06-14_2026-07-15.csv.zst"},
                         {"BTCUSDT-1m-2026-06-10_2026-06-17.csv.zst"});
  EXPECT_EQ(sample.settlement_reproduced, sample.settlement_checked);
  const Summary summary = scored(sample);
  EXPECT_GT(summary.all.n, 10'000U);
  EXPECT_LE(summary.all.model.ece, 0.02);
  EXPECT_LE(summary.all.difference, 0.003);
}

TEST(RecordedSampleFormats, FifteenMinuteResults) {
  Sample sample = loaded("kalshi-15m-results", {"KXBTC15M_results.csv"},
                         {"BTCUSDT-1m-2026-03.csv.zst", "BTCUSDT-1m-2026-04.csv.zst", "BTCUSDT-1m-2026-05.csv.zst"});
  EXPECT_GT(sample.settlement_reproduced, sample.settlement_checked * 95 / 100);
  const Summary summary = scored(sample);
  EXPECT_FALSE(summary.all.market.has_value());
  EXPECT_LE(summary.all.model.ece, 0.02);
  RunFacts facts;
  facts.format = "<set>";
  const std::string page = calibration_page(summary, facts);
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_NE(page.find("&lt;set&gt;"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos) << "asks no other host";
}

TEST(RecordedSampleFormats, FiveMinuteChainlinkSettlesOnItsOwnFeed) {
  Sample sample =
      loaded("polymarket-5m-chainlink", {"BTC-5m-markets-2026-07-24.csv", "BTCUSD-chainlink-2026-07-24.csv.zst"});
  EXPECT_EQ(sample.settlement_checked, 257);
  EXPECT_EQ(sample.settlement_reproduced, 257);
  EXPECT_GT(scored(sample).all.n, 1000U);
}

TEST(RecordedSampleFormats, OthersAreReadWhole) {
  Sample quotes = loaded("kalshi-15m-quotes-spot", {"kapelame_2026-02-25.csv.zst"});
  EXPECT_TRUE(scored(quotes).all.market.has_value());
  Sample outcomes = loaded("polymarket-5m-outcomes", {"btc_5m_ladder.jsonl.zst"});
  EXPECT_TRUE(scored(outcomes).all.market.has_value());
  Sample l2 = loaded("kalshi-btc15m-l2", {"20260513T125943Z.jsonl.zst"}, {"BTCUSDT-1m-2026-05.csv.zst"});
  EXPECT_EQ(l2.settlement_checked, l2.settlement_reproduced);
  EXPECT_GT(scored(l2).all.n, 20U);
}

TEST(SampleFormats, BadLinesAreCountedAndTheRestIsUsed) {
  const std::string path = testing::TempDir() + "ladder.csv";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  std::fputs(
      "captured_at,close_time,ticker,strike_type,floor_strike,cap_strike,yes_bid,yes_ask,no_bid,no_ask,spot,result,"
      "expiration_value\n"
      "2026-07-03T05:14:40.295Z,2026-07-03T06:00:00Z,KXBTC-26JUL0302-B61450,between,61400,61499.99,0.40,0.42,0.58,0.6,"
      "61460.68,yes,\"61,450.00\"\n"
      "yesterday,2026-07-03T06:00:00Z,KXBTC-26JUL0302-B61450,between,61400,61499.99,0.4,0.42,0.58,0.6,61460.68,yes,\n"
      "2026-07-03T05:14:40.295Z,2026-07-03T06:00:00Z,KXBTC-26JUL0302-T61500,greater,61499.99,,0.4,0.42,0.5,0.6,61460,"
      "no,"
      "61450.00\n",
      file);
  std::fclose(file);
  Sample sample;
  std::string mistake;
  EXPECT_TRUE(load_hourly_ladder({{path}, {}}, sample, mistake));
  EXPECT_EQ(sample.bad_lines, 1);
  EXPECT_EQ(sample.settlement_checked, 2);
  EXPECT_EQ(sample.settlement_reproduced, 2);
  EXPECT_EQ(sample.assets["BTC"].instants.size(), 2U);
  EXPECT_FALSE(load_hourly_predictions({{path}, {}}, sample, mistake)) << "another format is refused";
  std::filesystem::remove(path);
}

TEST(SampleFormats, NumbersAndQuotes) {
  EXPECT_EQ(parse_number("79,604.96"), 79604.96);
  EXPECT_FALSE(parse_number("12x").has_value());
  EXPECT_FALSE(parse_number("").has_value());
  EXPECT_DOUBLE_EQ(two_sided_mid(0.4, 0.5), 0.45);
  EXPECT_TRUE(std::isnan(two_sided_mid(0.0, 0.5)));
  EXPECT_TRUE(std::isnan(two_sided_mid(0.4, 1.0)));
  EXPECT_EQ(find_sample_loader("nonsense"), nullptr);
  EXPECT_EQ(sample_format_names().size(), 7U);
}

}  // namespace
}  // namespace arbees::app
