#include "app/ledger_json.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"

namespace arbees::app {
namespace {

// One row as named texts, so that JSON and CSV cannot differ.
using Row = std::vector<std::pair<std::string_view, std::string>>;

class Rows {
 public:
  explicit Rows(const LedgerContents& ledger) : ledger_(ledger) {
    for (const LedgerOrder& order : ledger.orders) orders_.emplace(order.order_id, &order);
  }

  [[nodiscard]] static Row order(const LedgerOrder& order) {
    const LedgerContract& contract = order.contract;
    return {{"order_id", to_hex(order.order_id)},
            {"request_id", to_hex(order.request)},
            {"venue", contract.venue},
            {"symbol", contract.symbol},
            {"outcome", contract.outcome},
            {"side", order.is_buy ? "buy" : "sell"},
            {"asset", contract.known_asset()},
            {"price", to_short_text(order.limit)},
            {"quantity", to_short_text(order.quantity)},
            {"status", order.state},
            {"time", to_iso_ms(order.submitted_at)},
            {"reason", order.reason},
            {"title", contract.title}};
  }

  [[nodiscard]] Row fill(const LedgerFill& fill) const {
    static const LedgerOrder kNoOrder;
    const auto found = orders_.find(fill.order_id);
    const LedgerOrder& order = found == orders_.end() ? kNoOrder : *found->second;
    return {{"fill_id", fmt::format("{}", fill.entry)},
            {"venue_fill_id", fill.venue_fill_name},
            {"order_id", to_hex(fill.order_id)},
            {"venue", fill.venue},
            {"symbol", order.contract.symbol},
            {"outcome", order.contract.outcome},
            {"side", order.is_buy ? "buy" : "sell"},
            {"asset", order.contract.known_asset()},
            {"price", to_short_text(fill.price)},
            {"quantity", to_short_text(fill.quantity)},
            {"fee", to_short_text(fill.fee)},
            {"time", to_iso_ms(fill.at)},
            {"title", order.contract.title}};
  }

  [[nodiscard]] static Row settlement(const LedgerSettlement& settlement) {
    return {{"settlement_id", fmt::format("{}", settlement.entry)},
            {"venue", settlement.contract.venue},
            {"symbol", settlement.contract.symbol},
            {"outcome", settlement.contract.outcome},
            {"quantity", to_short_text(settlement.quantity)},
            {"payout", to_short_text(settlement.payout)},
            {"time", to_iso_ms(settlement.at)},
            {"asset", settlement.contract.known_asset()},
            {"cost", to_short_text(settlement.cost)},
            {"title", settlement.contract.title}};
  }

  [[nodiscard]] std::vector<Row> orders() const {
    std::vector<Row> rows;
    for (const LedgerOrder& each : ledger_.orders) rows.push_back(order(each));
    return rows;
  }
  [[nodiscard]] std::vector<Row> fills() const {
    std::vector<Row> rows;
    for (const LedgerFill& each : ledger_.fills) rows.push_back(fill(each));
    return rows;
  }
  [[nodiscard]] std::vector<Row> settlements() const {
    std::vector<Row> rows;
    for (const LedgerSettlement& each : ledger_.settlements) rows.push_back(settlement(each));
    return rows;
  }

 private:
  const LedgerContents& ledger_;
  std::unordered_map<std::uint64_t, const LedgerOrder*> orders_;
};

Row adjustment_row(const LedgerAdjustment& adjustment) {
  return {{"adjustment_id", fmt::format("{}", adjustment.entry)},
          {"venue", adjustment.contract.venue},
          {"symbol", adjustment.contract.symbol},
          {"outcome", adjustment.contract.outcome},
          {"quantity", to_short_text(adjustment.quantity)},
          {"cost", to_short_text(adjustment.cost)},
          {"time", to_iso_ms(adjustment.at)},
          {"asset", adjustment.contract.known_asset()},
          {"reason", adjustment.reason},
          {"title", adjustment.contract.title}};
}

void write_object(JsonWriter& json, const Row& row) {
  json.begin_object();
  for (const auto& [name, text] : row) json.field(name, text);
  json.end_object();
}

void write_array(JsonWriter& json, std::string_view name, const std::vector<Row>& rows) {
  json.key(name).begin_array();
  for (const Row& row : rows) write_object(json, row);
  json.end_array();
}

void write_limits(JsonWriter& json, const LedgerContents& ledger) {
  json.key("limits").begin_object();
  if (ledger.limits) {
    json.field("position", to_short_text(ledger.limits->position));
    json.field("asset", to_short_text(ledger.limits->asset));
    json.field("total", to_short_text(ledger.limits->total));
  }
  json.end_object();
}

Row position_row(const LedgerPosition& position) {
  return {{"venue", position.contract.venue},     {"symbol", position.contract.symbol},
          {"outcome", position.contract.outcome}, {"quantity", to_short_text(position.quantity)},
          {"asset", position.contract.asset},     {"cost", to_short_text(position.cost)},
          {"title", position.contract.title}};
}

std::vector<Row> position_rows(const LedgerAudit& audit) {
  std::vector<Row> rows;
  for (const LedgerPosition& position : audit.positions) rows.push_back(position_row(position));
  return rows;
}

std::string array_document(std::string_view name, const std::vector<Row>& rows) {
  JsonWriter json;
  json.begin_object();
  write_array(json, name, rows);
  json.end_object();
  return json.take();
}

// RFC 4180: quoted when it must be.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

// `sample` names the columns when there are no rows.
std::string csv(const std::vector<Row>& rows, const Row& sample) {
  std::string text;
  for (const auto& [name, value] : sample) text += fmt::format("{}{}", text.empty() ? "" : ",", name);
  text += '\n';
  for (const Row& row : rows) {
    const char* separator = "";
    for (const auto& [name, value] : row) {
      text += separator + csv_field(value);
      separator = ",";
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string audit_document(const LedgerContents& ledger, const LedgerAudit& audit) {
  JsonWriter json;
  json.begin_object().field("ok", audit.problems.empty());
  json.key("problems").begin_array();
  for (const std::string& problem : audit.problems) json.value(problem);
  json.end_array();
  json.field("orders", std::uint64_t{ledger.orders.size()}).field("fills", std::uint64_t{ledger.fills.size()});
  json.field("duplicate_fills", audit.duplicate_fills).field("lost_fills", audit.lost_fills);
  write_limits(json, ledger);
  json.key("cash").begin_object();
  for (const auto& [venue, amount] : audit.cash) json.field(venue, to_short_text(amount));
  json.end_object().key("paid_for_pairs").begin_object();
  for (const auto& [venue, amount] : audit.paid_pairs) json.field(venue, to_short_text(amount));
  json.end_object().key("free_cash").begin_object();
  for (const auto& [venue, amount] : audit.cash) json.field(venue, to_short_text(amount + pairs_paid(audit, venue)));
  json.end_object();
  write_array(json, "positions", position_rows(audit));
  json.field("settlements", std::uint64_t{ledger.settlements.size()}).field("decisions", ledger.decisions);
  json.field("requests", ledger.requests).field("ignored_duplicates", ledger.ignored_duplicates);
  json.field("adjustments", std::uint64_t{ledger.adjustments.size()});
  std::vector<Row> excesses;
  for (const LedgerExcess& each : audit.excesses) {
    excesses.push_back({{"time", to_iso_ms(each.at)},
                        {"key", each.key},
                        {"asset", each.asset},
                        {"amount", to_short_text(each.amount)},
                        {"limit", to_short_text(each.limit)},
                        {"cause", each.cause}});
  }
  write_array(json, "excesses", excesses);
  json.end_object();
  return json.take();
}

std::string export_document(const LedgerContents& ledger) {
  const Rows rows(ledger);
  JsonWriter json;
  json.begin_object().key("opening").begin_object();
  for (const LedgerCashMovement& movement : ledger.cash_movements) {
    if (movement.is_opening) json.field(movement.venue, to_short_text(movement.amount));
  }
  json.end_object();
  std::vector<Row> transfers;
  for (const LedgerCashMovement& movement : ledger.cash_movements) {
    if (movement.is_opening) continue;
    transfers.push_back({{"venue", movement.venue},
                         {"amount", to_short_text(movement.amount)},
                         {"time", to_iso_ms(movement.at)},
                         {"reason", movement.reason}});
  }
  write_array(json, "transfers", transfers);
  std::vector<Row> adjustments;
  for (const LedgerAdjustment& each : ledger.adjustments) adjustments.push_back(adjustment_row(each));
  write_array(json, "adjustments", adjustments);
  write_array(json, "orders", rows.orders());
  write_array(json, "fills", rows.fills());
  write_array(json, "settlements", rows.settlements());
  write_limits(json, ledger);
  json.end_object();
  return json.take();
}

std::string fills_document(const LedgerContents& ledger) { return array_document("fills", Rows(ledger).fills()); }

std::string orders_document(const LedgerContents& ledger) { return array_document("orders", Rows(ledger).orders()); }

LedgerContents chosen_orders(const LedgerContents& ledger, const OrderChoice& choice) {
  LedgerContents chosen;
  for (const LedgerOrder& order : ledger.orders) {
    const bool is_open = order.state == "pending" || order.state == "resting" || order.state == "unknown";
    const bool is_there = choice.venue.empty() || order.contract.venue == choice.venue;
    if (is_there && (is_open || !choice.open_only)) chosen.orders.push_back(order);
  }
  return chosen;
}

std::string positions_document(const LedgerAudit& audit) { return array_document("positions", position_rows(audit)); }

std::string csv_table(const LedgerContents& ledger, const std::string& table) {
  const Rows rows(ledger);
  if (table == "orders") return csv(rows.orders(), Rows::order(LedgerOrder{}));
  if (table == "settlements") return csv(rows.settlements(), Rows::settlement(LedgerSettlement{}));
  return csv(rows.fills(), rows.fill(LedgerFill{}));
}

}  // namespace arbees::app
