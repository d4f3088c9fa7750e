// Messages of the bus as rows, and the filter of prices in front of the writer.

#include "app/storing/bus_rows.h"

#include "adapters/bus/envelope.h"
#include "adapters/bus/price_message.h"
#include "adapters/bus/request_message.h"
#include "adapters/bus/result_message.h"
#include "tests/database/fixture.h"

namespace arbees::app {
namespace {

using arbees::test::TemporaryFolder;
using postgres::test::shared_server;

const Timestamp kNow = from_unix_ms(1'769'710'079'123);
constexpr Duration kLong = std::chrono::seconds(60);

std::string message(const std::string& payload) {
  return bus::encode_message({1, 1, 1'769'710'079'123, "test"}, payload);
}

bus::ExecutionResult result() {
  bus::ExecutionResult result;
  result.request_id = "req-1";
  result.status = bus::ResultStatus::Partial;
  result.executed_at = result.received_at = kNow + std::chrono::milliseconds(5);
  bus::ResultLeg leg;
  leg.platform = "kalshi";
  leg.market_id = leg.symbol = "KXBTCD-1";
  leg.order_id = "21474836481";
  leg.filled = *Quantity::parse("3");
  leg.cost = *Money::parse("1.40");
  result.legs.push_back(leg);
  return result;
}

class BusRowsTest : public testing::Test {
 protected:
  std::unique_ptr<postgres::Writer> writer(const std::string& database) {
    shared_server().create(database);
    postgres::WriterOptions options;
    options.spill_folder = folder_.file("spill");
    return std::make_unique<postgres::Writer>(shared_server().url(database), options);
  }
  TemporaryFolder folder_;
};

TEST_F(BusRowsTest, StoresPricesRequestsAndAnswersOnce) {
  const auto store = writer("bus");
  BusRows rows(*store, Duration::zero());
  bus::ContractPrice price;
  price.market_id = "0xcondition";
  price.symbol = "token";
  price.venue = Venue::Polymarket;
  price.asset = Asset::BTC;
  price.status = "proven";
  price.bids = {{*Price::parse("0.47"), *Quantity::parse("12.34")}};
  price.received_at = kNow;
  bus::SpotPriceMessage spot{
      Venue::Coinbase, Asset::BTC, *SpotPrice::parse("64000.01"), *SpotPrice::parse("64000.03"), {}, kNow, kNow};
  bus::BusRequest request;
  request.request_id = "req-1";
  request.idempotency_key = "req-1";
  request.event_id = "event";
  request.asset = "BTC";
  request.signal_type = "cross_venue";
  request.created_at = kNow;
  request.size = request.outlay = *Money::parse("9.5");
  request.guaranteed = *Money::parse("10");
  bus::RequestLeg leg;
  leg.platform = "kalshi";
  leg.market_id = "KXBTCD-1";
  leg.limit = *Price::parse("0.47");
  leg.contracts = *Quantity::parse("10");
  request.legs = {leg};
  for (int copy = 0; copy < 2; ++copy) {  // prices that say the same again, and answers that are repeated
    rows.take("prices.poly.0xcondition", message(bus::encode_price(price)), kNow);
    rows.take("crypto.prices.BTC", message(bus::encode_price(spot)), kNow);
    rows.take("crypto.execution.req-1", message(bus::encode_request(request)), kNow);
    rows.take("trades.partial.req-1", message(bus::encode_result(result())), kNow);
  }
  rows.take("trades.partial.x", "{", kNow);
  rows.take("contracts.x", "{}", kNow);
  rows.tick(kNow, true);
  ASSERT_TRUE(store->finish(kLong)) << store->status().last_trouble;
  EXPECT_EQ(store->status().batches_refused, 0U) << store->status().last_trouble;
  EXPECT_EQ(rows.unknown(), 2U);
  const auto ask = [](const std::string& sql) { return shared_server().ask("bus", sql); };
  EXPECT_EQ(ask("SELECT string_agg(market_id || ' ' || symbol || ' ' || yes_bid || ' ' || yes_bid_size || ' ' || "
                "coalesce(yes_ask::text, '-') || ' ' || status, ';') FROM market_prices"),
            "0xcondition token 0.4700 12.34 - proven");
  EXPECT_EQ(ask("SELECT string_agg(venue || ' ' || price_usd, ';') FROM crypto_prices"), "coinbase 64000.02000000");
  EXPECT_EQ(ask("SELECT string_agg(detector || ' ' || profit || ' ' || outlay, ';') FROM opportunities"),
            "cross_venue 0.500000 9.500000");
  EXPECT_EQ(ask("SELECT string_agg(name || ' ' || guaranteed, ';') FROM requests"), "req-1 10.000000");
  // What the executor did is told by its ledger, not by answers, in which a purchase and its sale cancel out.
  EXPECT_EQ(ask("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM fills)"), "0");
}

TEST_F(BusRowsTest, OfFastChangesOnlyTheLatestIsStored) {
  const auto store = writer("filtered");
  PriceFilter filter(std::chrono::milliseconds(100));
  filter.start(*store);
  postgres::PriceRow row;
  row.asset = Asset::BTC;
  row.venue = Venue::Binance;
  for (int ms = 0; ms <= 250; ms += 10) {
    row.received_ns = unix_ns(kNow) + ms * 1'000'000;
    row.bid = row.ask = 1000 + ms;
    filter.offer(row);
    filter.offer(row);
  }
  filter.flush(kNow + std::chrono::milliseconds(260));
  filter.flush(kNow + std::chrono::milliseconds(300));
  ASSERT_TRUE(store->finish(kLong));
  EXPECT_EQ(shared_server().ask("filtered",
                                "SELECT string_agg((bid * 100000000)::int::text, ' ' ORDER BY time) FROM "
                                "crypto_prices"),
            "1000 1100 1200 1250");
}

}  // namespace
}  // namespace arbees::app
