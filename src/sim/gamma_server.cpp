// The loopback Gamma: what markets there are, on its own port as on the venue.

#include <algorithm>
#include <utility>

#include "adapters/telemetry/json.h"
#include "sim/clob_auth.h"
#include "sim/gamma_documents.h"
#include "sim/gamma_query.h"
#include "sim/servers.h"

namespace arbees::sim {
namespace {

net::ServerResponse document(std::string body) {
  net::ServerResponse response;
  response.body = std::move(body);
  return response;
}

// {"events":[…],"next_cursor":"…"}; the cursor is missing on the last page.
template <class Item, class Write>
std::string keyset_page(std::string_view name, const std::vector<const Item*>& items, const GammaQuery& query,
                        Write write) {
  const std::size_t first = std::min(query.first, items.size());
  const std::size_t last = std::min(first + query.limit, items.size());
  JsonWriter json;
  json.begin_object().key(name).begin_array();
  for (std::size_t i = first; i < last; ++i) json.raw(write(*items[i]));
  json.end_array();
  if (last < items.size()) json.field("next_cursor", gamma_cursor(last));
  json.end_object();
  return json.take();
}

template <class Item, class Write>
std::string offset_page(const std::vector<const Item*>& items, const GammaQuery& query, Write write) {
  const std::size_t first = std::min(query.first, items.size());
  const std::size_t last = std::min(first + query.limit, items.size());
  JsonWriter json;
  json.begin_array();
  for (std::size_t i = first; i < last; ++i) json.raw(write(*items[i]));
  json.end_array();
  return json.take();
}

class GammaServer final : public net::ServerHandler {
 public:
  explicit GammaServer(const ServerContext& context) noexcept : context_(context) {}

  void on_request(net::ServerRequest request, net::Responder responder) override {
    const HttpFate fate = context_.faults.http_fate(false, net::IoLoop::now());
    if (fate.refuse_status != 0) return responder.send(clob_error(fate.refuse_status, "temporarily unavailable"));
    responder.send(answer(request));
  }

 private:
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse answer_one(std::string_view path) const;
  [[nodiscard]] std::string series(const GammaQuery& query) const;

  ServerContext context_;
};

net::ServerResponse GammaServer::answer_one(std::string_view path) const {
  const World& world = context_.world;
  const bool is_event = path.starts_with("/events/");
  std::string_view name = path.substr(path.find('/', 1) + 1);
  const bool is_slug = name.starts_with("slug/");
  if (is_slug) name.remove_prefix(5);
  GammaQuery query;
  (is_slug ? query.slugs : query.ids).emplace_back(name);
  if (is_event) {
    const auto events = select_events(world, query);
    if (!events.empty()) return document(gamma_event(world, *events.front(), true));
  } else {
    const auto markets = select_markets(world, query);
    if (!markets.empty()) return document(gamma_market(world, *markets.front(), true));
  }
  return clob_error(404, is_slug ? "slug not found" : "id not found");
}

// Series have no list of their own in the world: they are those of its events.
std::string GammaServer::series(const GammaQuery& query) const {
  const World& world = context_.world;
  std::vector<std::string> seen;
  JsonWriter json;
  json.begin_array();
  for (std::size_t i = 0; i < world.event_count(); ++i) {
    const Event& event = world.event(static_cast<EventId>(i));
    if (event.venue != Venue::Polymarket || event.series.empty()) continue;
    if (std::find(seen.begin(), seen.end(), event.series) != seen.end()) continue;
    seen.push_back(event.series);
    const bool is_asked =
        query.slugs.empty() || std::find(query.slugs.begin(), query.slugs.end(), event.series) != query.slugs.end();
    if (is_asked) json.raw(gamma_series(event));
  }
  json.end_array();
  return json.take();
}

net::ServerResponse GammaServer::answer(const net::ServerRequest& request) const {
  const std::string& path = request.path;
  if (request.method != "GET") return clob_error(405, "method not allowed");
  const World& world = context_.world;
  const GammaQuery query = read_gamma_query(request);
  const auto write_event = [&](const Event& event) { return gamma_event(world, event, query.with_markets); };
  const auto write_market = [&](const Market& market) { return gamma_market(world, market, true); };
  const bool is_keyset = path == "/events/keyset" || path == "/markets/keyset";
  if (is_keyset && !request.parameter("offset").empty()) return clob_error(422, "offset is not supported");
  if (path == "/events/keyset") {
    return document(keyset_page("events", select_events(world, query), query, write_event));
  }
  if (path == "/markets/keyset") {
    return document(keyset_page("markets", select_markets(world, query), query, write_market));
  }
  if (path == "/events") return document(offset_page(select_events(world, query), query, write_event));
  if (path == "/markets") return document(offset_page(select_markets(world, query), query, write_market));
  if (path == "/series") return document(series(query));
  if (path == "/status" || path == "/") return document("\"OK\"");
  if (path.starts_with("/events/") || path.starts_with("/markets/")) return answer_one(path);
  return clob_error(404, "not found");
}

}  // namespace

std::unique_ptr<net::ServerHandler> make_gamma_server(const ServerContext& context) {
  return std::make_unique<GammaServer>(context);
}

}  // namespace arbees::sim
