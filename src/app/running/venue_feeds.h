#pragma once
// The live feeds of the configured venues, made from the configuration.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"
#include "adapters/venue/kalshi/stream.h"
#include "app/config/config.h"

namespace arbees::app {

// Feeds with the sockets they are made of; outlives nothing but the loop and the sink.
class VenueFeeds {
 public:
  // `venues` empty: all that are enabled. The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<VenueFeeds>, std::string> make(net::IoLoop& loop, const Config& config,
                                                                             FeedSink& sink,
                                                                             const std::vector<Venue>& venues);
  ~VenueFeeds();
  VenueFeeds(const VenueFeeds&) = delete;
  VenueFeeds& operator=(const VenueFeeds&) = delete;

  // Null if the venue is not watched.
  [[nodiscard]] Feed* find(Venue venue) noexcept;
  // What Kalshi's feed signs with; null without a key.
  [[nodiscard]] const std::shared_ptr<kalshi::Credentials>& kalshi_key() const noexcept { return kalshi_key_; }
  // Spot venues watch their pairs of the configured assets from the start.
  void start();
  void tick(Timestamp now);
  void stop();
  [[nodiscard]] std::vector<FeedHealth> health(Timestamp now) const;

 private:
  VenueFeeds() = default;
  [[nodiscard]] std::string add(Venue venue, net::IoLoop& loop, const Config& config, FeedSink& sink);
  FeedContext& context_for(Venue venue, net::IoLoop& loop, const Config& config, FeedSink& sink);

  ConnectionCounter connections_;
  std::shared_ptr<kalshi::Credentials> kalshi_key_;
  std::vector<std::unique_ptr<FeedSocketMaker>> sockets_;
  std::vector<std::unique_ptr<FeedContext>> contexts_;
  std::map<Venue, std::unique_ptr<Feed>> feeds_;  // last: gone before what they use
};

// The key that requests are signed with, of the file or as the keystore gave it; null without one, also where only its
// id is known. The error names the setting.
[[nodiscard]] Result<std::unique_ptr<kalshi::Credentials>, std::string> kalshi_credentials(const KalshiAccess& access);
// The assets of the configuration ("BTC,ETH").
[[nodiscard]] std::vector<Asset> configured_assets(const Config& config);
// The pairs of the configured assets that are watched there; on Kraken also the price of USDT in dollars, if Binance is
// watched: its prices are in USDT (core/pricing/consolidated_spot.h).
[[nodiscard]] std::vector<std::string> spot_symbols(Venue venue, const Config& config, bool with_binance);
// "BTC-USD", "BTCUSDT", "BTC/USD", "btcusd", "BTCUSD": the venue's name of the dollar pair; empty for the others.
[[nodiscard]] std::string spot_symbol(Venue venue, Asset asset);

}  // namespace arbees::app
