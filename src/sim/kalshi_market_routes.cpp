#include "sim/kalshi_market_routes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "adapters/telemetry/format.h"
#include "core/base/stable_order.h"
#include "sim/kalshi_error.h"
#include "sim/kalshi_market_json.h"
#include "sim/kalshi_query.h"

namespace arbees::sim {
namespace {

constexpr std::array<std::string_view, kKalshiShards> kShardNames = {"Default", "Exotics", "Crypto and Commodities",
                                                                     "Sports"};
constexpr std::size_t kMostTrades = 10'000;

net::ServerResponse not_found() { return kalshi_refusal({404, "not_found", {}, {}}); }

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// What GET /markets was asked for.
struct MarketFilter {
  std::vector<std::string> tickers;
  std::vector<std::string> events;
  std::string series;
  std::string status;

  explicit MarketFilter(const KalshiQuery& query)
      : tickers(query.list("tickers")),
        events(query.list("event_ticker")),
        series(query.text("series_ticker")),
        status(query.text("status")) {}

  [[nodiscard]] bool accepts(const World& world, const Market& market) const {
    if (market.venue != Venue::Kalshi) return false;
    if (!tickers.empty() && !contains(tickers, market.ticker)) return false;
    if (!status.empty() && !matches_status_filter(status, market.phase)) return false;
    const Event& event = world.event(market.event);
    if (!series.empty() && event.series != series) return false;
    return events.empty() || contains(events, event.ticker);
  }
};

bool is_within_times(KalshiQuery& query, const Market& market) {
  return query.is_within("close_ts", market.closes_at) && query.is_within("created_ts", market.created_at) &&
         query.is_within("settled_ts", market.settled_at) && query.is_within("updated_ts", market.updated_at);
}

void write_trade(JsonWriter& json, const KalshiShared& shared, const Market& market, const MarketTrade& trade) {
  json.begin_object().field("trade_id", trade.trade_id).field("ticker", market.ticker);
  json.field("count_fp", to_text(trade.quantity)).field("yes_price_dollars", to_text(trade.price));
  json.field("no_price_dollars", to_text(complement(trade.price)));
  json.field("taker_side", outcome_side_name(trade.taker_side));
  json.field("taker_outcome_side", outcome_side_name(trade.taker_side));
  json.field("taker_book_side", book_side_name(trade.taker_side));
  json.field("created_time", shared.stated_text(trade.time)).field("is_block_trade", false).end_object();
}

void write_day(JsonWriter& json, std::string_view day) {
  json.key(day).begin_array().begin_object().field("open_time", "00:00").field("close_time", "00:00");
  json.end_object().end_array();
}

}  // namespace

const Market* KalshiMarketRoutes::find_market(std::string_view ticker) const {
  return shared_.context.world.find_market(Venue::Kalshi, ticker);
}

net::ServerResponse KalshiMarketRoutes::exchange_status(bool is_paused) const {
  JsonWriter json;
  json.begin_object().field("exchange_active", true).field("trading_active", true);
  json.field("intra_exchange_transfers_active", true);
  json.key("exchange_index_statuses").begin_array();
  for (std::int32_t shard = 0; shard < kKalshiShards; ++shard) {
    json.begin_object().field("exchange_index", shard);
    json.field("description", kShardNames[static_cast<std::size_t>(shard)]).field("exchange_active", true);
    json.field("trading_active", !(is_paused && shard == kCryptoShard));
    json.field("intra_exchange_transfers_active", true).end_object();
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::exchange_schedule() const {
  constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                     "friday", "saturday", "sunday"};
  const Timestamp start = shared_.context.world.settings().starts_at;
  JsonWriter json;
  json.begin_object().key("schedule").begin_object().key("standard_hours").begin_array().begin_object();
  json.field("start_time", kalshi_time(start)).field("end_time", kalshi_time(start + std::chrono::hours(24 * 365)));
  for (const std::string_view day : kDays) write_day(json, day);
  json.end_object().end_array().key("maintenance_windows").begin_array().end_array().end_object().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::user_data_timestamp() const {
  JsonWriter json;
  json.begin_object().field("as_of_time", shared_.stated_text(shared_.now())).end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::historical_cutoff() const {
  const std::string start = kalshi_time(shared_.context.world.settings().starts_at);
  JsonWriter json;
  json.begin_object().field("market_settled_ts", start).field("trades_created_ts", start);
  json.field("orders_updated_ts", start).field("market_positions_last_updated_ts", start).end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::markets(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetMarkets");
  const MarketFilter filter(query);
  if (!filter.status.empty() && !is_status_filter(filter.status)) {
    return kalshi_bad_parameter("Parameter validation failed for GetMarkets: unknown status");
  }
  KalshiPage page(query.cursor(), query.limit(100, 1000, 0));
  JsonWriter json;
  json.begin_object().key("markets").begin_array();
  for (std::size_t i = world.market_count(); i-- > 0 && !page.is_over();) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (!filter.accepts(world, market) || !is_within_times(query, market) || !page.take(i)) continue;
    write_market(json, shared_, market);
  }
  json.end_array().field("cursor", page.next_cursor()).end_object();
  if (auto mistake = query.mistake()) return *std::move(mistake);
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::market(std::string_view ticker) const {
  const Market* market = find_market(ticker);
  if (market == nullptr) return not_found();
  JsonWriter json;
  json.begin_object().key("market");
  write_market(json, shared_, *market);
  json.end_object();
  return kalshi_json(json.take());
}

void KalshiMarketRoutes::write_book(JsonWriter& json, MarketId market, std::size_t depth) const {
  json.key("orderbook_fp").begin_object();
  for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
    std::vector<BookLevel> levels = shared_.context.world.levels(market, side);
    if (depth != 0 && levels.size() > depth) levels.resize(depth);
    json.key(side == BookSide::Bid ? "yes_dollars" : "no_dollars");
    write_levels(json, levels, side, false);
  }
  json.end_object();
}

net::ServerResponse KalshiMarketRoutes::orderbook(std::string_view ticker, const net::ServerRequest& request) const {
  const Market* market = find_market(ticker);
  if (market == nullptr) return not_found();
  KalshiQuery query(request, "GetMarketOrderbook");
  const std::int64_t depth = query.number("depth").value_or(0);
  if (auto mistake = query.mistake()) return *std::move(mistake);
  if (depth < 0 || depth > 100) {
    return kalshi_bad_parameter("Parameter validation failed for GetMarketOrderbook: depth must be 0 to 100");
  }
  JsonWriter json;
  json.begin_object();
  write_book(json, market->id, static_cast<std::size_t>(depth));
  json.end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::orderbooks(const net::ServerRequest& request) const {
  const std::vector<std::string> tickers = KalshiQuery(request, "GetMarketOrderbooks").list("tickers");
  if (tickers.empty() || tickers.size() > 100) {
    return kalshi_bad_parameter("Parameter validation failed for GetMarketOrderbooks: 1 to 100 tickers are required");
  }
  JsonWriter json;
  json.begin_object().key("orderbooks").begin_array();
  for (const std::string& ticker : tickers) {
    const Market* market = find_market(ticker);
    if (market == nullptr) continue;
    json.begin_object().field("ticker", ticker);
    write_book(json, market->id, 0);
    json.end_object();
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::trades(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetTrades");
  const std::string ticker = query.text("ticker");
  const std::size_t limit = query.limit(100, 1000);
  struct Row {
    const Market* market;
    MarketTrade trade;
  };
  std::vector<Row> rows;
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue != Venue::Kalshi || (!ticker.empty() && market.ticker != ticker)) continue;
    for (MarketTrade& trade : world.trades(market.id, kMostTrades)) {
      if (query.is_within("ts", trade.time)) rows.push_back({&market, std::move(trade)});
    }
  }
  if (auto mistake = query.mistake()) return *std::move(mistake);
  sort_stably(rows, [](const Row& a, const Row& b) { return a.trade.time > b.trade.time; });
  // The cursor counts from the oldest trade, so that new ones do not move the pages.
  KalshiPage page(query.cursor(), limit);
  JsonWriter json;
  json.begin_object().key("trades").begin_array();
  for (std::size_t i = 0; i < rows.size() && !page.is_over(); ++i) {
    if (page.take(rows.size() - i)) write_trade(json, shared_, *rows[i].market, rows[i].trade);
  }
  json.end_array().field("cursor", page.next_cursor()).end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::events(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetEvents");
  const std::string series = query.text("series_ticker");
  const std::string status = query.text("status");
  const std::vector<std::string> tickers = query.list("tickers");
  const bool with_markets = query.flag("with_nested_markets");
  if (!status.empty() && !is_status_filter(status)) {
    return kalshi_bad_parameter("Parameter validation failed for GetEvents: unknown status");
  }
  KalshiPage page(query.cursor(), query.limit(200, 200));
  JsonWriter json;
  json.begin_object().key("events").begin_array();
  for (std::size_t i = world.event_count(); i-- > 0 && !page.is_over();) {
    const Event& event = world.event(static_cast<EventId>(i));
    if (event.venue != Venue::Kalshi || (!series.empty() && event.series != series)) continue;
    if (!tickers.empty() && !contains(tickers, event.ticker)) continue;
    const bool has_status = status.empty() || std::any_of(event.markets.begin(), event.markets.end(), [&](MarketId id) {
                              return matches_status_filter(status, world.market(id).phase);
                            });
    if (!has_status || !query.is_within("close_ts", event.ends_at) ||
        !query.is_within("updated_ts", event.created_at)) {
      continue;
    }
    if (page.take(i)) write_event(json, shared_, event, with_markets);
  }
  json.end_array().field("cursor", page.next_cursor()).end_object();
  if (auto mistake = query.mistake()) return *std::move(mistake);
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::event(std::string_view ticker, const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  const Event* event = world.find_event(Venue::Kalshi, ticker);
  if (event == nullptr) return not_found();
  const bool with_markets = KalshiQuery(request, "GetEvent").flag("with_nested_markets");
  JsonWriter json;
  json.begin_object().key("event");
  write_event(json, shared_, *event, with_markets);
  json.key("markets").begin_array();
  if (!with_markets) {
    for (const MarketId id : event->markets) write_market(json, shared_, world.market(id));
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::event_metadata(std::string_view ticker) const {
  const World& world = shared_.context.world;
  const Event* event = world.find_event(Venue::Kalshi, ticker);
  if (event == nullptr) return not_found();
  JsonWriter json;
  json.begin_object().field("image_url", "").key("market_details").begin_array();
  for (const MarketId id : event->markets) {
    json.begin_object().field("market_ticker", world.market(id).ticker).field("image_url", "");
    json.field("color_code", "").end_object();
  }
  json.end_array().key("settlement_sources").begin_array().end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::series_list(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetSeriesList");
  const std::string category = query.text("category");
  const std::vector<std::string> tags = query.list("tags");
  std::vector<std::string_view> seen;
  JsonWriter json;
  json.begin_object().key("series").begin_array();
  for (std::size_t i = 0; i < world.event_count(); ++i) {
    const Event& event = world.event(static_cast<EventId>(i));
    if (event.venue != Venue::Kalshi || std::find(seen.begin(), seen.end(), event.series) != seen.end()) continue;
    seen.push_back(event.series);
    if (!category.empty() && category != "Crypto") continue;
    if (!tags.empty() && !contains(tags, asset_name(event.asset))) continue;
    write_series(json, shared_, event);
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiMarketRoutes::series(std::string_view ticker) const {
  const World& world = shared_.context.world;
  for (std::size_t i = 0; i < world.event_count(); ++i) {
    const Event& event = world.event(static_cast<EventId>(i));
    if (event.venue != Venue::Kalshi || event.series != ticker) continue;
    JsonWriter json;
    json.begin_object().key("series");
    write_series(json, shared_, event);
    json.end_object();
    return kalshi_json(json.take());
  }
  return not_found();
}

net::ServerResponse KalshiMarketRoutes::fee_changes(std::string_view list_name) const {
  JsonWriter json;
  json.begin_object().key(list_name).begin_array().end_array();
  if (list_name == "event_fee_changes") json.field("cursor", "");
  json.end_object();
  return kalshi_json(json.take());
}

}  // namespace arbees::sim
