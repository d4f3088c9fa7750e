#include "app/roles/executor_session.h"

#include <fmt/format.h>

#include <utility>

#include "adapters/store/ledger_check.h"
#include "app/config/reload.h"
#include "app/data_folder.h"
#include "app/running/day_result.h"
#include "app/running/ledger_start.h"
#include "app/running/lost_ledger.h"
#include "app/running/lost_orders.h"
#include "app/running/own_trouble.h"
#include "app/running/session_opening.h"

namespace arbees::app {
namespace {

// A burst of full snapshots of hundreds of markets.
constexpr std::size_t kQueuedEvents = 65'536;

LatencyModel paper_latency(const PaperConfig& paper) {
  LatencyModel latency;
  latency.set(Venue::Kalshi, {paper.kalshi_round_trip, paper.spread_percent});
  latency.set(Venue::Polymarket, {paper.polymarket_round_trip, paper.spread_percent});
  return latency;
}

}  // namespace

ExecutorSession::ExecutorSession(const std::string& folder, const Config& config,
                                 std::function<void(const Report&)> on_report)
    : limits_(config.limits),
      latch_(folder),
      on_report_(std::move(on_report)),
      source_(kQueuedEvents),
      exchange_(Capacity{}, paper_latency(config.paper), static_cast<std::uint64_t>(config.paper.seed)),
      merged_(source_, exchange_),
      engine_(Capacity{}, config.limits),
      loop_(merged_, nullptr, *this, *this) {}

Result<std::unique_ptr<ExecutorSession>, std::string> ExecutorSession::open(
    const std::string& folder, const Config& config, std::function<void(const Report&)> on_report, Timestamp now) {
  std::unique_ptr<ExecutorSession> session(new ExecutorSession(folder, config, std::move(on_report)));
  std::string wrong = session->begin(folder, now);
  if (!wrong.empty()) return failure(std::move(wrong));
  return session;
}

std::string ExecutorSession::begin(const std::string& folder, Timestamp now) {
  std::string wrong = lost_ledger(folder);
  if (!wrong.empty()) return wrong;
  const std::string path = ledger_path(folder);
  auto ledger = Ledger::open(path, Ledger::Durability::Normal);
  if (!ledger) return ledger.error();
  ledger_ = std::move(*ledger);
  if (ledger_->has_live_sessions()) {
    return fmt::format("{}: a ledger of live trading; choose another folder with --data", path);
  }
  const auto contents = read_ledger(path);
  if (!contents) return contents.error();
  const LedgerAudit audit = audit_ledger(*contents);
  wrong = start_on_ledger(folder, audit, now);
  if (!wrong.empty()) return wrong;
  const std::uint64_t number = ledger_->next_session();
  if (!ledger_->begin_session(number, "paper", now) ||
      !ledger_->set_limits({limits_.max_position, limits_.max_asset_exposure, limits_.max_total_exposure})) {
    return ledger_->error();
  }
  wrong = end_lost_orders(*ledger_, path, *contents, now);
  if (!wrong.empty()) return wrong;
  for (const LedgerPosition& position : audit.positions) inherited_.push_back(position.contract);
  for (const EventBody& body : session_opening(number, limits_, *contents, audit)) add(body, now);
  // Before the day's result: a flattening goes on with a day that is lost.
  obeyed_ = wanted();
  if (obeyed_ != ControlCommand::Resume) add(Control{obeyed_, ControlReason::Operator}, now);
  for (const EventBody& body : day_opening(day_result(*contents, audit, now))) add(body, now);
  drain(now);
  return trouble();
}

void ExecutorSession::on_event(const Event& event) {
  if (source_.full()) drain(event.received_at);
  if (!source_.full()) source_.push(event);
}

void ExecutorSession::add(const EventBody& body, Timestamp now) {
  if (source_.full()) drain(now);
  if (!source_.full()) source_.push(body, now);
}

Verdict ExecutorSession::execute(const Offer& offer, Timestamp now) {
  // The latch counts from the moment it is set, not from the next tick.
  obey(now);
  drain(now);
  engine_.offer(offer);
  add(TimerTick{++ticks_}, now);
  drain(now);
  return engine_.verdict().value_or(Verdict::Halted);
}

void ExecutorSession::drain(Timestamp now) {
  merged_.set_horizon(now);
  while (!ledger_->failed() && loop_.step()) {
  }
  statistics_.set_events(loop_.event_count());
  tell(now);
  for (const std::uint64_t id : settled_) instruments_.erase(id);
  settled_.clear();
}

void ExecutorSession::tell(Timestamp now) {
  if (reports_.empty() && !std::exchange(is_described_, false)) return;
  if (!ledger_->commit()) return;
  latch_own_trouble(now);  // before the log tells of the halt: it has the latch's text
  // What is told may lead to more being recorded.
  std::vector<Report> reports;
  reports.swap(reports_);
  for (const Report& report : reports) on_report_(report);
  const auto name_of = [this](Venue venue, InstrumentId id) {
    const auto found = instruments_.find(id.value);
    if (found == instruments_.end()) return ContractName();
    const std::string& symbol = found->second.symbol;
    return ContractName{symbol, title_of_ ? title_of_(venue, symbol) : std::string()};
  };
  watch_.digest(name_of, [this] { return latch_.is_halted() ? latch_.reason() : outside_halt_; });
}

void ExecutorSession::write_status(JsonWriter& json, Timestamp now) const {
  // The opportunities are those of the shards: here only offers are judged.
  json.field("events", statistics_.events()).field("decisions", statistics_.decisions());
  json.key("rejected").begin_object();
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (statistics_.rejected(verdict) != 0) json.field(verdict_name(verdict), statistics_.rejected(verdict));
  }
  json.end_object();
  statistics_.write_results(json);
  statistics_.write_latency(json);
  write_prices(event_counts_, json);
  write_cash(engine_.portfolio(), json);
  write_exposure(engine_.portfolio(), json);
  write_day(engine_.execution(), now, json);
  watch_.write_fields(json, statistics_.latencies());
}

void ExecutorSession::describe(const ContractDescription& description) {
  (void)ledger_->describe(description);  // it remembers its own failure
  is_described_ = true;
}

void ExecutorSession::take_limits(const RiskLimits& limits, Timestamp now) {
  drain(now);  // what was decided before is on record under the limits of before
  (void)ledger_->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure});
  for (const LimitSet& set : changed_limits(limits_, limits)) add(set, now);
  limits_ = limits;
  drain(now);
}

void ExecutorSession::set_outside_halt(const std::string& reason, Timestamp now) {
  if (reason == outside_halt_) return;
  drain(now);  // what waits may be a trouble of our own
  outside_halt_ = reason;
  obey(now);
}

// What the engine halts for by itself lasts until somebody resumes, also over a restart.
void ExecutorSession::latch_own_trouble(Timestamp now) {
  const bool is_own = obeyed_ != ControlCommand::Halt || (!was_latched_ && is_own_trouble(engine_.state_reason()));
  if (is_own && engine_.state() == TradingState::Halted && !latch_.is_halted()) {
    (void)latch_.halt(
        "the engine halted: " + own_trouble_text(engine_.state_reason(), limits_, engine_.execution(), now), now);
  }
}

void ExecutorSession::obey(Timestamp now) {
  latch_own_trouble(now);
  if (obeyed_ != ControlCommand::Resume) latch_.keep(now);
  const bool obeys_halt = obeyed_ == ControlCommand::Halt;
  was_latched_ = latch_.is_halted();
  const ControlCommand command = wanted();
  if (command == obeyed_) return;
  // A halt ends with a resume only, also where a flattening follows.
  if (obeys_halt && command == ControlCommand::Flatten) {
    add(Control{ControlCommand::Resume, ControlReason::Operator}, now);
  }
  obeyed_ = command;
  const bool is_redis = command == ControlCommand::Halt && !was_latched_;
  add(Control{command, is_redis ? ControlReason::Redis : ControlReason::Operator}, now);
  drain(now);  // what the engine is asked for its state next time has heard of it
}

void ExecutorSession::tick(Timestamp now) {
  if (!trouble().empty() && !latch_.is_halted()) (void)latch_.halt(trouble(), now);
  obey(now);
  add(TimerTick{++ticks_}, now);
  drain(now);
}

ControlCommand ExecutorSession::wanted() const {
  if (latch_.is_halted() || !outside_halt_.empty()) return ControlCommand::Halt;
  return latch_.is_flattening() ? ControlCommand::Flatten : ControlCommand::Resume;
}

void ExecutorSession::on_event(const Event& event, Outputs& outputs) {
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    (void)ledger_->record(*named);  // a failure stays, and ends the session
    instruments_[named->id.value] = {named->venue, std::string(named->symbol_view())};
  }
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) settled_.push_back(settled->id.value);
  ++event_counts_[event.body.index()];
  engine_.on_event(event, outputs);
}

void ExecutorSession::deliver(const Event& cause, const Outputs& outputs) {
  exchange_.submit(outputs, cause.received_at);
  statistics_.add(outputs);
  watch_.take(outputs);
  (void)ledger_->record(cause, outputs);
  for (const Report& report : outputs.reports) reports_.push_back(report);
}

std::string ExecutorSession::trouble() const {
  return ledger_->failed() ? "the ledger could not be written: " + ledger_->error() : std::string();
}

std::string ExecutorSession::finish() {
  (void)ledger_->commit();
  return trouble();
}

}  // namespace arbees::app
