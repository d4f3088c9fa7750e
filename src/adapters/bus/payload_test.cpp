// What is published, word for word, and against the schemas that others build on (docs/bus-schemas).

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <iterator>

#include "adapters/bus/contract_message.h"
#include "adapters/bus/envelope.h"
#include "adapters/bus/index_message.h"
#include "adapters/bus/price_message.h"
#include "adapters/bus/request_message.h"
#include "adapters/bus/result_message.h"
#include "tests/support/project_file.h"

namespace arbees::bus {
namespace {

const Timestamp kAt = *parse_iso8601("2026-01-29T18:07:59.123456789Z");

// Empty, or where the document differs from the schema.
std::string differs(const std::string& schema_name, const std::string& text) {
  std::ifstream in(testing_support::project_file("docs/bus-schemas/" + schema_name + ".json"));
  const std::string schema_text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  rapidjson::Document schema_document;
  rapidjson::Document document;
  if (schema_document.Parse(schema_text.c_str()).HasParseError()) return "the schema is not JSON";
  if (document.Parse(text.c_str()).HasParseError()) return "not JSON: " + text;
  const rapidjson::SchemaDocument schema(schema_document);
  rapidjson::SchemaValidator validator(schema);
  if (document.Accept(validator)) return {};
  rapidjson::StringBuffer where;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(where);
  return std::string(validator.GetInvalidSchemaKeyword()) + " at " + where.GetString() + " of " + text;
}

ContractPrice contract_price() {
  ContractPrice price;
  price.market_id = price.symbol = "KXBTCD-26JAN2917-T95249.99";
  price.venue = Venue::Kalshi;
  price.asset = Asset::BTC;
  price.status = "proven";
  price.phase = "active";
  price.bids = {{Price::from_units(4700), Quantity::from_units(12'000)}, {Price::from_units(4600), Quantity::whole(5)}};
  price.asks = {{Price::from_units(4915), Quantity::from_units(3'550)}};
  price.bid_depth = Quantity::whole(125);
  price.sequence = 42;
  price.received_at = kAt;
  price.exchange_at = kAt - std::chrono::milliseconds(3);
  return price;
}

TEST(Payload, ContractPrice) {
  const std::string text = encode_price(contract_price());
  EXPECT_EQ(text,
            R"({"market_id":"KXBTCD-26JAN2917-T95249.99","platform":"kalshi","asset":"BTC","yes_bid":0.47,)"
            R"("yes_ask":0.4915,"mid_price":0.48075,"yes_bid_size":120,"yes_ask_size":35.5,"liquidity":125,)"
            R"("timestamp":"2026-01-29T18:07:59.123Z","received_ns":1769710079123456789,)"
            R"("exchange_time":"2026-01-29T18:07:59.120Z","kind":"contract","symbol":"KXBTCD-26JAN2917-T95249.99",)"
            R"("status":"proven","phase":"active","book_seq":42,"bids":[[0.47,120],[0.46,5]],"asks":[[0.4915,35.5]]})");
  EXPECT_EQ(differs("price", text), "");
}

TEST(Payload, IndexPrint) {
  const IndexPrintMessage print{Asset::BTC, SettlementSource::CfBenchmarksMean60,
                                SpotPrice::from_units(9'524'999'500'000), *parse_iso8601("2026-01-29T18:07:59Z"), kAt};
  const std::string text = encode_index_print(print);
  EXPECT_EQ(text, R"({"kind":"index","asset":"BTC","settlement_source":"cf_benchmarks_mean_60","value":95249.995,)"
                  R"("index_time":"2026-01-29T18:07:59.000Z","index_ns":1769710079000000000,)"
                  R"("timestamp":"2026-01-29T18:07:59.123Z"})");
  EXPECT_EQ(differs("index-print", text), "");
  const auto read = decode_index_print(encode_message({1, 1, 1'769'710'079'123, "kalshi_monitor"}, text));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->asset, print.asset);
  EXPECT_EQ(read->source, print.source);
  EXPECT_EQ(read->value, print.value);
  EXPECT_EQ(read->index_time, print.index_time);
}

TEST(Payload, IndexPrintsThatAreNoneAreRefused) {
  const auto error = [](const std::string& source, const std::string& value, const std::string& index_ns) {
    const std::string text = R"({"kind":"index","asset":"BTC","settlement_source":")" + source + R"(","value":)" +
                             value + R"(,"index_ns":)" + index_ns + R"(,"timestamp":1769710079123})";
    const auto read = decode_index_print(encode_message({1, 1, 1'769'710'079'123, "x"}, text));
    return read ? std::string() : read.error();
  };
  const std::string good = "cf_benchmarks_mean_60";
  EXPECT_EQ(error(good, "95249.99", "1769710079000000000"), "");
  EXPECT_NE(error("unknown", "95249.99", "1769710079000000000"), "");
  EXPECT_NE(error("invalid", "95249.99", "1769710079000000000"), "");
  EXPECT_NE(error(good, "0", "1769710079000000000"), "");
  EXPECT_NE(error(good, "-1", "1769710079000000000"), "");
  EXPECT_NE(error(good, "1e300", "1769710079000000000"), "");
  EXPECT_NE(error(good, "95249.99", "18446744073709551615"), "");
  EXPECT_NE(error(good, "95249.99", "0.5"), "");
}

TEST(Payload, Contract) {
  ContractMessage contract;
  contract.symbol = contract.market_id = "KXBTCD-26JAN2917-T95249.99";
  contract.event = "KXBTCD-26JAN2917";
  contract.family = "kalshi:KXBTCD";
  contract.outcome = "Yes";
  contract.title = "Bitcoin price";
  contract.phase = "active";
  ContractTerms& terms = contract.terms;
  terms.venue = Venue::Kalshi;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::Greater;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.lower = SpotPrice::from_units(9'524'999'000'000);
  terms.has_lower = 1;
  terms.rounding_decimals = 2;
  terms.opens_at = terms.closes_at = kAt;
  terms.event_group = 255;
  terms.lot = terms.minimum_order = Quantity::whole(1);
  terms.grid = PriceGrid::tapered_deci_cent();
  terms.fees = FeeSchedule{70'000, 17'500, 5'000, FeeModel::KalshiQuadratic, 1, {}};
  terms.not_tradable = NotTradable::None;
  const std::string text = encode_contract(contract);
  EXPECT_EQ(
      text,
      R"({"kind":"contract","platform":"kalshi","symbol":"KXBTCD-26JAN2917-T95249.99",)"
      R"("market_id":"KXBTCD-26JAN2917-T95249.99","asset":"BTC","event":"KXBTCD-26JAN2917","family":"kalshi:KXBTCD",)"
      R"("outcome":"Yes","title":"Bitcoin price","phase":"active","payoff":"threshold","comparator":"gt",)"
      R"("lower":95249.99,"upper":0,"includes_upper":false,"pays_outside":false,)"
      R"("settlement_source":"cf_benchmarks_mean_60","rounding_decimals":2,"opens_at":"2026-01-29T18:07:59.123Z",)"
      R"("opens_ns":1769710079123456789,"closes_at":"2026-01-29T18:07:59.123Z","closes_ns":1769710079123456789,)"
      R"("event_group":"00000000000000ff","complement":"0000000000000000","lot":1,"minimum_order":1,)"
      R"("ticks":[[0,0.001],[0.1,0.01],[0.9,0.001]],"fees":{"model":"kalshi","taker_rate":0.07,"maker_rate":0.0175,)"
      R"("multiplier":0.5,"exponent":1},"not_tradable":"none"})");
  EXPECT_EQ(differs("contract", text), "");
}

TEST(Payload, ContractPricesComeBackAsTheyWere) {
  const ContractPrice price = contract_price();
  const auto back = decode_contract_price(encode_message({1, 1, 0, "kalshi_monitor"}, encode_price(price)));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(back->symbol, price.symbol);
  EXPECT_EQ(back->bids, price.bids);
  EXPECT_EQ(back->asks, price.asks);
  EXPECT_EQ(back->bid_depth, price.bid_depth);
  EXPECT_EQ(back->received_at, price.received_at);
  EXPECT_EQ(back->sequence, 42U);
  EXPECT_EQ(back->status, "proven");
}

TEST(Payload, ABookWithoutABidIsZeroAndOneWithoutAnAskIsOne) {
  ContractPrice price = contract_price();
  price.bids.clear();
  price.asks.clear();
  price.asset = Asset::Unknown;
  price.exchange_at = kNoTime;
  const std::string text = encode_price(price);
  EXPECT_NE(text.find(R"("asset":null,"yes_bid":0,"yes_ask":1,"mid_price":0.5,)"), std::string::npos) << text;
  EXPECT_EQ(differs("price", text), "");
}

TEST(Payload, SpotPrice) {
  SpotPriceMessage price;
  price.venue = Venue::Coinbase;
  price.asset = Asset::BTC;
  price.bid = SpotPrice::from_units(84'000'01'000'000);
  price.ask = SpotPrice::from_units(84'000'03'000'000);
  price.received_at = kAt;
  const std::string text = encode_price(price);
  EXPECT_EQ(text,
            R"({"market_id":"SPOT_BTC_USD","platform":"coinbase","asset":"BTC","yes_bid":84000.01,"yes_ask":84000.03,)"
            R"("mid_price":84000.02,"yes_bid_size":null,"yes_ask_size":null,"liquidity":null,)"
            R"("timestamp":"2026-01-29T18:07:59.123Z","received_ns":1769710079123456789,"exchange_time":null,)"
            R"("kind":"spot","last_price":null})");
  EXPECT_EQ(differs("price", text), "");
  const auto back = decode_spot_price(encode_message({1, 1, 0, "x"}, text));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(back->bid, price.bid);
  EXPECT_EQ(back->ask, price.ask);
  EXPECT_EQ(back->last, SpotPrice{});
}

TEST(Payload, APriceThatCannotBeIsRefusedWithItsField) {
  const auto error_of = [](const std::string& payload) {
    const auto price = decode_contract_price(encode_message({1, 1, 0, "x"}, payload));
    return price ? "accepted" : price.error();
  };
  std::string text = encode_price(contract_price());
  EXPECT_EQ(error_of(text), "accepted");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_EQ(error_of(with("[0.46,5]", "[1.46,5]")), "payload.bids: a level is out of range");
  EXPECT_EQ(error_of(with("[0.46,5]", "[0.46,-5]")), "payload.bids: a level is out of range");
  EXPECT_EQ(error_of(with("[0.46,5]", "[0.46]")), "payload.bids: each level is [price, quantity]");
  EXPECT_EQ(error_of(with("\"kalshi\"", "\"coinbase\"")), "payload.platform: not a venue of such prices");
  EXPECT_EQ(error_of(with("\"liquidity\":125", "\"liquidity\":null")), "payload.liquidity: missing");
}

TEST(Payload, Request) {
  BusRequest request;
  request.request_id = request.idempotency_key = "1-7";
  request.event_id = "00000000000000aa";
  request.asset = "BTC";
  request.signal_type = "Arbitrage";
  request.edge_pct = 4.5;
  request.probability = 0.5;
  request.size = Money::whole(100);
  request.outlay = Money::from_units(95'500'000);
  request.guaranteed = Money::whole(100);
  request.current_price = Price::from_units(4600);
  request.created_at = kAt;
  request.deadline = kAt + std::chrono::seconds(2);
  request.reason = "cross_venue";
  request.legs = {{"kalshi", "KX-1", "", Outcome::No, Price::from_units(4700), Quantity::whole(100)}};
  const std::string text = encode_request(request);
  EXPECT_EQ(text,
            R"({"request_id":"1-7","event_id":"00000000000000aa","asset":"BTC","signal_type":"Arbitrage",)"
            R"("platform":"kalshi","market_id":"KX-1","direction":"Short","edge_pct":4.5,"probability":0.5,)"
            R"("suggested_size":100,"max_price":0.47,"current_price":0.46,"timestamp":"2026-01-29T18:07:59.123Z",)"
            R"("volatility_factor":1.0,"exposure_check":true,"balance_check":true,"idempotency_key":"1-7",)"
            R"("deadline":"2026-01-29T18:08:01.123Z","contracts":100,"outlay":95.5,"guaranteed":100,)"
            R"("reason":"cross_venue","legs":[{"platform":"kalshi","market_id":"KX-1","outcome":"no",)"
            R"("max_price":0.47,"contracts":100}]})");
  EXPECT_EQ(differs("crypto-execution-request", text), "");
}

TEST(Payload, Result) {
  ExecutionResult result;
  result.request_id = result.idempotency_key = "r1";
  result.status = ResultStatus::Filled;
  result.platform = "kalshi";
  result.market_id = "KX-1";
  result.side = "no";
  result.asset = "BTC";
  result.edge_pct = 4.5;
  result.legs = {{"kalshi", "KX-1", "KX-1", "no", "4294967297", Quantity::whole(3), Money::from_units(1'000'000),
                  Money::from_units(52'500)}};
  result.received_at = result.requested_at = kAt;
  result.executed_at = kAt + std::chrono::microseconds(1'500);
  const std::string text = encode_result(result);
  EXPECT_EQ(
      text,
      R"({"request_id":"r1","idempotency_key":"r1","status":"filled","rejection_reason":null,)"
      R"("order_id":"4294967297","filled_qty":3,"avg_price":0.3334,"fees":0.0525,"platform":"kalshi",)"
      R"("market_id":"KX-1","contract_team":"BTC","game_id":null,"sport":null,"signal_id":null,)"
      R"("signal_type":null,"edge_pct":4.5,"side":"no","requested_at":"2026-01-29T18:07:59.123Z",)"
      R"("received_at":"2026-01-29T18:07:59.123456789Z","executed_at":"2026-01-29T18:07:59.124Z","latency_ms":1.5,"asset":"BTC","legs":[{"platform":"kalshi",)"
      R"("market_id":"KX-1","symbol":"KX-1","outcome":"no","order_id":"4294967297","filled_qty":3,"cost":1,)"
      R"("fees":0.0525}],"duplicate":false})");
  EXPECT_EQ(differs("execution-result", text), "");
  EXPECT_EQ(differs("execution-result", as_duplicate(text)), "");
  EXPECT_TRUE(as_duplicate(text).ends_with("\"duplicate\":true}"));
  EXPECT_EQ(result_kind(ResultStatus::Filled), "executed");
  EXPECT_EQ(differs("envelope", encode_message({1, 1, 0, "execution_service"}, text)), "");
}

TEST(Payload, ARejectionOfWhatCouldNotBeRead) {
  ExecutionResult result;
  result.request_id = "unknown";
  result.rejection_reason = "malformed: not JSON";
  result.received_at = result.executed_at = kAt;
  const std::string text = encode_result(result);
  EXPECT_EQ(differs("execution-result", text), "");
  EXPECT_NE(text.find(R"("status":"rejected","rejection_reason":"malformed: not JSON")"), std::string::npos);
}

}  // namespace
}  // namespace arbees::bus
