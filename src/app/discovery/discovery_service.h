#pragma once
// Live discovery: asks the venues' catalogs on a schedule, and keeps the contracts of the configured assets told and
// subscribed, window after window.
//
// Kalshi: the series of the family table (fees), their open and unopened markets page by page, and each new event
// once (it may override the fee). Polymarket: Gamma's keyset listing of crypto events that end soon, the computed
// slugs of the next windows and of the daily ladders, and the CLOB's word on each new market before it may be traded.
// Start values are asked for each second or two after an opening, verdicts every few seconds after a close. What a
// venue does not know yet (404 right after it was announced) and documents that arrive cut short are asked again.
// Time is passed in; nothing here waits. One thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/venue/kalshi/catalog.h"
#include "adapters/venue/polymarket/catalog.h"
#include "app/discovery/approvals.h"
#include "app/discovery/fetch_queue.h"
#include "app/discovery/known_contracts.h"
#include "app/discovery/manifest.h"

namespace arbees::app {

struct DiscoverySettings {
  std::vector<Asset> assets{Asset::BTC, Asset::ETH, Asset::SOL};
  bool kalshi = true;
  bool polymarket = true;
  Duration interval = std::chrono::seconds(30);  // between two listings
  std::string folder;                            // manifest and approvals; empty: neither is read or written
  KnownSettings known;
};

struct DiscoveryCounts {
  std::uint64_t listed = 0;    // contracts told
  std::uint64_t tradable = 0;  // of them
  std::uint64_t documents = 0;
  std::uint64_t anomalies = 0;
  std::uint64_t failures = 0;   // requests without a usable answer
  std::uint64_t throttled = 0;  // 429
};

class DiscoveryService {
 public:
  // The error is a text for people: approvals that cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<DiscoveryService>, std::string> make(DiscoverySettings settings,
                                                                                   CatalogueTransport& transport,
                                                                                   DiscoverySink& sink);
  DiscoveryService(DiscoverySettings settings, Approvals approvals, CatalogueTransport& transport, DiscoverySink& sink);
  DiscoveryService(const DiscoveryService&) = delete;
  DiscoveryService& operator=(const DiscoveryService&) = delete;

  // Every 100 ms; the first call begins.
  void tick(Timestamp now);
  // A position is held in it: its contract is told and followed to its verdict, whatever its family.
  void keep_watching(Venue venue, const std::string& symbol);
  // A feed has heard of a market that is new or has changed: its event is asked for a second later (with all that was
  // heard of it meanwhile), not at the next listing. A Kalshi ticker, a Polymarket slug; of a foreign family: ignored.
  void hint(Venue venue, std::string_view market);

  [[nodiscard]] Manifest manifest() const { return make_manifest(known_.entries()); }
  [[nodiscard]] DiscoveryCounts counts() const;
  // Null if it is not known; valid until the next call of anything that is not const.
  [[nodiscard]] const CatalogEntry* find_entry(Venue venue, std::string_view symbol) const {
    const KnownContract* known = known_.find(venue, symbol);
    return known == nullptr ? nullptr : &known->entry;
  }
  // Why the manifest or the approvals could not be saved; empty if they could.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 private:
  struct Follow {  // an event that is known, and asked for again and again where something of it is missing
    explicit Follow(Timestamp from) : next(from) {}
    Timestamp next;
    std::uint32_t times = 0;
  };
  using Handler = void (DiscoveryService::*)(const std::string& body, const std::string& subject, Timestamp now);

  void begin_round(Timestamp now);
  void ask(Catalogue catalogue, std::string target, std::string subject, Handler handler, bool is_urgent = false);
  void ask_kalshi_series(Timestamp now);
  void ask_kalshi_page(const std::string& series, const std::string& status, const std::string& cursor);
  void ask_gamma_listing(const std::string& cursor);
  void ask_gamma_slugs(Timestamp now);
  void ask_clob(const std::string& market);
  void ask_kept();
  void follow_events(Timestamp now);
  void ask_hinted(Timestamp now);
  // `key` as in follows_.
  void ask_event(const std::string& key);

  void on_series(const std::string& body, const std::string& series, Timestamp now);
  void on_kalshi_event(const std::string& body, const std::string& event, Timestamp now);
  void on_kalshi_page(const std::string& body, const std::string& subject, Timestamp now);
  void on_gamma_page(const std::string& body, const std::string& subject, Timestamp now);
  void on_gamma_event(const std::string& body, const std::string& slug, Timestamp now);
  void on_clob(const std::string& body, const std::string& market, Timestamp now);
  // Entries and anomalies of a page; false if the document itself could not be read.
  bool take_page(Venue venue, CatalogPage page, const std::string& subject, Timestamp now);
  void list_again_soon(Timestamp now);
  void reload_approvals(Timestamp now);
  void save(Timestamp now);

  DiscoverySettings settings_;
  Approvals approvals_;
  DiscoverySink& sink_;
  FetchQueue queue_;
  kalshi::Catalog kalshi_{true};
  polymarket::Catalog gamma_;
  KnownContracts known_;
  std::map<std::string, Follow, std::less<>> follows_;    // by "kalshi EVENT" or "polymarket SLUG"
  std::map<std::string, Timestamp, std::less<>> hinted_;  // by the same keys: when to ask
  std::map<std::string, Timestamp, std::less<>> asked_;   // slugs and events, when they may be asked again
  Timestamp next_round_ = kNoTime;
  Timestamp next_series_ = kNoTime;
  Timestamp next_ladders_ = kNoTime;
  Timestamp next_save_ = kNoTime;
  Timestamp next_repeat_ = kNoTime;
  Timestamp listed_from_ = kNoTime;  // when the present listing began
  Timestamp now_ = kNoTime;
  std::uint64_t documents_ = 0;
  std::uint64_t anomalies_ = 0;
  std::string trouble_;
};

}  // namespace arbees::app
