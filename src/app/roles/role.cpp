#include "app/roles/role.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "adapters/telemetry/format.h"
#include "app/cli.h"
#include "app/config/reload.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/authorisation.h"
#include "app/running/halt_latch.h"
#include "app/running/metrics_port.h"
#include "app/running/process_lock.h"
#include "app/running/process_log.h"
#include "app/running/running_status.h"
#include "app/running/status_document.h"
#include "app/running/venue_feeds.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
// Roles that trade look at the halt latch this often.
constexpr Duration kLatchLook = std::chrono::milliseconds(10);
constexpr Duration kStatusEvery = std::chrono::milliseconds(500);
// What is under way when the end is asked for is waited for so long.
constexpr Duration kLastAnswers = std::chrono::seconds(5);

// As in heartbeats: "kalshi_monitor".
std::string service_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

HealthReport health_of(const Role& role, Timestamp now) {
  HealthReport report;
  for (const FeedHealth& feed : role.feeds(now)) {
    if (feed.state != FeedState::Live) report.troubles.push_back(std::string(venue_name(feed.venue)) + " is not live");
  }
  if (!role.trouble().empty()) report.troubles.push_back(role.trouble());
  report.requests = role.requests();
  report.fills = role.fills();
  return report;
}

std::string role_folder(const std::string& data_folder, const std::string& name) {
  return (std::filesystem::path(data_folder) / "roles" / name).string();
}

std::string ready_line(const RoleKind& kind, const std::string& data_folder) {
  JsonWriter json;
  json.begin_object().field("ready", true).field("role", kind.name);
  json.field("pid", static_cast<std::int64_t>(::getpid())).field("data", data_folder).end_object();
  return json.take();
}

// Serves one role until its end.
class RoleLoop {
 public:
  // `config` is the one that the role reads; a reload changes it.
  RoleLoop(const RoleKind& kind, const RoleContext& context, Role& role, Config& config, ConfigRequest request)
      : log_(context.config.log, kind.name, context.data_folder),
        kind_(kind),
        context_(context),
        role_(role),
        config_(config),
        request_(std::move(request)),
        latch_(context.data_folder),
        started_at_(net::IoLoop::now()) {}

  // Empty, or what is wrong with the port of the metrics.
  [[nodiscard]] std::string open() {
    return open_metrics(
        context_.loop, context_.config.metrics, [this] { return document(net::IoLoop::now()); }, metrics_);
  }

  // Empty, or what speaks against it; then nothing has changed.
  std::string reload() {
    auto reloaded = reload_config(request_, config_);
    if (!reloaded) {
      log_refused_reload(reloaded.error());
      std::string text;
      for (const std::string& error : reloaded.error()) text += (text.empty() ? "" : "; ") + error;
      return text;
    }
    const bool has_limits = !changed_limits(config_.limits, reloaded->config.limits).empty();
    if (has_limits) role_.take_limits(reloaded->config.limits, net::IoLoop::now());
    config_ = reloaded->config;
    log_.configure(config_.log);
    log_reload(*reloaded);
    return {};
  }

  // Empty, or what went wrong.
  std::string run(Timestamp end, const volatile bool& stop) {
    Timestamp now = net::IoLoop::now();
    const auto may_go_on = [&] { return now < end && !stop && !role_.is_over() && role_.trouble().empty(); };
    for (; may_go_on(); now = net::IoLoop::now()) turn(now);
    role_.stop(now);
    const Timestamp last = now + kLastAnswers;
    for (; now < last && !role_.is_idle(); now = net::IoLoop::now()) turn(now);
    const std::string trouble = role_.trouble();
    const std::string wrong = role_.finish();
    return trouble.empty() ? wrong : trouble;
  }

 private:
  void turn(Timestamp now) {
    const Timestamp next = std::min({next_tick_, now + (kind_.trades ? kLatchLook : kTick), role_.next_due()});
    context_.loop.run_for(std::max(next - now, Duration::zero()));
    const Timestamp after = net::IoLoop::now();
    if (take_reload_signal()) (void)reload();
    if (after >= next_tick_) {
      next_tick_ = after + kTick;
      if (context_.coordination != nullptr) context_.coordination->tick(after);
      role_.tick(after);
    }
    role_.serve(after);
    if (after < next_status_) return;
    next_status_ = after + kStatusEvery;
    log_.look(role_.feeds(after));
    (void)write_status(context_.folder, document(after));  // an old file is not believed
  }

  [[nodiscard]] std::string document(Timestamp now) const {
    JsonWriter json;
    json.begin_object().field("running", true).field("pid", static_cast<std::int64_t>(::getpid()));
    const std::string outside = context_.coordination == nullptr ? "" : context_.coordination->halt_reason();
    const bool is_latched = latch_.is_halted();
    json.field("mode", "paper").field("role", kind_.name).field("halted", is_latched || !outside.empty());
    if (is_latched || !outside.empty()) json.field("halt_reason", is_latched ? latch_.reason() : outside);
    if (context_.coordination != nullptr) json.field("redis", context_.coordination->is_up() ? "up" : "lost");
    json.field("started_at", to_iso_ms(started_at_)).field("written_at", to_iso_ms(now));
    json.field("data", context_.data_folder).key("feeds").begin_array();
    for (const FeedHealth& feed : role_.feeds(now)) write_feed(feed, now, json);
    json.end_array().field("requests", role_.requests()).field("fills", role_.fills());
    write_log_counts(json);
    role_.write_counts(json);
    json.end_object();
    return json.take();
  }

  ProcessLog log_;
  RoleKind kind_;
  const RoleContext& context_;
  Role& role_;
  Config& config_;
  ConfigRequest request_;
  HaltLatch latch_;
  std::unique_ptr<MetricsServer> metrics_;  // null: not configured
  Timestamp started_at_;
  Timestamp next_tick_ = kNoTime;
  Timestamp next_status_ = kNoTime;
};

}  // namespace

int run_role(const RoleKind& kind, const RoleOptions& options, const MakeRole& make) {
  auto loaded = load_or_complain(options.config, kind.name, false);
  if (!loaded) return loaded.error();
  const volatile bool& stop = install_stop_signal();
  install_reload_signal();
  net::IoLoop loop;
  const std::string data = data_folder(options.config.data);
  if (const std::string closed = open_feed_key(loaded->config, data, {}); !closed.empty()) {
    fmt::print(stderr, "arbees {}: {}\n", kind.name, closed);
    return kUsage;
  }
  const auto coordination = Coordination::make(loop, loaded->config, service_name(kind.name));
  const std::string own_folder = role_folder(data, kind.folder == nullptr ? kind.name : kind.folder(loaded->config));
  RoleLoop* serving = nullptr;
  const RoleContext context{
      loop, loaded->config, kind.owns_data_folder ? data : own_folder, data, coordination.get(), [&serving] {
        return serving == nullptr ? std::string("it has not started yet") : serving->reload();
      }};
  const auto lock = ProcessLock::take(context.folder);
  if (!lock) {
    fmt::print(stderr, "arbees {}: {}\n", kind.name, lock.error());
    return kFailed;
  }
  supersede_status(context.folder);
  if (coordination && kind.trades) coordination->obey_kill_switch(data);
  const std::unique_ptr<Role> role = make(context);
  const Timestamp now = net::IoLoop::now();
  RoleLoop role_loop(kind, context, *role, loaded->config, config_request(options.config));
  serving = &role_loop;
  std::string wrong = role->start(now);
  if (wrong.empty()) wrong = role_loop.open();
  if (!wrong.empty()) {
    // A key that cannot be used is a mistake of the configuration.
    const auto usable = kalshi_credentials(loaded->config.kalshi);
    const bool is_key = !usable && wrong.find(usable.error()) != std::string::npos;
    return refuse(kind.name, is_key ? kUsage : kFailed, wrong, false);
  }
  if (coordination) {
    coordination->describe([&role](Timestamp at) { return health_of(*role, at); });
    coordination->open();
  }
  fmt::print("{}\n", ready_line(kind, data));
  std::fflush(stdout);
  const auto length = std::chrono::seconds(std::min<std::uint64_t>(options.seconds, 1'000'000'000));
  wrong = role_loop.run(options.seconds == 0 ? Timestamp::max() : now + length, stop);
  if (coordination) coordination->close();
  if (wrong.empty()) remove_status(context.folder);
  if (wrong.empty()) return kDone;
  fmt::print(stderr, "arbees {}: {}\n", kind.name, wrong);
  return kFailed;
}

void add_role_options(Command& command, RoleOptions& options) {
  add_config_options(command, options.config);
  command.option("--seconds", options.seconds, "End after so many seconds (default: when stopped)");
}

std::vector<std::string> role_folders(const std::string& data_folder) {
  std::vector<std::string> folders;
  std::error_code error;
  const std::filesystem::path roles = std::filesystem::path(data_folder) / "roles";
  for (const auto& entry : std::filesystem::directory_iterator(roles, error)) {
    folders.push_back(entry.path().string());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace arbees::app
