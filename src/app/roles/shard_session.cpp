#include "app/roles/shard_session.h"

#include "app/config/basis_text.h"
#include "app/config/reload.h"
#include "app/running/session_opening.h"

namespace arbees::app {
namespace {

// A burst of full snapshots of hundreds of markets.
constexpr std::size_t kQueuedEvents = 65'536;

}  // namespace

ShardSession::ShardSession(const Config& config, std::string prefix, ShardRequests::Publish publish,
                           ShardPermits permits)
    : config_(config),
      permits_(std::move(permits)),
      source_(kQueuedEvents),
      engine_(Capacity{}, config.limits),
      loop_(source_, nullptr, engine_, *this),
      markets_([this](const EventBody& body, Timestamp now) { add(body, now); }),
      requests_(std::move(prefix), std::move(publish),
                [this](RequestId request, const HeldLegs& held) { engine_.conclude(request, held); }) {}

void ShardSession::begin(Timestamp now) {
  // The executor knows the cash, and refuses what it cannot pay; here the limits are what there is to spend.
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    CashSnapshot cash;
    cash.cash = config_.limits.max_total_exposure;
    cash.venue = venue;
    add(cash, now);
  }
  for (const BasisBoundSet& bound : basis_bounds(config_.basis.strict, config_.basis.statistical)) add(bound, now);
  for (const EventBody& body : model_opening(config_.model)) add(body, now);
  obey(now);
  drain();
}

void ShardSession::add(const EventBody& body, Timestamp now) {
  if (source_.full()) drain();
  ++event_counts_[body.index()];
  source_.push(body, now);
}

void ShardSession::on_event(const Event& event) {
  if (std::holds_alternative<SpotCandle>(event.body)) {
    if (source_.full()) drain();
    ++event_counts_[event.body.index()];
    return source_.push(event);
  }
  if (find_entry_) markets_.on_event(event, find_entry_);
}

void ShardSession::drain() {
  while (loop_.step()) {
    // Sent between events: concluding one changes what the engine holds.
    std::vector<ExecutionRequest> leaving;
    leaving.swap(leaving_);
    for (const ExecutionRequest& request : leaving) send(request, request.created_at);
  }
  statistics_.set_events(loop_.event_count());
  watch_.digest([this](Venue, InstrumentId id) { return ContractName{symbol_of(id), {}}; });
}

void ShardSession::deliver(const Event& cause, const Outputs& outputs) {
  for (const ExecutionRequest& request : outputs.requests) {
    leaving_.push_back(request);
    if (permits_.clock != nullptr) statistics_.add_latency((permits_.clock() - cause.received_at).count());
  }
  statistics_.add(outputs);
  watch_.take(outputs);
}

std::string ShardSession::symbol_of(InstrumentId id) const {
  const ShardMarkets::Known* known = markets_.find(id);
  return known == nullptr ? std::string() : known->contract.symbol;
}

void ShardSession::write_status(JsonWriter& json) const {
  statistics_.write_judgements(json);
  statistics_.write_latency(json);
  write_prices(event_counts_, json);
  write_exposure(engine_.portfolio(), json);
  write_model(engine_.model(), json);
  write_event_groups(engine_.arbitrage(), [this](InstrumentId id) { return symbol_of(id); }, json);
  watch_.write_fields(json, statistics_.latencies());
}

void ShardSession::send(const ExecutionRequest& request, Timestamp now) {
  const auto fence = permits_.fence(request.legs[0].asset);
  if (!fence || !permits_.halt_reason().empty()) return requests_.withhold(request.id);
  const auto told = *fence == 0 ? std::nullopt : fence;
  if (!requests_.begin(request, told, markets_, engine_.market(), now)) requests_.withhold(request.id);
}

void ShardSession::obey(Timestamp now) {
  const bool wanted = !permits_.halt_reason().empty();
  if (wanted == is_halted_) return;
  is_halted_ = wanted;
  add(Control{wanted ? ControlCommand::Halt : ControlCommand::Resume, ControlReason::Unstated}, now);
}

void ShardSession::take_limits(const RiskLimits& before, const RiskLimits& limits, Timestamp now) {
  drain();
  for (const LimitSet& set : changed_limits(before, limits)) add(set, now);
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    CashSnapshot cash;
    cash.cash = engine_.portfolio().cash(venue) + limits.max_total_exposure - before.max_total_exposure;
    cash.venue = venue;
    add(cash, now);
  }
  drain();
}

void ShardSession::tick(Timestamp now) {
  obey(now);
  markets_.tick(now);
  requests_.tick(now);
  add(TimerTick{++ticks_}, now);
  drain();
}

}  // namespace arbees::app
