#pragma once
// The whole system in one process: markets, trading session, status and dashboard in one thread's loop.
//
// `run` and `demo` are this with different configurations. start() is quick: nothing of it waits for a venue.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/dashboard/dashboard_server.h"
#include "adapters/dashboard/metrics_server.h"
#include "adapters/net/io_loop.h"
#include "app/config/config.h"
#include "app/config/reload.h"
#include "app/coordination/coordination.h"
#include "app/running/account_watch.h"
#include "app/running/authorisation.h"
#include "app/running/candle_warm_up.h"
#include "app/running/live_markets.h"
#include "app/running/live_trading.h"
#include "app/running/process_log.h"
#include "app/running/session_watch.h"
#include "app/running/status_document.h"
#include "app/storing/database_sink.h"

namespace arbees::app {

struct LiveProcessOptions {
  Config config;
  std::string folder;
  std::string label;  // what the dashboard calls it: "paper", "demo"
  std::uint16_t port = 8420;
  const LiveKeys* keys = nullptr;           // live orders are signed with these; null: on paper
  std::map<std::string, Money> opening;     // live: cash that the ledger begins with
  std::map<Venue, SettledAccount> settled;  // live: in earlier sessions
  // What is configured now, if a process with this configuration may take it; empty: SIGHUP changes nothing.
  std::function<Result<ReloadedConfig, ConfigErrors>(const Config& present)> reload;
};

class LiveProcess {
 public:
  // The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<LiveProcess>, std::string> start(const LiveProcessOptions& options);

  // Serves until `end`, until stop turns true, or until something cannot be recorded.
  void run_until(Timestamp end, const volatile bool& stop);
  // Stops taking risk, waits for the answers of orders that are out, makes everything durable. Empty, or what went
  // wrong.
  [[nodiscard]] std::string finish();

  [[nodiscard]] LiveTrading& trading() noexcept { return *trading_; }
  [[nodiscard]] std::string dashboard_url() const { return dashboard_->url(); }
  [[nodiscard]] std::string page_url() const;  // with the token behind '#'
  [[nodiscard]] std::string ready_line(const std::string& role) const;
  [[nodiscard]] std::string status(Timestamp now);
  [[nodiscard]] std::string title_of(Venue venue, const std::string& symbol) const;

 private:
  explicit LiveProcess(const LiveProcessOptions& options);
  [[nodiscard]] std::string begin();
  [[nodiscard]] std::string begin_live();
  [[nodiscard]] std::string open_servers();
  [[nodiscard]] std::string begin_database();
  void turn(Timestamp now);
  void reload(Timestamp now);
  void close_gateways();
  void join_redis();
  // The kill switch of Redis counts at once, also between ticks.
  void obey_redis(Timestamp now);
  // A venue that hears nothing of us cancels our orders, and we know nothing of it.
  void watch_heartbeats(Timestamp now);

  LiveProcessOptions options_;
  net::IoLoop loop_;
  std::unique_ptr<ProcessLog> log_;
  SessionWatch session_watch_;
  std::unique_ptr<LiveGateways> gateways_;  // null: on paper
  std::unique_ptr<PriceTap> tap_;           // null: without a database, as the next
  std::unique_ptr<LiveTrading> trading_;
  std::unique_ptr<DatabaseSink> database_;
  std::unique_ptr<AccountWatch> accounts_;  // null: on paper
  std::unique_ptr<LiveMarkets> markets_;
  std::unique_ptr<CandleWarmUp> warm_up_;
  std::unique_ptr<DashboardServer> dashboard_;
  std::unique_ptr<MetricsServer> metrics_;      // null: not configured
  std::unique_ptr<Coordination> coordination_;  // null: no Redis is configured
  std::string token_;
  Timestamp started_at_ = kNoTime;
  Timestamp next_tick_ = kNoTime;
  Timestamp next_heartbeat_look_ = kNoTime;
  Timestamp next_status_ = kNoTime;
};

}  // namespace arbees::app
