#include "core/market/spot_market.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

TEST(SpotPair, SymbolsOfAllVenuesAreRead) {
  for (const char* symbol : {"BTC-USD", "BTC/USD", "btcusd", "BTCUSD", "BTC_USD"}) {
    const PairName name = read_pair_name(symbol);
    EXPECT_EQ(name.base(), "BTC") << symbol;
    EXPECT_EQ(name.quote, QuoteCurrency::Dollar) << symbol;
  }
  EXPECT_EQ(read_pair_name("ethusdt").base(), "ETH");
  EXPECT_EQ(read_pair_name("ethusdt").quote, QuoteCurrency::Tether);
  EXPECT_EQ(read_pair_name("SOL-USDC").quote, QuoteCurrency::Usdc);
  EXPECT_EQ(read_pair_name("USDTUSD").base(), "USDT");
  EXPECT_EQ(read_pair_name("USDT/USD").quote, QuoteCurrency::Dollar);
  EXPECT_EQ(read_pair_name("USDCUSDT").base(), "USDC");
  for (const char* symbol :
       {"", "USD", "ETHBTC", "BTC-EUR", "ABCDEFGHIJKLMNOPQRSTUVWXYZUSD", "ABCDEFGHIJKLMNOPQRSTUSD"}) {
    EXPECT_EQ(read_pair_name(symbol).quote, QuoteCurrency::Other) << symbol;
  }
}

class SpotMarketTest : public testing::Test {
 protected:
  SpotMarketTest() { name("BTC-USD"); }

  void name(std::string_view symbol) {
    InstrumentNamed named;
    named.id = instrument_id(Venue::Coinbase, symbol);
    named.venue = Venue::Coinbase;
    set_symbol(named, symbol);
    apply(named, 0);
  }
  template <class Body>
  const SpotMarketPair* apply(const Body& body, std::int64_t second) {
    Event event;
    event.received_at = from_unix_s(1000 + second);
    event.body = body;
    return market.apply(event);
  }
  const SpotMarketPair* level(BookSide side, std::int64_t price, std::int64_t quantity, std::uint8_t flags) {
    SpotBookUpdate update;
    update.id = id;
    update.side = side;
    update.price = SpotPrice::whole(price);
    update.quantity = SpotQuantity::whole(quantity);
    update.flags = flags;
    if ((flags & BookUpdate::kSnapshotStart) != 0) update.action = BookAction::Clear;
    return apply(update, 1);
  }
  const SpotMarketPair* quote(std::int64_t bid, std::int64_t ask) {
    SpotQuote told;
    told.id = id;
    told.bid = SpotPrice::whole(bid);
    told.ask = SpotPrice::whole(ask);
    return apply(told, 2);
  }
  const SpotMarketPair* trade(std::int64_t price) {
    SpotTrade told;
    told.id = id;
    told.price = SpotPrice::whole(price);
    return apply(told, 3);
  }
  void snapshot() {
    level(BookSide::Bid, 0, 0, BookUpdate::kSnapshotStart | BookUpdate::kSnapshot);
    level(BookSide::Bid, 100, 1, BookUpdate::kSnapshot);
    level(BookSide::Ask, 102, 1, BookUpdate::kSnapshot | BookUpdate::kLast);
  }
  const SpotTop& top() { return market.find(id)->top; }

  SpotMarket market;
  InstrumentId id = instrument_id(Venue::Coinbase, "BTC-USD");
};

TEST_F(SpotMarketTest, WhoeverSpokeLastGivesTheBestPrices) {
  snapshot();
  EXPECT_EQ(top().source, TopSource::Book);
  EXPECT_EQ(top().bid, SpotPrice::whole(100));
  quote(101, 103);
  EXPECT_EQ(top().source, TopSource::Quote);
  EXPECT_EQ(top().bid, SpotPrice::whole(101));
  level(BookSide::Bid, 99, 4, BookUpdate::kLast);
  EXPECT_EQ(top().bid, SpotPrice::whole(100));
}

TEST_F(SpotMarketTest, NothingIsToldInTheMiddleOfASnapshot) {
  snapshot();
  level(BookSide::Bid, 0, 0, BookUpdate::kSnapshotStart | BookUpdate::kSnapshot);
  EXPECT_EQ(level(BookSide::Bid, 90, 1, BookUpdate::kSnapshot), nullptr);
  EXPECT_EQ(top().bid, SpotPrice::whole(100));
  EXPECT_NE(level(BookSide::Ask, 91, 1, BookUpdate::kSnapshot | BookUpdate::kLast), nullptr);
  EXPECT_EQ(top().bid, SpotPrice::whole(90));
}

TEST_F(SpotMarketTest, AFaultedBookTakesItsPricesWithIt) {
  snapshot();
  apply(BookFaulted{id, BookFault::SequenceGap, {}}, 4);
  EXPECT_EQ(top().source, TopSource::None);
  level(BookSide::Bid, 101, 1, BookUpdate::kLast);
  EXPECT_EQ(top().source, TopSource::None) << "changes do not heal";
  quote(100, 101);
  apply(BookFaulted{id, BookFault::SequenceGap, {}}, 5);
  EXPECT_EQ(top().source, TopSource::Quote) << "a stated quote is none of the book's";
}

TEST_F(SpotMarketTest, ACrossedOrOneSidedBookHasNoBestPrices) {
  snapshot();
  level(BookSide::Bid, 103, 1, BookUpdate::kLast);
  EXPECT_EQ(top().source, TopSource::None);
  level(BookSide::Bid, 103, 0, BookUpdate::kLast);
  EXPECT_EQ(top().source, TopSource::Book);
  level(BookSide::Ask, 102, 0, BookUpdate::kLast);
  EXPECT_EQ(top().source, TopSource::None);
}

TEST_F(SpotMarketTest, TradesCountOnlyWhereNothingElseDoes) {
  EXPECT_NE(trade(99), nullptr);
  EXPECT_EQ(top().bid, SpotPrice::whole(99));
  quote(100, 101);
  EXPECT_EQ(trade(99), nullptr);
  EXPECT_EQ(top().bid, SpotPrice::whole(100));
}

TEST_F(SpotMarketTest, OtherCurrenciesAreNotFollowed) {
  name("ETH-BTC");
  name("BTC-EUR");
  name("FOO-USD");
  EXPECT_EQ(market.pairs().size(), 1U);
  name("USDT-USD");
  ASSERT_EQ(market.pairs().size(), 2U);
  EXPECT_TRUE(market.pairs()[1].is_tether_in_dollars);
}

}  // namespace
}  // namespace arbees
