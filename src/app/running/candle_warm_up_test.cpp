#include "app/running/candle_warm_up.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

constexpr Timestamp kNow = from_unix_s(1'780'000'040);  // twenty seconds past a minute

struct Kept final : FeedSink {
  void on_event(const Event& event) override { candles.push_back(std::get<SpotCandle>(event.body)); }
  void on_marker(Venue, std::uint32_t, std::string_view text, Timestamp) override { markers.emplace_back(text); }
  std::vector<SpotCandle> candles;
  std::vector<std::string> markers;
};

// Answers Binance's questions with a candle for each minute asked for, at a price that rises by a dollar a minute.
struct Venues final : WarmUpTransport {
  [[nodiscard]] bool has(Venue venue) const override { return venue != Venue::Coinbase || has_coinbase; }
  void get(Venue venue, const std::string& target, std::function<void(WarmUpAnswer)> done) override {
    asked.push_back(std::string(venue_name(venue)) + target);
    WarmUpAnswer answer;
    if (venue == Venue::Binance && binance_works_for-- > 0) {
      const auto number = [&](const std::string& key) {
        return std::stoll(target.substr(target.find(key) + key.size()));
      };
      answer.status = 200;
      answer.body = "[";
      for (std::int64_t ms = number("startTime="); ms <= number("endTime="); ms += 60'000) {
        const std::int64_t price = 60'000 + ms / 60'000 % 1000;
        answer.body +=
            fmt::format("{}[{},\"{}\",\"{}\",\"{}\",\"{}\",\"1.0\",{},\"1\",1,\"1\",\"1\",\"0\"]",
                        answer.body.size() > 1 ? "," : "", ms, price, price + 2, price - 2, price + 1, ms + 59'999);
      }
      answer.body += "]";
      answer.body.reserve(answer.body.size() + 128);
    }
    done(std::move(answer));
  }
  std::vector<std::string>& asked;
  int binance_works_for;
  bool has_coinbase;
  Venues(std::vector<std::string>& where, int works_for, bool coinbase)
      : asked(where), binance_works_for(works_for), has_coinbase(coinbase) {}
};

struct Warm {
  Warm(int works_for, bool coinbase)
      : warm_up(std::make_unique<Venues>(asked, works_for, coinbase), sink, {Asset::BTC, Asset::ETH}, 1, kNow) {}
  void run() {
    for (int i = 0; i < 100 && !warm_up.is_done(); ++i) warm_up.tick(kNow + std::chrono::milliseconds(100 * i));
  }
  std::vector<std::string> asked;
  Kept sink;
  CandleWarmUp warm_up;
};

TEST(CandleWarmUp, GivesEveryMinuteOfTheWindowOnceAndInOrder) {
  Warm warm(1000, true);
  warm.run();
  EXPECT_TRUE(warm.warm_up.is_done());
  ASSERT_EQ(warm.sink.candles.size(), 2u * 1440u);
  EXPECT_EQ(warm.asked.size(), 4u) << "a thousand minutes an answer";
  for (std::size_t i = 0; i < 1440; ++i) {
    const SpotCandle& candle = warm.sink.candles[i];
    EXPECT_EQ(candle.asset, Asset::BTC);
    ASSERT_EQ(candle.opened_at, from_unix_s(1'780'000'020) - std::chrono::minutes(1440 - i));
    EXPECT_EQ(candle.length, std::chrono::minutes(1));
    EXPECT_EQ(candle.close - candle.open, SpotPrice::whole(1));
  }
  EXPECT_EQ(warm.sink.candles.back().asset, Asset::ETH);
}

TEST(CandleWarmUp, AsksAtMostOnceATickAndNeverBeforeTheFirst) {
  Warm warm(1000, true);
  EXPECT_TRUE(warm.asked.empty());
  warm.warm_up.tick(kNow);
  EXPECT_EQ(warm.asked.size(), 1u);
  EXPECT_FALSE(warm.warm_up.is_done());
}

TEST(CandleWarmUp, TurnsToCoinbaseForWhatBinanceDoesNotAnswer) {
  Warm warm(1, true);
  warm.run();
  EXPECT_TRUE(warm.warm_up.is_done());
  EXPECT_EQ(warm.sink.candles.size(), 1000u);
  EXPECT_THAT(warm.asked, testing::Contains(testing::HasSubstr("coinbase/products/BTC-USD/candles")));
  EXPECT_GT(warm.warm_up.failures(), 2u);
  EXPECT_THAT(warm.sink.markers, testing::Contains("no candles of BTCUSDT"));
}

TEST(CandleWarmUp, EndsWithoutAnyAnswer) {
  Warm warm(0, false);
  warm.run();
  EXPECT_TRUE(warm.warm_up.is_done());
  EXPECT_TRUE(warm.sink.candles.empty());
}

}  // namespace
}  // namespace arbees::app
