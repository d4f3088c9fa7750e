#include "app/trading_run.h"

#include <algorithm>
#include <thread>

#include "adapters/telemetry/format.h"
#include "core/simulation/merged_source.h"

namespace arbees::app {
namespace {

using Clock = std::chrono::steady_clock;

// Reports are committed to the ledger in batches of about this many events with outputs.
constexpr std::uint64_t kCommitEvery = 512;

// While waiting for an event, the wish to stop is looked at this often: signals do not end a sleep.
constexpr auto kStopCheck = std::chrono::milliseconds(20);

// Notes when each event that may cause a request was taken, and in real time waits for events first.
class TimedSource final : public EventSource {
 public:
  TimedSource(EventSource& source, const TradingRunOptions& options, const TradingEngine& engine) noexcept
      : source_(source),
        engine_(engine),
        observer_(options.observer),
        real_time_(options.real_time),
        stop_(options.stop),
        ledger_(options.ledger) {}

  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    if (real_time_ && !wait_for(event.received_at)) return false;
    last_ = &event;
    if (observer_ != nullptr) observer_->before(event.received_at, engine_);
    // Only a completed change of a book can cause a request, and reading the clock costs as much as handling it.
    const auto* update = std::get_if<BookUpdate>(&event.body);
    if (update != nullptr && update->is_last()) taken_at_ = Clock::now();
    // Names cause no output, and the ledger needs them for its symbols; it remembers its own failure.
    const auto* named = std::get_if<InstrumentNamed>(&event.body);
    if (named != nullptr && ledger_ != nullptr) (void)ledger_->record(*named);
    return true;
  }
  [[nodiscard]] Clock::time_point taken_at() const noexcept { return taken_at_; }
  // The loop's own, which lives as long as the loop.
  [[nodiscard]] const Event& last() const noexcept { return *last_; }

 private:
  // False if it was told to stop meanwhile.
  bool wait_for(Timestamp event_time) {
    if (first_event_ == kNoTime) {
      first_event_ = event_time;
      first_taken_ = Clock::now();
    }
    const Clock::time_point due = first_taken_ + (event_time - first_event_);
    while (Clock::now() < due) {
      if (stop_ != nullptr && *stop_) return false;
      std::this_thread::sleep_until(std::min(due, Clock::now() + kStopCheck));
    }
    return true;
  }

  EventSource& source_;
  const TradingEngine& engine_;
  RunObserver* observer_;
  bool real_time_;
  const volatile bool* stop_;
  Ledger* ledger_;
  const Event* last_ = nullptr;
  Timestamp first_event_ = kNoTime;
  Clock::time_point first_taken_;
  Clock::time_point taken_at_;
};

void write_line(std::FILE* file, JsonWriter& json) { std::fprintf(file, "%s\n", json.take().c_str()); }

void write_decision(std::FILE* file, const Report& report, const OpportunityJudged& judged) {
  JsonWriter json;
  json.begin_object().field("time", to_iso_ns(report.at)).field("event", report.sequence);
  json.field("opportunity", to_hex(judged.opportunity_id)).field("detector", detector_name(judged.detector));
  json.field("verdict", verdict_name(judged.verdict)).field("legs", static_cast<std::uint64_t>(judged.leg_count));
  json.field("started", to_iso_ns(judged.started_at)).field("size", to_short_text(judged.size));
  json.field("binding", judged.binding == Verdict::Accepted ? "depth" : verdict_name(judged.binding));
  json.field("outlay", to_short_text(judged.outlay)).field("fees", to_short_text(judged.fees));
  json.field("guaranteed", to_short_text(judged.guaranteed)).end_object();
  write_line(file, json);
}

void write_decision(std::FILE* file, const Report& report, const OpportunityEnded& ended) {
  JsonWriter json;
  json.begin_object().field("time", to_iso_ns(report.at)).field("event", report.sequence);
  json.field("opportunity", to_hex(ended.opportunity_id)).field("detector", detector_name(ended.detector));
  json.field("verdict", verdict_name(ended.verdict)).field("started", to_iso_ns(ended.started_at));
  json.field("ended", to_iso_ns(ended.ended_at)).field("size", to_short_text(ended.best_size));
  json.field("outlay", to_short_text(ended.best_outlay)).field("profit", to_short_text(ended.best_profit));
  json.field("judgements", ended.judgements).end_object();
  write_line(file, json);
}

// One line of JSON for each judgement of an opportunity, and for its end.
void write_decision(std::FILE* file, const Report& report) {
  if (const auto* judged = std::get_if<OpportunityJudged>(&report.body)) write_decision(file, report, *judged);
  if (const auto* ended = std::get_if<OpportunityEnded>(&report.body)) write_decision(file, report, *ended);
}

bool is_any_new(const Outputs& outputs) noexcept {
  return std::any_of(outputs.orders.begin(), outputs.orders.end(),
                     [](const OrderCommand& command) { return command.action == OrderAction::Submit; });
}

}  // namespace

struct TradingRun::Parts final : OutputSink {
  Parts(EventSource& market, const TradingRunOptions& chosen)
      : options(chosen),
        exchange(chosen.capacity, chosen.latency, chosen.seed),
        merged(market, exchange),
        timed(chosen.simulate_execution ? static_cast<EventSource&>(merged) : market, chosen, engine),
        engine(chosen.capacity, chosen.limits),
        loop(timed, chosen.journal, engine, *this) {}

  void deliver(const Event& cause, const Outputs& outputs) override {
    if (!outputs.requests.empty()) {
      statistics.add_latency(options.clock != nullptr
                                 ? (options.clock() - cause.received_at).count()
                                 : std::chrono::nanoseconds(Clock::now() - timed.taken_at()).count());
    }
    if (options.simulate_execution) exchange.submit(outputs, cause.received_at);
    statistics.add(outputs);
    if (options.observer != nullptr) options.observer->after(cause, outputs, engine);
    if (options.journal != nullptr) {
      (void)options.journal->append_digest(cause.sequence, loop.digest());  // a failure stays and ends the run
    }
    if (options.decisions != nullptr) {
      for (const Report& report : outputs.reports) write_decision(options.decisions, report);
    }
    if (options.ledger == nullptr) return;
    // Cancels and questions risk nothing: they wait for no disk, and go out even if nothing can be recorded.
    const bool has_orders = options.orders != nullptr && !outputs.orders.empty();
    const bool risks = has_orders && is_any_new(outputs);
    if (has_orders && !risks) options.orders->deliver(cause, outputs);
    (void)options.ledger->record(cause, outputs);  // a failure stays and ends the run
    ++uncommitted;
    if (risks || uncommitted >= kCommitEvery) commit();
    // Durable before sent: an intent that is not on record never leaves.
    if (risks && trouble().empty()) options.orders->deliver(cause, outputs);
  }

  void commit() {
    uncommitted = 0;
    if (options.ledger != nullptr) (void)options.ledger->commit();
  }

  [[nodiscard]] bool ledger_failed() const { return options.ledger != nullptr && options.ledger->failed(); }
  [[nodiscard]] bool journal_failed() const { return options.journal != nullptr && options.journal->failed(); }

  [[nodiscard]] std::string trouble() const {
    if (ledger_failed()) return "the ledger could not be written: " + options.ledger->error();
    if (journal_failed()) return "the journal could not be written: " + options.journal->error();
    return {};
  }

  TradingRunOptions options;
  SimulatedExchange exchange;
  MergedSource merged;
  TimedSource timed;
  TradingEngine engine;
  TradingLoop loop;
  RunStatistics statistics;
  std::uint64_t uncommitted = 0;
};

TradingRun::TradingRun(EventSource& market, const TradingRunOptions& options)
    : parts_(std::make_unique<Parts>(market, options)) {}
TradingRun::~TradingRun() = default;

bool TradingRun::step() {
  if (parts_->ledger_failed() || parts_->journal_failed()) return false;
  if (!parts_->loop.step()) return false;
  MarketTap* const tap = parts_->options.tap;
  if (tap != nullptr) tap->after(parts_->timed.last(), parts_->engine.market());
  return true;
}

std::string TradingRun::finish() {
  parts_->commit();
  return parts_->trouble();
}

void TradingRun::set_horizon(Timestamp now) noexcept { parts_->merged.set_horizon(now); }

Timestamp TradingRun::next_due() const noexcept { return parts_->exchange.next_due(); }

void TradingRun::describe(const ContractDescription& description) {
  if (parts_->options.ledger == nullptr) return;
  (void)parts_->options.ledger->describe(description);  // it remembers its own failure
  ++parts_->uncommitted;
}

void TradingRun::commit() {
  if (parts_->uncommitted > 0) parts_->commit();
}

std::string TradingRun::trouble() const { return parts_->trouble(); }

const RunStatistics& TradingRun::statistics() {
  RunStatistics& statistics = parts_->statistics;
  statistics.set_events(parts_->loop.event_count());
  statistics.set_digest(parts_->loop.digest());
  statistics.set_legs(parts_->engine.execution().broken_count(), parts_->engine.execution().unwound_count());
  return statistics;
}

const TradingEngine& TradingRun::engine() const noexcept { return parts_->engine; }
std::uint64_t TradingRun::digest() const noexcept { return parts_->loop.digest(); }
std::uint64_t TradingRun::event_count() const noexcept { return parts_->loop.event_count(); }

}  // namespace arbees::app
