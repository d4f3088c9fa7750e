#pragma once
// What a process has to do with Redis: it says that it is alive, obeys the kill switch, and hears its commands.
//
// One for each process that has a Redis configured. Everything here happens in the loop's thread. The heartbeat is
// the key health:hb:SERVICE:INSTANCE (it expires after 35 s, and is removed when the process ends in order) and the
// channel health:heartbeats.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/redis/redis_link.h"
#include "adapters/telemetry/json.h"
#include "app/config/config.h"
#include "app/coordination/kill_switch.h"

namespace arbees::app {

// Of this machine; for people.
[[nodiscard]] std::string machine_name();

struct HealthReport {
  std::vector<std::string> troubles;  // none: healthy
  std::uint64_t requests = 0;
  std::uint64_t fills = 0;
};

class Coordination {
 public:
  using OnMessage = std::function<void(const std::string& channel, const std::string& text)>;

  // `service` as in the key: "kalshi_monitor". Null if no Redis is configured, whose URL the settings have accepted.
  [[nodiscard]] static std::unique_ptr<Coordination> make(net::IoLoop& loop, const Config& config,
                                                          const std::string& service);

  // Before open().
  void listen(const std::string& channel, OnMessage handler) { channels_[channel] = std::move(handler); }
  void listen_to_pattern(const std::string& pattern, OnMessage handler);
  void when_up(std::function<void()> call) { when_up_.push_back(std::move(call)); }
  void describe(std::function<HealthReport(Timestamp now)> health) { health_ = std::move(health); }
  // From now on this process trades: it obeys the kill switch, with the latch of this folder.
  void obey_kill_switch(const std::string& folder) { kill_switch_.emplace(folder); }
  // After obey_kill_switch(): whenever halt_reason() may have changed, at once.
  void when_switched(std::function<void()> call) {
    when_switched_ = std::move(call);
    kill_switch_->when_halted([this] { when_switched_(); });
  }
  void open();

  void tick(Timestamp now);  // every 100 ms
  void close();

  void command(redis::Words words, redis::Link::Done done = {});
  [[nodiscard]] bool is_up() const noexcept { return link_ && link_->is_up(); }
  // Why nothing may be traded; empty while nothing speaks against it, or the kill switch is not obeyed here.
  [[nodiscard]] std::string halt_reason() const { return kill_switch_ ? kill_switch_->halt_reason() : std::string(); }
  [[nodiscard]] const std::string& instance() const noexcept { return instance_; }

  static constexpr Duration kHeartbeatEvery = std::chrono::seconds(10);
  static constexpr Duration kStatusEvery = std::chrono::milliseconds(250);

 private:
  Coordination(net::IoLoop& loop, const Config& config, const std::string& service, redis::Address address);
  void on_state(bool is_up, const std::string& why);
  void on_message(const std::string& channel, const std::string& text);
  void on_switch(const std::string& text);
  void read_switch();
  void beat(Timestamp now);
  void tell_complaint();

  net::IoLoop& loop_;
  redis::Address address_;
  std::string service_;
  std::string instance_;
  std::map<std::string, OnMessage> channels_;
  std::string pattern_;
  OnMessage on_pattern_;
  std::vector<std::function<void()>> when_up_;
  std::function<HealthReport(Timestamp now)> health_;
  std::optional<KillSwitch> kill_switch_;
  std::function<void()> when_switched_;
  std::string told_;  // the complaint of the kill switch that was told last
  Timestamp started_at_ = kNoTime;
  Timestamp next_beat_ = kNoTime;
  Timestamp next_status_ = kNoTime;
  std::unique_ptr<redis::Link> link_;  // last: gone before what it calls
};

}  // namespace arbees::app
