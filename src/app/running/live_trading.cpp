#include "app/running/live_trading.h"

#include <fmt/format.h>

#include <filesystem>

#include "adapters/store/ledger_check.h"
#include "app/data_folder.h"
#include "app/running/session_opening.h"

namespace arbees::app {
namespace {

// Events that may wait between two looks at the queue: a burst of full snapshots of hundreds of markets.
constexpr std::size_t kQueuedEvents = 65'536;

// The journal is written out at least this often, in ticks of 100 ms.
constexpr std::uint64_t kFlushTicks = 10;

}  // namespace

LiveTrading::LiveTrading(const LiveTradingOptions& options, ProcessLock lock)
    : options_(options), lock_(std::move(lock)), latch_(options.folder), source_(kQueuedEvents) {}

Result<std::unique_ptr<LiveTrading>, std::string> LiveTrading::open(const LiveTradingOptions& options, Timestamp now) {
  auto lock = ProcessLock::take(options.folder);
  if (!lock) return failure(lock.error());
  std::unique_ptr<LiveTrading> trading(new LiveTrading(options, std::move(*lock)));
  std::string wrong = trading->begin(now);
  if (!wrong.empty()) return failure(std::move(wrong));
  return trading;
}

std::string LiveTrading::open_ledger() {
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
void LiveTrading::open_session(LedgerAudit audit, Timestamp now) {
  if (is_live()) audit.cash.insert(options_.opening.begin(), options_.opening.end());
  for (const EventBody& body : session_opening(session_, options_.limits, audit)) {
    const auto* cash = std::get_if<CashSnapshot>(&body);
    const bool is_paper_money = cash != nullptr && !audit.cash.contains(std::string(venue_name(cash->venue)));
    if (is_live() && is_paper_money) continue;
    add(body, now);
  }
  for (const LedgerPosition& position : audit.positions) inherited_.push_back(position.contract);
}

std::string LiveTrading::begin(Timestamp now) {
  const std::string path = ledger_path(options_.folder);
  std::string wrong = open_ledger();
  if (!wrong.empty()) return wrong;
  const auto contents = read_ledger(path);
  if (!contents) return contents.error();
  const LedgerAudit audit = audit_ledger(*contents);
  if (!audit.problems.empty()) {
    return fmt::format("{}: {} (arbees ledger check says more; nothing is traded on a wrong ledger)", path,
                       audit.problems.front());
  }
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
  const RiskLimits& limits = options_.limits;
  if (!ledger_->begin_session(session_, is_live() ? "live" : "paper", now) ||
      !ledger_->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure})) {
    return ledger_->error();
  }
  TradingRunOptions run;
  run.limits = limits;
  run.latency = options_.latency;
  run.seed = options_.seed;
  run.clock = options_.clock;
  run.ledger = ledger_.get();
  run.journal = &journal_->writer();
  run.simulate_execution = !is_live();
  run.orders = options_.gateways;
  run_ = std::make_unique<TradingRun>(source_, run);
  open_session(audit, now);
  for (const BasisBoundSet& bound : options_.basis) add(bound, now);
  for (const EventBody& body : model_opening(options_.model)) add(body, now);
  is_halted_ = latch_.is_halted();
  if (is_halted_) add(Control{ControlCommand::Halt}, now);
  drain(now);
  return run_->trouble();
}

void LiveTrading::make_room(Timestamp now) {
  if (source_.full()) drain(now);
}

void LiveTrading::on_event(const Event& event) {
  if (is_live()) options_.gateways->learn(event);
  make_room(event.received_at);
  if (!source_.full()) source_.push(event);  // still full: something cannot be recorded, and all is over
}

void LiveTrading::add(const EventBody& body, Timestamp now) {
  make_room(now);
  if (!source_.full()) source_.push(body, now);
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

void LiveTrading::obey_latch(Timestamp now) {
  if (!run_->trouble().empty() && !latch_.is_halted()) (void)latch_.halt(run_->trouble(), now);
  // What the engine halts for by itself lasts until somebody resumes, also over a restart.
  const TradingEngine& engine = run_->engine();
  if (!is_halted_ && engine.state() == TradingState::Halted && !latch_.is_halted()) {
    (void)latch_.halt(fmt::format("the engine halted: {}", control_reason_name(engine.state_reason())), now);
  }
  const bool wanted = is_stopping_ || latch_.is_halted();
  if (wanted == is_halted_) return;
  is_halted_ = wanted;
  add(Control{wanted ? ControlCommand::Halt : ControlCommand::Resume}, now);
  drain(now);
  if (wanted && is_live()) options_.gateways->cancel_all();
}

void LiveTrading::tick(Timestamp now) {
  obey_latch(now);
  if (is_live()) options_.gateways->tick(now);
  add(TimerTick{++ticks_}, now);
  drain(now);
  // What fails here is noticed by the next event, which cannot be recorded.
  if (ticks_ % kFlushTicks == 0 && journal_->writer().flush(Sync::ToSystem)) (void)journal_->rotate(now);
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
