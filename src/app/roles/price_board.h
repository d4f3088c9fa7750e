#pragma once
// What a monitor knows, as messages: takes a feed's events, and publishes each market or asset that has changed.
//
// However many changes came in one turn of the loop, each market is published once, whole (price_message.h); of an
// index every print is (index_message.h). Everything is said again when somebody subscribes, of an index the last
// kKeptPrints, and markets and spot prices every kRepeat in any case. Markets without a name on the bus (a Polymarket
// token whose condition is not known yet) wait until they have one; the token that pays on No is never published: its
// book is that of the other one, turned.

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/bus/index_message.h"
#include "adapters/bus/price_message.h"
#include "adapters/venue/feed.h"
#include "app/running/live_trading.h"
#include "core/market/market_state.h"

namespace arbees::app {

// How a contract is called on the bus.
struct BusName {
  std::string market_id;  // empty: not known yet
  std::string other;      // the other token
  bool pays_on_yes = true;
};

class PriceBoard final : public FeedSink {
 public:
  // False: could not be published.
  using Publish = std::function<bool(const std::string& topic, const std::string& source, const std::string& payload,
                                     Timestamp now)>;
  using Name = std::function<BusName(Venue venue, const std::string& symbol)>;

  // `source` as in envelopes; venues of spot prices append theirs: "crypto_spot_monitor:coinbase".
  PriceBoard(std::string source, Publish publish, Name name);

  void on_event(const Event& event) override;
  // Publishes what has changed.
  void flush(Timestamp now);
  // Somebody has subscribed: everything is said again.
  void repeat_all();
  void tick(Timestamp now);

  [[nodiscard]] std::uint64_t published() const noexcept { return published_; }
  // Events taken in, by kind.
  [[nodiscard]] const EventCounts& event_counts() const noexcept { return event_counts_; }
  [[nodiscard]] std::size_t market_count() const noexcept { return markets_.size(); }

  static constexpr Duration kRepeat = std::chrono::seconds(2);
  // An averaging window and a little more.
  static constexpr std::size_t kKeptPrints = 64;

 private:
  struct Market {
    Venue venue = Venue::Unknown;
    std::string symbol;
    BusName name;
    std::uint64_t changes = 0;
    Timestamp received_at = kNoTime;
    Timestamp exchange_at = kNoTime;
    bool is_changed = false;
  };
  struct Spot {
    bus::SpotPriceMessage price;
    bool is_known = false;
    bool is_changed = false;
  };

  void change(InstrumentId id, const Event& event, bool is_price);
  void on_spot(const SpotQuote& quote, const Event& event);
  void on_spot(const SpotTrade& trade, const Event& event);
  void on_print(const IndexPrint& print, Timestamp now);
  void mark(std::uint64_t id, Market& market);
  void mark_prices();
  void publish(InstrumentId id, Market& market, Timestamp now);
  void publish(Spot& spot, Timestamp now);

  std::string source_;
  Publish publish_;
  Name name_;
  MarketState state_;
  std::map<std::uint64_t, Market> markets_;  // by instrument
  std::array<Spot, kVenueCount * kAssetCount> spots_{};
  std::map<std::pair<Asset, SettlementSource>, std::deque<bus::IndexPrintMessage>> prints_;
  std::vector<bus::IndexPrintMessage> unsaid_prints_;
  std::vector<std::uint64_t> changed_;
  bool spot_changed_ = false;
  Timestamp next_repeat_ = kNoTime;
  std::uint64_t published_ = 0;
  EventCounts event_counts_{};
};

}  // namespace arbees::app
