#include "tests/live/own_books.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/wide_int.h"
#include "core/market/values.h"

namespace arbees::live {
namespace {

constexpr Micro kMicroPerCenti = 10'000;  // a dollar for a hundredth of a contract

// amount × part / whole, rounded down.
Micro share(Micro amount, std::int64_t part, std::int64_t whole) {
  return static_cast<Micro>(Int128{amount} * part / whole);
}

struct Leg {
  Micro cost = 0;
  std::int64_t quantity = 0;
  std::int64_t bought = 0;
};

constexpr const char* kFillColumns =
    "o.venue, i.symbol, o.outcome, o.side = 'buy', f.price_e4, f.quantity_centi, f.fee_micro, o.request, o.leg, "
    "f.fill_id "
    "IN (SELECT fill_id FROM fill_reversals), f.fill_id FROM fills f JOIN orders o USING (order_id) JOIN instruments i "
    "USING (instrument)";

class Booking {
 public:
  explicit Booking(Database& database) : database_(database) {}

  OwnBooks run() {
    read_legs();
    each(
        std::string("SELECT f.fill_id, 'fill', ") + kFillColumns + " UNION ALL SELECT r.reversal_id, 'reversal', " +
            kFillColumns +
            " JOIN fill_reversals r USING (fill_id) UNION ALL SELECT s.settlement_id, 'settlement', s.venue, i.symbol, "
            "s.outcome, 0, 0, s.quantity_centi, s.payout_micro, 0, 0, 0, 0 FROM settlements s JOIN instruments i USING "
            "(instrument) ORDER BY 1",
        [this](const Statement& row) {
          const std::string_view kind = row.text(1);
          if (kind == "fill") take_fill(row);
          if (kind == "reversal") take_back(row);
          if (kind == "settlement") take_settlement(row);
        });
    each(
        "SELECT coalesce(sum(legs >= 2), 0), coalesce(sum(naked_ns > 0), 0), coalesce(sum(unwind_cost_micro), 0), "
        "coalesce(sum(slippage_micro), 0) FROM request_ends",
        [this](const Statement& row) {
          books_.legged = row.integer(0);
          books_.unequal = row.integer(1);
          books_.unwind_cost = row.integer(2);
          books_.told_slippage = row.integer(3);
        });
    std::erase_if(books_.positions, [](const auto& position) { return position.second.centi == 0; });
    for (const auto& [key, position] : books_.positions) {
      EXPECT_GT(position.centi, 0) << "more of " << key.second.first << " was sold or settled than was held";
      books_.at_cost += position.cost;
    }
    return books_;
  }

 private:
  template <class Visit>
  void each(std::string_view sql, Visit&& visit) {
    auto statement = database_.prepare(sql);
    ASSERT_TRUE(statement) << statement.error();
    statement->start();
    auto step = statement->step();
    for (; step == Statement::Step::Row; step = statement->step()) visit(*statement);
    EXPECT_EQ(step, Statement::Step::Done) << database_.error();
  }

  void read_legs() {
    each("SELECT request, leg, cost_micro, quantity_centi FROM request_legs",
         [this](const Statement& row) { legs_[{row.integer(0), row.integer(1)}] = {row.integer(2), row.integer(3)}; });
  }

  static OwnBooks::Key key_of(const Statement& row) {
    return {std::string(row.text(2)), {std::string(row.text(3)), std::string(row.text(4))}};
  }

  struct Trade {
    bool is_buy = false;
    std::int64_t quantity = 0;
    Micro gross = 0;
    Micro fee = 0;
    [[nodiscard]] Micro cash() const { return (is_buy ? -gross : gross) - fee; }
  };
  static Trade trade_of(const Statement& row) {
    return {row.integer(5) != 0, row.integer(7), row.integer(6) * row.integer(7), row.integer(8)};
  }

  void take_fill(const Statement& row) {
    ++books_.fills;
    const Trade trade = trade_of(row);
    books_.cash_change[std::string(row.text(2))] += trade.cash();
    OwnPosition& position = books_.positions[key_of(row)];
    if (trade.is_buy) {
      change(position, trade.quantity, -trade.cash());
    } else {
      sold_cost_[row.integer(12)] = take_out(position, trade.quantity);
    }
    if (row.integer(11) != 0) return;  // it will be taken back, and with it what it cost and brought
    books_.fees += trade.fee;
    if (!trade.is_buy) return;
    books_.slippage += expected(row.integer(9), row.integer(10), trade.quantity, trade.gross) - trade.gross;
  }

  void take_back(const Statement& row) {
    ++books_.reversals;
    const Trade trade = trade_of(row);
    books_.cash_change[std::string(row.text(2))] -= trade.cash();
    OwnPosition& position = books_.positions[key_of(row)];
    if (trade.is_buy) return change(position, -trade.quantity, trade.cash());
    change(position, trade.quantity, sold_cost_[row.integer(12)]);
  }

  // What the decision had put down for this much more of the leg; what goes beyond the leg was expected as it came.
  Micro expected(std::int64_t request, std::int64_t number, std::int64_t quantity, Micro gross) {
    const auto found = legs_.find({request, number});
    if (found == legs_.end()) return gross;
    Leg& leg = found->second;
    const std::int64_t before = leg.bought;
    leg.bought += quantity;
    if (leg.bought > leg.quantity) return gross;
    return share(leg.cost, leg.bought, leg.quantity) - share(leg.cost, before, leg.quantity);
  }

  void take_settlement(const Statement& row) {
    ++books_.settlements;
    books_.cash_change[std::string(row.text(2))] += row.integer(8);
    take_out(books_.positions[key_of(row)], row.integer(7));
  }

  // As docs/ledger.md says: nothing costs nothing, and what was sold without having been bought is bought again first.
  static void change(OwnPosition& position, std::int64_t quantity, Micro cost) {
    const OwnPosition before = position;
    position.centi += quantity;
    position.cost += cost;
    if (position.centi <= 0) {
      position.cost = 0;
    } else if (before.centi < 0) {
      position.cost = cost - share(cost, -before.centi, quantity);
    } else if (quantity < 0) {
      const Micro even = before.cost - share(before.cost, -quantity, before.centi);
      const Micro most = std::max(even, position.centi * kMicroPerCenti);
      position.cost = position.cost < 0 ? even : std::min(position.cost, most);
    }
  }

  // Returns the cost.
  static Micro take_out(OwnPosition& position, std::int64_t quantity) {
    const bool is_all = quantity >= position.centi;
    const Micro cost = is_all ? position.cost : share(position.cost, quantity, position.centi);
    change(position, -quantity, -cost);
    return cost;
  }

  Database& database_;
  OwnBooks books_;
  std::map<std::pair<std::int64_t, std::int64_t>, Leg> legs_;  // by request and number
  std::map<std::int64_t, Micro> sold_cost_;                    // by fill
};

}  // namespace

Micro OwnBooks::netted(const std::string& venue) const {
  Micro dollars = 0;
  for (const auto& [key, position] : positions) {
    if (key.first != venue || key.second.second != "yes") continue;
    const auto other = positions.find({venue, {key.second.first, "no"}});
    if (other != positions.end()) dollars += std::min(position.centi, other->second.centi) * kMicroPerCenti;
  }
  return dollars;
}

OwnBooks own_books(const std::string& ledger) {
  auto database = Database::open(ledger, Database::Access::ReadOnly);
  EXPECT_TRUE(database) << database.error();
  return database ? Booking(*database).run() : OwnBooks();
}

SoFar so_far(const std::string& ledger) {
  auto database = Database::open(ledger, Database::Access::ReadOnly);
  if (!database) return {};
  return {database->query_integer("SELECT count(*) FROM request_ends WHERE legs >= 2").value_or(0),
          database->query_integer("SELECT count(*) FROM fill_reversals").value_or(0),
          database->query_integer("SELECT coalesce(max(naked_loss_micro), 0) FROM request_ends WHERE legs = 2")
              .value_or(0)};
}

Micro micro_of(const std::string& text) {
  const auto money = Money::parse(text);
  EXPECT_TRUE(money) << text;
  return money ? money->units() : 0;
}

}  // namespace arbees::live
