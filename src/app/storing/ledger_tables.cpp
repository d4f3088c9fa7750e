#include "app/storing/ledger_tables.h"

#include <algorithm>

namespace arbees::app {

const std::vector<LedgerTable>& ledger_tables() {
  static const std::vector<LedgerTable> kTables = {
      {"sessions", "session, mode, started_at_ns, last_sequence, last_ordinal, ignored_duplicates"},
      {"instruments", "instrument, venue, symbol, asset, title"},
      {"limits", "limits_id, session, position_micro, asset_micro, total_micro", 1, true},
      {"decisions",
       "decision_id, session, sequence, at_ns, opportunity, event_group, detector, verdict, legs, outlay_micro, "
       "guaranteed_micro, fees_micro, request, started_at_ns, settles_at_ns, size_centi, binding, expected_loss_micro, "
       "tail_reserve_micro",
       1, true},
      {"opportunities",
       "session, opportunity, sequence, event_group, detector, verdict, started_at_ns, ended_at_ns, best_profit_micro, "
       "best_outlay_micro, best_size_centi, judgements, request",
       2},
      {"requests",
       "request, session, opportunity, detector, created_at_ns, deadline_ns, outlay_micro, guaranteed_micro"},
      {"request_legs",
       "request, leg, instrument, venue, asset, outcome, price_e4, quantity_centi, cost_micro, fee_micro", 2},
      {"orders",
       "order_id, request, leg, session, limits_id, instrument, venue, asset, outcome, side, time_in_force, limit_e4, "
       "quantity_centi, submitted_at_ns, deadline_ns, state, reason, ended_at_ns, ended_filled_centi"},
      {"entries", "entry_id, session, sequence, at_ns, kind", 1, true},
      {"postings", "entry_id, account, venue, amount_micro", 2, true},
      {"cash_movements", "entry_id, venue, amount_micro, reason", 1, true},
      {"fills", "fill_id, order_id, venue, venue_fill_id, price_e4, quantity_centi, fee_micro, at_ns", 1, true},
      {"fill_names", "order_id, venue_fill_id, name", 2},
      {"fill_reversals", "reversal_id, fill_id, at_ns", 1, true},
      {"settlements",
       "settlement_id, instrument, venue, asset, outcome, quantity_centi, payout_micro, cost_micro, at_ns", 1, true},
      {"adjustments", "adjustment_id, instrument, venue, asset, outcome, quantity_centi, cost_micro, at_ns, reason", 1,
       true},
      {"request_ends",
       "request, session, ended_at_ns, opportunity, detector, outcome, legs, orders, asked_centi, matched_centi, "
       "kept_centi, naked_ns, naked_loss_micro, unwind_cost_micro, slippage_micro"},
      {"trading_states", "place, session, sequence, at_ns, state, reason", 1, true, "rowid"},
  };
  return kTables;
}

std::string LedgerTable::key() const {
  std::size_t end = 0;
  for (std::size_t i = 0; i < key_columns; ++i) end = std::min(columns.find(',', end + 1), columns.size());
  return std::string(columns.substr(0, end));
}

std::string LedgerTable::columns_in_file() const {
  if (first_in_file.empty()) return std::string(columns);
  return std::string(first_in_file) + std::string(columns.substr(columns.find(',')));
}

}  // namespace arbees::app
