#include "app/running/flatten_document.h"

#include "adapters/telemetry/format.h"

namespace arbees::app {

std::string_view left_because(SaleHold hold) noexcept {
  return sale_hold_name(hold == SaleHold::None ? SaleHold::UnderWay : hold);
}

std::string_view trading_state_name(TradingState state) noexcept {
  if (state == TradingState::Active) return "active";
  return state == TradingState::Reducing ? "reducing" : "halted";
}

void write_trading_state(JsonWriter& json, TradingState state, const ExecutionEngine& engine, const NameOf& name_of,
                         Timestamp now) {
  json.field("trading_state", trading_state_name(state));
  if (!engine.is_flattening()) return;
  const ExecutionEngine::Flattened& flattened = engine.flattened();
  bool is_done = engine.open_order_count() == 0 && engine.open_request_count() == 0;
  engine.for_each_held(now, [&](const Position&, SaleHold hold) { is_done = is_done && !is_pending(hold); });
  json.key("flatten").begin_object().field("done", is_done).field("orders", flattened.orders);
  json.field("sold", to_short_text(flattened.sold)).field("proceeds", to_short_text(flattened.proceeds));
  json.field("cost", to_short_text(flattened.cost)).key("left").begin_array();
  engine.for_each_held(now, [&](const Position& position, SaleHold hold) {
    const ContractName name = name_of(position.venue, position.instrument);
    json.begin_object().field("venue", venue_name(position.venue)).field("symbol", name.symbol);
    json.field("outcome", position.outcome == Outcome::Yes ? "yes" : "no");
    json.field("quantity", to_short_text(position.quantity)).field("reason", left_because(hold));
    if (!name.title.empty()) json.field("title", name.title);
    json.end_object();
  });
  json.end_array().end_object();
}

}  // namespace arbees::app
