#include "core/engine/arbitrage_engine.h"

#include <algorithm>
#include <array>

#include "core/base/hash.h"

namespace arbees {
namespace {

// A graph begins this small and doubles when a contract finds no room.
constexpr std::size_t kFirstGraphSize = 16;
constexpr std::size_t kLargestGraphSize = 4096;
constexpr std::size_t kLevels = 5;
constexpr int kShrinkAttempts = 4;

// Which contracts can be related: one asset and instant, or the outcomes of one event.
std::uint64_t group_key(const ContractTerms& terms) noexcept {
  std::uint64_t key = 0;
  if (terms.payoff == Payoff::Category) {
    key = mix64(terms.event_group, 1);
  } else {
    key = mix64(static_cast<std::uint64_t>(unix_ns(terms.closes_at)), static_cast<std::uint64_t>(terms.asset) + 2);
  }
  return key == 0 ? 1 : key;
}

PayoffGraphLimits graph_limits(std::size_t contracts) noexcept {
  PayoffGraphLimits limits;
  limits.contracts = contracts;
  limits.axes = 4;
  limits.levels = kLevels;
  return limits;
}

std::uint64_t portfolio_hash(const Opportunity& opportunity) noexcept {
  std::uint64_t hash = 0;
  for (const Leg& leg : opportunity.legs) {
    hash += mix64(leg.instrument.value, static_cast<std::uint64_t>(leg.outcome) + 1);  // the order of legs is no matter
  }
  return hash == 0 ? 1 : hash;
}

}  // namespace

ArbitrageEngine::ArbitrageEngine(const Capacity& capacity, const MarketState& market, const RiskGate& gate)
    : market_(market), gate_(gate), group_index_(capacity.event_groups), links_(capacity.instruments) {
  groups_.reserve(capacity.event_groups);
}

ArbitrageEngine::Group* ArbitrageEngine::group_for(std::uint64_t key) {
  if (const std::uint32_t* known = group_index_.find(key)) return &groups_[*known];
  std::uint32_t* slot = group_index_.insert(key);
  if (slot == nullptr) return nullptr;
  if (free_groups_.empty()) {
    *slot = static_cast<std::uint32_t>(groups_.size());
    groups_.emplace_back();
  } else {
    *slot = free_groups_.back();
    free_groups_.pop_back();
  }
  Group& group = groups_[*slot];
  group = Group{};
  group.key = key;
  group.graph = std::make_unique<PayoffGraph>(graph_limits(kFirstGraphSize));
  return &group;
}

void ArbitrageEngine::list(InstrumentId id) {
  const Contract* contract = market_.find(id);
  if (contract == nullptr) return;
  remove(id);
  if (contract->terms.not_tradable != NotTradable::None || judge_terms(contract->terms) != NotTradable::None) return;
  Group* group = group_for(group_key(contract->terms));
  if (group == nullptr) {
    ++unlinked_;
    return;
  }
  group->members.push_back(Member{id, 0});
  if (!link(*group, group->members.size() - 1)) rebuild(*group);
}

bool ArbitrageEngine::link(Group& group, std::size_t member) {
  const InstrumentId id = group.members[member].id;
  const Contract* contract = market_.find(id);
  if (contract == nullptr) return true;
  const auto index = group.graph->add_contract(id, contract->terms);
  if (!index) {
    if (index.error() == NotTradable::NoRoom) return false;
    ++unlinked_;
    return true;
  }
  Link* found = links_.insert(id.value);
  if (found == nullptr) return true;
  group.members[member].index = *index;
  found->group = static_cast<std::uint32_t>(&group - groups_.data());
  found->index = *index;
  group.graph->set_book(*index, contract->book);
  return true;
}

void ArbitrageEngine::rebuild(Group& group) {
  for (std::size_t size = kFirstGraphSize; size <= kLargestGraphSize; size *= 2) {
    if (size < group.members.size()) continue;
    group.graph = std::make_unique<PayoffGraph>(graph_limits(size));
    bool fits = true;
    for (std::size_t i = 0; i < group.members.size() && fits; ++i) fits = link(group, i);
    if (fits) return;
  }
  ++unlinked_;
}

void ArbitrageEngine::remove(InstrumentId id) {
  const Link* link = links_.find(id.value);
  if (link == nullptr) return;
  Group& group = groups_[link->group];
  links_.erase(id.value);
  std::erase_if(group.members, [&](const Member& member) { return member.id == id; });
  if (group.members.empty()) {
    drop_group(group);
  } else {
    rebuild(group);
  }
}

void ArbitrageEngine::drop_group(Group& group) {
  const std::uint32_t* slot = group_index_.find(group.key);
  ARBEES_ASSERT(slot != nullptr);
  free_groups_.push_back(*slot);
  group_index_.erase(group.key);
  group = Group{};
}

void ArbitrageEngine::refresh(InstrumentId id) {
  const Link* link = links_.find(id.value);
  const Contract* contract = market_.find(id);
  if (link == nullptr || contract == nullptr) return;
  Group& group = groups_[link->group];
  if (!group.graph->set_book(link->index, contract->book)) group.portfolio = 0;
}

void ArbitrageEngine::refresh_all() {
  links_.for_each([this](std::uint64_t id, const Link& link) {
    const Contract* contract = market_.find(InstrumentId{id});
    if (contract == nullptr) return;
    Group& group = groups_[link.group];
    if (!group.graph->set_book(link.index, contract->book)) group.portfolio = 0;
  });
}

bool ArbitrageEngine::on_book(InstrumentId id, const Event& event, TradingState state, std::size_t open_requests,
                              Outputs& outputs) {
  const Link* link = links_.find(id.value);
  const Contract* contract = market_.find(id);
  if (link == nullptr || contract == nullptr) return false;
  Group& group = groups_[link->group];
  if (!group.graph->set_book(link->index, contract->book)) {
    group.portfolio = 0;
    return false;
  }
  const Certificate* certificate = group.graph->find();
  if (certificate == nullptr) {
    group.portfolio = 0;
    return false;
  }
  group.graph->describe(*certificate, opportunity_);
  identify(group, event);
  ++decisions_;
  const Verdict verdict = judge(group, event, state, open_requests);
  accepted_group_ = &group;
  if (verdict == Verdict::Accepted) return true;
  if (verdict != group.verdict) report(group, verdict, RequestId{}, event, outputs);
  group.verdict = verdict;
  return false;
}

void ArbitrageEngine::identify(Group& group, const Event& event) {
  const std::uint64_t portfolio = portfolio_hash(opportunity_);
  if (portfolio != group.portfolio) {
    group.portfolio = portfolio;
    group.opportunity = mix64(mix64(group.key, portfolio), static_cast<std::uint64_t>(unix_ns(event.received_at)));
    group.is_requested = false;
    group.verdict = Verdict::Accepted;  // so that whatever comes first is reported
  }
  opportunity_.id = group.opportunity;
  opportunity_.event_group = group.key;
  opportunity_.detected_at = event.received_at;
}

Verdict ArbitrageEngine::judge(Group& group, const Event& event, TradingState state, std::size_t open_requests) {
  if (group.is_requested) return Verdict::AlreadyRequested;
  const Verdict verdict = gate_.review(opportunity_, state, open_requests, event.received_at);
  if (verdict != Verdict::Accepted) return verdict;
  std::int64_t share = Share::kWhole;
  for (int attempt = 0; attempt < kShrinkAttempts; ++attempt) {
    const Share allowed = gate_.affordable_share(opportunity_);
    if (allowed.millionths == Share::kWhole) {
      // Shrunk, it must still be worth it.
      return gate_.review(opportunity_, state, open_requests, event.received_at);
    }
    share = share * allowed.millionths / Share::kWhole;
    if (!shrink(group, share)) return allowed.binding;
  }
  return Verdict::PositionLimit;
}

bool ArbitrageEngine::shrink(Group& group, std::int64_t millionths) {
  // With every depth scaled alike the best portfolio scales alike, and the graph certifies it anew.
  const auto set_scaled = [&](const Member& member, std::int64_t share) {
    const Contract* contract = market_.find(member.id);
    if (contract == nullptr) return;
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      std::array<QuoteLevel, kLevels> levels;
      std::size_t count = 0;
      const auto take = [&](Price yes_price, Quantity quantity) noexcept {
        const Price price = outcome == Outcome::Yes ? yes_price : complement(yes_price);
        levels[count++] = QuoteLevel{price, Quantity::from_units(static_cast<std::int64_t>(
                                                static_cast<Int128>(quantity.units()) * share / Share::kWhole))};
        return count < levels.size();
      };
      if (outcome == Outcome::Yes) {
        contract->book.asks().walk_up(take);
      } else {
        contract->book.bids().walk_down(take);
      }
      group.graph->set_quotes(member.index, outcome, std::span(levels.data(), count));
    }
  };
  for (const Leg& leg : opportunity_.legs) {
    const Link* link = links_.find(leg.instrument.value);
    if (link != nullptr) set_scaled(Member{leg.instrument, link->index}, millionths);
  }
  const std::uint64_t id = opportunity_.id;
  const Timestamp detected_at = opportunity_.detected_at;
  BoundedVector<Leg, kMaxLegs> changed = opportunity_.legs;
  const Certificate* certificate = group.graph->find();
  if (certificate != nullptr) group.graph->describe(*certificate, opportunity_);
  for (const Leg& leg : changed) {
    const Link* link = links_.find(leg.instrument.value);
    const Contract* contract = market_.find(leg.instrument);
    if (link != nullptr && contract != nullptr) group.graph->set_book(link->index, contract->book);
  }
  opportunity_.id = id;
  opportunity_.event_group = group.key;
  opportunity_.detected_at = detected_at;
  return certificate != nullptr;
}

void ArbitrageEngine::report_accepted(const Event& event, RequestId request, Outputs& outputs) {
  ARBEES_ASSERT(accepted_group_ != nullptr);
  Group& group = *accepted_group_;
  group.is_requested = request.value != 0;
  group.verdict = group.is_requested ? Verdict::AlreadyRequested : Verdict::TooManyRequests;
  report(group, group.is_requested ? Verdict::Accepted : Verdict::TooManyRequests, request, event, outputs);
}

void ArbitrageEngine::report(const Group& group, Verdict verdict, RequestId request, const Event& event,
                             Outputs& outputs) {
  OpportunityJudged judged;
  judged.opportunity_id = group.opportunity;
  judged.event_group = group.key;
  judged.outlay = opportunity_.outlay;
  judged.guaranteed = opportunity_.guaranteed;
  judged.fees = opportunity_.fees;
  judged.request = request;
  judged.detector = opportunity_.detector;
  judged.verdict = verdict;
  judged.leg_count = static_cast<std::uint8_t>(opportunity_.legs.size());
  outputs.reports.push_back(Report{event.received_at, event.sequence, judged});
}

}  // namespace arbees
