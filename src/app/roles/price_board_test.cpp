// What a monitor publishes of what its feeds say.

#include "app/roles/price_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Timestamp kStart = from_unix_ns(1'769'710'000'000'000'000);

class PriceBoardTest : public testing::Test {
 protected:
  void say(const EventBody& body) {
    Event event;
    event.received_at = kStart;
    event.body = body;
    board_.on_event(event);
  }
  void print(int second) {
    say(IndexPrint{SpotPrice::whole(64'000 + second),
                   kStart + std::chrono::seconds(second),
                   SettlementSource::CfBenchmarksMean60,
                   Asset::BTC,
                   {}});
  }
  void quote(std::int64_t bid) {
    SpotQuote quote;
    quote.venue = Venue::Coinbase;
    quote.asset = Asset::ETH;
    quote.bid = SpotPrice::whole(bid);
    quote.ask = SpotPrice::whole(bid + 1);
    say(quote);
  }
  std::vector<std::string> flushed() {
    topics_.clear();
    payloads_.clear();
    board_.flush(kStart);
    return topics_;
  }

  std::vector<std::string> topics_;
  std::vector<std::string> payloads_;
  PriceBoard board_{"kalshi_monitor",
                    [this](const std::string& topic, const std::string&, const std::string& payload, Timestamp) {
                      topics_.push_back(topic);
                      payloads_.push_back(payload);
                      return true;
                    },
                    [](Venue, const std::string&) { return BusName{}; }};
};

TEST_F(PriceBoardTest, ASpotPriceIsSaidOnceATurnAndEveryPrintIsSaid) {
  quote(3'000);
  quote(3'001);
  print(0);
  print(1);
  EXPECT_THAT(flushed(), ElementsAre("crypto.index.BTC", "crypto.index.BTC", "crypto.prices.ETH"));
  EXPECT_NE(payloads_[1].find("64001"), std::string::npos);
  EXPECT_NE(payloads_[2].find("3001"), std::string::npos) << "the latest";
  EXPECT_EQ(board_.event_counts()[EventBody(SpotQuote{}).index()], 2U) << "every price counts, said or not";
  EXPECT_EQ(board_.event_counts()[EventBody(IndexPrint{}).index()], 2U);
  EXPECT_THAT(flushed(), IsEmpty());
  say(IndexPrint{SpotPrice::whole(64'000), kStart, SettlementSource::BinanceCandle1h, Asset::BTC, {}});
  EXPECT_THAT(flushed(), IsEmpty()) << "the port of spot prices has nothing else";
}

TEST_F(PriceBoardTest, ANewSubscriberHearsTheLastPrintsInOrder) {
  constexpr int kMore = 10;
  constexpr int kAll = static_cast<int>(PriceBoard::kKeptPrints) + kMore;
  for (int second = 0; second < kAll; ++second) print(second);
  EXPECT_EQ(flushed().size(), static_cast<std::size_t>(kAll));
  board_.tick(kStart);
  EXPECT_THAT(flushed(), IsEmpty()) << "prints are not repeated to those who heard them";
  board_.repeat_all();
  ASSERT_EQ(flushed().size(), PriceBoard::kKeptPrints);
  EXPECT_NE(payloads_.front().find(std::to_string(64'000 + kMore)), std::string::npos);
  EXPECT_NE(payloads_.back().find(std::to_string(64'000 + kAll - 1)), std::string::npos);
}

}  // namespace
}  // namespace arbees::app
