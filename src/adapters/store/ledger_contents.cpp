#include "adapters/store/ledger_contents.h"

#include <fmt/format.h>

#include <unordered_map>

#include "adapters/store/ledger_rows.h"

namespace arbees {
namespace {

class LedgerFile {
 public:
  explicit LedgerFile(Database& database) : rows_(database) {}

  // Everything, in one read transaction.
  [[nodiscard]] Result<LedgerContents, std::string> read() {
    return rows_.in_one_look<LedgerContents>([&] {
      const bool is_read = read_limits() && read_orders() && read_fills() && read_reversals() && read_settlements() &&
                           read_adjustments() && read_cash_movements() && read_postings() && read_counts();
      return is_read ? std::optional(std::move(contents_)) : std::nullopt;
    });
  }

 private:
  [[nodiscard]] bool read_limits() {
    return rows_.each("SELECT limits_id, position_micro, asset_micro, total_micro FROM limits ORDER BY limits_id",
                      [&](const Statement& row) {
                        // Limits are only compared with, so "none" may be any large number.
                        const LedgerLimits limits{Money::from_units(row.integer(1)), Money::from_units(row.integer(2)),
                                                  Money::from_units(row.integer(3))};
                        limits_.emplace(row.integer(0), limits);
                        contents_.limits = limits;
                      });
  }

  [[nodiscard]] bool read_orders() {
    return rows_.each(
        "SELECT order_id, request, instrument, venue, asset, outcome, side, limit_e4, quantity_centi, state, reason, "
        "submitted_at_ns, ended_filled_centi, limits_id, leg, time_in_force, deadline_ns, "
        "(SELECT detector FROM requests WHERE requests.request = orders.request), ended_at_ns FROM orders "
        "ORDER BY submitted_at_ns, order_id",
        [&](const Statement& row) {
          LedgerOrder order;
          order.order_id = row.identifier(0);
          order.request = row.identifier(1);
          order.contract = rows_.contract_at(row, 2);
          order.is_buy = row.text(6) == "buy";
          order.limit = rows_.bounded<Price>(row, 7);
          order.quantity = rows_.bounded<Quantity>(row, 8);
          order.state = row.text(9);
          order.reason = row.text(10);
          order.submitted_at = from_unix_ns(row.integer(11));
          if (!row.is_null(12)) order.ended_filled = rows_.bounded<Quantity>(row, 12);
          const auto limits = limits_.find(row.integer(13));
          if (limits != limits_.end()) order.limits = limits->second;
          order.leg = row.identifier(14);
          order.time_in_force = row.text(15);
          order.deadline = from_unix_ns(row.integer(16));
          order.detector = row.text(17);
          if (!row.is_null(18)) order.ended_at = from_unix_ns(row.integer(18));
          contents_.orders.push_back(std::move(order));
        });
  }

  [[nodiscard]] bool read_fills() {
    return rows_.each(
        "SELECT fill_id, order_id, venue, venue_fill_id, price_e4, quantity_centi, fee_micro, at_ns, name "
        "FROM fills LEFT JOIN fill_names USING (order_id, venue_fill_id) ORDER BY fill_id",
        [&](const Statement& row) {
          LedgerFill fill;
          fill.entry = row.integer(0);
          fill.order_id = row.identifier(1);
          fill.venue = row.text(2);
          fill.venue_fill_id = row.identifier(3);
          fill.price = rows_.bounded<Price>(row, 4);
          fill.quantity = rows_.bounded<Quantity>(row, 5);
          fill.fee = rows_.bounded<Money>(row, 6);
          fill.at = from_unix_ns(row.integer(7));
          fill.venue_fill_name = row.is_null(8) ? fmt::format("{:016x}", fill.venue_fill_id) : std::string(row.text(8));
          contents_.fills.push_back(std::move(fill));
        });
  }

  [[nodiscard]] bool read_reversals() {
    return rows_.each("SELECT reversal_id, fill_id, at_ns FROM fill_reversals ORDER BY reversal_id",
                      [&](const Statement& row) {
                        contents_.reversals.push_back({row.integer(0), row.integer(1), from_unix_ns(row.integer(2))});
                      });
  }

  [[nodiscard]] bool read_settlements() {
    return rows_.each(
        "SELECT settlement_id, instrument, venue, asset, outcome, quantity_centi, payout_micro, cost_micro, at_ns "
        "FROM settlements ORDER BY settlement_id",
        [&](const Statement& row) {
          LedgerSettlement settlement;
          settlement.entry = row.integer(0);
          settlement.contract = rows_.contract_at(row, 1);
          settlement.quantity = rows_.bounded<Quantity>(row, 5);
          settlement.payout = rows_.bounded<Money>(row, 6);
          settlement.cost = rows_.bounded<Money>(row, 7);
          settlement.at = from_unix_ns(row.integer(8));
          contents_.settlements.push_back(std::move(settlement));
        });
  }

  [[nodiscard]] bool read_adjustments() {
    return rows_.each(
        "SELECT adjustment_id, instrument, venue, asset, outcome, quantity_centi, cost_micro, at_ns, reason "
        "FROM adjustments ORDER BY adjustment_id",
        [&](const Statement& row) {
          LedgerAdjustment adjustment;
          adjustment.entry = row.integer(0);
          adjustment.contract = rows_.contract_at(row, 1);
          adjustment.quantity = rows_.bounded<Quantity>(row, 5);
          adjustment.cost = rows_.bounded<Money>(row, 6);
          adjustment.at = from_unix_ns(row.integer(7));
          adjustment.reason = row.text(8);
          contents_.adjustments.push_back(std::move(adjustment));
        });
  }

  [[nodiscard]] bool read_cash_movements() {
    return rows_.each(
        "SELECT entry_id, kind, venue, amount_micro, at_ns, reason FROM cash_movements JOIN entries USING (entry_id) "
        "ORDER BY entry_id",
        [&](const Statement& row) {
          contents_.cash_movements.push_back({row.integer(0), row.text(1) == "opening", std::string(row.text(2)),
                                              rows_.bounded<Money>(row, 3), from_unix_ns(row.integer(4)),
                                              std::string(row.text(5))});
        });
  }

  [[nodiscard]] bool read_postings() {
    return rows_.each(
        "SELECT entry_id, venue, account, amount_micro FROM postings ORDER BY entry_id", [&](const Statement& row) {
          contents_.postings.push_back(
              {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), rows_.bounded<Money>(row, 3)});
        });
  }

  [[nodiscard]] bool read_counts() {
    return rows_.each(
        "SELECT (SELECT count(*) FROM decisions), (SELECT count(*) FROM requests), "
        "(SELECT coalesce(sum(ignored_duplicates), 0) FROM sessions)",
        [&](const Statement& row) {
          contents_.decisions = row.identifier(0);
          contents_.requests = row.identifier(1);
          contents_.ignored_duplicates = row.identifier(2);
        });
  }

  LedgerRows rows_;
  LedgerContents contents_;
  std::unordered_map<std::int64_t, LedgerLimits> limits_;
};

}  // namespace

Result<LedgerContents, std::string> read_ledger(const std::string& path) {
  auto database = open_ledger_to_read(path);
  if (!database) return failure(database.error());
  return LedgerFile(*database).read();
}

}  // namespace arbees
