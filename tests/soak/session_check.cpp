#include "tests/soak/session_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "adapters/store/journal_reader.h"
#include "adapters/store/ledger_check.h"
#include "adapters/telemetry/format.h"

namespace arbees::soak {
namespace {

struct Watched {
  std::string symbol;
  Venue venue = Venue::Unknown;
  Timestamp closes_at = kNoTime;
  Timestamp updated_at = kNoTime;
  Timestamp healed_at = kNoTime;  // first proven at or after the faults' end
  bool is_proven = false;
  bool was_proven = false;
  bool in_snapshot = false;
  bool has_ended = false;
  Timestamp snapshot_at = kNoTime;  // the start of the latest one
  bool is_renewed = false;          // by a snapshot that nothing of the faults can have touched
};

struct Decision {
  InstrumentId instrument;
  Timestamp at = kNoTime;
  std::string text;
  bool is_founded = false;
};

class Check {
 public:
  explicit Check(const SessionQuestion& question) : question_(question) {}

  void read_ledger_orders() {
    const auto ledger = read_ledger(question_.ledger);
    if (!ledger) return facts_.problems.push_back(ledger.error());
    for (const std::string& problem : audit_ledger(*ledger).problems) facts_.problems.push_back("ledger: " + problem);
    for (const LedgerOrder& order : ledger->orders) {
      ++facts_.orders;
      // Sales unwind a broken leg: they must be sent whatever the book looks like.
      if (!order.is_buy) continue;
      decisions_.push_back({InstrumentId{order.contract.instrument}, order.submitted_at,
                            fmt::format("order for {} {} at {}", order.contract.symbol, order.contract.outcome,
                                        to_iso_ms(order.submitted_at))});
    }
    std::sort(decisions_.begin(), decisions_.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  }

  void read_journal() {
    auto reader = JournalReader::open(question_.journal);
    if (!reader) return facts_.problems.push_back(reader.error());
    for (Event event; reader->next(event);) {
      ++facts_.events;
      last_ = event.received_at;
      std::visit([&](const auto& body) { on(body, event.received_at); }, event.body);
      judge(event.received_at);
    }
    if (reader->condition().end != JournalEnd::Clean) {
      facts_.problems.push_back("journal: " + reader->condition().describe());
    }
  }

  SessionFacts finish() {
    for (const Decision& decision : decisions_) {
      if (!decision.is_founded) facts_.problems.push_back(decision.text + " on a book that was not proven and fresh");
    }
    const bool is_asked = question_.faults_end != Timestamp::max();
    const Timestamp deadline = is_asked ? std::min(question_.faults_end + question_.heal_within, last_) : last_;
    for (const auto& [id, watched] : watched_) {
      if (!watched.was_proven) continue;
      ++facts_.watched;
      if (!is_asked || watched.has_ended || watched.closes_at <= deadline) continue;
      if (watched.healed_at == kNoTime || watched.healed_at > deadline) {
        facts_.unhealed.push_back(watched.symbol);
      } else {
        facts_.longest_heal = std::max(facts_.longest_heal, watched.healed_at - question_.faults_end);
      }
    }
    return std::move(facts_);
  }

 private:
  template <class Body>
  void on(const Body&, Timestamp) {}

  void on(const InstrumentNamed& named, Timestamp) {
    Watched& watched = watched_[named.id];
    watched.symbol = named.symbol_view();
    watched.venue = named.venue;
  }
  void on(const ContractListed& listed, Timestamp) { watched_[listed.id].closes_at = listed.terms.closes_at; }
  void on(const ContractSettled& settled, Timestamp) { watched_[settled.id].has_ended = true; }
  void on(const ContractPhaseChanged& changed, Timestamp) {
    if (changed.phase > ContractPhase::Paused) watched_[changed.id].has_ended = true;
  }
  void on(const BookUpdate& update, Timestamp now) {
    const auto it = watched_.find(update.id);
    if (it == watched_.end()) return;
    Watched& watched = it->second;
    watched.updated_at = now;
    if (update.is_snapshot_start()) {
      watched.is_proven = false;
      watched.in_snapshot = true;
      watched.snapshot_at = now;
    }
    if (update.is_last() && watched.in_snapshot) {
      watched.in_snapshot = false;
      watched.is_proven = watched.was_proven = true;
      watched.is_renewed = is_undisturbed(watched.snapshot_at);
    }
    if (watched.is_proven && now >= question_.faults_end && watched.healed_at == kNoTime) watched.healed_at = now;
  }
  void on(const BookFaulted& faulted, Timestamp now) {
    ++facts_.faults;
    Watched& watched = watched_[faulted.id];
    const bool is_difference = faulted.fault == BookFault::HashMismatch || faulted.fault == BookFault::NegativeLevel;
    if (is_difference && watched.is_renewed) facts_.wrong_again.push_back(watched.symbol + " at " + to_iso_ms(now));
    watched.is_proven = watched.in_snapshot = watched.is_renewed = false;
  }
  void on(const PriceGridChanged& changed, Timestamp) {
    // The levels known so far were on the old grid: nothing is decided here; a fault says so if they are off it.
    static_cast<void>(changed);
  }
  void on(const FeedStatus& status, Timestamp) {
    if (status.state == FeedState::Live) return;
    ++facts_.lost_feeds;
    for (auto& [id, watched] : watched_) {
      if (watched.venue == status.venue) watched.is_proven = watched.in_snapshot = false;
    }
  }

  [[nodiscard]] bool is_undisturbed(Timestamp at) const {
    return question_.faults_end != Timestamp::max() && at > question_.faults_end + question_.last_effects;
  }

  // Several events can bear the time of the decision: one of them must have found the book right.
  void judge(Timestamp now) {
    while (next_ < decisions_.size() && decisions_[next_].at < now) ++next_;
    for (std::size_t i = next_; i < decisions_.size() && decisions_[i].at == now; ++i) {
      const auto it = watched_.find(decisions_[i].instrument);
      if (it == watched_.end()) continue;
      const bool is_fresh = now - it->second.updated_at <= question_.staleness;
      decisions_[i].is_founded = decisions_[i].is_founded || (it->second.is_proven && is_fresh);
    }
  }

  const SessionQuestion& question_;
  SessionFacts facts_;
  std::map<InstrumentId, Watched> watched_;
  std::vector<Decision> decisions_;
  std::size_t next_ = 0;
  Timestamp last_ = kNoTime;
};

}  // namespace

SessionFacts check_session(const SessionQuestion& question) {
  Check check(question);
  check.read_ledger_orders();
  check.read_journal();
  return check.finish();
}

}  // namespace arbees::soak
