// From a graph with a profit to a verdict: certificate, life, size, and what limits it.

#include <algorithm>

#include "core/base/hash.h"
#include "core/engine/arbitrage_engine.h"
#include "core/engine/graph_quotes.h"

namespace arbees {
namespace {

constexpr int kShrinkAttempts = 4;

// A basis trade may use its whole limit while there is this much time to get out of it again, and less afterwards.
constexpr Duration kBasisFullTime = std::chrono::minutes(10);

// The kinds of opportunity that a group can have at one time.
constexpr std::uint64_t kCompletingLife = 0x636f'6d70'6c65'7465;
constexpr std::uint64_t kBasisLife = 0x6261'7369'735f'7472;

std::uint64_t other_life(std::uint64_t group_key, std::uint64_t kind) noexcept {
  const std::uint64_t key = mix64(group_key, kind);
  return key == 0 ? 1 : key;
}

// money × billionths, rounded up.
Money share_of(Money money, std::int64_t billionths) noexcept {
  constexpr std::int64_t kBillion = 1'000'000'000;
  const Int128 units = (static_cast<Int128>(money.units()) * billionths + kBillion - 1) / kBillion;
  return Money::from_units(static_cast<std::int64_t>(units));
}

}  // namespace

void ArbitrageEngine::lose(Group& group, Watch& watch, Timestamp now) noexcept {
  if (!watch.is_alive) return;
  watch.is_alive = watch.is_requested = false;
  if (&watch == &group.basis) return lives_.lose(other_life(group.key, kBasisLife), now);
  lives_.lose(group.key, now);
  lives_.lose(other_life(group.key, kCompletingLife), now);
}

bool ArbitrageEngine::consider(Group& group, Watch& watch, const Judging& judging) {
  const Event& event = judging.event;
  if (!watch.graph->has_arbitrage()) {
    lose(group, watch, event.received_at);
    return false;
  }
  if (watch.is_searched && watch.has_nothing) return false;  // too small to trade, as before
  if (watch.is_searched && watch.is_requested) {
    ++decisions_;  // the same portfolio, which has its request
    return false;
  }
  const Certificate* certificate = watch.graph->find();
  watch.is_searched = true;
  watch.has_nothing = certificate == nullptr;
  if (certificate == nullptr) {
    lose(group, watch, event.received_at);
    return false;
  }
  std::uint64_t key = other_life(group.key, kBasisLife);
  if (&watch == &group.riskless) {
    key = group.key;
    std::uint64_t absent = other_life(group.key, kCompletingLife);
    if (watch.graph->needs_held(*certificate)) std::swap(key, absent);
    if (watch.is_alive) lives_.lose(absent, event.received_at);
  }
  OpportunityLives::Life* life = lives_.see(key, group.key, event, judging.outputs);
  if (life == nullptr) return false;
  watch.is_alive = true;
  watch.is_requested = life->is_requested();
  describe(group, watch, *certificate, event.received_at);
  opportunity_.id = life->id;
  ++decisions_;
  OpportunityLives::note_offer(*life, opportunity_);
  if (life->is_requested()) {
    static_cast<void>(OpportunityLives::judge(*life, Verdict::Accepted));
    return false;
  }
  const Verdict verdict = size(group, watch, judging);
  if (verdict == Verdict::Accepted) {
    accepted_life_ = life;
    accepted_watch_ = &watch;
    return true;
  }
  if (OpportunityLives::judge(*life, verdict)) report(*life, verdict, event, judging.outputs);
  return false;
}

void ArbitrageEngine::describe(Group& group, Watch& watch, const Certificate& certificate, Timestamp now) {
  watch.graph->describe(certificate, opportunity_);
  opportunity_.event_group = group.key;
  opportunity_.detected_at = now;
  opportunity_.settles_at = kNoTime;
  for (const Leg& leg : opportunity_.legs) {
    const Contract* contract = market_.find(leg.instrument);
    if (contract != nullptr) opportunity_.settles_at = std::max(opportunity_.settles_at, contract->terms.closes_at);
  }
  if (&watch == &group.basis) return charge_for_basis(group, certificate);
  if (watch.graph->needs_held(certificate)) opportunity_.detector = Detector::Completion;
}

// Beyond the bound the package may pay as little as it does when the axes are not related at all. That it pays so
// little needs more than the bound failing (the value must lie between the strikes too), so this is no underestimate.
void ArbitrageEngine::charge_for_basis(Group& group, const Certificate& certificate) {
  ARBEES_ASSERT(group.pair != nullptr);
  const Money least = group.riskless.graph->least_gain(certificate);
  const Money loss = std::max(Money{}, certificate.guaranteed - least);
  opportunity_.detector = Detector::Basis;
  opportunity_.expected_loss = share_of(loss, group.pair->statistical.expected_billionths);
  opportunity_.tail_reserve = share_of(loss, group.pair->statistical.reserve_billionths);
}

Verdict ArbitrageEngine::size(Group& group, Watch& watch, const Judging& judging) {
  const Timestamp now = judging.event.received_at;
  binding_ = opportunity_.is_cut_by_price ? Verdict::EdgeTooSmall : Verdict::Accepted;
  const Verdict verdict = gate_.review(opportunity_, judging.state, judging.open_requests, now);
  if (verdict != Verdict::Accepted) return verdict;
  // What a basis trade may use depends on positions, not on orders: it waits until none is open.
  if (&watch == &group.basis && judging.open_requests > 0) return Verdict::TooManyRequests;
  std::int64_t share = Share::kWhole;
  for (int attempt = 0; attempt < kShrinkAttempts; ++attempt) {
    const Share allowed = affordable_share(group, watch, now);
    if (allowed.millionths == Share::kWhole) {
      // Shrunk, it must still be worth it.
      return gate_.review(opportunity_, judging.state, judging.open_requests, now);
    }
    binding_ = allowed.binding;
    share = share * allowed.millionths / Share::kWhole;
    if (!shrink(group, watch, share, now)) return allowed.binding;
  }
  return binding_;
}

Share ArbitrageEngine::affordable_share(const Group& group, const Watch& watch, Timestamp now) {
  Share share = gate_.affordable_share(opportunity_);
  if (&watch != &group.basis) return share;
  const RiskLimits& limits = gate_.limits();
  const Duration left = std::clamp(opportunity_.settles_at - now, Duration{0}, kBasisFullTime);
  const Int128 shrunk =
      static_cast<Int128>(limits.max_basis_exposure.units()) * left.count() / Duration{kBasisFullTime}.count();
  const Money limit = Money::from_units(static_cast<std::int64_t>(shrunk));
  share.narrow(opportunity_.outlay, limit - basis_exposure(*group.pair), Verdict::BasisLimit);
  const std::int64_t kelly =
      basis_kelly_millionths(group.pair->statistical, opportunity_.outlay, opportunity_.guaranteed);
  share.narrow(opportunity_.outlay, share_of(limits.max_total_exposure, kelly * 1000), Verdict::BasisLimit);
  return share;
}

// What is held in contracts of either source of the pair. Which of it is basis trade and which is riskless cannot be
// told from positions alone; all of it counts.
Money ArbitrageEngine::basis_exposure(const BasisBounds::Pair& pair) const {
  Money exposure;
  portfolio_.for_each([&](const Position& position) {
    if (position.asset != pair.asset) return;
    const Contract* contract = market_.find(position.instrument);
    const bool is_other = contract != nullptr && contract->terms.source != pair.first &&
                          contract->terms.source != pair.second && contract->is_listed;
    if (!is_other) exposure += position.cost;
  });
  return exposure;
}

// Tells the graph a share of what the books display of a leg's contract.
void ArbitrageEngine::show_share(Watch& watch, const Leg& leg, std::int64_t millionths) {
  Link* link = links_.find(leg.instrument.value);
  const Contract* contract = market_.find(leg.instrument);
  if (link == nullptr || contract == nullptr) return;
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    if (outcome == Outcome::No && watch.graph->contract(link->index).complement) continue;
    const GraphQuotes quotes = quotes_of(contract->book, outcome, millionths);
    watch.graph->set_quotes(link->index, outcome, std::span(quotes.data(), quotes.size()));
  }
}

bool ArbitrageEngine::shrink(Group& group, Watch& watch, std::int64_t millionths, Timestamp now) {
  // With every depth scaled alike the best portfolio scales alike, and the graph certifies it anew.
  watch.is_searched = false;
  const std::uint64_t id = opportunity_.id;
  const BoundedVector<Leg, kMaxLegs> changed = opportunity_.legs;
  for (const Leg& leg : changed) show_share(watch, leg, millionths);
  const Certificate* certificate = watch.graph->find();
  if (certificate != nullptr) describe(group, watch, *certificate, now);
  for (const Leg& leg : changed) show_share(watch, leg, Share::kWhole);
  opportunity_.id = id;
  return certificate != nullptr;
}

void ArbitrageEngine::report_accepted(const Event& event, RequestId request, Outputs& outputs) {
  ARBEES_ASSERT(accepted_life_ != nullptr);
  OpportunityLives::Life& life = *accepted_life_;
  life.request = request;
  accepted_watch_->is_requested = life.is_requested();
  const Verdict verdict = life.is_requested() ? Verdict::Accepted : Verdict::TooManyRequests;
  if (OpportunityLives::judge(life, verdict)) report(life, verdict, event, outputs);
}

void ArbitrageEngine::report(const OpportunityLives::Life& life, Verdict verdict, const Event& event,
                             Outputs& outputs) const {
  OpportunityJudged judged;
  judged.opportunity_id = life.id;
  judged.event_group = life.event_group;
  judged.started_at = life.started_at;
  judged.settles_at = opportunity_.settles_at;
  judged.size = opportunity_.size;
  judged.outlay = opportunity_.outlay;
  judged.guaranteed = opportunity_.guaranteed;
  judged.fees = opportunity_.fees;
  judged.expected_loss = opportunity_.expected_loss;
  judged.tail_reserve = opportunity_.tail_reserve;
  judged.request = life.request;
  judged.detector = opportunity_.detector;
  judged.verdict = verdict;
  judged.binding = binding_;
  judged.leg_count = static_cast<std::uint8_t>(opportunity_.legs.size());
  outputs.reports.push_back(Report{event.received_at, event.sequence, judged});
}

EventGroupView ArbitrageEngine::view(const Group& group) const {
  EventGroupView view;
  view.key = group.key;
  view.contracts = group.members.size();
  if (!group.members.empty()) {
    const Contract* contract = market_.find(group.members.front());
    if (contract != nullptr) {
      view.asset = contract->terms.asset;
      view.settles_at = contract->terms.closes_at;
    }
  }
  view.has_nearest = group.riskless.graph->nearest(view.nearest);
  const bool is_held = std::any_of(group.members.begin(), group.members.end(), [&](InstrumentId id) {
    const Link* link = links_.find(id.value);
    return link != nullptr && (link->held[0].is_positive() || link->held[1].is_positive());
  });
  // The graph's profit may lie in completing what is held, or in fractions of a cent that rounding takes. A cycle that
  // pays by itself has no cheapest dollar; nor has a group where what is held cannot be bought any more, so with
  // something held nothing is claimed.
  const bool pays = view.has_nearest ? view.nearest.cost < Money::whole(1) : !is_held;
  const bool is_rounded_away = group.riskless.is_searched && group.riskless.has_nothing;
  view.has_arbitrage = pays && !is_rounded_away && group.riskless.graph->has_arbitrage();
  for (const std::uint64_t key :
       {other_life(group.key, kBasisLife), other_life(group.key, kCompletingLife), group.key}) {
    const OpportunityLives::Life* life = lives_.find(key);
    if (life != nullptr && (view.opportunity == nullptr || life->gone_at == kNoTime)) view.opportunity = life;
  }
  return view;
}

}  // namespace arbees
