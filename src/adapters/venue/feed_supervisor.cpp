#include "adapters/venue/feed_supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace arbees {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kHandoverLimit = seconds(30);  // for the successor to prove every book
constexpr Duration kHandoverRetry = minutes(5);   // after a successor that failed
constexpr int kHandoverTries = 3;                 // then the connection is replaced without overlap
constexpr Duration kRetiredLimit = seconds(3);    // for a polite close
constexpr Duration kDrainLimit = seconds(10);     // Polymarket asks its clients to spread over these
constexpr Duration kThrottledBase = seconds(1);   // both venues ask for about this (docs/venues/feeds.md)
constexpr Duration kThrottledCap = minutes(2);
constexpr Duration kRefusedBase = minutes(1);
constexpr Duration kRefusedCap = minutes(10);
constexpr Duration kStaleLimit = seconds(30);  // stale for this long although connected: replaced
constexpr std::int64_t kDialCost = 1000;       // thousandths, so that rates below one a second can be said

Duration doubled(Duration base, int times, Duration cap) { return std::min(base * (1 << std::min(times, 8)), cap); }

}  // namespace

FeedSupervisor::FeedSupervisor(FeedProtocol& protocol, const FeedContext& context, SnapshotFetcher* fetcher)
    : protocol_(protocol),
      limits_(protocol.limits()),
      context_(context),
      fetcher_(fetcher),
      proof_(protocol.proof()),
      random_(context.seed),
      dials_(std::int64_t{limits_.dials_per_minute} * kDialCost / 60,
             std::max<std::int64_t>(1, limits_.dials_per_minute / 6) * kDialCost),
      symbols_(limits_.venue) {
  health_.venue = limits_.venue;
}

FeedSupervisor::~FeedSupervisor() = default;

void FeedSupervisor::subscribe(std::span<const std::string> symbols) {
  for (const std::string& symbol : symbols) {
    if (symbol.empty() || symbols_.find(symbol) != nullptr) continue;
    Shard& shard = shard_with_room();
    ++shard.symbols;
    FeedSymbols::expect_snapshot(symbols_.add(symbol, shard.index), now_);
    if (shard.current && shard.current->is_open()) shard.current->plan_add(symbol);
    if (shard.successor && shard.successor->is_open()) shard.successor->plan_add(symbol);
  }
}

void FeedSupervisor::unsubscribe(std::span<const std::string> symbols) {
  for (const std::string& symbol : symbols) {
    SubscribedSymbol* known = symbols_.find(symbol);
    if (known == nullptr) continue;
    Shard& shard = *shards_[known->shard];
    --shard.symbols;
    if (known->proof == BookProof::Proven) removed_.push_back(known->id);
    for (FeedConnection* connection : {shard.current.get(), shard.successor.get()}) {
      if (connection == nullptr) continue;
      if (connection->is_open()) connection->plan_remove(symbol);
      if (known->owner == connection->number() && known->proof == BookProof::Proven) --connection->proven;
    }
    symbols_.remove(known->id);
  }
}

void FeedSupervisor::tick(Timestamp now) {
  advance(now);
  tell_removed();
  if (is_started_ && shards_.empty() && protocol_.needs_connection()) shard_with_room();
  for (std::size_t i = 0; i < shards_.size(); ++i) tick_shard(*shards_[i]);
  update_state();
}

void FeedSupervisor::stop() {
  is_started_ = false;
  tell_removed();
  for (const auto& shard : shards_) {
    if (shard->successor) abandon_successor(*shard, "stopped");
    if (shard->current) lose(*shard, "stopped");
  }
  update_state();
}

FeedShard& FeedSupervisor::shard_with_room() {
  for (const auto& shard : shards_) {
    if (shard->symbols < limits_.max_symbols) return *shard;
  }
  return *shards_.emplace_back(std::make_unique<Shard>(shards_.size(), random_.next()));
}

FeedShard& FeedSupervisor::shard_of(const FeedConnection& connection) noexcept { return *shards_[connection.shard()]; }

bool FeedSupervisor::is_wanted(const Shard& shard) const noexcept {
  return is_started_ && (shard.symbols > 0 || (shard.index == 0 && protocol_.needs_connection()));
}

std::unique_ptr<FeedConnection> FeedSupervisor::dial(Shard& shard) {
  if (!dials_.try_take(kDialCost, now_)) return nullptr;
  const auto to = protocol_.dial(now_);
  if (!to) {
    health_.last_trouble = to.error();
    plan_retry(shard, RetryKind::Refused);
    return nullptr;
  }
  const FeedConnection::Identity identity{++context_.connections.last, shard.index};
  ConnectionListener& listener = *this;
  auto connection =
      std::make_unique<FeedConnection>(listener, identity, limits_, protocol_.make_session(shard.index == 0));
  connection->dial(context_.sockets, *to, now_);
  return connection;
}

void FeedSupervisor::tick_shard(Shard& shard) {
  std::erase_if(shard.retired, [this](const Shard::Retired& retired) {
    return retired.connection->phase() == FeedConnection::Phase::Closed || now_ - retired.at > kRetiredLimit;
  });
  if (!is_wanted(shard)) {
    if (shard.successor) abandon_successor(shard, "nothing is subscribed");
    if (shard.current) lose(shard, "nothing is subscribed");
    return;
  }
  if (!shard.current) {
    if (now_ >= shard.dial_at) shard.current = dial(shard);
    return;
  }
  if (shard.current->is_silent(now_)) return lose(shard, "silent: nothing was received for too long");
  tick_connection(shard, *shard.current);
  if (!shard.current || !shard.current->is_open()) return;
  check_price_age(shard);
  if (shard.current && proof_ == ProofKind::Snapshot) resync(shard);
  if (shard.current) tick_successor(shard);
}

void FeedSupervisor::tick_connection(Shard& shard, FeedConnection& connection) {
  if (std::exchange(connection.was_pinged, false)) {
    connection.last_frame_at = now_;
    connection.last_heartbeat_at = now_;
    health_.last_frame_at = now_;
  }
  if (!connection.is_open()) return;
  const bool pings = limits_.ping_interval > Duration{0};
  if (pings && now_ - connection.last_ping_at >= limits_.ping_interval) {
    connection.send_ping(protocol_.ping_text(), now_);
  }
  reply_.clear();
  connection.write_plans(now_, reply_);
  act(shard, connection);
}

void FeedSupervisor::check_price_age(Shard& shard) {
  FeedConnection& connection = *shard.current;
  if (has_fresh_price(connection)) {
    connection.stale_since = kNoTime;
    return;
  }
  if (connection.stale_since == kNoTime) {
    connection.stale_since = now_;
    mark(connection, "stale: connected, but no price for too long");
    health_.last_trouble = "connected, but no price for too long";
    fault_owned(connection);
    return;
  }
  const Duration limit = std::max(kStaleLimit, limits_.price_age * 3);
  if (now_ - connection.stale_since > limit) lose(shard, "no price for too long although connected");
}

void FeedSupervisor::tick_successor(Shard& shard) {
  if (!shard.successor) {
    if (now_ >= shard.current->rotate_at && now_ >= shard.dial_at) shard.successor = dial(shard);
    return;
  }
  if (shard.successor->is_silent(now_)) return abandon_successor(shard, "silent");
  tick_connection(shard, *shard.successor);
  if (!shard.successor) return;
  if (can_hand_over(shard)) return finish_handover(shard);
  if (now_ - shard.successor->dialed_at > kHandoverLimit) abandon_successor(shard, "its books did not come in time");
}

void FeedSupervisor::retire(Shard& shard, std::unique_ptr<FeedConnection> connection) {
  connection->close();
  shard.retired.push_back({std::move(connection), now_});
}

bool FeedSupervisor::can_hand_over(const Shard& shard) {
  const FeedConnection& successor = *shard.successor;
  if (!successor.is_open()) return false;
  if (proof_ == ProofKind::AnyPrice) return successor.last_price_at != kNoTime;
  return shard.current->proven == 0 && (successor.proven > 0 || shard.symbols == 0);
}

void FeedSupervisor::finish_handover(Shard& shard) {
  mark(*shard.successor, fmt::format("took over from connection {}", shard.current->number()));
  disown(*shard.current);
  retire(shard, std::move(shard.current));
  shard.current = std::move(shard.successor);
  shard.failed_handovers = 0;
}

void FeedSupervisor::abandon_successor(Shard& shard, std::string_view reason) {
  mark(*shard.successor, fmt::format("closed: successor abandoned: {}", reason));
  disown(*shard.successor);
  retire(shard, std::move(shard.successor));
  if (!is_started_ || !shard.current) return;
  if (++shard.failed_handovers >= kHandoverTries) {
    shard.failed_handovers = 0;
    return lose(shard, "too old, and no successor got ready");
  }
  shard.current->rotate_at = now_ + kHandoverRetry;
}

void FeedSupervisor::lose(Shard& shard, std::string_view reason) {
  FeedConnection& connection = *shard.current;
  mark(connection, fmt::format("closed: {}", reason));
  if (connection.opened_at != kNoTime) ++health_.disconnects;
  if (is_wanted(shard)) health_.last_trouble = reason;
  decoded_.clear();
  connection.session().decoder().reset(now_, decoded_);
  forward(connection);
  disown(connection);
  retire(shard, std::move(shard.current));
  if (shard.successor && shard.successor->is_open()) {
    shard.current = std::move(shard.successor);
    return;
  }
  if (shard.successor) retire(shard, std::move(shard.successor));
  if (is_wanted(shard)) plan_retry(shard, RetryKind::Normal);
}

void FeedSupervisor::plan_retry(Shard& shard, RetryKind kind) {
  const auto jitter = [this](Duration most) { return Duration(random_.between(0, most.count())); };
  switch (kind) {
    case RetryKind::Normal: shard.dial_at = now_ + shard.backoff.on_failure(now_); return;
    case RetryKind::Draining: shard.dial_at = now_ + jitter(kDrainLimit); return;
    case RetryKind::Throttled: {
      const Duration delay = doubled(kThrottledBase, shard.refusals++, kThrottledCap);
      shard.dial_at = now_ + delay + jitter(delay / 2);
      return;
    }
    case RetryKind::Refused: {
      const Duration delay = doubled(kRefusedBase, shard.refusals++, kRefusedCap);
      shard.dial_at = now_ + delay + jitter(delay / 10);
      return;
    }
  }
}

void FeedSupervisor::on_open(FeedConnection& connection) {
  Shard& shard = shard_of(connection);
  ++health_.connects;
  connection.opened_at = now_;
  connection.last_frame_at = now_;
  connection.last_ping_at = now_;
  const std::int64_t jitter = random_.between(0, limits_.max_age.count() / 24);
  connection.rotate_at = now_ + limits_.max_age - Duration(jitter);
  shard.backoff.on_success(now_);
  shard.refusals = 0;
  const std::vector<std::string> names = symbols_.names(shard.index);
  mark(connection, fmt::format("connected; subscribes {} symbols", names.size()));
  connection.clear_plans();
  symbols_.for_each([&](SubscribedSymbol& symbol) {
    if (symbol.shard == shard.index && symbol.owner == 0) FeedSymbols::expect_snapshot(symbol, now_);
  });
  reply_.clear();
  connection.session().open(names, now_, reply_);
  act(shard, connection);
}

void FeedSupervisor::on_closed(FeedConnection& connection, const net::WebSocketClosed& closed) {
  Shard& shard = shard_of(connection);
  const RetryAdvice advice = protocol_.advise(closed);
  std::string reason = closed.reason;
  if (closed.http_status != 0) reason += fmt::format(" (HTTP {})", closed.http_status);
  if (!advice.what_to_check.empty()) reason += ": " + advice.what_to_check;
  if (advice.kind == RetryKind::Throttled) ++health_.throttled;
  if (&connection == shard.successor.get()) {
    health_.last_trouble = reason;
    abandon_successor(shard, reason);
    if (advice.kind != RetryKind::Normal) plan_retry(shard, advice.kind);
  } else if (&connection == shard.current.get()) {
    lose(shard, reason);
    if (!shard.current && advice.kind != RetryKind::Normal) plan_retry(shard, advice.kind);
  }
  update_state();
}

}  // namespace arbees
