#include "app/ledger_json.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

LedgerContents small_ledger() {
  LedgerContents ledger;
  const LedgerContract contract{77, "kalshi", "K,\"77\"", "unknown", "yes", "BTC", "BTC at 5pm"};
  LedgerOrder order;
  order.order_id = 0x500000001;
  order.request = 0x500000002;
  order.contract = contract;
  order.limit = Price::from_units(4700);
  order.quantity = Quantity::whole(10);
  order.state = "filled";
  order.reason = "none";
  order.submitted_at = from_unix_ms(1'785'000'000'123);
  ledger.orders.push_back(order);
  LedgerFill fill{2,
                  order.order_id,
                  9,
                  "kalshi",
                  "trade-9",
                  order.limit,
                  order.quantity,
                  Money::from_units(174'400),
                  order.submitted_at};
  ledger.fills.push_back(fill);
  ledger.settlements.push_back(
      {3, contract, order.quantity, Money::whole(10), Money::from_units(4'874'400), order.submitted_at});
  ledger.cash_movements.push_back({1, true, "kalshi", Money::whole(10'000), order.submitted_at});
  ledger.cash_movements.push_back({4, false, "kalshi", Money::whole(-5), order.submitted_at, "a fee"});
  ledger.adjustments.push_back({5, contract, Quantity::whole(-2), Money{}, order.submitted_at, "sold by hand"});
  ledger.limits = LedgerLimits{Money::whole(500), Money::whole(2'000), Money::whole(5'000)};
  return ledger;
}

TEST(LedgerJson, ExportHasEveryPromisedField) {
  EXPECT_EQ(
      export_document(small_ledger()),
      R"({"opening":{"kalshi":"10000"},"transfers":[{"venue":"kalshi","amount":"-5","time":"2026-07-25T17:20:00.123Z",)"
      R"("reason":"a fee"}],"adjustments":[{"adjustment_id":"5","venue":"kalshi","symbol":"K,\"77\"","outcome":"yes",)"
      R"("quantity":"-2","cost":"0","time":"2026-07-25T17:20:00.123Z","asset":"BTC","reason":"sold by hand","title":"BTC at 5pm"}],)"
      R"("orders":[{"order_id":"0000000500000001","request_id":"0000000500000002","venue":"kalshi","symbol":"K,\"77\"",)"
      R"("outcome":"yes","side":"buy","asset":"BTC","price":"0.47","quantity":"10","status":"filled",)"
      R"("time":"2026-07-25T17:20:00.123Z","reason":"none","title":"BTC at 5pm"}],)"
      R"("fills":[{"fill_id":"2","venue_fill_id":"trade-9","order_id":"0000000500000001","venue":"kalshi",)"
      R"("symbol":"K,\"77\"","outcome":"yes","side":"buy","asset":"BTC","price":"0.47","quantity":"10","fee":"0.1744",)"
      R"("time":"2026-07-25T17:20:00.123Z","title":"BTC at 5pm"}],)"
      R"("settlements":[{"settlement_id":"3","venue":"kalshi","symbol":"K,\"77\"","outcome":"yes","quantity":"10",)"
      R"("payout":"10","time":"2026-07-25T17:20:00.123Z","asset":"BTC","cost":"4.8744","title":"BTC at 5pm"}],)"
      R"("limits":{"position":"500","asset":"2000","total":"5000"}})");
}

TEST(LedgerJson, CheckHasEveryPromisedField) {
  LedgerAudit audit;
  audit.problems = {"something is wrong"};
  audit.excesses.push_back({from_unix_ms(1'785'000'000'123), "limits.max_asset_exposure", "BTC", Money::whole(71),
                            Money::whole(70), "a late fill"});
  audit.duplicate_fills = 1;
  audit.lost_fills = 2;
  audit.cash["kalshi"] = Money::from_units(-1'500'000);
  audit.paid_pairs["kalshi"] = Money::whole(4);
  audit.positions.push_back({{77, "kalshi", "K77", "BTC", "no"}, Quantity::from_units(150), Money::whole(1)});
  EXPECT_EQ(
      audit_document(LedgerContents{}, audit),
      R"({"ok":false,"problems":["something is wrong"],"orders":0,"fills":0,"duplicate_fills":1,"lost_fills":2,)"
      R"("limits":{},"cash":{"kalshi":"-1.5"},"paid_for_pairs":{"kalshi":"4"},"free_cash":{"kalshi":"2.5"},"positions":[{"venue":"kalshi","symbol":"K77","outcome":"no",)"
      R"("quantity":"1.5","asset":"BTC","cost":"1","title":""}],"settlements":0,"decisions":0,"requests":0,)"
      R"("ignored_duplicates":0,"adjustments":0,"excesses":[{"time":"2026-07-25T17:20:00.123Z",)"
      R"("key":"limits.max_asset_exposure","asset":"BTC","amount":"71","limit":"70","cause":"a late fill"}]})");
}

TEST(LedgerJson, OrdersAreChosenByVenueAndByWhetherTheyAreOpen) {
  LedgerContents ledger = small_ledger();
  const LedgerOrder ended = ledger.orders[0];
  std::uint64_t id = ended.order_id;
  for (const char* venue : {"kalshi", "polymarket"}) {
    for (const char* state : {"pending", "resting", "unknown", "partly_filled", "canceled", "rejected", "expired"}) {
      LedgerOrder order = ended;
      order.order_id = ++id;
      order.contract.venue = venue;
      order.state = state;
      ledger.orders.push_back(order);
    }
  }
  EXPECT_EQ(chosen_orders(ledger, {}).orders.size(), 15U);
  EXPECT_EQ(chosen_orders(ledger, {"kalshi", false}).orders.size(), 8U);
  EXPECT_EQ(chosen_orders(ledger, {"polymarket", false}).orders.size(), 7U);
  EXPECT_EQ(chosen_orders(ledger, {"", true}).orders.size(), 6U);
  const auto open = chosen_orders(ledger, {"polymarket", true}).orders;
  ASSERT_EQ(open.size(), 3U);
  for (const LedgerOrder& order : open) EXPECT_EQ(order.contract.venue, "polymarket");
  EXPECT_EQ(open[0].state + " " + open[1].state + " " + open[2].state, "pending resting unknown");
}

TEST(LedgerJson, CsvQuotesWhatNeedsItAndNamesTheColumnsOfAnEmptyTable) {
  EXPECT_EQ(csv_table(small_ledger(), "settlements"),
            "settlement_id,venue,symbol,outcome,quantity,payout,time,asset,cost,title\n"
            "3,kalshi,\"K,\"\"77\"\"\",yes,10,10,2026-07-25T17:20:00.123Z,BTC,4.8744,BTC at 5pm\n");
  EXPECT_EQ(csv_table(LedgerContents{}, "fills"),
            "fill_id,venue_fill_id,order_id,venue,symbol,outcome,side,asset,price,quantity,fee,time,title\n");
  EXPECT_EQ(csv_table(LedgerContents{}, "orders"),
            "order_id,request_id,venue,symbol,outcome,side,asset,price,quantity,status,time,reason,title\n");
}

}  // namespace
}  // namespace arbees::app
