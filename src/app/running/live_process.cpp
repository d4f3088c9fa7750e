#include "app/running/live_process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "adapters/telemetry/json.h"
#include "app/config/basis_text.h"
#include "app/data_folder.h"
#include "app/discovery/contract_title.h"
#include "app/ledger_json.h"
#include "app/running/metrics_port.h"
#include "app/running/metrics_text.h"
#include "app/running/reason_body.h"
#include "app/running/status_document.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr Duration kStatusEvery = std::chrono::milliseconds(250);
// The answers of orders that are out when trading stops are waited for this long.
constexpr Duration kLastAnswers = std::chrono::seconds(5);
constexpr Duration kLastLiveAnswers = std::chrono::seconds(7);
// What is left at the venues of a session is removed within this time, or by the next one.
constexpr Duration kLastWords = std::chrono::seconds(2);
// The database gets so long at the end; what it has not taken then waits for the next start.
constexpr Duration kLastStoring = std::chrono::seconds(2);
// A halt is obeyed within this time, also one that another process wrote.
constexpr Duration kLatchLook = std::chrono::milliseconds(10);

// Of a venue that wants heartbeats: it cancels what rests by then.
constexpr Duration kSilence = std::chrono::seconds(10);

DashboardSources::Answer halted_answer(const Result<bool, std::string>& changed, bool halted) {
  if (!changed) return failure(changed.error());
  return std::string(halted ? "{\"halted\":true}" : "{\"halted\":false}");
}

LiveTradingOptions trading_options(const LiveProcessOptions& options) {
  LiveTradingOptions trading;
  const PaperConfig& paper = options.config.paper;
  trading.folder = options.folder;
  trading.limits = options.config.limits;
  trading.basis = basis_bounds(options.config.basis.strict, options.config.basis.statistical);
  trading.model = options.config.model;
  trading.latency.set(Venue::Kalshi, {paper.kalshi_round_trip, paper.spread_percent});
  trading.latency.set(Venue::Polymarket, {paper.polymarket_round_trip, paper.spread_percent});
  trading.journal_max_bytes = static_cast<std::uint64_t>(options.config.journal.max_megabytes) * 1'000'000;
  trading.seed = static_cast<std::uint64_t>(paper.seed);
  trading.clock = net::IoLoop::now;
  return trading;
}

}  // namespace

LiveProcess::LiveProcess(const LiveProcessOptions& options) : options_(options) {}

Result<std::unique_ptr<LiveProcess>, std::string> LiveProcess::start(const LiveProcessOptions& options) {
  std::unique_ptr<LiveProcess> process(new LiveProcess(options));
  std::string wrong = process->begin();
  if (!wrong.empty()) return failure(std::move(wrong));
  return process;
}

std::string LiveProcess::begin_live() {
  if (options_.keys == nullptr) return {};
  gateways_ = std::make_unique<LiveGateways>();
  const GroupAtVenue group{group_contracts(options_.config.limits), options_.folder};
  std::string wrong = add_gateways(*gateways_, loop_, options_.config, *options_.keys, group);
  if (wrong.empty()) gateways_->start();
  return wrong;
}

// After the folder's lock is held: what an earlier process left for the database is ours.
std::string LiveProcess::begin_database() {
  if (tap_ == nullptr) return {};
  DatabaseSinkOptions wanted;
  wanted.config = options_.config.database;
  wanted.process = options_.label.empty() ? "run" : options_.label;
  wanted.folder = options_.folder;
  wanted.ledger = ledger_path(options_.folder);
  auto opened = DatabaseSink::open(wanted);
  if (!opened) return opened.error();
  database_ = std::move(*opened);
  tap_->start(database_->writer());
  database_->writer().note(started_at_, "start", options_.folder);
  return {};
}

std::string LiveProcess::open_servers() {
  auto token = dashboard_token(options_.folder);
  if (!token) return token.error();
  token_ = *token;
  DashboardSources sources;
  sources.status = [this] { return status(net::IoLoop::now()); };
  sources.fills = [this]() -> DashboardSources::Answer {
    const auto contents = read_ledger(ledger_path(options_.folder));
    if (!contents) return failure(contents.error());
    return fills_document(*contents);
  };
  sources.metrics = [this] { return metrics_text(status(net::IoLoop::now())); };
  sources.halt = [this](const std::string& reason) {
    return halted_answer(trading_->halt_by_hand(reason, net::IoLoop::now()), true);
  };
  sources.flatten = [this](const std::string& reason) -> DashboardSources::Answer {
    const Timestamp now = net::IoLoop::now();
    const auto flattened = trading_->latch().flatten(reason, now);
    if (!flattened) return failure(flattened.error());
    trading_->obey_latch(now);
    return std::string("{\"flattening\":true}");
  };
  sources.doubt = [this] {
    const std::string differs = accounts_ == nullptr ? std::string() : accounts_->difference();
    return differs.empty() ? std::string() : "books and venue differ: " + differs;
  };
  sources.reason_in = reason_in;
  if (gateways_ != nullptr) {
    sources.reason_needed = R"(a halt of live trading ends with a reason: send {"reason":"…"} in the body)";
  }
  sources.resume = [this](const std::string& reason) {
    return halted_answer(trading_->latch().resume(reason, net::IoLoop::now()), false);
  };
  auto dashboard = DashboardServer::open(loop_, options_.port, token_, std::move(sources));
  if (!dashboard) return dashboard.error() + " (choose another with --port, or --port 0 for any free one)";
  dashboard_ = std::move(*dashboard);
  return open_metrics(loop_, options_.config.metrics, [this] { return status(net::IoLoop::now()); }, metrics_);
}

std::string LiveProcess::begin() {
  started_at_ = next_tick_ = next_status_ = net::IoLoop::now();
  log_ = std::make_unique<ProcessLog>(options_.config.log, options_.label, options_.folder);
  std::string unready = begin_live();
  if (!unready.empty()) return unready;
  LiveTradingOptions settings = trading_options(options_);
  settings.gateways = gateways_.get();
  settings.opening = options_.opening;
  settings.settled = options_.settled;
  settings.observer = &session_watch_;
  if (!options_.config.database.url.empty()) {
    tap_ = std::make_unique<PriceTap>(std::chrono::milliseconds(options_.config.database.price_interval_ms));
    settings.tap = tap_.get();
  }
  auto trading = LiveTrading::open(settings, started_at_);
  if (!trading) return trading.error();
  trading_ = std::move(*trading);
  if (gateways_ != nullptr) accounts_ = std::make_unique<AccountWatch>(*gateways_, *trading_);
  std::string wrong = begin_database();
  if (wrong.empty()) wrong = open_servers();
  if (!wrong.empty()) return wrong;
  LiveMarketsOptions watched{{}, options_.folder};
  watched.on_contract = [this](const CatalogEntry& entry) { trading_->run().describe(contract_description(entry)); };
  auto markets = LiveMarkets::make(loop_, options_.config, *trading_, watched);
  if (!markets) return markets.error();
  markets_ = std::move(*markets);
  for (const LedgerContract& contract : trading_->inherited()) {
    if (const auto venue = parse_venue(contract.venue)) markets_->keep_watching(*venue, contract.symbol);
  }
  markets_->start();
  warm_up_ = CandleWarmUp::make(loop_, options_.config, *trading_, started_at_);
  log(LogLevel::Info, "started", {{"session", std::to_string(trading_->session())}, {"data", options_.folder}});
  join_redis();
  return {};
}

void LiveProcess::join_redis() {
  coordination_ = Coordination::make(loop_, options_.config, "run");
  if (!coordination_) return;
  coordination_->obey_kill_switch(options_.folder);
  coordination_->describe([this](Timestamp now) {
    HealthReport report;
    for (const FeedHealth& feed : markets_->health(now)) {
      if (feed.state == FeedState::Live) continue;
      report.troubles.push_back(std::string(venue_name(feed.venue)) + " is not live");
    }
    report.requests = trading_->run().statistics().requests();
    report.fills = trading_->run().statistics().fills();
    return report;
  });
  coordination_->when_switched([this] { obey_redis(net::IoLoop::now()); });
  coordination_->open();
  obey_redis(started_at_);
}

void LiveProcess::obey_redis(Timestamp now) {
  if (coordination_) trading_->set_outside_halt(coordination_->halt_reason(), now);
}

void LiveProcess::watch_heartbeats(Timestamp now) {
  if (gateways_ == nullptr || now < next_heartbeat_look_ || trading_->is_halted()) return;
  next_heartbeat_look_ = now + kTick;
  for (const GatewayHealth& health : gateways_->health()) {
    if (health.heartbeat_at == kNoTime) continue;
    const Timestamp silent_at = health.heartbeat_at + kSilence;
    next_heartbeat_look_ = std::min(next_heartbeat_look_, std::max(silent_at, now));
    if (now < silent_at) continue;
    const std::string why = fmt::format("{} has answered no heartbeat for ten seconds", venue_name(health.venue));
    return trading_->halt(ControlReason::HeartbeatLost, why, now);
  }
}

std::string LiveProcess::page_url() const { return dashboard_->url() + "/#token=" + token_; }

std::string LiveProcess::ready_line(const std::string& role) const {
  JsonWriter json;
  json.begin_object().field("ready", true).field("role", role).field("pid", static_cast<std::int64_t>(::getpid()));
  json.field("data", options_.folder).field("dashboard", dashboard_->url());
  json.field("mode", gateways_ != nullptr ? "live" : "paper").end_object();
  return json.take();
}

std::string LiveProcess::title_of(Venue venue, const std::string& symbol) const {
  const CatalogEntry* entry = markets_ ? markets_->find_entry(venue, symbol) : nullptr;
  return entry == nullptr ? std::string() : contract_title(*entry);
}

std::string LiveProcess::status(Timestamp now) {
  StatusInput input;
  input.label = options_.label;
  if (gateways_ != nullptr) {
    input.mode = "live";
    input.gateways = gateways_->health();
    if (accounts_ != nullptr) input.write_more = [this](JsonWriter& json) { accounts_->write_fields(json); };
  }
  input.dashboard = dashboard_->url();
  if (coordination_) input.redis = coordination_->is_up() ? "up" : "lost";
  input.feeds = markets_ ? markets_->health(now) : std::vector<FeedHealth>();
  input.started_at = started_at_;
  input.now = now;
  const MarketCounts counts = markets_ ? markets_->counts() : MarketCounts();
  input.title_of = [this](Venue venue, const std::string& symbol) { return title_of(venue, symbol); };
  input.listed = counts.listed;
  input.tradable = counts.tradable;
  input.session = &session_watch_;
  if (database_ != nullptr) {
    JsonWriter database;
    database_->write_status(database);
    input.database = database.take();
  }
  return status_document(input, *trading_);
}

void LiveProcess::turn(Timestamp now) {
  Timestamp next = std::min(next_tick_, now + kTick);
  // Answers of the simulated exchange come at their own time, not at the next tick.
  if (trading_->next_due() != Timestamp::max()) next = std::min(next, trading_->next_due());
  next = std::min(next, now + kLatchLook);
  loop_.run_for(std::max(next - now, Duration::zero()));
  const Timestamp after = net::IoLoop::now();
  if (take_reload_signal()) reload(after);
  obey_redis(after);
  if (after >= next_tick_) {
    next_tick_ = after + kTick;
    if (coordination_) coordination_->tick(after);
    markets_->tick(after);
    warm_up_->tick(after);
    trading_->tick(after);
    if (database_ != nullptr) database_->tick(after);
    if (accounts_ != nullptr) accounts_->tick(after);
  } else {
    trading_->obey_latch(after);
    trading_->drain(after);
  }
  trading_->write_journal(after);
  watch_heartbeats(after);
  const auto name_of = [this](Venue venue, InstrumentId id) {
    const std::string symbol = trading_->symbol(id);
    return ContractName{symbol, title_of(venue, symbol)};
  };
  session_watch_.digest(name_of, [this] { return trading_->halt_reason(); });
  if (after < next_status_) return;
  next_status_ = after + kStatusEvery;
  log_->look(markets_->health(after));
  (void)write_status(options_.folder, status(after));  // an old file is not believed
  dashboard_->publish();
}

// All of it between two events, or nothing.
void LiveProcess::reload(Timestamp now) {
  if (!options_.reload) return;
  auto reloaded = options_.reload(options_.config);
  if (!reloaded) return log_refused_reload(reloaded.error());
  const bool has_limits = !changed_limits(options_.config.limits, reloaded->config.limits).empty();
  if (gateways_ != nullptr && has_limits) {
    return log_refused_reload({"a live session keeps the limits that a person confirmed: restart it"});
  }
  if (has_limits) trading_->take_limits(reloaded->config.limits, now);
  log_->configure(reloaded->config.log);
  options_.config = reloaded->config;
  log_reload(*reloaded);
}

void LiveProcess::run_until(Timestamp end, const volatile bool& stop) {
  for (Timestamp now = net::IoLoop::now(); now < end && !stop && trading_->trouble().empty();
       now = net::IoLoop::now()) {
    turn(now);
  }
}

void LiveProcess::close_gateways() {
  if (gateways_ == nullptr) return;
  gateways_->stop();
  const Timestamp end = net::IoLoop::now() + kLastWords;
  for (Timestamp now = net::IoLoop::now(); now < end && !gateways_->is_stopped(); now = net::IoLoop::now()) {
    loop_.run_for(kLatchLook);
    gateways_->tick(now);
  }
}

std::string LiveProcess::finish() {
  const Timestamp end = net::IoLoop::now() + (gateways_ != nullptr ? kLastLiveAnswers : kLastAnswers);
  log(LogLevel::Info, "stopping", {{"session", std::to_string(trading_->session())}});
  trading_->stop_trading(net::IoLoop::now());
  for (Timestamp now = net::IoLoop::now(); now < end && !trading_->is_idle(); now = net::IoLoop::now()) turn(now);
  markets_->stop();
  if (coordination_) coordination_->close();
  close_gateways();
  trading_->drain(net::IoLoop::now());
  std::string wrong = trading_->finish();
  if (database_ != nullptr) {
    tap_->finish(net::IoLoop::now());
    if (!database_->finish(kLastStoring, net::IoLoop::now())) {
      log(LogLevel::Warning, "not all is stored in the database; the next start, or arbees db sync, goes on with it",
          {{"trouble", database_->trouble()}});
    }
  }
  if (wrong.empty() && trading_->trouble().empty()) remove_status(options_.folder);
  return wrong;
}

}  // namespace arbees::app
