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

using Quotes = BoundedVector<QuoteLevel, kLevels>;

// What buying an outcome takes from: Yes from the asks, No from the bids.
const LevelLadder& ladder_of(const OrderBook& book, Outcome outcome) noexcept {
  return outcome == Outcome::Yes ? book.asks() : book.bids();
}

Price price_of(Outcome outcome, Price yes_price) noexcept {
  return outcome == Outcome::Yes ? yes_price : complement(yes_price);
}

// The best levels of an outcome, their quantities cut to a share.
Quotes quotes_of(const OrderBook& book, Outcome outcome, std::int64_t millionths) noexcept {
  Quotes quotes;
  const auto take = [&](Price yes_price, Quantity displayed) noexcept {
    Quantity quantity = displayed;
    if (millionths != Share::kWhole) {
      const auto scaled = static_cast<Int128>(displayed.units()) * millionths / Share::kWhole;
      quantity = Quantity::from_units(static_cast<std::int64_t>(scaled));
    }
    quotes.push_back(QuoteLevel{price_of(outcome, yes_price), quantity});
    return !quotes.full();
  };
  if (outcome == Outcome::Yes) {
    book.asks().walk_up(take);
  } else {
    book.bids().walk_down(take);
  }
  return quotes;
}
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
  free_groups_.reserve(capacity.event_groups);
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
  found->sides = {};
  show_book(group, *found, contract->book);
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
  // Its place in the graph stays, without quotes, until a listing finds no room and rebuilds: at a settlement all
  // contracts of a group go at once, and rebuilding for each would cost the square of their number.
  group.graph->clear_quotes(link->index);
  group.is_searched = false;
  links_.erase(id.value);
  std::erase_if(group.members, [&](const Member& member) { return member.id == id; });
  if (group.members.empty()) drop_group(group);
}

void ArbitrageEngine::drop_group(Group& group) {
  const std::uint32_t* slot = group_index_.find(group.key);
  ARBEES_ASSERT(slot != nullptr);
  free_groups_.push_back(*slot);
  group_index_.erase(group.key);
  group = Group{};
}

bool ArbitrageEngine::has_other_token(const Group& group, const Link& link) noexcept {
  return static_cast<bool>(group.graph->contract(link.index).complement);
}

bool ArbitrageEngine::show_book(Group& group, Link& link, const OrderBook& book) {
  if (book.status() != BookStatus::Proven) {
    link.sides = {};
    group.is_searched = false;
    return group.graph->clear_quotes(link.index);
  }
  bool has_changed = show_side(group, link, book, Outcome::Yes);
  if (!has_other_token(group, link)) {
    has_changed = show_side(group, link, book, Outcome::No) || has_changed;
  }
  if (has_changed) group.is_searched = false;
  return group.graph->has_arbitrage();
}

bool ArbitrageEngine::show_side(Group& group, Link& link, const OrderBook& book, Outcome outcome) {
  const LevelLadder& ladder = ladder_of(book, outcome);
  KeptSide& kept = link.sides[static_cast<std::size_t>(outcome)];
  if (kept.is_known) {
    const bool is_same = kept.revision == ladder.revision();
    const bool is_beyond =
        kept.is_full && kept.revision + 1 == ladder.revision() && price_of(outcome, ladder.last_changed()) > kept.worst;
    kept.revision = ladder.revision();
    if (is_same || is_beyond) return false;
  }
  const Quotes quotes = quotes_of(book, outcome, Share::kWhole);
  group.graph->set_quotes(link.index, outcome, std::span(quotes.data(), quotes.size()));
  kept.revision = ladder.revision();
  kept.is_full = quotes.full();
  kept.is_known = true;
  if (kept.is_full) kept.worst = quotes.back().price;
  return true;
}

void ArbitrageEngine::refresh(InstrumentId id) {
  Link* link = links_.find(id.value);
  const Contract* contract = market_.find(id);
  if (link == nullptr || contract == nullptr) return;
  Group& group = groups_[link->group];
  if (!show_book(group, *link, contract->book)) group.portfolio = 0;
}

void ArbitrageEngine::refresh_all() {
  links_.for_each([this](std::uint64_t id, Link& link) {
    const Contract* contract = market_.find(InstrumentId{id});
    if (contract == nullptr) return;
    Group& group = groups_[link.group];
    if (!show_book(group, link, contract->book)) group.portfolio = 0;
  });
}

bool ArbitrageEngine::on_book(const Contract& contract, const Event& event, TradingState state,
                              std::size_t open_requests, Outputs& outputs) {
  Link* link = links_.find(contract.id.value);
  if (link == nullptr) return false;
  Group& group = groups_[link->group];
  if (!show_book(group, *link, contract.book)) {
    group.portfolio = 0;
    return false;
  }
  if (group.is_searched && group.portfolio == 0) return false;  // too small to trade, as before
  if (group.is_searched && group.is_requested) {
    ++decisions_;  // the same portfolio, which has its request
    return false;
  }
  const Certificate* certificate = group.graph->find();
  group.is_searched = true;
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
  group.is_searched = false;
  for (const Leg& leg : opportunity_.legs) {
    Link* link = links_.find(leg.instrument.value);
    const Contract* contract = market_.find(leg.instrument);
    if (link == nullptr || contract == nullptr) continue;
    link->sides = {};
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      if (outcome == Outcome::No && has_other_token(group, *link)) continue;
      const Quotes quotes = quotes_of(contract->book, outcome, millionths);
      group.graph->set_quotes(link->index, outcome, std::span(quotes.data(), quotes.size()));
    }
  }
  const std::uint64_t id = opportunity_.id;
  const Timestamp detected_at = opportunity_.detected_at;
  BoundedVector<Leg, kMaxLegs> changed = opportunity_.legs;
  const Certificate* certificate = group.graph->find();
  if (certificate != nullptr) group.graph->describe(*certificate, opportunity_);
  for (const Leg& leg : changed) {
    Link* link = links_.find(leg.instrument.value);
    const Contract* contract = market_.find(leg.instrument);
    if (link != nullptr && contract != nullptr) show_book(group, *link, contract->book);
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
