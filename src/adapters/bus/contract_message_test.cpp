#include "adapters/bus/contract_message.h"

#include <gtest/gtest.h>

#include "adapters/bus/envelope.h"

namespace arbees::bus {
namespace {

ContractMessage bracket() {
  ContractMessage contract;
  contract.symbol = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
  contract.market_id = "0xabc";
  contract.other = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
  contract.event = "bitcoin-up-or-down";
  contract.family = "polymarket:btc-updown-15m";
  contract.outcome = "Up";
  contract.title = "Bitcoin \"up\"?";
  contract.phase = "active";
  ContractTerms& terms = contract.terms;
  terms.venue = Venue::Polymarket;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::UpDown;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = SettlementSource::ChainlinkTwap60;
  terms.lower = SpotPrice::from_units(9'524'999'123'456);
  terms.has_lower = 1;
  terms.rounding_decimals = 255;
  terms.opens_at = from_unix_ns(1'769'709'600'000'000'001);
  terms.closes_at = from_unix_ns(1'769'710'500'000'000'000);
  terms.event_group = 0xfedcba9876543210;
  terms.complement = instrument_id(Venue::Polymarket, contract.other);
  terms.lot = Quantity::from_units(1);
  terms.minimum_order = Quantity::whole(5);
  terms.grid = PriceGrid::tapered_deci_cent();
  terms.fees.model = FeeModel::PolymarketCurve;
  terms.fees.taker_rate = 70'000;
  terms.fees.maker_rate = 17'500;
  terms.fees.exponent = 2;
  terms.not_tradable = NotTradable::None;
  return contract;
}

std::string message_of(const std::string& payload) {
  return encode_message({1, 1, 1'769'710'000'000, "orchestrator"}, payload);
}

TEST(ContractMessage, ComesBackAsItWas) {
  const ContractMessage contract = bracket();
  const auto back = decode_contract(message_of(encode_contract(contract)));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(*back, contract);
  EXPECT_EQ(contract_topic(Venue::Polymarket, "71"), "contracts.polymarket.71");

  ContractMessage settled = contract;
  settled.terms.has_lower = 0;
  settled.terms.lower = {};
  settled.terms.fees.multiplier = 5'000;
  settled.payout = kPriceOne;
  settled.settled_value = SpotPrice::from_units(9'525'000'000'000);
  const auto again = decode_contract(message_of(encode_contract(settled)));
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(*again, settled);
}

TEST(ContractMessage, WhatIsNotKnownIsNotTradable) {
  std::string payload = encode_contract(bracket());
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = payload;
    text.replace(text.find(from), from.size(), to);
    return decode_contract(message_of(text));
  };
  const auto payoff = replaced("\"up_down\"", "\"lookback\"");
  ASSERT_TRUE(payoff) << payoff.error();
  EXPECT_EQ(judge_terms(payoff->terms), NotTradable::UnknownPayoff);
  const auto source = replaced("chainlink_twap_60", "chainlink_twap_61");
  ASSERT_TRUE(source) << source.error();
  EXPECT_EQ(judge_terms(source->terms), NotTradable::UnknownSettlement);
  const auto reason = replaced("\"not_tradable\":\"none\"", "\"not_tradable\":\"eclipse\"");
  ASSERT_TRUE(reason) << reason.error();
  EXPECT_NE(reason->terms.not_tradable, NotTradable::None);
}

TEST(ContractMessage, WrongFieldsAreNamed) {
  const std::string payload = encode_contract(bracket());
  struct Case {
    const char* from;
    const char* to;
    const char* named;
  };
  for (const Case& c :
       {Case{"\"BTC\"", "\"GOLD\"", "payload.asset"}, Case{"\"polymarket\"", "\"binance\"", "payload.platform"},
        Case{"\"lot\":0.01", "\"lot\":-1", "payload.lot"}, Case{"[0,0.001]", "[0,0]", "payload.ticks"},
        Case{"\"exponent\":2", "\"exponent\":300", "payload.fees.exponent"},
        Case{"\"phase\":\"active\",", "", "payload.phase"}}) {
    std::string text = payload;
    const std::size_t at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from << " in " << text;
    text.replace(at, std::string(c.from).size(), c.to);
    const auto back = decode_contract(message_of(text));
    ASSERT_FALSE(back) << c.from;
    EXPECT_NE(back.error().find(c.named), std::string::npos) << back.error();
  }
  EXPECT_FALSE(decode_contract("{}"));
}

}  // namespace
}  // namespace arbees::bus
