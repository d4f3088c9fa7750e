#include "app/roles/monitor.h"

#include <algorithm>

#include "adapters/bus/publisher.h"
#include "adapters/telemetry/log.h"
#include "app/config/bus_endpoints.h"
#include "app/roles/bus_keys.h"
#include "app/roles/price_board.h"
#include "app/running/live_markets.h"
#include "app/running/status_document.h"

namespace arbees::app {
namespace {

// How often the log says how much was published.
constexpr Duration kTellEvery = std::chrono::seconds(10);

class Monitor final : public Role {
 public:
  Monitor(const MonitorKind& kind, const RoleContext& context)
      : kind_(kind),
        context_(context),
        board_(
            kind.source,
            [this](const std::string& topic, const std::string& source, const std::string& payload, Timestamp now) {
              if (logs(LogLevel::Debug)) log(LogLevel::Debug, "Published", {{"topic", topic}, {"source", source}});
              return publisher_->publish(topic, source, payload, now);
            },
            [this](Venue venue, const std::string& symbol) { return name_of(venue, symbol); }) {}

  std::string start(Timestamp) override {
    const auto keys = bus_keys(context_.config.bus);
    if (!keys) return keys.error();
    bus::PublisherOptions options;
    options.endpoint = bound_endpoint(context_.config.bus, context_.config.bus.*kind_.bound);
    options.keys = *keys;
    warn_if_plain(kind_.role, {options.endpoint}, *keys);
    auto publisher = bus::Publisher::bind(bus_, options);
    if (!publisher) return bind_trouble(kind_.bound, publisher.error());
    publisher_ = std::move(*publisher);
    LiveMarketsOptions wanted;
    for (const Venue venue : kind_.venues) {
      if (context_.config.venue(venue).enabled) wanted.venues.push_back(venue);
    }
    // Without any, all venues would be meant.
    if (wanted.venues.empty()) return "every venue that this role watches is switched off (venues.NAME.enabled)";
    auto markets = LiveMarkets::make(context_.loop, context_.config, board_, wanted);
    if (!markets) return markets.error();
    markets_ = std::move(*markets);
    markets_->start();
    return {};
  }

  void tick(Timestamp now) override {
    markets_->tick(now);
    if (publisher_->take_new_subscribers()) board_.repeat_all();
    board_.tick(now);
    tell(now);
  }

  void serve(Timestamp now) override { board_.flush(now); }
  void stop(Timestamp) override { markets_->stop(); }

  std::string finish() override {
    board_.flush(net::IoLoop::now());
    return {};
  }

  std::vector<FeedHealth> feeds(Timestamp now) const override { return markets_->health(now); }

  void write_counts(JsonWriter& json) const override {
    const bus::PublisherCounts& counts = publisher_->counts();
    json.field("published", counts.sent).field("slow_subscribers", counts.slow).field("refused", counts.refused);
    json.field("markets", static_cast<std::uint64_t>(board_.market_count()));
    const MarketCounts listed = markets_->counts();
    json.key("contracts").begin_object().field("listed", listed.listed).field("tradable", listed.tradable).end_object();
    write_prices(board_.event_counts(), json);
  }

 private:
  void tell(Timestamp now) {
    if (now < next_told_) return;
    next_told_ = now + kTellEvery;
    const std::uint64_t sent = publisher_->counts().sent;
    if (sent == told_) return;
    log(LogLevel::Info, "Published", {{"prices", std::to_string(sent - told_)}, {"in_all", std::to_string(sent)}});
    told_ = sent;
  }

  [[nodiscard]] BusName name_of(Venue venue, const std::string& symbol) const {
    if (venue == Venue::Kalshi) return {symbol, {}, true};
    const CatalogEntry* entry = markets_->find_entry(venue, symbol);
    if (entry == nullptr) return {};
    return {entry->market, entry->other, entry->outcome == "Yes" || entry->outcome == "Up"};
  }

  MonitorKind kind_;
  const RoleContext& context_;
  bus::BusContext bus_;
  std::unique_ptr<bus::Publisher> publisher_;
  PriceBoard board_;
  Timestamp next_told_ = kNoTime;
  std::uint64_t told_ = 0;
  std::unique_ptr<LiveMarkets> markets_;  // last: gone before what it tells
};

}  // namespace

std::unique_ptr<Role> make_monitor(const MonitorKind& kind, const RoleContext& context) {
  return std::make_unique<Monitor>(kind, context);
}

}  // namespace arbees::app
