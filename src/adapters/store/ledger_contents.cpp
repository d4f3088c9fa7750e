#include "adapters/store/ledger_contents.h"

#include <fmt/format.h>

#include <unordered_map>

#include "adapters/store/ledger_schema.h"
#include "adapters/store/sqlite.h"

namespace arbees {
namespace {

class LedgerFile {
 public:
  explicit LedgerFile(Database& database) : database_(database) {}

  // Everything, in one read transaction.
  [[nodiscard]] Result<LedgerContents, std::string> read() {
    if (!database_.execute("BEGIN")) return failure(database_.error());
    const bool is_read = read_symbols() && read_limits() && read_orders() && read_fills() && read_reversals() &&
                         read_settlements() && read_cash_movements() && read_postings() && read_counts();
    if (is_out_of_range_)
      return failure(fmt::format("{}: damaged: a row has a number beyond any real one", database_.path()));
    if (!is_read) return failure(database_.error());
    static_cast<void>(database_.execute("COMMIT"));
    return std::move(contents_);
  }

 private:
  // Calls `each` for every row; false if the query fails or the file is damaged.
  template <class Each>
  [[nodiscard]] bool rows(std::string_view sql, Each&& each) {
    auto statement = database_.prepare(sql);
    if (!statement) return false;
    for (;;) {
      const auto step = statement->step();
      if (step == Statement::Step::Done) return true;
      if (step == Statement::Step::Error) return false;
      each(*statement);
    }
  }

  // A number that sums and products of many rows still fit; a ledger that we wrote has no other.
  template <class Value>
  [[nodiscard]] Value bounded(const Statement& row, int column) {
    constexpr std::int64_t kMost = std::is_same_v<Value, Price>      ? Price::kScale
                                   : std::is_same_v<Value, Quantity> ? 100'000'000'000
                                                                     : 1'000'000'000'000'000;
    const std::int64_t units = row.integer(column);
    if (units >= -kMost && units <= kMost) return Value::from_units(units);
    is_out_of_range_ = true;
    return Value{};
  }

  [[nodiscard]] LedgerContract contract_at(const Statement& row, int column) const {
    LedgerContract contract;
    contract.instrument = row.identifier(column);
    contract.venue = row.text(column + 1);
    contract.asset = row.text(column + 2);
    contract.outcome = row.text(column + 3);
    const auto symbol = symbols_.find(contract.instrument);
    contract.symbol = symbol != symbols_.end() ? symbol->second : fmt::format("#{:016x}", contract.instrument);
    return contract;
  }

  [[nodiscard]] bool read_symbols() {
    return rows("SELECT instrument, symbol FROM instruments",
                [&](const Statement& row) { symbols_.emplace(row.identifier(0), row.text(1)); });
  }

  [[nodiscard]] bool read_limits() {
    return rows("SELECT limits_id, position_micro, asset_micro, total_micro FROM limits ORDER BY limits_id",
                [&](const Statement& row) {
                  // Limits are only compared with, so "none" may be any large number.
                  const LedgerLimits limits{Money::from_units(row.integer(1)), Money::from_units(row.integer(2)),
                                            Money::from_units(row.integer(3))};
                  limits_.emplace(row.integer(0), limits);
                  contents_.limits = limits;
                });
  }

  [[nodiscard]] bool read_orders() {
    return rows(
        "SELECT order_id, request, instrument, venue, asset, outcome, side, limit_e4, quantity_centi, state, reason, "
        "submitted_at_ns, ended_filled_centi, limits_id FROM orders ORDER BY submitted_at_ns, order_id",
        [&](const Statement& row) {
          LedgerOrder order;
          order.order_id = row.identifier(0);
          order.request = row.identifier(1);
          order.contract = contract_at(row, 2);
          order.is_buy = row.text(6) == "buy";
          order.limit = bounded<Price>(row, 7);
          order.quantity = bounded<Quantity>(row, 8);
          order.state = row.text(9);
          order.reason = row.text(10);
          order.submitted_at = from_unix_ns(row.integer(11));
          if (!row.is_null(12)) order.ended_filled = bounded<Quantity>(row, 12);
          const auto limits = limits_.find(row.integer(13));
          if (limits != limits_.end()) order.limits = limits->second;
          contents_.orders.push_back(std::move(order));
        });
  }

  [[nodiscard]] bool read_fills() {
    return rows(
        "SELECT fill_id, order_id, venue, venue_fill_id, price_e4, quantity_centi, fee_micro, at_ns, name "
        "FROM fills LEFT JOIN fill_names USING (order_id, venue_fill_id) ORDER BY fill_id",
        [&](const Statement& row) {
          LedgerFill fill;
          fill.entry = row.integer(0);
          fill.order_id = row.identifier(1);
          fill.venue = row.text(2);
          fill.venue_fill_id = row.identifier(3);
          fill.price = bounded<Price>(row, 4);
          fill.quantity = bounded<Quantity>(row, 5);
          fill.fee = bounded<Money>(row, 6);
          fill.at = from_unix_ns(row.integer(7));
          fill.venue_fill_name = row.is_null(8) ? fmt::format("{:016x}", fill.venue_fill_id) : std::string(row.text(8));
          contents_.fills.push_back(std::move(fill));
        });
  }

  [[nodiscard]] bool read_reversals() {
    return rows("SELECT reversal_id, fill_id, at_ns FROM fill_reversals ORDER BY reversal_id",
                [&](const Statement& row) {
                  contents_.reversals.push_back({row.integer(0), row.integer(1), from_unix_ns(row.integer(2))});
                });
  }

  [[nodiscard]] bool read_settlements() {
    return rows(
        "SELECT settlement_id, instrument, venue, asset, outcome, quantity_centi, payout_micro, cost_micro, at_ns "
        "FROM settlements ORDER BY settlement_id",
        [&](const Statement& row) {
          LedgerSettlement settlement;
          settlement.entry = row.integer(0);
          settlement.contract = contract_at(row, 1);
          settlement.quantity = bounded<Quantity>(row, 5);
          settlement.payout = bounded<Money>(row, 6);
          settlement.cost = bounded<Money>(row, 7);
          settlement.at = from_unix_ns(row.integer(8));
          contents_.settlements.push_back(std::move(settlement));
        });
  }

  [[nodiscard]] bool read_cash_movements() {
    return rows(
        "SELECT entry_id, kind, venue, amount_micro, at_ns FROM cash_movements JOIN entries USING (entry_id) "
        "ORDER BY entry_id",
        [&](const Statement& row) {
          contents_.cash_movements.push_back({row.integer(0), row.text(1) == "opening", std::string(row.text(2)),
                                              bounded<Money>(row, 3), from_unix_ns(row.integer(4))});
        });
  }

  [[nodiscard]] bool read_postings() {
    return rows("SELECT entry_id, venue, account, amount_micro FROM postings ORDER BY entry_id",
                [&](const Statement& row) {
                  contents_.postings.push_back(
                      {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), bounded<Money>(row, 3)});
                });
  }

  [[nodiscard]] bool read_counts() {
    return rows(
        "SELECT (SELECT count(*) FROM decisions), (SELECT count(*) FROM requests), "
        "(SELECT coalesce(sum(ignored_duplicates), 0) FROM sessions)",
        [&](const Statement& row) {
          contents_.decisions = row.identifier(0);
          contents_.requests = row.identifier(1);
          contents_.ignored_duplicates = row.identifier(2);
        });
  }

  Database& database_;
  LedgerContents contents_;
  std::unordered_map<std::uint64_t, std::string> symbols_;
  std::unordered_map<std::int64_t, LedgerLimits> limits_;
  bool is_out_of_range_ = false;
};

}  // namespace

Result<LedgerContents, std::string> read_ledger(const std::string& path) {
  auto database = Database::open(path, Database::Access::ReadOnly);
  if (!database) return failure(database.error());
  const auto is_known = check_ledger_version(*database);
  if (!is_known) return failure(is_known.error());
  return LedgerFile(*database).read();
}

}  // namespace arbees
