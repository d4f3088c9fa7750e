// What the supervisor does with frames: which events pass, what they prove, and what they say of the stream's health.

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <variant>

#include "adapters/venue/feed_supervisor.h"

namespace arbees {
namespace {

using std::chrono::seconds;

constexpr int kHopelessAttempts = 5;
constexpr Duration kHealingPause = seconds(60);  // doubled after each reconnect that healed nothing
constexpr Duration kTradeOverlap = seconds(60);  // a young connection may repeat trades that were told
constexpr std::uint8_t kSnapshotEnd = BookUpdate::kSnapshot | BookUpdate::kLast;

// The instrument that the event is about; none for the rest.
InstrumentId instrument_of(const Event& event) noexcept {
  return std::visit(
      [](const auto& body) -> InstrumentId {
        if constexpr (requires {
                        { body.id } -> std::convertible_to<InstrumentId>;
                      }) {
          return body.id;
        } else {
          return {};
        }
      },
      event.body);
}

bool is_price(const Event& event) noexcept {
  return std::holds_alternative<BookUpdate>(event.body) || std::holds_alternative<SpotBookUpdate>(event.body) ||
         std::holds_alternative<SpotQuote>(event.body) || std::holds_alternative<SpotTrade>(event.body) ||
         std::holds_alternative<ContractQuote>(event.body) || std::holds_alternative<ContractTrade>(event.body) ||
         std::holds_alternative<IndexPrint>(event.body);
}

// About the contract, not its book: believed from whichever connection it comes (one may carry them for all), and no
// harm if two tell it.
bool is_notice(const Event& event) noexcept {
  return std::holds_alternative<InstrumentNamed>(event.body) ||
         std::holds_alternative<ContractPhaseChanged>(event.body) ||
         std::holds_alternative<PriceGridChanged>(event.body) || std::holds_alternative<ContractSettled>(event.body) ||
         std::holds_alternative<StrikeUpdated>(event.body);
}

// The flags of a change of a book, or 0.
std::uint8_t book_flags(const Event& event) noexcept {
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) return update->flags;
  if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) return update->flags;
  return 0;
}

}  // namespace

void FeedSupervisor::on_frame(FeedConnection& connection, std::string_view frame, Timestamp received_at) {
  advance(received_at);
  tell_removed();
  ++health_.frames;
  health_.last_frame_at = now_;
  connection.last_frame_at = now_;
  context_.sink.on_raw(limits_.venue, connection.number(), frame, received_at);
  decoded_.clear();
  FeedSession& session = connection.session();
  session.decoder().decode(frame, received_at, decoded_);
  if (session.is_heartbeat(frame, decoded_)) connection.last_heartbeat_at = now_;
  note_anomalies(received_at);
  note_drift(connection);
  forward(connection);
  reply_.clear();
  session.after_frame(frame, decoded_, received_at, reply_);
  act(shard_of(connection), connection);
  if (state_ != FeedState::Live) update_state();
}

void FeedSupervisor::on_snapshot(std::uint32_t connection, std::string_view symbol, std::string_view body,
                                 Timestamp received_at) {
  advance(received_at);
  for (const auto& shard : shards_) {
    for (FeedConnection* open : {shard->current.get(), shard->successor.get()}) {
      if (open == nullptr || open->number() != connection || !open->is_open()) continue;
      context_.sink.on_raw(limits_.venue, connection, open->session().recorded_snapshot(symbol, body), received_at);
      decoded_.clear();
      open->session().on_snapshot(symbol, body, received_at, decoded_);
      note_anomalies(received_at);
      forward(*open);
      update_state();
      return;
    }
  }
}

// Does what the session asked for; the connection may be retired by it.
void FeedSupervisor::act(Shard& shard, FeedConnection& connection) {
  connection.queue(reply_.frames);
  connection.flush(now_);
  if (fetcher_ != nullptr) {
    for (SnapshotRequest& request : reply_.snapshots) fetcher_->fetch(connection.number(), std::move(request));
  }
  reply_.snapshots.clear();
  for (const std::string& market : reply_.markets_heard) context_.sink.on_market_heard(limits_.venue, market);
  if (!reply_.trouble.empty()) {
    mark(connection, reply_.trouble);
    health_.last_trouble = reply_.trouble;
  }
  if (reply_.wants_successor && &connection == shard.current.get()) connection.rotate_at = now_;
  if (!reply_.must_reconnect) return;
  const std::string reason = reply_.trouble.empty() ? std::string("given up by its session") : reply_.trouble;
  if (&connection == shard.successor.get()) {
    abandon_successor(shard, reason);
  } else if (&connection == shard.current.get()) {
    lose(shard, reason);
  }
}

void FeedSupervisor::forward(FeedConnection& connection) {
  for (std::size_t i = 0; i < decoded_.events.size(); ++i) forward_event(connection, i);
}

// The sink may subscribe and unsubscribe from inside its call: nothing of the tables is held across it.
void FeedSupervisor::forward_event(FeedConnection& connection, std::size_t index) {
  const Event& event = decoded_.events[index];
  const bool is_priced = is_price(event);
  if (is_priced) connection.last_price_at = now_;
  const InstrumentId id = instrument_of(event);
  if (!id) {
    if (shard_of(connection).current.get() != &connection) return;
  } else {
    SubscribedSymbol* symbol = symbols_.find(id);
    if (symbol == nullptr) return;
    if (!is_notice(event)) {
      if (symbol->shard != connection.shard() || !accepts(connection, *symbol, index)) return;
      note_event(connection, *symbol, event);
    }
  }
  if (is_priced) health_.last_data_at = now_;
  context_.sink.on_event(event);
}

bool FeedSupervisor::accepts(FeedConnection& connection, SubscribedSymbol& symbol, std::size_t index) {
  const Event& event = decoded_.events[index];
  if (symbol.owner != connection.number()) {
    if (proves(index, symbol.id)) {
      adopt(connection, symbol);
    } else if (symbol.owner != 0 || shard_of(connection).current.get() != &connection) {
      return false;
    }
  }
  if (const auto* trade = std::get_if<SpotTrade>(&event.body); trade != nullptr && trade->trade_id != 0) {
    if (trade->trade_id <= symbol.last_trade && now_ - connection.opened_at < kTradeOverlap) return false;
    symbol.last_trade = std::max(symbol.last_trade, trade->trade_id);
  }
  return true;
}

// Whether the symbol is proven from this event on: a snapshot that the rest of the frame does not take back.
bool FeedSupervisor::proves(std::size_t index, InstrumentId id) const noexcept {
  const Event& event = decoded_.events[index];
  if (proof_ == ProofKind::Quote) return is_price(event);
  if ((book_flags(event) & BookUpdate::kSnapshotStart) == 0) return false;
  return std::none_of(decoded_.events.begin() + static_cast<std::ptrdiff_t>(index), decoded_.events.end(),
                      [id](const Event& later) {
                        const auto* faulted = std::get_if<BookFaulted>(&later.body);
                        return faulted != nullptr && faulted->id == id;
                      });
}

void FeedSupervisor::adopt(FeedConnection& connection, SubscribedSymbol& symbol) {
  if (symbol.proof == BookProof::Proven) {
    Shard& shard = shard_of(connection);
    for (FeedConnection* owner : {shard.current.get(), shard.successor.get()}) {
      if (owner != nullptr && owner->number() == symbol.owner) --owner->proven;
    }
    symbol.proof = BookProof::Waiting;
  }
  symbol.owner = connection.number();
}

void FeedSupervisor::note_event(FeedConnection& connection, SubscribedSymbol& symbol, const Event& event) {
  if (std::holds_alternative<BookFaulted>(event.body)) {
    if (symbol.proof == BookProof::Proven && symbol.owner == connection.number()) --connection.proven;
    if (symbol.proof != BookProof::Faulted) FeedSymbols::note_fault(symbol, now_);
    return;
  }
  const bool is_proof =
      proof_ == ProofKind::Quote ? is_price(event) : (book_flags(event) & kSnapshotEnd) == kSnapshotEnd;
  if (is_proof && symbol.owner == connection.number()) note_proven(connection, symbol);
}

void FeedSupervisor::note_proven(FeedConnection& connection, SubscribedSymbol& symbol) noexcept {
  if (symbol.proof == BookProof::Proven) return;
  if (symbol.proof == BookProof::Faulted && symbol.was_proven) ++health_.resyncs;
  ++connection.proven;
  symbol.proof = BookProof::Proven;
  symbol.was_proven = true;
  symbol.proven_at = now_;
  shard_of(connection).healings = 0;
}

void FeedSupervisor::note_anomalies(Timestamp at) {
  for (const Anomaly& anomaly : decoded_.anomalies) {
    switch (anomaly.kind) {
      case AnomalyKind::SequenceGap:
      case AnomalyKind::HashMismatch: ++health_.gaps; break;
      case AnomalyKind::Malformed: ++health_.malformed; break;
      case AnomalyKind::UnknownMessage: ++health_.unknown_messages; break;
      case AnomalyKind::UnknownField: ++health_.unknown_fields; break;
      default: break;
    }
    context_.sink.on_anomaly(limits_.venue, anomaly, at);
  }
}

void FeedSupervisor::note_drift(FeedConnection& connection) noexcept {
  const DriftCounts drift = connection.session().decoder().drift();
  health_.unknown_fields += drift.fields - connection.drift.fields;
  health_.unknown_values += drift.values - connection.drift.values;
  connection.drift = drift;
}

void FeedSupervisor::tell_removed() {
  if (removed_.empty()) return;
  const std::vector<InstrumentId> removed = std::exchange(removed_, {});
  for (const InstrumentId id : removed) tell_faulted(id, BookFault::Disconnected);
}

void FeedSupervisor::fault(InstrumentId id, BookFault fault) {
  SubscribedSymbol* symbol = symbols_.find(id);
  if (symbol == nullptr || symbol->proof != BookProof::Proven) return;
  Shard& shard = *shards_[symbol->shard];
  for (FeedConnection* owner : {shard.current.get(), shard.successor.get()}) {
    if (owner != nullptr && owner->number() == symbol->owner) --owner->proven;
  }
  FeedSymbols::note_fault(*symbol, now_);
  tell_faulted(id, fault);
}

void FeedSupervisor::fault_owned(FeedConnection& connection) {
  std::vector<InstrumentId> faulted;
  symbols_.for_each([&](SubscribedSymbol& symbol) {
    if (symbol.owner != connection.number() || symbol.proof != BookProof::Proven) return;
    FeedSymbols::note_fault(symbol, now_);
    faulted.push_back(symbol.id);
  });
  connection.proven = 0;
  for (const InstrumentId id : faulted) tell_faulted(id, BookFault::Disconnected);
}

void FeedSupervisor::disown(FeedConnection& connection) {
  fault_owned(connection);
  symbols_.for_each([&](SubscribedSymbol& symbol) {
    if (symbol.owner == connection.number()) symbol.owner = 0;
  });
}

void FeedSupervisor::resync(Shard& shard) {
  FeedConnection& connection = *shard.current;
  std::vector<std::string> due;
  std::size_t hopeless = 0;
  int attempt = 1;
  symbols_.for_each([&](SubscribedSymbol& symbol) {
    if (symbol.shard != shard.index || symbol.proof == BookProof::Proven) return;
    if (symbol.was_proven && symbol.attempts >= kHopelessAttempts) ++hopeless;
    if (now_ < symbol.retry_at) return;
    FeedSymbols::plan_retry(symbol, now_);
    attempt = std::max(attempt, symbol.attempts);
    due.push_back(symbol.symbol);
  });
  if (is_beyond_healing(shard, hopeless)) {
    ++shard.healings;
    return lose(shard, "most of its books stayed lost");
  }
  if (due.empty()) return;
  std::sort(due.begin(), due.end());
  mark(connection, fmt::format("asks again for {} books, attempt {}", due.size(), attempt));
  reply_.clear();
  connection.session().resync(due, attempt, now_, reply_);
  act(shard, connection);
}

bool FeedSupervisor::is_beyond_healing(const Shard& shard, std::size_t hopeless) const noexcept {
  if (hopeless == 0 || hopeless * 2 <= shard.symbols) return false;
  return now_ - shard.current->opened_at > kHealingPause * (1 << std::min(shard.healings, 6));
}

}  // namespace arbees
