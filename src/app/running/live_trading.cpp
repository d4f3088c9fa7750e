#include "app/running/live_trading.h"

#include <fmt/format.h>

#include <filesystem>

#include "adapters/store/ledger_check.h"
#include "adapters/telemetry/log.h"
#include "app/config/reload.h"
#include "app/data_folder.h"
#include "app/running/day_result.h"
#include "app/running/ledger_start.h"
#include "app/running/lost_ledger.h"
#include "app/running/lost_orders.h"
#include "app/running/own_trouble.h"
#include "app/running/running_status.h"
#include "app/running/session_opening.h"

namespace arbees::app {
namespace {

// Events that may wait between two looks at the queue: a burst of full snapshots of hundreds of markets.
constexpr std::size_t kQueuedEvents = 65'536;

// A journal that cannot be written is noticed when it is written out: after this, or with the next turn of the loop.
constexpr Duration kWriteEvery = std::chrono::milliseconds(10);

// Of settled contracts: what is awaited there is told within minutes.
constexpr Duration kNamesKept = std::chrono::minutes(10);

}  // namespace

LiveTrading::LiveTrading(const LiveTradingOptions& options, ProcessLock lock)
    : options_(options),
      lock_(std::move(lock)),
      latch_(options.folder),
      source_(kQueuedEvents),
      settled_([this](InstrumentId id) { return symbol(id); }, options.observer) {}

Result<std::unique_ptr<LiveTrading>, std::string> LiveTrading::open(const LiveTradingOptions& options, Timestamp now) {
  auto lock = ProcessLock::take(options.folder);
  if (!lock) return failure(lock.error());
  supersede_status(options.folder);
  std::unique_ptr<LiveTrading> trading(new LiveTrading(options, std::move(*lock)));
  std::string wrong = trading->begin(now);
  if (!wrong.empty()) return failure(std::move(wrong));
  return trading;
}

std::string LiveTrading::open_ledger() {
  std::string lost = lost_ledger(options_.folder);
  if (!lost.empty()) return lost;
  const std::string path = ledger_path(options_.folder);
  // A commit survives the death of the process; paper money need not survive that of the machine.
  auto ledger = Ledger::open(path, is_live() ? Ledger::Durability::Full : Ledger::Durability::Normal);
  if (!ledger) return ledger.error();
  ledger_ = std::move(*ledger);
  const bool is_other = is_live() ? ledger_->has_paper_sessions() : ledger_->has_live_sessions();
  if (!is_other) return {};
  return fmt::format("{}: a ledger of {} trading; choose another folder with --data", path,
                     is_live() ? "paper" : "live");
}

// Live, only venues with an account have cash, and it is what they say.
void LiveTrading::open_session(const LedgerContents& contents, LedgerAudit audit, Timestamp now) {
  if (is_live()) audit.cash.insert(options_.opening.begin(), options_.opening.end());
  for (const EventBody& body : session_opening(session_, options_.limits, contents, audit)) {
    const auto* cash = std::get_if<CashSnapshot>(&body);
    const bool is_paper_money = cash != nullptr && !audit.cash.contains(std::string(venue_name(cash->venue)));
    if (is_live() && is_paper_money) continue;
    add(body, now);
  }
  for (const LedgerPosition& position : audit.positions) inherited_.push_back(position.contract);
}

// Live, the reconciliation has ended what was open.
std::string LiveTrading::begin_in_ledger(const LedgerContents& contents, Timestamp now) {
  const RiskLimits& limits = options_.limits;
  if (!ledger_->begin_session(session_, is_live() ? "live" : "paper", now) ||
      !ledger_->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure})) {
    return ledger_->error();
  }
  return is_live() ? std::string() : end_lost_orders(*ledger_, ledger_path(options_.folder), contents, now);
}

std::string LiveTrading::begin(Timestamp now) {
  const std::string path = ledger_path(options_.folder);
  std::string wrong = open_ledger();
  if (!wrong.empty()) return wrong;
  const auto contents = read_ledger(path);
  if (!contents) return contents.error();
  const LedgerAudit audit = audit_ledger(*contents);
  wrong = start_on_ledger(options_.folder, audit, now);
  if (!wrong.empty()) return wrong;
  session_ = ledger_->next_session();
  JournalHeader header;
  header.mode = is_live() ? JournalMode::Live : JournalMode::Paper;
  header.session = session_;
  header.seed = options_.seed;
  header.created_at = now;
  const std::filesystem::path folder(options_.folder);
  auto journal = JournalSeries::create((folder / fmt::format("session-{}.journal", session_)).string(), header,
                                       {"session-", options_.journal_max_bytes});
  if (!journal) return journal.error();
  journal_ = std::move(*journal);
  wrong = begin_in_ledger(*contents, now);
  if (!wrong.empty()) return wrong;
  TradingRunOptions run;
  run.limits = options_.limits;
  run.latency = options_.latency;
  run.seed = options_.seed;
  run.clock = options_.clock;
  run.ledger = ledger_.get();
  run.journal = &journal_->writer();
  run.tap = options_.tap;
  run.simulate_execution = !is_live();
  run.orders = options_.gateways;
  run.observer = is_live() ? &settled_ : options_.observer;
  run_ = std::make_unique<TradingRun>(source_, run);
  open_session(*contents, audit, now);
  settled_.begin(options_.settled);
  for (const auto& [venue, account] : options_.settled) add(unpaid_row(venue, account.unpaid.amount), now);
  for (const BasisBoundSet& bound : options_.basis) add(bound, now);
  for (const EventBody& body : model_opening(options_.model)) add(body, now);
  obeyed_ = wanted();
  if (is_live() && is_halted()) options_.gateways->cancel_all();
  // Before the day's result: a flattening goes on with a day that is lost.
  if (obeyed_ != ControlCommand::Resume) add(Control{obeyed_, ControlReason::Operator}, now);
  for (const EventBody& body : day_opening(day_result(*contents, audit, now))) add(body, now);
  drain(now);
  return run_->trouble();
}

void LiveTrading::make_room(Timestamp now) {
  if (source_.full()) drain(now);
}

void LiveTrading::on_event(const Event& event) {
  ++event_counts_[event.body.index()];
  if (is_live()) options_.gateways->learn(event);
  learn(event.body, event.received_at);
  make_room(event.received_at);
  if (!source_.full()) source_.push(event);  // still full: something cannot be recorded, and all is over
}

std::string LiveTrading::symbol(InstrumentId id) const {
  const auto found = symbols_.find(id.value);
  return found == symbols_.end() ? std::string() : found->second;
}

void LiveTrading::learn(const EventBody& body, Timestamp now) {
  if (const auto* named = std::get_if<InstrumentNamed>(&body)) {
    symbols_[named->id.value] = named->symbol_view();
  } else if (const auto* settled = std::get_if<ContractSettled>(&body)) {
    ended_.emplace_back(settled->id, now);
  }
}

// What is held beyond its settlement, because a trade is not final, is asked about by name.
void LiveTrading::forget_names(Timestamp now) {
  const Portfolio& portfolio = run_->engine().portfolio();
  while (!ended_.empty() && ended_.front().second + kNamesKept <= now) {
    const InstrumentId id = ended_.front().first;
    ended_.pop_front();
    const bool is_held = portfolio.find(id, Outcome::Yes) != nullptr || portfolio.find(id, Outcome::No) != nullptr;
    if (is_held) {
      ended_.emplace_back(id, now);
    } else {
      symbols_.erase(id.value);
    }
  }
}

void LiveTrading::add(const EventBody& body, Timestamp now) {
  learn(body, now);
  make_room(now);
  if (!source_.full()) source_.push(body, now);
}

void LiveTrading::take_limits(const RiskLimits& limits, Timestamp now) {
  drain(now);  // what was decided before is on record under the limits of before
  (void)ledger_->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure});
  for (const LimitSet& set : changed_limits(options_.limits, limits)) add(set, now);
  options_.limits = limits;
  drain(now);
}

void LiveTrading::drain(Timestamp now) {
  run_->set_horizon(now);
  do {
    if (is_live()) options_.gateways->flush(*this, ledger_.get());
    while (run_->step()) {
    }
  } while (is_live() && options_.gateways->has_news() && run_->trouble().empty());
  run_->commit();
}

// What trading halts for by itself lasts until somebody resumes, also over a restart; and where it is halted already,
// its reason is added to those that there are.
void LiveTrading::latch_troubles(Timestamp now) {
  if (!run_->trouble().empty() && (!is_trouble_told_ || !latch_.is_halted())) {
    is_trouble_told_ = true;
    // Nothing can be recorded, so the engine is asked nothing any more; cancels need no record, and no disk.
    if (is_live()) options_.gateways->cancel_all();
    (void)latch_.halt(run_->trouble(), now);
  }
  const TradingEngine& engine = run_->engine();
  if (engine.state() != TradingState::Halted) {
    told_reason_ = ControlReason::Unstated;
    return;
  }
  const ControlReason reason = engine.state_reason();
  const bool is_latched = latch_.is_halted();
  const bool begins = !is_latched && (!is_halted() || (!was_latched_ && is_own_trouble(reason)));
  const bool adds = is_latched && is_own_trouble(reason) && reason != told_reason_;
  if (!begins && !adds) return;
  told_reason_ = reason;
  (void)latch_.halt("the engine halted: " + own_trouble_text(reason, options_.limits, engine.execution(), now), now);
}

void LiveTrading::obey_latch(Timestamp now) {
  latch_troubles(now);
  // Not before the cancels of a halt: it writes.
  if (obeyed_ != ControlCommand::Resume) latch_.keep(now);
  was_latched_ = latch_.is_halted();
  const ControlCommand command = wanted();
  if (command == obeyed_) return;
  // A halt ends with a resume only, also where a flattening follows: the two come without a market event between them.
  if (is_halted() && command == ControlCommand::Flatten) {
    add(Control{ControlCommand::Resume, ControlReason::Operator}, now);
  }
  obeyed_ = command;
  const bool is_redis = command == ControlCommand::Halt && !was_latched_ && !is_halting_;
  const ControlReason by_hand = is_redis ? ControlReason::Redis : ControlReason::Operator;
  add(Control{command, is_stopping_ ? ControlReason::Signal : by_hand}, now);
  drain(now);
  if (is_live() && is_halted()) options_.gateways->cancel_all();
  if (is_halted()) return;
  if (command == ControlCommand::Resume) {
    const bool is_lost = run_->engine().execution().is_day_lost(now);
    log(LogLevel::Info, is_lost ? "trading goes on with sales only: the day has lost its limit" : "trading goes on",
        {{"halt", latch_.last_resume()}});
  }
  if (is_live()) options_.gateways->resume();
}

void LiveTrading::halt(ControlReason reason, const std::string& why, Timestamp now) {
  add(Control{ControlCommand::Halt, reason}, now);
  drain(now);
  (void)latch_.halt(why, now);
  told_reason_ = reason;
  obey_latch(now);
}

Result<bool, std::string> LiveTrading::halt_by_hand(const std::string& why, Timestamp now) {
  is_halting_ = true;
  obey_latch(now);
  auto latched = latch_.halt(why, now);
  is_halting_ = false;
  obey_latch(now);
  return latched;
}

ControlCommand LiveTrading::wanted() const {
  if (is_stopping_ || is_halting_ || latch_.is_halted() || !outside_halt_.empty()) return ControlCommand::Halt;
  return latch_.is_flattening() ? ControlCommand::Flatten : ControlCommand::Resume;
}

void LiveTrading::set_outside_halt(const std::string& reason, Timestamp now) {
  if (reason == outside_halt_) return;
  drain(now);  // what waits may be a trouble of our own
  outside_halt_ = reason;
  obey_latch(now);
}

void LiveTrading::set_unpaid(Venue venue, Money amount, Timestamp now) {
  if (amount != run_->engine().portfolio().unpaid(venue)) add(unpaid_row(venue, amount), now);
}

void LiveTrading::tick(Timestamp now) {
  obey_latch(now);
  forget_names(now);
  if (is_live()) options_.gateways->tick(now);
  add(TimerTick{++ticks_}, now);
  drain(now);
  write_journal(now);
}

void LiveTrading::write_journal(Timestamp now) {
  if (now < next_write_) return;
  next_write_ = now + kWriteEvery;
  // Quiet markets are no reason to learn late, with orders out, that nothing can be recorded any more.
  if (is_live() && options_.gateways->open_orders() > 0 && journal_->writer().events() == written_events_) {
    add(TimerTick{++ticks_}, now);
    drain(now);
  }
  if (journal_->writer().flush(Sync::ToSystem)) (void)journal_->rotate(now);
  written_events_ = journal_->writer().events();
  if (!run_->trouble().empty()) obey_latch(now);
}

void LiveTrading::stop_trading(Timestamp now) {
  is_stopping_ = true;
  tick(now);
}

bool LiveTrading::is_idle() const noexcept {
  const bool is_answered = !is_live() || (options_.gateways->open_orders() == 0 && !options_.gateways->has_news());
  return is_answered && run_->next_due() == Timestamp::max() && source_.size() == 0;
}

std::string LiveTrading::finish() {
  std::string wrong = run_->finish();
  if (wrong.empty() && !journal_->writer().flush(Sync::ToDisk)) wrong = journal_->writer().error();
  return wrong;
}

}  // namespace arbees::app
