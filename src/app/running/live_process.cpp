#include "app/running/live_process.h"

#include <unistd.h>

#include <algorithm>

#include "adapters/telemetry/json.h"
#include "app/config/basis_text.h"
#include "app/data_folder.h"
#include "app/ledger_json.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr Duration kStatusEvery = std::chrono::milliseconds(250);
// The answers of orders that are out when trading stops are waited for this long.
constexpr Duration kLastAnswers = std::chrono::seconds(5);
constexpr Duration kLastLiveAnswers = std::chrono::seconds(7);
// A halt is obeyed within this time, also one that another process wrote.
constexpr Duration kLatchLook = std::chrono::milliseconds(20);

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
  std::string wrong = add_gateways(*gateways_, loop_, options_.config, *options_.keys);
  if (wrong.empty()) gateways_->start();
  return wrong;
}

std::string LiveProcess::begin() {
  started_at_ = next_tick_ = next_status_ = net::IoLoop::now();
  std::string unready = begin_live();
  if (!unready.empty()) return unready;
  LiveTradingOptions settings = trading_options(options_);
  settings.gateways = gateways_.get();
  settings.opening = options_.opening;
  auto trading = LiveTrading::open(settings, started_at_);
  if (!trading) return trading.error();
  trading_ = std::move(*trading);
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
  sources.halt = [this](const std::string& reason) {
    const Timestamp now = net::IoLoop::now();
    auto halted = trading_->latch().halt(reason, now);
    trading_->obey_latch(now);
    return halted_answer(halted, true);
  };
  sources.resume = [this] { return halted_answer(trading_->latch().resume(), false); };
  auto dashboard = DashboardServer::open(loop_, options_.port, token_, std::move(sources));
  if (!dashboard) return dashboard.error() + " (choose another with --port, or --port 0 for any free one)";
  dashboard_ = std::move(*dashboard);
  auto markets = LiveMarkets::make(loop_, options_.config, *trading_, {{}, options_.folder});
  if (!markets) return markets.error();
  markets_ = std::move(*markets);
  for (const LedgerContract& contract : trading_->inherited()) {
    if (const auto venue = parse_venue(contract.venue)) markets_->keep_watching(*venue, contract.symbol);
  }
  markets_->start();
  warm_up_ = CandleWarmUp::make(loop_, options_.config, *trading_, started_at_);
  return {};
}

std::string LiveProcess::page_url() const { return dashboard_->url() + "/#token=" + token_; }

std::string LiveProcess::ready_line(const std::string& role) const {
  JsonWriter json;
  json.begin_object().field("ready", true).field("role", role).field("pid", static_cast<std::int64_t>(::getpid()));
  json.field("data", options_.folder).field("dashboard", dashboard_->url());
  json.field("mode", gateways_ != nullptr ? "live" : "paper").end_object();
  return json.take();
}

std::string LiveProcess::status(Timestamp now) {
  StatusInput input;
  input.label = options_.label;
  if (gateways_ != nullptr) {
    input.mode = "live";
    input.gateways = gateways_->health();
  }
  input.dashboard = dashboard_->url();
  input.feeds = markets_ ? markets_->health(now) : std::vector<FeedHealth>();
  input.started_at = started_at_;
  input.now = now;
  const MarketCounts counts = markets_ ? markets_->counts() : MarketCounts();
  input.listed = counts.listed;
  input.tradable = counts.tradable;
  return status_document(input, *trading_);
}

void LiveProcess::turn(Timestamp now) {
  Timestamp next = std::min(next_tick_, now + kTick);
  // Answers of the simulated exchange come at their own time, not at the next tick.
  if (trading_->next_due() != Timestamp::max()) next = std::min(next, trading_->next_due());
  next = std::min(next, now + kLatchLook);
  loop_.run_for(std::max(next - now, Duration::zero()));
  const Timestamp after = net::IoLoop::now();
  if (after >= next_tick_) {
    next_tick_ = after + kTick;
    markets_->tick(after);
    warm_up_->tick(after);
    trading_->tick(after);
  } else {
    trading_->obey_latch(after);
    trading_->drain(after);
  }
  if (after < next_status_) return;
  next_status_ = after + kStatusEvery;
  (void)write_status(options_.folder, status(after));  // an old file is not believed
  dashboard_->publish();
}

void LiveProcess::run_until(Timestamp end, const volatile bool& stop) {
  for (Timestamp now = net::IoLoop::now(); now < end && !stop && trading_->trouble().empty();
       now = net::IoLoop::now()) {
    turn(now);
  }
}

std::string LiveProcess::finish() {
  const Timestamp end = net::IoLoop::now() + (gateways_ != nullptr ? kLastLiveAnswers : kLastAnswers);
  trading_->stop_trading(net::IoLoop::now());
  for (Timestamp now = net::IoLoop::now(); now < end && !trading_->is_idle(); now = net::IoLoop::now()) turn(now);
  markets_->stop();
  if (gateways_ != nullptr) gateways_->stop();
  trading_->drain(net::IoLoop::now());
  return trading_->finish();
}

}  // namespace arbees::app
