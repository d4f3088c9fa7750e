#include "sim/clob_trades.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/clob_books.h"

namespace arbees::sim {
namespace {

// Seeds of ids, apart from those of the world.
constexpr std::uint64_t kTransactionSpace = 0xc10b01;
constexpr std::uint64_t kStrangerSpace = 0xc10b02;

bool is_final(ClobTradeStatus status) noexcept {
  return status == ClobTradeStatus::Confirmed || status == ClobTradeStatus::Failed;
}

std::string unix_s_text(Timestamp time) { return std::to_string(unix_ns(time) / 1'000'000'000); }

std::string_view side_name(Side side) noexcept { return side == Side::Buy ? "BUY" : "SELL"; }

// One side of the match.
struct Party {
  std::string order_id;
  std::string owner;
  std::string address;
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  Price price;
};

Party account_of(const ClobTrade& trade) {
  const Fill& fill = trade.fill;
  return {fill.order_public_id, trade.owner.api_key, trade.owner.maker_address, fill.outcome, fill.side, fill.price};
}

// Whoever was on the other side; always somebody else's.
Party stranger_of(const ClobTrade& trade) {
  const Fill& fill = trade.fill;
  Party party;
  party.order_id = fill.is_taker ? fill.maker_order_id : seeded_hex(kStrangerSpace, 1, fill.number, 32);
  party.owner = seeded_uuid(kStrangerSpace, 2, fill.number);
  party.address = seeded_hex(kStrangerSpace, 3, fill.number, 20);
  party.outcome = fill.outcome;
  party.side = fill.side == Side::Buy ? Side::Sell : Side::Buy;
  party.price = fill.price;
  return party;
}

void write_maker(JsonWriter& json, const Market& market, const Party& maker, Quantity quantity) {
  json.key("maker_orders").begin_array().begin_object().field("order_id", maker.order_id).field("owner", maker.owner);
  json.field("maker_address", maker.address).field("matched_amount", to_short_text(quantity));
  json.field("price", to_short_text(maker.price)).field("fee_rate_bps", "0");
  json.field("asset_id", token_of(market, maker.outcome)).field("outcome", outcome_name(market, maker.outcome));
  json.field("side", side_name(maker.side)).end_object().end_array();
}

}  // namespace

std::string_view clob_trade_status_name(ClobTradeStatus status) noexcept {
  switch (status) {
    case ClobTradeStatus::Matched: return "MATCHED";
    case ClobTradeStatus::Mined: return "MINED";
    case ClobTradeStatus::Confirmed: return "CONFIRMED";
    case ClobTradeStatus::Retrying: return "RETRYING";
    case ClobTradeStatus::Failed: return "FAILED";
  }
  return {};
}

void ClobTrades::add(const Fill& fill, const ClobOwner& owner, Timestamp now) {
  ClobTrade trade;
  trade.fill = fill;
  trade.owner = owner;
  trade.fails = context_.faults.strikes(Fault::FailedSettlement, now);
  trade.shown_at = now + context_.faults.fill_delay(now);
  trade.updated_at = now;
  trades_.push_back(std::move(trade));
}

void ClobTrades::move_on(ClobTrade& trade, Timestamp now) {
  const Duration age = now - trade.fill.time;
  const auto set = [&](ClobTradeStatus status) {
    trade.status = status;
    trade.updated_at = now;
    trade.is_told = false;
  };
  if (trade.status == ClobTradeStatus::Matched && age >= rules_.mining_delay) {
    if (!trade.fails) {
      trade.transaction_hash = seeded_hex(context_.seed, kTransactionSpace, trade.fill.number, 32);
    }
    return set(trade.fails ? ClobTradeStatus::Retrying : ClobTradeStatus::Mined);
  }
  const bool is_between = trade.status == ClobTradeStatus::Mined || trade.status == ClobTradeStatus::Retrying;
  if (!is_between || age < rules_.confirmation_delay) return;
  if (trade.fails && context_.world.revert_fill(Venue::Polymarket, trade.fill.number)) {
    return set(ClobTradeStatus::Failed);
  }
  // What cannot be given back any more went through at the second try.
  if (trade.transaction_hash.empty()) {
    trade.transaction_hash = seeded_hex(context_.seed, kTransactionSpace, trade.fill.number, 32);
  }
  set(ClobTradeStatus::Confirmed);
}

void ClobTrades::advance(Timestamp now, const std::function<void(const ClobTrade&)>& tell) {
  for (std::size_t i = first_open_; i < trades_.size(); ++i) {
    ClobTrade& trade = trades_[i];
    if (now < trade.shown_at) continue;
    // Every status is told, also when time went on in a leap.
    for (;;) {
      if (!trade.is_told) {
        trade.is_told = true;
        tell(trade);
      }
      move_on(trade, now);
      if (trade.is_told) break;
    }
  }
  while (first_open_ < trades_.size() && is_final(trades_[first_open_].status) && trades_[first_open_].is_told) {
    ++first_open_;
  }
}

std::vector<const ClobTrade*> ClobTrades::shown(Timestamp now) const {
  std::vector<const ClobTrade*> shown;
  for (const ClobTrade& trade : trades_) {
    if (now >= trade.shown_at) shown.push_back(&trade);
  }
  return shown;
}

std::string clob_trade_document(const World& world, const ClobTrade& trade, bool is_event, Duration skew) {
  const Fill& fill = trade.fill;
  const Market& market = world.market(fill.market);
  const Party taker = fill.is_taker ? account_of(trade) : stranger_of(trade);
  const Party maker = fill.is_taker ? stranger_of(trade) : account_of(trade);
  JsonWriter json;
  json.begin_object();
  if (is_event) json.field("event_type", "trade").field("type", "TRADE");
  json.field("id", fill.trade_id).field("taker_order_id", taker.order_id).field("market", market.condition_id);
  json.field("asset_id", token_of(market, taker.outcome)).field("side", side_name(taker.side));
  json.field("size", to_short_text(fill.quantity)).field("fee_rate_bps", "1000");
  json.field("price", to_short_text(taker.price)).field("status", clob_trade_status_name(trade.status));
  json.field("match_time", unix_s_text(fill.time + skew)).field("last_update", unix_s_text(trade.updated_at + skew));
  json.field("outcome", outcome_name(market, taker.outcome)).field("bucket_index", 0).field("owner", taker.owner);
  if (is_event) json.field("trade_owner", trade.owner.api_key);
  json.field("maker_address", taker.address).field("transaction_hash", trade.transaction_hash);
  write_maker(json, market, maker, fill.quantity);
  json.field("trader_side", fill.is_taker ? "TAKER" : "MAKER");
  if (is_event) {
    json.field("timestamp", unix_ms_text(trade.updated_at + skew));
  } else {
    json.field("match_time_nano", std::to_string(unix_ns(fill.time + skew))).field("err_msg", "");
  }
  json.end_object();
  return json.take();
}

}  // namespace arbees::sim
