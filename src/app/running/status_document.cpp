#include "app/running/status_document.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <unordered_map>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/running/flatten_document.h"
#include "app/running/market_report.h"
#include "app/running/process_log.h"

namespace arbees::app {
namespace {

std::int64_t age_ms(Timestamp since, Timestamp now) {
  return since == kNoTime ? -1 : std::chrono::duration_cast<std::chrono::milliseconds>(now - since).count();
}

std::string_view state_name(FeedState state) {
  if (state == FeedState::Live) return "live";
  return state == FeedState::Stale ? "stale" : "down";
}

void write_gateway(const GatewayHealth& gateway, JsonWriter& json) {
  json.begin_object().field("venue", venue_name(gateway.venue)).field("ready", gateway.is_ready);
  json.field("streaming", gateway.is_streaming).field("open_orders", static_cast<std::uint64_t>(gateway.open_orders));
  json.field("unknown_orders", static_cast<std::uint64_t>(gateway.unknown_orders));
  json.field("submitted", gateway.submitted).field("refused", gateway.refused).field("canceled", gateway.canceled);
  json.field("lost_answers", gateway.lost_answers).field("resolved", gateway.resolved).field("fills", gateway.fills);
  json.field("failed_fills", gateway.failed_fills).field("throttled", gateway.throttled);
  json.field("stream_connects", gateway.stream_connects);
  if (!gateway.group_state.empty()) {
    json.key("order_group").begin_object().field("state", gateway.group_state);
    json.field("contracts", gateway.group_contracts).end_object();
  }
  if (!gateway.last_trouble.empty()) json.field("last_trouble", gateway.last_trouble);
  json.end_object();
}

// Prices as they came from feeds: by the index of their kind in EventBody.
struct PriceKind {
  std::size_t index;
  std::string_view name;
};
template <class Body>
constexpr std::size_t kIndexOf = EventBody(Body{}).index();
const std::array<PriceKind, 7> kPriceKinds = {{{kIndexOf<BookUpdate>, "book_update"},
                                               {kIndexOf<ContractQuote>, "contract_quote"},
                                               {kIndexOf<ContractTrade>, "contract_trade"},
                                               {kIndexOf<SpotQuote>, "spot_quote"},
                                               {kIndexOf<SpotTrade>, "spot_trade"},
                                               {kIndexOf<SpotBookUpdate>, "spot_book_update"},
                                               {kIndexOf<IndexPrint>, "index_print"}}};

// What a venue has paid already for pairs of Yes and No that are held until settlement.
Money paid_for_pairs(const Portfolio& portfolio, Venue venue) {
  std::unordered_map<std::uint64_t, Quantity> first;
  Money paid;
  portfolio.for_each([&](const Position& position) {
    if (position.venue != venue || !position.quantity.is_positive() || !pays_pairs_at_once(venue)) return;
    const auto [other, is_first] = first.emplace(position.instrument.value, position.quantity);
    if (!is_first) paid += kPriceOne * std::min(other->second, position.quantity);
  });
  return paid;
}

}  // namespace

void write_prices(const EventCounts& counts, JsonWriter& json) {
  json.key("prices").begin_object();
  for (const PriceKind& kind : kPriceKinds) json.field(kind.name, counts[kind.index]);
  json.end_object();
}

void write_cash(const Portfolio& portfolio, JsonWriter& json) {
  const auto by_venue = [&json](const char* key, auto&& amount) {
    json.key(key).begin_object();
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      json.field(venue_name(venue), to_short_text(amount(venue)));
    }
    json.end_object();
  };
  by_venue("cash", [&](Venue venue) { return portfolio.cash(venue); });
  by_venue("paid_for_pairs", [&](Venue venue) { return paid_for_pairs(portfolio, venue); });
  by_venue("unpaid", [&](Venue venue) { return portfolio.unpaid(venue); });
  by_venue("free_cash", [&](Venue venue) { return portfolio.free_cash(venue); });
}

void write_exposure(const Portfolio& portfolio, JsonWriter& json) {
  json.key("exposure").begin_object().field("total", to_short_text(portfolio.total_exposure()));
  json.key("assets").begin_object();
  for (std::size_t i = 1; i < kAssetCount; ++i) {
    const Money exposure = portfolio.asset_exposure(static_cast<Asset>(i));
    if (!exposure.is_zero()) json.field(asset_name(static_cast<Asset>(i)), to_short_text(exposure));
  }
  json.end_object().key("venues").begin_object();
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    json.field(venue_name(venue), to_short_text(portfolio.venue_exposure(venue)));
  }
  json.end_object().end_object();
}

void write_day(const ExecutionEngine& engine, Timestamp now, JsonWriter& json) {
  json.field("day_result", to_short_text(engine.result_of_day(now)));
  json.field("max_daily_loss", to_short_text(engine.limits().max_daily_loss));
  json.field("day_lost", engine.is_day_lost(now));
}

void write_feed(const FeedHealth& feed, Timestamp now, JsonWriter& json) {
  json.begin_object().field("venue", venue_name(feed.venue)).field("status", state_name(feed.state));
  json.field("age_ms", age_ms(feed.last_data_at, now)).field("polled", feed.is_polled);
  json.field("frames", feed.frames).field("connects", feed.connects).field("disconnects", feed.disconnects);
  json.field("gaps", feed.gaps).field("resyncs", feed.resyncs);
  json.field("equality_checks", feed.equality_checks).field("equality_failures", feed.equality_failures);
  json.field("malformed", feed.malformed).key("drift").begin_object();
  json.field("unknown_messages", feed.unknown_messages).field("unknown_fields", feed.unknown_fields);
  json.field("unknown_values", feed.unknown_values).end_object();
  json.field("throttled", feed.throttled);
  if (feed.has_clock_skew) {
    json.field("clock_skew_ms", std::chrono::duration_cast<std::chrono::milliseconds>(feed.clock_skew).count());
  }
  if (!feed.last_trouble.empty()) json.field("last_trouble", feed.last_trouble);
  json.end_object();
}

std::string status_document(const StatusInput& input, LiveTrading& trading) {
  const RunStatistics& statistics = trading.run().statistics();
  JsonWriter json;
  json.begin_object().field("running", true).field("pid", static_cast<std::int64_t>(::getpid()));
  json.field("mode", input.mode).field("halted", trading.is_halted());
  json.field("label", input.label.empty() ? input.mode : input.label);
  if (trading.is_halted()) json.field("halt_reason", trading.halt_reason());
  const TradingEngine& engine = trading.run().engine();
  const auto name_of = [&](Venue venue, InstrumentId id) {
    const std::string symbol = trading.symbol(id);
    return ContractName{symbol, input.title_of ? input.title_of(venue, symbol) : std::string()};
  };
  write_trading_state(json, engine.state(), engine.execution(), name_of, input.now);
  json.field("session", trading.session()).field("started_at", to_iso_ms(input.started_at));
  json.field("written_at", to_iso_ms(input.now)).field("data", trading.folder());
  if (!input.redis.empty()) json.field("redis", input.redis);
  if (!input.dashboard.empty()) json.field("dashboard", input.dashboard);
  json.key("feeds").begin_array();
  for (const FeedHealth& feed : input.feeds) write_feed(feed, input.now, json);
  json.end_array();
  if (!input.gateways.empty()) {
    json.key("gateways").begin_array();
    for (const GatewayHealth& gateway : input.gateways) write_gateway(gateway, json);
    json.end_array();
  }
  if (input.write_more) input.write_more(json);
  json.key("contracts").begin_object().field("listed", input.listed).field("tradable", input.tradable).end_object();
  write_model(trading.run().engine().model(), json);
  write_event_groups(
      trading.run().engine().arbitrage(), [&trading](InstrumentId id) { return trading.symbol(id); }, json);
  if (!input.database.empty()) json.key("database").raw(input.database);
  statistics.write_fields(json);
  write_prices(trading.event_counts(), json);
  write_log_counts(json);
  write_cash(trading.run().engine().portfolio(), json);
  write_exposure(trading.run().engine().portfolio(), json);
  write_day(engine.execution(), input.now, json);
  if (input.session != nullptr) input.session->write_fields(json, statistics.latencies());
  json.end_object();
  return json.take();
}

std::string stopped_document(const std::string& folder) {
  const HaltLatch latch(folder);
  JsonWriter json;
  json.begin_object().field("running", false).field("halted", latch.is_halted());
  if (latch.is_halted()) json.field("halt_reason", latch.reason());
  json.key("feeds").begin_array().end_array().end_object();
  return json.take();
}

std::string status_path(const std::string& folder) { return (std::filesystem::path(folder) / "status.json").string(); }

bool write_status(const std::string& folder, const std::string& document) {
  const std::string path = status_path(folder);
  const std::string fresh = path + ".new";
  std::FILE* const file = std::fopen(fresh.c_str(), "wb");
  if (file == nullptr) return false;
  const bool ok = std::fwrite(document.data(), 1, document.size(), file) == document.size();
  return std::fclose(file) == 0 && ok && std::rename(fresh.c_str(), path.c_str()) == 0;
}

void remove_status(const std::string& folder) {
  std::error_code error;
  std::filesystem::remove(status_path(folder), error);
}

}  // namespace arbees::app
