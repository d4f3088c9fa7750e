#include "app/running/live_markets.h"

#include <fmt/format.h>

#include "app/discovery/discovery_http.h"
#include "app/discovery/discovery_service.h"
#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

// What the feeds tell, with what they heard of markets handed to discovery.
class HintingSink final : public FeedSink {
 public:
  explicit HintingSink(FeedSink& where) noexcept : sink_(where) {}
  void set_discovery(DiscoveryService* discovery) noexcept { discovery_ = discovery; }

  void on_event(const Event& event) override { sink_.on_event(event); }
  void on_anomaly(Venue venue, const Anomaly& anomaly, Timestamp at) override { sink_.on_anomaly(venue, anomaly, at); }
  void on_raw(Venue venue, std::uint32_t connection, std::string_view frame, Timestamp received_at) override {
    sink_.on_raw(venue, connection, frame, received_at);
  }
  void on_marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at) override {
    sink_.on_marker(venue, connection, text, at);
  }
  void on_market_heard(Venue venue, std::string_view market) override {
    if (discovery_ != nullptr) discovery_->hint(venue, market);
  }

 private:
  FeedSink& sink_;
  DiscoveryService* discovery_ = nullptr;
};

}  // namespace

// Discovery's events go where the feeds' go; its subscriptions go to the feeds.
struct LiveMarkets::Parts final : DiscoverySink {
  explicit Parts(FeedSink& where) : sink(where), hinting(where) {}

  void on_contract(const CatalogEntry& entry) override {
    if (tell_contract) tell_contract(entry);
  }
  void on_event(const Event& event) override { sink.on_event(event); }
  void on_subscribe(Venue venue, std::span<const std::string> symbols) override {
    if (Feed* feed = streamed(venue)) feed->subscribe(symbols);
  }
  void on_unsubscribe(Venue venue, std::span<const std::string> symbols) override {
    if (Feed* feed = streamed(venue)) feed->unsubscribe(symbols);
  }
  void on_anomaly(Venue venue, const Anomaly& anomaly, Timestamp at) override { sink.on_anomaly(venue, anomaly, at); }

  [[nodiscard]] Feed* streamed(Venue venue) const { return catalogues_only ? nullptr : feeds->find(venue); }

  // The error names the key without which a catalog cannot be asked.
  [[nodiscard]] std::string add_catalogues(net::IoLoop& loop, const Config& config) {
    struct Place {
      Venue venue;
      Catalogue catalogue;
      const std::string& url;
      const char* key;
    };
    const Place places[] = {
        {Venue::Kalshi, Catalogue::Kalshi, config.venue(Venue::Kalshi).rest_url, "venues.kalshi.rest_url"},
        {Venue::Polymarket, Catalogue::Gamma, config.polymarket.gamma_url, "venues.polymarket.gamma_url"},
        {Venue::Polymarket, Catalogue::Clob, config.venue(Venue::Polymarket).rest_url, "venues.polymarket.clob_url"}};
    for (const Place& place : places) {
      if (feeds->find(place.venue) == nullptr) continue;
      const auto url = net::parse_url(place.url);
      if (!url)
        return fmt::format("{} is empty: give it, or set venues.{}.enabled = false", place.key,
                           venue_name(place.venue));
      net::HttpClientOptions options;
      options.ca_file = config.venue(place.venue).ca_file;
      catalogues.add(loop, place.catalogue, *url, options, sign_for(place.venue));
    }
    return {};
  }

  // Kalshi's unsigned answers may be fifteen seconds old: signed where there is a key.
  [[nodiscard]] HttpCatalogues::Sign sign_for(Venue venue) {
    if (venue != Venue::Kalshi || feeds->kalshi_key() == nullptr) return {};
    return [key = feeds->kalshi_key()](const std::string&, const std::string& path) {
      return kalshi::signed_headers(*key, path, net::IoLoop::now());
    };
  }

  FeedSink& sink;
  HintingSink hinting;
  std::unique_ptr<VenueFeeds> feeds;
  HttpCatalogues catalogues;
  bool catalogues_only = false;
  std::function<void(const CatalogEntry&)> tell_contract;
  std::unique_ptr<DiscoveryService> discovery;  // null if no prediction venue is watched
};

LiveMarkets::LiveMarkets(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LiveMarkets::~LiveMarkets() = default;

Result<std::unique_ptr<LiveMarkets>, std::string> LiveMarkets::make(net::IoLoop& loop, const Config& config,
                                                                    FeedSink& sink, const LiveMarketsOptions& options) {
  auto parts = std::make_unique<Parts>(sink);
  parts->catalogues_only = options.catalogues_only;
  parts->tell_contract = options.on_contract;
  auto feeds = VenueFeeds::make(loop, config, parts->hinting, options.venues);
  if (!feeds) return failure(feeds.error());
  parts->feeds = std::move(*feeds);
  DiscoverySettings settings;
  settings.assets = configured_assets(config);
  settings.kalshi = parts->feeds->find(Venue::Kalshi) != nullptr;
  settings.polymarket = parts->feeds->find(Venue::Polymarket) != nullptr;
  settings.interval = config.discovery_interval;
  settings.folder = options.folder;
  if (settings.kalshi || settings.polymarket) {
    auto wrong = parts->add_catalogues(loop, config);
    if (!wrong.empty()) return failure(std::move(wrong));
    auto discovery = DiscoveryService::make(std::move(settings), parts->catalogues, *parts);
    if (!discovery) return failure(discovery.error());
    parts->discovery = std::move(*discovery);
    parts->hinting.set_discovery(parts->discovery.get());
  }
  return std::unique_ptr<LiveMarkets>(new LiveMarkets(std::move(parts)));
}

void LiveMarkets::start() {
  if (!parts_->catalogues_only) parts_->feeds->start();
}

void LiveMarkets::tick(Timestamp now) {
  if (parts_->discovery) parts_->discovery->tick(now);
  if (!parts_->catalogues_only) parts_->feeds->tick(now);
}

void LiveMarkets::stop() {
  if (!parts_->catalogues_only) parts_->feeds->stop();
}

std::vector<FeedHealth> LiveMarkets::health(Timestamp now) const {
  return parts_->catalogues_only ? std::vector<FeedHealth>() : parts_->feeds->health(now);
}

MarketCounts LiveMarkets::counts() const {
  if (!parts_->discovery) return {};
  const DiscoveryCounts counts = parts_->discovery->counts();
  return {counts.listed, counts.tradable, counts.anomalies, counts.failures};
}

const CatalogEntry* LiveMarkets::find_entry(Venue venue, const std::string& symbol) const {
  return parts_->discovery ? parts_->discovery->find_entry(venue, symbol) : nullptr;
}

void LiveMarkets::keep_watching(Venue venue, const std::string& symbol) {
  if (parts_->discovery) parts_->discovery->keep_watching(venue, symbol);
}

}  // namespace arbees::app
