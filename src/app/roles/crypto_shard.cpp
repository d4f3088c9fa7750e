#include "app/roles/crypto_shard.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <random>

#include "adapters/bus/envelope.h"
#include "adapters/bus/intake.h"
#include "adapters/bus/publisher.h"
#include "adapters/bus/topics.h"
#include "adapters/telemetry/log.h"
#include "app/config/bus_endpoints.h"
#include "app/coordination/asset_leases.h"
#include "app/coordination/lease_keys.h"
#include "app/coordination/shard_claim.h"
#include "app/roles/bus_keys.h"
#include "app/roles/bus_watch.h"
#include "app/roles/shard_command.h"
#include "app/roles/shard_report.h"
#include "app/roles/shard_session.h"
#include "app/running/candle_warm_up.h"
#include "app/running/halt_latch.h"
#include "app/running/live_markets.h"
#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

constexpr const char* kRole = "crypto-shard";
// The orchestrator repeats every contract every five seconds: silent for so long, there is none, and the venues'
// catalogs are asked by this process.
constexpr Duration kContractSilence = std::chrono::seconds(11);
constexpr Duration kFirstSilence = std::chrono::seconds(2);

class CryptoShard final : public Role {
 public:
  explicit CryptoShard(const RoleContext& context)
      : context_(context),
        latch_(context.data_folder),
        assets_(configured_assets(context.config)),
        source_("crypto_shard:" + context.config.shard.id),
        boot_(fmt::format("{:08x}", std::random_device()())),
        session_(context.config, fmt::format("{}-{}", context.config.shard.id, boot_),
                 [this](const std::string& topic, const std::string& payload, Timestamp now) {
                   publisher_->publish(topic, source_, payload, now);
                 },
                 {[this] { return halt_reason(); }, [this](Asset asset) { return fence(asset); }, net::IoLoop::now}) {}

  std::string start(Timestamp now) override {
    started_at_ = now;
    const auto keys = bus_keys(context_.config.bus);
    if (!keys) return keys.error();
    bus::PublisherOptions options;
    options.endpoint = bound_endpoint(context_.config.bus, context_.config.bus.requests_pub);
    options.keys = *keys;
    warn_if_plain(kRole, {options.endpoint}, *keys);
    auto publisher = bus::Publisher::bind(bus_, options);
    if (!publisher) return bind_trouble(&BusConfig::requests_pub, publisher.error());
    publisher_ = std::move(*publisher);
    session_.begin(now);
    join_redis();
    std::string wrong = open_catalogues();
    if (!wrong.empty()) return wrong;
    warm_up_ = CandleWarmUp::make(context_.loop, context_.config, session_, now);
    return listen(*keys);
  }

  void tick(Timestamp now) override {
    if (claim_) claim_->tick(now);
    if (leases_ && claim_->is_held()) leases_->tick(now);
    show_leases(now);
    const bool is_contract_silent =
        now - std::max(contract_at_, started_at_) > (contract_at_ == kNoTime ? kFirstSilence : kContractSilence);
    asks_catalogues_ = asks_catalogues_ || is_contract_silent;
    if (asks_catalogues_) markets_->tick(now);
    warm_up_->tick(now);
    latch_.keep(now);
    session_.tick(now);
    watch_.tick(now);
    if (context_.coordination == nullptr || now < next_heartbeat_) return;
    next_heartbeat_ = now + context_.config.shard.heartbeat_interval;
    beat(now);
  }

  void serve(Timestamp) override { session_.drain(); }
  [[nodiscard]] bool is_over() const override { return is_over_; }
  [[nodiscard]] std::string trouble() const override { return claim_ ? claim_->trouble() : std::string(); }

  void take_limits(const RiskLimits& limits, Timestamp now) override {
    session_.take_limits(context_.config.limits, limits, now);
  }

  void stop(Timestamp now) override {
    is_stopping_ = true;
    if (leases_) leases_->release();
    session_.tick(now);
    if (context_.coordination != nullptr) beat(now);
    if (claim_) claim_->release();
  }
  // What is under way is answered to whoever asks again; waiting for it is worth a moment.
  [[nodiscard]] bool is_idle() const override { return session_.requests().open() == 0; }

  std::string finish() override {
    intake_.reset();
    markets_->stop();
    return {};
  }

  std::uint64_t requests() const override { return session_.requests().counts().made; }
  std::uint64_t fills() const override { return session_.requests().counts().filled; }
  void write_counts(JsonWriter& json) const override {
    const ShardReport now = report(net::IoLoop::now());
    write_shard_state(now, json);
    write_shard_counts(now, json);
    session_.write_status(json);
    json.field("shard", context_.config.shard.id).field("published", publisher_->counts().sent);
    json.field("slow_subscribers", publisher_->counts().slow);
    watch_.write(json);
  }

 private:
  // ---- What may be traded ----

  [[nodiscard]] std::string halt_reason() const {
    if (is_stopping_) return "stopping";
    if (is_paused_) return "paused by a command";
    if (context_.coordination != nullptr && !context_.coordination->halt_reason().empty()) {
      return context_.coordination->halt_reason();
    }
    return latch_.is_halted() ? "halted: " + latch_.reason() : std::string();
  }

  // 0: leases are not used.
  [[nodiscard]] std::optional<std::uint64_t> fence(Asset asset) const {
    if (!leases_)
      return std::find(assets_.begin(), assets_.end(), asset) == assets_.end() ? std::nullopt
                                                                               : std::optional<std::uint64_t>(0);
    return claim_->is_held() ? leases_->fence(asset) : std::nullopt;
  }

  void show_leases(Timestamp now) {
    for (const Asset asset : assets_) session_.markets().set_traded(asset, fence(asset).has_value(), now);
  }

  void join_redis() {
    Coordination* const coordination = context_.coordination;
    if (coordination == nullptr) return;
    claim_ = std::make_unique<ShardClaim>(*coordination, context_.config.shard.id, boot_,
                                          fmt::format("{} process {}", machine_name(), ::getpid()));
    leases_ = std::make_unique<AssetLeases>(*coordination, context_.config.shard.id, assets_, [this] {
      const Timestamp now = net::IoLoop::now();
      show_leases(now);
      next_heartbeat_ = kNoTime;
      std::string held;
      for (const Asset asset : assets_) {
        if (fence(asset)) held += fmt::format(" {}", asset_name(asset));
      }
      log(LogLevel::Info, "leases", {{"assets", held.empty() ? "none" : held.substr(1)}});
    });
    coordination->listen(shard_channel(context_.config.shard.id, "command"),
                         [this](const std::string&, const std::string& text) { obey(text, net::IoLoop::now()); });
    coordination->when_up([this] { next_heartbeat_ = kNoTime; });
  }

  // ---- What comes in ----

  std::string open_catalogues() {
    LiveMarketsOptions wanted;
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      if (context_.config.venue(venue).enabled) wanted.venues.push_back(venue);
    }
    if (wanted.venues.empty()) return "both prediction venues are switched off (venues.NAME.enabled)";
    wanted.catalogues_only = true;
    auto markets = LiveMarkets::make(context_.loop, context_.config, session_, wanted);
    if (!markets) return markets.error();
    markets_ = std::move(*markets);
    session_.set_find_entry(
        [this](Venue venue, const std::string& symbol) { return markets_->find_entry(venue, symbol); });
    return {};
  }

  std::string listen(const bus::CurveKeys& keys) {
    const BusConfig& config = context_.config.bus;
    bus::SubscriberOptions wanted;
    wanted.keys = keys;
    wanted.endpoints = price_endpoints(config);
    for (const auto& more :
         {result_endpoints(config), connected_endpoints(config, config.contracts_sub, {config.contracts_pub})}) {
      wanted.endpoints.insert(wanted.endpoints.end(), more.begin(), more.end());
    }
    wanted.topics = {std::string(bus::kSpotPrefix),   std::string(bus::kIndexPrefix),
                     std::string(bus::kKalshiPrefix), std::string(bus::kPolymarketPrefix),
                     std::string(bus::kResultPrefix), std::string(bus::kContractPrefix)};
    warn_if_plain(kRole, wanted.endpoints, keys);
    watch_.add(wanted.endpoints);
    auto subscriber = bus::Subscriber::connect(bus_, wanted);
    if (!subscriber) return subscriber.error();
    intake_ = std::make_unique<bus::Intake>(std::move(*subscriber), context_.loop,
                                            [this](bus::BusFrame&& frame) { take(frame); });
    return {};
  }

  void take(const bus::BusFrame& frame) {
    const Timestamp now = net::IoLoop::now();
    const auto envelope = watch_.take(frame);
    if (!envelope || !fits_unix_ms(envelope->timestamp_ms)) return session_.markets().on_malformed();
    const Timestamp sent_at = from_unix_ms(envelope->timestamp_ms);
    if (frame.topic.starts_with(bus::kSpotPrefix)) {
      const auto price = bus::decode_spot_price(frame.body);
      return price ? session_.markets().on_price(*price, sent_at, now) : session_.markets().on_malformed();
    }
    if (frame.topic.starts_with(bus::kIndexPrefix)) {
      const auto print = bus::decode_index_print(frame.body);
      return print ? session_.markets().on_print(*print, sent_at, now) : session_.markets().on_malformed();
    }
    if (frame.topic.starts_with(bus::kResultPrefix)) {
      const auto result = bus::decode_result(frame.body);
      return result ? session_.requests().on_result(*result) : session_.markets().on_malformed();
    }
    if (frame.topic.starts_with(bus::kContractPrefix)) {
      const auto contract = bus::decode_contract(frame.body);
      if (!contract) return session_.markets().on_malformed();
      contract_at_ = now;
      return session_.markets().on_contract(*contract, now);
    }
    const auto price = bus::decode_contract_price(frame.body);
    price ? session_.markets().on_price(*price, sent_at, now) : session_.markets().on_malformed();
  }

  // ---- Commands ----

  void obey(const std::string& text, Timestamp now) {
    const auto command = parse_shard_command(text);
    if (!command) {
      log(LogLevel::Warning, "command refused", {{"reason", command.error().reason}});
      return answer(refusal_document(command.error(), context_.config.shard.id, now));
    }
    if (command->order == ShardOrder::Reload) {
      if (std::string wrong = context_.reload(); !wrong.empty()) {
        return answer(refusal_document({"reload", command->id, "settings are as they were: " + wrong},
                                       context_.config.shard.id, now));
      }
    }
    std::string note;
    switch (command->order) {
      case ShardOrder::AddEvent: note = add_event(*command, now); break;
      case ShardOrder::RemoveEvent:
        session_.markets().leave_out(command->market, now);
        note = "nothing is traded in it any more";
        break;
      case ShardOrder::Pause: is_paused_ = true; break;
      case ShardOrder::Resume: is_paused_ = false; break;
      case ShardOrder::Reload:
        session_.markets().forget_books(now);
        note = "settings are read anew; every book is unproven until its next message";
        break;
      case ShardOrder::Snapshot: break;
      case ShardOrder::Shutdown: is_over_ = true; break;
    }
    session_.tick(now);
    log(LogLevel::Info, "command",
        {{"type", std::string(shard_order_name(command->order))}, {"event_id", command->event_id}});
    answer(answer_document(*command, note, report(now), now));
  }

  // What is to know about it.
  std::string add_event(const ShardCommand& command, Timestamp now) {
    session_.markets().take_in(command.market, now);
    // A Polymarket market is found by its condition; only its tokens could be asked for by name.
    if (command.venue == Venue::Kalshi) markets_->keep_watching(command.venue, command.market);
    if (!session_.markets().knows_market(command.market)) return "not known yet: traded once its contract is told";
    if (command.asset == Asset::Unknown || fence(command.asset)) return "traded";
    return fmt::format("{} is not leased to this shard: traded once it is", asset_name(command.asset));
  }

  void answer(const std::string& document) {
    context_.coordination->command({"PUBLISH", shard_channel(context_.config.shard.id, "ack"), document});
  }

  // ---- What is told ----

  [[nodiscard]] ShardReport report(Timestamp now) const {
    ShardReport report;
    report.shard = context_.config.shard.id;
    report.boot = boot_;
    report.started_at = started_at_;
    report.halt_reason = halt_reason();
    report.is_stopping = is_stopping_ || is_over_;
    report.is_redis_up = context_.coordination != nullptr && context_.coordination->is_up();
    for (const Asset asset : assets_) {
      if (const auto held = fence(asset))
        report.leases.push_back({asset, *held, session_.markets().contract_count(asset)});
    }
    report.hears_prices = session_.markets().last_price_at() != kNoTime &&
                          now - session_.markets().last_price_at() < ShardMarkets::kSilence;
    report.is_unanswered = session_.requests().is_unanswered(now);
    report.asks_catalogues = asks_catalogues_;
    report.proven_books = session_.markets().proven_count();
    report.open_requests = session_.requests().open();
    report.judged = session_.judged();
    report.markets = session_.markets().counts();
    report.requests = session_.requests().counts();
    report.left_out = {session_.markets().left_out().begin(), session_.markets().left_out().end()};
    report.gaps = watch_.gaps();
    return report;
  }

  void beat(Timestamp now) {
    // Who has no claim on the name says nothing in it.
    if (!context_.coordination->is_up() || !claim_->is_held()) return;
    context_.coordination->command(
        {"PUBLISH", shard_channel(context_.config.shard.id, "heartbeat"), heartbeat_document(report(now), now)});
  }

  const RoleContext& context_;
  HaltLatch latch_;
  std::vector<Asset> assets_;
  std::string source_;
  std::string boot_;
  bus::BusContext bus_;
  std::unique_ptr<bus::Publisher> publisher_;
  ShardSession session_;
  std::unique_ptr<ShardClaim> claim_;  // null: no Redis is configured, as the next
  std::unique_ptr<AssetLeases> leases_;
  std::unique_ptr<LiveMarkets> markets_;
  std::unique_ptr<CandleWarmUp> warm_up_;
  BusWatch watch_;
  std::unique_ptr<bus::Intake> intake_;  // last: gone before what it calls
  Timestamp started_at_ = kNoTime;
  Timestamp contract_at_ = kNoTime;
  Timestamp next_heartbeat_ = kNoTime;
  bool asks_catalogues_ = false;
  bool is_paused_ = false;
  bool is_stopping_ = false;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Role> make_crypto_shard(const RoleContext& context) { return std::make_unique<CryptoShard>(context); }

std::string crypto_shard_folder(const Config& config) { return fmt::format("{}.{}", kRole, config.shard.id); }

}  // namespace arbees::app
