#include "sim/gamma_query.h"

#include <algorithm>

#include "adapters/venue/encoding.h"
#include "core/base/stable_order.h"
#include "sim/gamma_documents.h"

namespace arbees::sim {
namespace {

constexpr std::size_t kLargestPage = 100;
constexpr std::string_view kCryptoTags[] = {"21", "1312"};

std::optional<bool> read_flag(const net::ServerRequest& request, std::string_view name) {
  const std::string text = request.parameter(name);
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

Timestamp read_time(const net::ServerRequest& request, std::string_view name) {
  std::string text = request.parameter(name);
  if (text.size() == 10) text += "T00:00:00Z";
  return parse_iso8601(text).value_or(kNoTime);
}

std::size_t read_count(const std::string& text, std::size_t otherwise) {
  const auto value = parse_decimal(text, 0);
  return value && *value >= 0 ? static_cast<std::size_t>(*value) : otherwise;
}

bool is_wanted(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool is_within(Timestamp time, Timestamp least, Timestamp most) noexcept {
  return (least == kNoTime || time >= least) && (most == kNoTime || time <= most);
}

bool is_tag_wanted(const GammaQuery& query) {
  if (query.tag_id.empty()) return true;
  return std::find(std::begin(kCryptoTags), std::end(kCryptoTags), query.tag_id) != std::end(kCryptoTags);
}

template <class Item, class Key>
void sort_by(std::vector<const Item*>& items, bool ascending, Key key) {
  sort_stably(items, [&](const Item* a, const Item* b) { return ascending ? key(*a) < key(*b) : key(*b) < key(*a); });
}

}  // namespace

GammaQuery read_gamma_query(const net::ServerRequest& request) {
  GammaQuery query;
  query.limit = std::clamp<std::size_t>(read_count(request.parameter("limit"), query.limit), 1, kLargestPage);
  const std::string cursor = request.parameter("after_cursor");
  if (const auto bytes = from_base64(cursor); bytes && !cursor.empty()) {
    query.first = read_count(std::string(bytes->begin(), bytes->end()), 0);
  }
  query.first = read_count(request.parameter("offset"), query.first);
  query.closed = read_flag(request, "closed");
  query.active = read_flag(request, "active");
  query.slugs = request.parameters("slug");
  query.ids = request.parameters("id");
  query.series_ids = request.parameters("series_id");
  query.series_slugs = request.parameters("series_slug");
  query.condition_ids = request.parameters("condition_ids");
  query.token_ids = request.parameters("clob_token_ids");
  query.tag_id = request.parameter("tag_id");
  query.end_min = read_time(request, "end_date_min");
  query.end_max = read_time(request, "end_date_max");
  query.start_min = read_time(request, "start_time_min");
  query.start_max = read_time(request, "start_time_max");
  query.listed_min = read_time(request, "start_date_min");
  query.listed_max = read_time(request, "start_date_max");
  query.order = request.parameter("order");
  query.ascending = read_flag(request, "ascending").value_or(true);
  query.with_markets = read_flag(request, "include_markets").value_or(true);
  return query;
}

std::string gamma_cursor(std::size_t position) {
  const std::string text = std::to_string(position);
  return to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, Base64Alphabet::UrlSafe);
}

std::vector<const Event*> select_events(const World& world, const GammaQuery& query) {
  std::vector<const Event*> events;
  if (!is_tag_wanted(query) || query.active == false) return events;
  for (std::size_t i = 0; i < world.event_count(); ++i) {
    const Event& event = world.event(static_cast<EventId>(i));
    const bool is_out = event.venue != Venue::Polymarket || !is_wanted(query.slugs, event.ticker) ||
                        !is_wanted(query.ids, event.gamma_id) || !is_wanted(query.series_slugs, event.series) ||
                        !is_wanted(query.series_ids, gamma_series_id(event.series)) ||
                        !is_within(event.ends_at, query.end_min, query.end_max) ||
                        !is_within(event.starts_at, query.start_min, query.start_max) ||
                        !is_within(event.created_at, query.listed_min, query.listed_max);
    if (is_out || (query.closed && *query.closed != is_closed(world, event))) continue;
    events.push_back(&event);
  }
  if (query.order == "endDate" || query.order == "end_date") {
    sort_by(events, query.ascending, [](const Event& event) { return event.ends_at; });
  } else if (query.order == "startTime" || query.order == "start_time") {
    sort_by(events, query.ascending, [](const Event& event) { return event.starts_at; });
  } else {
    sort_by(events, query.ascending, [](const Event& event) { return event.id; });
  }
  return events;
}

std::vector<const Market*> select_markets(const World& world, const GammaQuery& query) {
  std::vector<const Market*> markets;
  if (!is_tag_wanted(query) || query.active == false) return markets;
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue != Venue::Polymarket) continue;
    const bool has_token =
        is_wanted(query.token_ids, market.token_ids[0]) || is_wanted(query.token_ids, market.token_ids[1]);
    const bool is_out = !is_wanted(query.slugs, market.ticker) || !is_wanted(query.ids, market.gamma_id) ||
                        !is_wanted(query.condition_ids, market.condition_id) || !has_token ||
                        !is_within(market.closes_at, query.end_min, query.end_max) ||
                        !is_within(market.opens_at, query.start_min, query.start_max) ||
                        !is_within(market.created_at, query.listed_min, query.listed_max);
    if (is_out || (query.closed && *query.closed != is_closed(market))) continue;
    markets.push_back(&market);
  }
  if (query.order == "endDate" || query.order == "end_date") {
    sort_by(markets, query.ascending, [](const Market& market) { return market.closes_at; });
  } else {
    sort_by(markets, query.ascending, [](const Market& market) { return market.id; });
  }
  return markets;
}

}  // namespace arbees::sim
