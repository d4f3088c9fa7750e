// How the supervisor judges its stream, and what it tells of that.

#include <algorithm>

#include "adapters/venue/feed_supervisor.h"

namespace arbees {

bool FeedSupervisor::has_fresh_price(const FeedConnection& connection) const noexcept {
  if (limits_.price_age == Duration{0}) return true;
  const bool beats = limits_.heartbeat == Duration{0} || now_ - connection.last_heartbeat_at <= limits_.heartbeat * 3;
  const bool has_other = limits_.price_age_alone > Duration{0} && !beats;
  return now_ - std::max(connection.last_price_at, connection.opened_at) <=
         (has_other ? limits_.price_age_alone : limits_.price_age);
}

bool FeedSupervisor::is_live(const Shard& shard) const noexcept {
  const FeedConnection* connection = shard.current.get();
  if (connection == nullptr || !connection->is_open() || !has_fresh_price(*connection)) return false;
  const bool is_priced = limits_.price_age == Duration{0} || connection->last_price_at != kNoTime;
  if (proof_ == ProofKind::AnyPrice) return is_priced;
  const std::size_t successor = shard.successor ? shard.successor->proven : 0;
  return shard.symbols == 0 || (is_priced && connection->proven + successor > 0);
}

FeedState FeedSupervisor::present_state() const noexcept {
  bool is_any_open = false;
  for (const auto& shard : shards_) {
    if (!shard->current || !shard->current->is_open() || !is_wanted(*shard)) continue;
    if (is_live(*shard)) return FeedState::Live;
    is_any_open = true;
  }
  return is_any_open ? FeedState::Stale : FeedState::Down;
}

void FeedSupervisor::update_state() {
  const FeedState state = present_state();
  if (state == state_ && is_state_told_) return;
  if (!is_started_ && !is_state_told_) return;
  state_ = state;
  is_state_told_ = true;
  if (state != FeedState::Live) {
    for (const auto& shard : shards_) {
      if (shard->current) fault_owned(*shard->current);
      if (shard->successor) fault_owned(*shard->successor);
    }
  }
  FeedStatus status;
  status.venue = limits_.venue;
  status.state = state;
  if (protocol_.tells_status()) tell(status);
}

void FeedSupervisor::mark(const FeedConnection& connection, std::string_view text) {
  context_.sink.on_marker(limits_.venue, connection.number(), text, now_);
}

void FeedSupervisor::tell_faulted(InstrumentId id, BookFault fault) {
  BookFaulted faulted;
  faulted.id = id;
  faulted.fault = fault;
  tell(faulted);
}

FeedHealth FeedSupervisor::health(Timestamp now) const {
  static_cast<void>(now);
  FeedHealth health = health_;
  health.state = state_;
  return health;
}

bool FeedSupervisor::is_proven(InstrumentId id) noexcept {
  const SubscribedSymbol* symbol = symbols_.find(id);
  return symbol != nullptr && symbol->proof == BookProof::Proven;
}

std::size_t FeedSupervisor::open_connections() const noexcept {
  std::size_t open = 0;
  for (const auto& shard : shards_) {
    if (shard->current && shard->current->is_open()) ++open;
    if (shard->successor && shard->successor->is_open()) ++open;
  }
  return open;
}

std::vector<std::string> FeedSupervisor::symbols() {
  std::vector<std::string> names;
  symbols_.for_each([&names](const SubscribedSymbol& symbol) { names.push_back(symbol.symbol); });
  return names;
}

}  // namespace arbees
