#include "app/running/venue_feeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/telemetry/log.h"
#include "adapters/venue/binance/feed.h"
#include "adapters/venue/bitstamp/feed.h"
#include "adapters/venue/coinbase/feed.h"
#include "adapters/venue/gemini/feed.h"
#include "adapters/venue/kalshi/feed.h"
#include "adapters/venue/kraken/feed.h"
#include "adapters/venue/polymarket/feed.h"
#include "adapters/venue/secret.h"

namespace arbees::app {
namespace {

net::HttpClientOptions http_options(const VenueConfig& venue) {
  net::HttpClientOptions options;
  options.ca_file = venue.ca_file;
  return options;
}

// The configuration has checked these texts; only empty ones are left to be complained about.
std::string missing(Venue venue, const char* key) {
  return fmt::format("venues.{}.{} is empty: give it, or set venues.{}.enabled = false", venue_name(venue), key,
                     venue_name(venue));
}

}  // namespace

Result<std::unique_ptr<kalshi::Credentials>, std::string> kalshi_credentials(const KalshiAccess& access) {
  if (!access.key_id.empty() && !access.private_key.empty()) {
    auto stored = kalshi::PreparedSigner::from_pem(access.private_key);
    if (!stored) return failure(std::string("the keystore's Kalshi key is no private key"));
    return std::unique_ptr<kalshi::Credentials>(new kalshi::Credentials{access.key_id, std::move(*stored)});
  }
  if (access.key_id.empty() && !access.private_key_file.empty()) {
    return failure(
        std::string("venues.kalshi.key_id and venues.kalshi.private_key_file belong together: the file has a key, and "
                    "nothing says what Kalshi calls it"));
  }
  // An id alone names an entry of the keystore, which is not open here.
  if (access.private_key_file.empty()) return std::unique_ptr<kalshi::Credentials>();
  std::ifstream file(access.private_key_file);
  std::ostringstream text;
  text << file.rdbuf();
  std::string pem = text.str();
  auto signer = kalshi::PreparedSigner::from_pem(pem);
  wipe(pem);
  if (!file || !signer) {
    return failure(
        fmt::format("venues.kalshi.private_key_file = \"{}\": not a readable private key (PEM, RSA or Ed25519)",
                    access.private_key_file));
  }
  return std::unique_ptr<kalshi::Credentials>(new kalshi::Credentials{access.key_id, std::move(*signer)});
}

std::vector<Asset> configured_assets(const Config& config) {
  std::vector<Asset> assets;
  std::istringstream list(config.assets);
  for (std::string name; std::getline(list, name, ',');) {
    if (const auto asset = parse_asset(name)) assets.push_back(*asset);
  }
  return assets;
}

std::string spot_symbol(Venue venue, Asset asset) {
  const std::string name(asset_name(asset));
  switch (venue) {
    case Venue::Coinbase: return name + "-USD";
    case Venue::Binance: return name + "USDT";
    case Venue::Kraken: return name + "/USD";
    case Venue::Gemini: return name + "USD";
    case Venue::Bitstamp: {
      std::string lower = name + "USD";
      std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return static_cast<char>(c | 0x20); });
      return lower;
    }
    default: return {};
  }
}

std::vector<std::string> spot_symbols(Venue venue, const Config& config, bool with_binance) {
  std::vector<std::string> symbols;
  for (const Asset asset : configured_assets(config)) {
    std::string symbol = spot_symbol(venue, asset);
    if (!symbol.empty()) symbols.push_back(std::move(symbol));
  }
  if (venue == Venue::Kraken && with_binance) symbols.emplace_back("USDT/USD");
  return symbols;
}

VenueFeeds::~VenueFeeds() = default;

FeedContext& VenueFeeds::context_for(Venue venue, net::IoLoop& loop, const Config& config, FeedSink& sink) {
  sockets_.push_back(std::make_unique<NetSocketMaker>(loop, config.venue(venue).ca_file));
  const auto seed = static_cast<std::uint64_t>(unix_ns(net::IoLoop::now())) + static_cast<std::uint64_t>(venue);
  contexts_.emplace_back(new FeedContext{*sockets_.back(), sink, connections_, seed});
  return *contexts_.back();
}

std::string VenueFeeds::add(Venue venue, net::IoLoop& loop, const Config& config, FeedSink& sink) {
  const VenueConfig& urls = config.venue(venue);
  const auto websocket = net::parse_url(urls.ws_url);
  const auto rest = net::parse_url(urls.rest_url);
  if (!websocket) return missing(venue, "ws_url");
  const bool needs_rest = venue == Venue::Kalshi || venue == Venue::Polymarket || venue == Venue::Binance;
  if (needs_rest && !rest) return missing(venue, venue == Venue::Polymarket ? "clob_url" : "rest_url");
  FeedContext& context = context_for(venue, loop, config, sink);
  std::unique_ptr<Feed>& feed = feeds_[venue];
  switch (venue) {
    case Venue::Kalshi: {
      auto credentials = kalshi_credentials(config.kalshi);
      if (!credentials) return credentials.error();
      kalshi::FeedOptions options{*websocket, *rest, http_options(urls), configured_assets(config),
                                  config.equality_interval};
      kalshi_key_ = std::move(*credentials);
      if (kalshi_key_ == nullptr && !config.kalshi.key_id.empty()) {
        log(LogLevel::Warning, "kalshi: the key of venues.kalshi.key_id is not open: public books are polled",
            {{"remedy", "ARBEES_KEYSTORE_PASSWORD opens the keystore's (arbees doctor says what it has)"}});
      }
      feed = std::make_unique<kalshi::KalshiFeed>(loop, context, std::move(options), kalshi_key_);
      return {};
    }
    case Venue::Polymarket: {
      polymarket::FeedOptions options;
      options.websocket = net::join(*websocket, "/market");
      options.rest = *rest;
      options.http = http_options(urls);
      options.equality_every = config.equality_interval;
      if (const auto prices = net::parse_url(config.polymarket.live_data_url)) {
        options.prices = *prices;
        options.references = configured_assets(config);
      }
      feed = std::make_unique<polymarket::PolymarketFeed>(loop, context, options);
      return {};
    }
    case Venue::Coinbase: feed = coinbase::make_feed(context, {*websocket}); return {};
    case Venue::Binance: feed = binance::make_feed(loop, context, {{*websocket}, *rest, http_options(urls)}); return {};
    case Venue::Kraken: feed = kraken::make_feed(context, {*websocket}); return {};
    case Venue::Bitstamp: feed = bitstamp::make_feed(context, {*websocket}); return {};
    case Venue::Gemini: feed = gemini::make_feed(context, {*websocket}); return {};
    default: return fmt::format("{} has no live feed", venue_name(venue));
  }
}

Result<std::unique_ptr<VenueFeeds>, std::string> VenueFeeds::make(net::IoLoop& loop, const Config& config,
                                                                  FeedSink& sink, const std::vector<Venue>& venues) {
  std::unique_ptr<VenueFeeds> all(new VenueFeeds());
  const auto is_watched = [&](Venue venue) {
    const bool is_wanted = venues.empty() || std::find(venues.begin(), venues.end(), venue) != venues.end();
    return is_wanted && config.venue(venue).enabled;
  };
  for (std::size_t i = 1; i < kVenueCount; ++i) {
    const auto venue = static_cast<Venue>(i);
    if (!is_watched(venue)) continue;
    std::string wrong = all->add(venue, loop, config, sink);
    if (!wrong.empty()) return failure(std::move(wrong));
    const std::vector<std::string> symbols = spot_symbols(venue, config, is_watched(Venue::Binance));
    if (!symbols.empty()) all->feeds_[venue]->subscribe(symbols);
  }
  if (all->feeds_.empty()) return failure(std::string("no venue is enabled: set venues.NAME.enabled = true"));
  return all;
}

Feed* VenueFeeds::find(Venue venue) noexcept {
  const auto it = feeds_.find(venue);
  return it == feeds_.end() ? nullptr : it->second.get();
}

void VenueFeeds::start() {
  for (const auto& [venue, feed] : feeds_) feed->start();
}

void VenueFeeds::tick(Timestamp now) {
  for (const auto& [venue, feed] : feeds_) feed->tick(now);
}

void VenueFeeds::stop() {
  for (const auto& [venue, feed] : feeds_) feed->stop();
}

std::vector<FeedHealth> VenueFeeds::health(Timestamp now) const {
  std::vector<FeedHealth> all;
  for (const auto& [venue, feed] : feeds_) all.push_back(feed->health(now));
  return all;
}

}  // namespace arbees::app
