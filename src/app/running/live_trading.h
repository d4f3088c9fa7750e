#pragma once
// One trading session of a data folder: events of live feeds in, decisions, paper orders, ledger and journal out.
//
// With gateways it is live: orders go there once their intent is durable, and halting cancels what rests.
// One thread calls everything here. What feeds tell is queued and handled by drain(); an event is journaled before it
// is handled, and what it caused is in the ledger before it is shown. Halted (by the latch of the folder, a signal,
// or trouble with journal or ledger) means that nothing new is sent; trouble sets the latch, so that it stays. The
// folder's other latch has everything sold.

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/store/journal_series.h"
#include "adapters/store/ledger.h"
#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/venue/feed.h"
#include "app/running/halt_latch.h"
#include "app/running/live_gateways.h"
#include "app/running/live_source.h"
#include "app/running/process_lock.h"
#include "app/running/settled_contracts.h"
#include "app/trading_run.h"
#include "core/pricing/model_parameters.h"
#include "core/simulation/latency_model.h"

namespace arbees::app {

// Events of feeds, by kind: the index in EventBody.
using EventCounts = std::array<std::uint64_t, std::variant_size_v<EventBody>>;

struct LiveTradingOptions {
  std::string folder;
  RiskLimits limits;
  std::vector<BasisBoundSet> basis;  // told at the session's start
  ModelParameters model;
  LatencyModel latency;
  std::uint64_t seed = 1;
  std::uint64_t journal_max_bytes = std::uint64_t{20} << 30;  // of all journals of the folder; the oldest go first
  Timestamp (*clock)() = nullptr;                             // for latencies; never null
  MarketTap* tap = nullptr;                                   // may be null
  LiveGateways* gateways = nullptr;                           // null: on paper
  std::map<std::string, Money> opening;     // live: cash of venues that the ledger begins with, by name
  std::map<Venue, SettledAccount> settled;  // live: in earlier sessions
  RunObserver* observer = nullptr;          // may be null
};

class LiveTrading final : public FeedSink {
 public:
  // Takes the folder's lock, opens or makes its ledger, begins a session. The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<LiveTrading>, std::string> open(const LiveTradingOptions& options,
                                                                              Timestamp now);

  // From feeds.
  void on_event(const Event& event) override;
  // From ourselves: listed contracts, commands.
  void add(const EventBody& body, Timestamp now);

  // Handles everything queued, and what the simulated exchange answers until `now`.
  void drain(Timestamp now);
  // Halts, flattens and resumes as the latches say; also between ticks, for a halt is not to wait for one.
  void obey_latch(Timestamp now);
  // Halts by our own decision, with the latch.
  void halt(ControlReason reason, const std::string& why, Timestamp now);
  // Halts by a person's order: trading first, then the latch. False if it was latched already.
  [[nodiscard]] Result<bool, std::string> halt_by_hand(const std::string& why, Timestamp now);
  // Halts while the reason is not empty (Redis is lost, or says so); without the latch.
  void set_outside_halt(const std::string& reason, Timestamp now);
  // These limits count from the next event on; recorded beside the decisions that are made under them.
  void take_limits(const RiskLimits& limits, Timestamp now);
  // Of earlier sessions, as the reconciliation found it.
  [[nodiscard]] const std::map<Venue, SettledAccount>& settled_before() const noexcept { return options_.settled; }
  // What settled contracts have not brought at a venue yet.
  void set_unpaid(Venue venue, Money amount, Timestamp now);
  // What the books held there and have settled, in this session or of late before it.
  [[nodiscard]] const Payouts& settled(Venue venue) { return settled_.of(venue); }
  // Every 100 ms: time passes for the engine, the latch is looked at.
  void tick(Timestamp now);
  // Writes out what the journal still holds, if it is time to; if that fails, halts. With orders out at a venue there
  // is always something to write.
  void write_journal(Timestamp now);
  [[nodiscard]] Timestamp next_due() const noexcept { return run_->next_due(); }

  // Stops taking risk. is_idle() once no order is under way any more; then finish().
  void stop_trading(Timestamp now);
  [[nodiscard]] bool is_idle() const noexcept;
  // Everything durable; empty, or what could not be recorded.
  [[nodiscard]] std::string finish();

  [[nodiscard]] bool is_halted() const noexcept { return obeyed_ == ControlCommand::Halt; }
  [[nodiscard]] std::string trouble() const { return run_->trouble(); }
  [[nodiscard]] TradingRun& run() noexcept { return *run_; }
  [[nodiscard]] const HaltLatch& latch() const noexcept { return latch_; }
  [[nodiscard]] const EventCounts& event_counts() const noexcept { return event_counts_; }
  // For people; empty if it is not halted.
  [[nodiscard]] std::string halt_reason() const { return latch_.is_halted() ? latch_.reason() : outside_halt_; }
  [[nodiscard]] std::uint64_t session() const noexcept { return session_; }
  [[nodiscard]] const std::string& folder() const noexcept { return options_.folder; }
  // The venue's symbol of an instrument that was named; empty if none was.
  [[nodiscard]] std::string symbol(InstrumentId id) const;
  // Symbols of positions that were open when the session began, by venue name: the catalog must go on with them.
  [[nodiscard]] const std::vector<LedgerContract>& inherited() const noexcept { return inherited_; }

 private:
  LiveTrading(const LiveTradingOptions& options, ProcessLock lock);
  [[nodiscard]] std::string begin(Timestamp now);
  [[nodiscard]] std::string open_ledger();
  [[nodiscard]] std::string begin_in_ledger(const LedgerContents& contents, Timestamp now);
  void open_session(const LedgerContents& contents, LedgerAudit audit, Timestamp now);
  [[nodiscard]] bool is_live() const noexcept { return options_.gateways != nullptr; }
  void make_room(Timestamp now);
  void learn(const EventBody& body, Timestamp now);
  void forget_names(Timestamp now);
  [[nodiscard]] ControlCommand wanted() const;
  void latch_troubles(Timestamp now);

  LiveTradingOptions options_;
  ProcessLock lock_;
  HaltLatch latch_;
  LiveSource source_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<JournalSeries> journal_;
  std::unique_ptr<TradingRun> run_;
  std::vector<LedgerContract> inherited_;
  std::unordered_map<std::uint64_t, std::string> symbols_;  // by instrument
  std::deque<std::pair<InstrumentId, Timestamp>> ended_;    // settled then; named for a while yet
  SettledContracts settled_;
  EventCounts event_counts_{};
  std::uint64_t session_ = 0;
  std::uint64_t ticks_ = 0;
  Timestamp next_write_ = kNoTime;
  std::uint64_t written_events_ = 0;  // of the journal, when it was written out last
  std::string outside_halt_;
  ControlCommand obeyed_ = ControlCommand::Resume;
  bool was_latched_ = false;  // when it was last looked at
  bool is_stopping_ = false;
  bool is_halting_ = false;  // the latch is not written yet
  bool is_trouble_told_ = false;
  ControlReason told_reason_ = ControlReason::Unstated;  // of the engine's own trouble, in the latch
};

}  // namespace arbees::app
