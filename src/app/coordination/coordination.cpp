#include "app/coordination/coordination.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/log.h"
#include "app/version.h"

namespace arbees::app {
namespace {

constexpr const char* kHeartbeatLife = "35";  // seconds
constexpr const char* kHeartbeatChannel = "health:heartbeats";

std::string heartbeat_key(const std::string& service, const std::string& instance) {
  return fmt::format("health:hb:{}:{}", service, instance);
}

}  // namespace

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "unnamed";
  return name.data();
}

Coordination::Coordination(net::IoLoop& loop, const Config& config, const std::string& service, redis::Address address)
    : loop_(loop),
      address_(std::move(address)),
      service_(service),
      instance_(config.redis.instance.empty() ? machine_name() : config.redis.instance),
      started_at_(net::IoLoop::now()) {
  if (service == "crypto_shard") instance_ = config.shard.id;
}

std::unique_ptr<Coordination> Coordination::make(net::IoLoop& loop, const Config& config, const std::string& service) {
  const auto address = redis::parse_address(config.redis.url);
  if (!address) return nullptr;
  return std::unique_ptr<Coordination>(new Coordination(loop, config, service, *address));
}

void Coordination::listen_to_pattern(const std::string& pattern, OnMessage handler) {
  pattern_ = pattern;
  on_pattern_ = std::move(handler);
}

void Coordination::open() {
  redis::LinkOptions options;
  options.address = address_;
  if (kill_switch_) options.channels.emplace_back(kKillSwitchChannel);
  for (const auto& [channel, handler] : channels_) options.channels.push_back(channel);
  if (!pattern_.empty()) options.patterns.push_back(pattern_);
  redis::LinkListener listener;
  listener.on_state = [this](bool is_up, const std::string& why) { on_state(is_up, why); };
  listener.on_message = [this](const std::string& channel, const std::string& text) { on_message(channel, text); };
  link_ = std::make_unique<redis::Link>(loop_, std::move(options), std::move(listener));
}

void Coordination::on_state(bool is_up, const std::string& why) {
  log(is_up ? LogLevel::Info : LogLevel::Warning, is_up ? "Redis is connected" : "Redis is lost",
      {{"server", address_.text()}, {"reason", why}});
  if (kill_switch_) kill_switch_->on_link(is_up, why);
  if (when_switched_) when_switched_();
  if (!is_up) return;
  next_beat_ = kNoTime;
  read_switch();
  for (const auto& call : when_up_) call();
}

void Coordination::on_message(const std::string& channel, const std::string& text) {
  if (kill_switch_ && channel == kKillSwitchChannel) return on_switch(text);
  if (const auto it = channels_.find(channel); it != channels_.end()) return it->second(channel, text);
  if (on_pattern_) on_pattern_(channel, text);
}

void Coordination::on_switch(const std::string& text) {
  const std::string status = kill_switch_->on_command(text, net::IoLoop::now());
  if (!status.empty()) {
    log(LogLevel::Warning, "kill switch of Redis", {{"state", status}});
    command({"SET", kKillSwitchKey, status});
  }
  tell_complaint();
}

void Coordination::tell_complaint() {
  if (kill_switch_->complaint() == told_) return;
  told_ = kill_switch_->complaint();
  if (!told_.empty()) log(LogLevel::Warning, told_);
}

void Coordination::read_switch() {
  if (!kill_switch_) return;
  command({"GET", kKillSwitchKey}, [this](const redis::Reply& reply) {
    kill_switch_->on_status(reply);
    // Whoever looks at the key sees a word; whoever was halted by this switch has his latch.
    if (reply.kind == redis::ReplyKind::Nothing) command({"SET", kKillSwitchKey, "ACTIVE", "NX"});
  });
}

void Coordination::tick(Timestamp now) {
  if (!is_up()) return;
  if (now >= next_beat_) {
    next_beat_ = now + kHeartbeatEvery;
    beat(now);
  }
  if (now < next_status_) return;
  next_status_ = now + kStatusEvery;
  read_switch();
}

void Coordination::beat(Timestamp now) {
  HealthReport health = health_ ? health_(now) : HealthReport{};
  if (!halt_reason().empty()) health.troubles.push_back("halted: " + halt_reason());
  JsonWriter json;
  json.begin_object().field("service", service_).field("instance_id", instance_);
  json.field("status", health.troubles.empty() ? "healthy" : "degraded").key("troubles").begin_array();
  for (const std::string& trouble : health.troubles) json.value(trouble);
  json.end_array().field("pid", static_cast<std::int64_t>(::getpid())).field("hostname", machine_name());
  json.field("started_at", to_iso_ms(started_at_)).field("timestamp", to_iso_ms(now));
  json.key("metrics").begin_object().field("requests", health.requests).field("fills", health.fills).end_object();
  json.field("version", version_text()).end_object();
  const std::string text = json.take();
  command({"SET", heartbeat_key(service_, instance_), text, "EX", kHeartbeatLife});
  command({"PUBLISH", kHeartbeatChannel, text});
}

void Coordination::command(redis::Words words, redis::Link::Done done) {
  if (link_) link_->command(std::move(words), std::move(done));
}

void Coordination::close() {
  if (!link_) return;
  if (link_->is_up()) link_->command({"DEL", heartbeat_key(service_, instance_)});
  link_.reset();
}

}  // namespace arbees::app
