#include "app/roles/orchestrator.h"

#include <algorithm>

#include "adapters/bus/publisher.h"
#include "adapters/telemetry/log.h"
#include "app/config/bus_endpoints.h"
#include "app/coordination/assignment_keeper.h"
#include "app/coordination/lease_keys.h"
#include "app/roles/bus_keys.h"
#include "app/roles/contract_board.h"
#include "app/running/live_markets.h"
#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

constexpr const char* kRole = "orchestrator";

class Orchestrator final : public Role {
 public:
  explicit Orchestrator(const RoleContext& context)
      : context_(context),
        board_(
            [this](const std::string& topic, const std::string& payload, Timestamp now) {
              if (logs(LogLevel::Debug)) log(LogLevel::Debug, "Published", {{"topic", topic}});
              return publisher_->publish(topic, kRole, payload, now);
            },
            [this](Venue venue, const std::string& symbol) { return markets_->find_entry(venue, symbol); }) {}

  std::string start(Timestamp) override {
    const auto keys = bus_keys(context_.config.bus);
    if (!keys) return keys.error();
    bus::PublisherOptions options;
    options.endpoint = bound_endpoint(context_.config.bus, context_.config.bus.contracts_pub);
    options.keys = *keys;
    warn_if_plain(kRole, {options.endpoint}, *keys);
    auto publisher = bus::Publisher::bind(bus_, options);
    if (!publisher) return bind_trouble(&BusConfig::contracts_pub, publisher.error());
    publisher_ = std::move(*publisher);
    LiveMarketsOptions wanted;
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      if (context_.config.venue(venue).enabled) wanted.venues.push_back(venue);
    }
    if (wanted.venues.empty()) return "both prediction venues are switched off (venues.NAME.enabled)";
    wanted.catalogues_only = true;
    auto markets = LiveMarkets::make(context_.loop, context_.config, board_, wanted);
    if (!markets) return markets.error();
    markets_ = std::move(*markets);
    markets_->start();
    join_redis();
    return {};
  }

  void tick(Timestamp now) override {
    markets_->tick(now);
    if (publisher_->take_new_subscribers()) board_.repeat_all();
    board_.tick(now);
    if (keeper_) keeper_->tick(now);
  }

  void serve(Timestamp now) override { board_.flush(now); }

  void stop(Timestamp) override {
    if (keeper_) keeper_->release();
    markets_->stop();
  }

  std::string finish() override {
    board_.flush(net::IoLoop::now());
    return {};
  }

  void write_counts(JsonWriter& json) const override {
    const MarketCounts counts = markets_->counts();
    json.key("contracts").begin_object().field("listed", counts.listed).field("tradable", counts.tradable).end_object();
    json.field("published", board_.published()).field("slow_subscribers", publisher_->counts().slow);
    if (!keeper_) return;
    json.field("leader", keeper_->is_leader()).field("moves", keeper_->moves()).key("shards").begin_array();
    for (const std::string& shard : keeper_->live_shards()) json.value(shard);
    json.end_array().key("assignments").begin_object();
    for (const auto& [asset, shard] : keeper_->assignments()) json.field(asset, shard);
    json.end_object();
  }

 private:
  void join_redis() {
    if (context_.coordination == nullptr) return;
    std::vector<std::string> assets;
    for (const Asset asset : configured_assets(context_.config)) assets.emplace_back(asset_name(asset));
    keeper_ =
        std::make_unique<AssignmentKeeper>(*context_.coordination, std::move(assets), context_.config.shard.timeout);
    context_.coordination->listen_to_pattern(kShardHeartbeats,
                                             [this](const std::string& channel, const std::string& text) {
                                               keeper_->on_heartbeat(channel, text, net::IoLoop::now());
                                             });
  }

  const RoleContext& context_;
  bus::BusContext bus_;
  std::unique_ptr<bus::Publisher> publisher_;
  ContractBoard board_;
  std::unique_ptr<AssignmentKeeper> keeper_;  // null: no Redis is configured
  std::unique_ptr<LiveMarkets> markets_;      // last: gone before what it tells
};

}  // namespace

std::unique_ptr<Role> make_orchestrator(const RoleContext& context) { return std::make_unique<Orchestrator>(context); }

}  // namespace arbees::app
