#pragma once
// Everything that watches the markets: the feeds of the configured venues, and the catalog that says what to watch.
//
// One object for `run`, `record` and the monitors. Feeds and catalog live in the loop's thread; what they tell goes to
// the sink, contracts before their books. A venue that is configured off, or not asked for, is not contacted.

#include <functional>
#include <memory>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/feed.h"
#include "app/config/config.h"

namespace arbees::app {

struct MarketCounts {
  std::uint64_t listed = 0;
  std::uint64_t tradable = 0;
  std::uint64_t anomalies = 0;  // documents of the catalogs that could not be read, or not in full
  std::uint64_t failures = 0;   // requests to the catalogs without a usable answer
};

struct LiveMarketsOptions {
  std::vector<Venue> venues;                               // those wanted; empty: all that are configured
  std::string folder;                                      // where approvals are and the manifest goes; empty: neither
  std::function<void(const CatalogEntry&)> on_contract{};  // just before its first event; may be empty
  bool catalogues_only = false;  // contracts, but no feeds: the venues' sockets are left alone
};

class LiveMarkets {
 public:
  // The error is a text for people (a key that cannot be read).
  [[nodiscard]] static Result<std::unique_ptr<LiveMarkets>, std::string> make(net::IoLoop& loop, const Config& config,
                                                                              FeedSink& sink,
                                                                              const LiveMarketsOptions& options);
  ~LiveMarkets();
  LiveMarkets(const LiveMarkets&) = delete;
  LiveMarkets& operator=(const LiveMarkets&) = delete;

  void start();
  void tick(Timestamp now);  // every 100 ms
  void stop();

  [[nodiscard]] std::vector<FeedHealth> health(Timestamp now) const;
  [[nodiscard]] MarketCounts counts() const;
  // What the catalog says of an instrument; null if it is not known. Valid until the loop runs on.
  [[nodiscard]] const CatalogEntry* find_entry(Venue venue, const std::string& symbol) const;
  // Symbols whose settlement must be learned although they are not listed any more.
  void keep_watching(Venue venue, const std::string& symbol);

 private:
  struct Parts;
  explicit LiveMarkets(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace arbees::app
