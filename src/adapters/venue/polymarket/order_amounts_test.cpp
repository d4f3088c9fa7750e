#include "adapters/venue/polymarket/order_amounts.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "core/base/random.h"
#include "tests/support/project_file.h"

namespace arbees::polymarket {
namespace {

const std::string kVectors = testing_support::project_file("../shared/protocols/vendor/polymarket-vectors.json");

Price price(std::string_view text) { return Price::parse(text).value(); }
Quantity quantity(std::string_view text) { return Quantity::parse(text, ExcessDigits::Floor).value(); }
Money money(std::string_view text) { return Money::parse(text).value(); }

// A number of the file as it is written: a double would lose the digits that decide the rounding.
std::string_view digits(simdjson::ondemand::value value) {
  std::string_view token = value.raw_json_token();
  return token.substr(0, token.find_last_of("0123456789") + 1);
}

template <class Check>
void for_each_case(std::string_view group, Check check) {
  simdjson::ondemand::parser parser;
  simdjson::padded_string file;
  ASSERT_EQ(simdjson::padded_string::load(kVectors).get(file), simdjson::SUCCESS) << kVectors << " is missing";
  auto document = parser.iterate(file);
  int cases = 0;
  for (auto one : document[group]["cases"]) {
    check(one.value());
    ++cases;
  }
  EXPECT_GE(cases, 8);
}

TEST(OrderAmounts, MatchTheOfficialClientForLimitOrders) {
  for_each_case("amounts_limit", [](simdjson::ondemand::value one) {
    const bool buy = std::string_view(one["side"]) == "BUY";
    const Quantity size = quantity(digits(one["size"]));
    const Price limit = price(digits(one["price"]));
    const Price tick = price(std::string_view(one["tick"]));
    const auto amounts = order_amounts(buy ? OrderSide::Buy : OrderSide::Sell, limit, size, tick);
    ASSERT_TRUE(amounts.has_value());
    EXPECT_EQ(std::to_string(amounts->maker), std::string_view(one["makerAmount"]));
    EXPECT_EQ(std::to_string(amounts->taker), std::string_view(one["takerAmount"]));
  });
}

TEST(OrderAmounts, MatchTheOfficialClientForMarketOrders) {
  for_each_case("amounts_market", [](simdjson::ondemand::value one) {
    const bool buy = std::string_view(one["side"]) == "BUY";
    const std::string amount(digits(one["amount"]));
    const Price limit = price(digits(one["price"]));
    const Price tick = price(std::string_view(one["tick"]));
    const auto amounts = buy ? market_buy_amounts(limit, money(amount), tick, ShareRounding::Down)
                             : order_amounts(OrderSide::Sell, limit, quantity(amount), tick);
    ASSERT_TRUE(amounts.has_value());
    EXPECT_EQ(std::to_string(amounts->maker), std::string_view(one["makerAmount"]));
    EXPECT_EQ(std::to_string(amounts->taker), std::string_view(one["takerAmount"]));
  });
}

// 10 dollars at 0.52: the unified client's answer.
TEST(OrderAmounts, RoundTheSharesUpSoThatThePriceNeverExceedsTheLimit) {
  EXPECT_EQ(market_buy_amounts(price("0.52"), money("10"), price("0.01"), ShareRounding::Up),
            (OrderAmounts{10'000'000, 19'230'800}));
}

TEST(OrderAmounts, CutTheDollarsOfAMarketBuyToCents) {
  EXPECT_EQ(market_buy_amounts(price("0.5"), money("1.019999"), price("0.01"), ShareRounding::Up),
            (OrderAmounts{1'010'000, 2'020'000}));
}

TEST(OrderAmounts, RefuseWhatTheVenueWouldRefuse) {
  const auto buy = [](const char* p, const char* q, const char* tick) {
    return order_amounts(OrderSide::Buy, price(p), quantity(q), price(tick)).error();
  };
  EXPECT_EQ(buy("0.5", "1", "0.02"), AmountError::UnknownTick);
  EXPECT_EQ(buy("0.5", "1", "0"), AmountError::UnknownTick);
  EXPECT_EQ(buy("0.525", "1", "0.01"), AmountError::PriceOffTick);
  EXPECT_EQ(buy("0.0626", "1", "0.0025"), AmountError::PriceOffTick);
  EXPECT_EQ(buy("0.995", "1", "0.01"), AmountError::PriceOutOfRange);
  EXPECT_EQ(buy("0", "1", "0.01"), AmountError::PriceOutOfRange);
  EXPECT_EQ(buy("1", "1", "0.01"), AmountError::PriceOutOfRange);
  EXPECT_EQ(buy("-0.5", "1", "0.01"), AmountError::PriceOutOfRange);
  EXPECT_EQ(buy("0.5", "0.009", "0.01"), AmountError::NoSize);
  EXPECT_EQ(buy("0.5", "-1", "0.01"), AmountError::NoSize);
  EXPECT_EQ(buy("0.5", "9223372036854775.00", "0.01"), AmountError::TooLarge);
  EXPECT_EQ(market_buy_amounts(price("0.5"), money("0.009"), price("0.01"), ShareRounding::Up).error(),
            AmountError::NoSize);
  EXPECT_EQ(market_buy_amounts(price("0.0001"), Money::max(), price("0.0001"), ShareRounding::Up).error(),
            AmountError::TooLarge);
}

// The limit is kept on one side and broken by less than one grain on the other.
TEST(OrderAmounts, MarketBuyAgreesWithModel) {
  constexpr std::uint64_t kSeed = 99;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const std::pair<std::int64_t, std::int64_t> ticks[] = {{1000, 1000}, {100, 100}, {50, 10}, {25, 1}, {10, 10}, {1, 1}};
  for (int i = 0; i < 5000; ++i) {
    const auto [tick, grain] = ticks[random.below(6)];
    const std::int64_t limit = tick * random.between(1, 10'000 / tick - 1);
    const std::int64_t cents = random.between(1, 10'000'000);
    const Money dollars = Money::from_units(cents * 10'000 + random.between(0, 9'999));
    for (const auto rounding : {ShareRounding::Up, ShareRounding::Down}) {
      const auto amounts = market_buy_amounts(Price::from_units(limit), dollars, Price::from_units(tick), rounding);
      ASSERT_TRUE(amounts.has_value());
      EXPECT_EQ(amounts->maker, cents * 10'000);
      EXPECT_EQ(amounts->taker % grain, 0);
      // shares · limit compared with dollars, both in 10^-10.
      const std::int64_t worth = amounts->taker * limit;
      const std::int64_t spent = amounts->maker * 10'000;
      if (rounding == ShareRounding::Up) {
        EXPECT_GE(worth, spent);
        EXPECT_LT(worth - grain * limit, spent);
      } else {
        EXPECT_LE(worth, spent);
        EXPECT_GT(worth + grain * limit, spent);
      }
    }
  }
}

}  // namespace
}  // namespace arbees::polymarket
