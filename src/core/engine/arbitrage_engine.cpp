// Groups of related contracts, and their graphs brought up to date with the books.

#include "core/engine/arbitrage_engine.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/engine/graph_quotes.h"

namespace arbees {
namespace {

// A graph begins this small and doubles when a contract finds no room.
constexpr std::size_t kFirstGraphSize = 16;
constexpr std::size_t kLargestGraphSize = 4096;

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
  limits.levels = kGraphLevels;
  return limits;
}

// Lives of at most three kinds for each group, and some of groups that are gone.
std::size_t life_limit(const Capacity& capacity) noexcept { return 3 * capacity.event_groups; }

// Whether a book change left the kept levels of this side as they were.
template <class KeptSide>
bool is_as_kept(const KeptSide& kept, const LevelLadder& ladder, Outcome outcome) noexcept {
  if (!kept.is_known) return false;
  if (kept.revision == ladder.revision()) return true;
  return kept.is_full && kept.revision + 1 == ladder.revision() &&
         price_of(outcome, ladder.last_changed()) > kept.worst;
}

}  // namespace

ArbitrageEngine::ArbitrageEngine(const Capacity& capacity, const MarketState& market, const Portfolio& portfolio,
                                 const RiskGate& gate)
    : market_(market),
      portfolio_(portfolio),
      gate_(gate),
      group_index_(capacity.event_groups),
      links_(capacity.instruments),
      lives_(life_limit(capacity)) {
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
  group.riskless.graph = std::make_unique<PayoffGraph>(graph_limits(kFirstGraphSize));
  return &group;
}

void ArbitrageEngine::list(InstrumentId id, Timestamp now) {
  const Contract* contract = market_.find(id);
  if (contract == nullptr) return;
  remove(id, now);
  if (contract->terms.not_tradable != NotTradable::None || judge_terms(contract->terms) != NotTradable::None) return;
  Group* group = group_for(group_key(contract->terms));
  if (group == nullptr) {
    ++unlinked_;
    return;
  }
  group->members.push_back(id);
  if (!link(*group, group->members.size() - 1) || !apply_bounds(*group)) rebuild(*group);
  notice_losses(*group, now);
}

bool ArbitrageEngine::link(Group& group, std::size_t member) {
  const InstrumentId id = group.members[member];
  const Contract* contract = market_.find(id);
  if (contract == nullptr) return true;
  const auto index = group.riskless.graph->add_contract(id, contract->terms);
  if (!index) {
    if (index.error() == NotTradable::NoRoom) return false;
    ++unlinked_;
    return true;
  }
  if (group.basis.graph) {
    const auto same = group.basis.graph->add_contract(id, contract->terms);
    ARBEES_ASSERT(same && *same == *index);  // both graphs get the same contracts in the same order
  }
  Link* found = links_.insert(id.value);
  if (found == nullptr) return true;
  *found = Link{static_cast<std::uint32_t>(&group - groups_.data()), *index, {}, {}, {}};
  group.is_held_stale = true;
  show_book(group, *found, contract->book);
  return true;
}

bool ArbitrageEngine::fill_graphs(Group& group, std::size_t size, bool with_basis) {
  group.riskless.graph = std::make_unique<PayoffGraph>(graph_limits(size));
  group.basis.graph = with_basis ? std::make_unique<PayoffGraph>(graph_limits(size)) : nullptr;
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    if (!link(group, i)) return false;
  }
  return true;
}

void ArbitrageEngine::rebuild(Group& group) {
  for (std::size_t size = kFirstGraphSize; size <= kLargestGraphSize; size *= 2) {
    if (size < group.members.size()) continue;
    if (!fill_graphs(group, size, group.basis.graph != nullptr)) continue;
    if (!apply_bounds(group)) {
      static_cast<void>(fill_graphs(group, size, true));
      static_cast<void>(apply_bounds(group));
    }
    return;
  }
  ++unlinked_;
}

bool ArbitrageEngine::apply_bounds(Group& group) {
  const AxisTable& axes = group.riskless.graph->axes();
  group.pair = nullptr;
  bool is_complete = true;
  for (AxisIndex b = 0; b < axes.axis_count(); ++b) {
    for (AxisIndex a = 0; a < b; ++a) {
      const AxisKey& first = axes.key(a);
      const AxisKey& second = axes.key(b);
      if (first.event_group != 0 || second.event_group != 0 || first.closes_at != second.closes_at) continue;
      const BasisBounds::Pair* pair = bounds_.find(first.asset, first.source, second.source);
      if (pair == nullptr || first.asset != second.asset) continue;
      if (pair->has_strict) {
        group.riskless.graph->set_basis_bound(a, b, pair->strict);
        if (group.basis.graph) group.basis.graph->set_basis_bound(a, b, pair->strict);
      } else if (pair->has_statistical && group.pair == nullptr) {
        // One pair only: with several, the costs of their bounds would have to be told apart.
        group.pair = pair;
        is_complete = group.basis.graph != nullptr;
        if (is_complete) group.basis.graph->set_basis_bound(a, b, pair->statistical.bound);
      }
    }
  }
  group.riskless.is_searched = group.basis.is_searched = false;
  return is_complete;
}

void ArbitrageEngine::on(const BasisBoundSet& told, Timestamp now) {
  if (!bounds_.set(told)) return;
  // A bound that was taken back is known to the graphs still: they are made anew.
  group_index_.for_each([&](std::uint64_t, std::uint32_t index) {
    Group& group = groups_[index];
    group.basis.graph.reset();
    rebuild(group);
    notice_losses(group, now);
  });
}

void ArbitrageEngine::remove(InstrumentId id, Timestamp now) {
  Link* link = links_.find(id.value);
  if (link == nullptr) return;
  Group& group = groups_[link->group];
  // Its place in the graph stays, without quotes, until a listing finds no room and rebuilds: at a settlement all
  // contracts of a group go at once, and rebuilding for each would cost the square of their number.
  clear_quotes(group, *link);
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    group.riskless.graph->set_held(link->index, outcome, Quantity{});
    if (group.basis.graph) group.basis.graph->set_held(link->index, outcome, Quantity{});
  }
  links_.erase(id.value);
  std::erase(group.members, id);
  if (group.members.empty()) return drop_group(group, now);
  notice_losses(group, now);
}

void ArbitrageEngine::drop_group(Group& group, Timestamp now) {
  lose(group, group.riskless, now);
  lose(group, group.basis, now);
  const std::uint32_t* slot = group_index_.find(group.key);
  ARBEES_ASSERT(slot != nullptr);
  free_groups_.push_back(*slot);
  group_index_.erase(group.key);
  group = Group{};
}

bool ArbitrageEngine::has_other_token(const Group& group, const Link& link) noexcept {
  return static_cast<bool>(group.riskless.graph->contract(link.index).complement);
}

void ArbitrageEngine::clear_quotes(Group& group, Link& link) {
  link.sides = {};
  group.riskless.graph->clear_quotes(link.index);
  if (group.basis.graph) group.basis.graph->clear_quotes(link.index);
  group.riskless.is_searched = group.basis.is_searched = false;
}

void ArbitrageEngine::show_book(Group& group, Link& link, const OrderBook& book) {
  show_worth(group, link, book);
  if (book.status() != BookStatus::Proven) return clear_quotes(group, link);
  bool has_changed = show_side(group, link, book, Outcome::Yes);
  if (!has_other_token(group, link)) {
    has_changed = show_side(group, link, book, Outcome::No) || has_changed;
  }
  if (has_changed) group.riskless.is_searched = group.basis.is_searched = false;
}

bool ArbitrageEngine::show_side(Group& group, Link& link, const OrderBook& book, Outcome outcome) {
  const LevelLadder& ladder = ladder_of(book, outcome);
  KeptSide& kept = link.sides[static_cast<std::size_t>(outcome)];
  if (is_as_kept(kept, ladder, outcome)) {
    kept.revision = ladder.revision();
    return false;
  }
  const GraphQuotes quotes = quotes_of(book, outcome, Share::kWhole);
  group.riskless.graph->set_quotes(link.index, outcome, std::span(quotes.data(), quotes.size()));
  if (group.basis.graph) {
    group.basis.graph->set_quotes(link.index, outcome, std::span(quotes.data(), quotes.size()));
  }
  kept.revision = ladder.revision();
  kept.is_full = quotes.full();
  kept.is_known = true;
  if (kept.is_full) kept.worst = quotes.back().price;
  return true;
}

void ArbitrageEngine::note_positions(const Event& event) noexcept {
  InstrumentId id;
  if (const auto* update = std::get_if<OrderUpdate>(&event.body)) id = update->instrument;
  if (const auto* position = std::get_if<PositionSnapshot>(&event.body)) id = position->id;
  if (std::holds_alternative<FillFinalityChanged>(event.body)) {
    for (Group& group : groups_) group.is_held_stale = true;  // it names an order, not a contract
  }
  if (!id) return;
  const Link* link = links_.find(id.value);
  if (link != nullptr) groups_[link->group].is_held_stale = true;
}

void ArbitrageEngine::show_worth(Group& group, Link& link, const OrderBook& book) {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const auto side = static_cast<std::size_t>(outcome);
    const Quantity quantity = link.held[side];
    const Price worth = quantity.is_zero() ? Price{} : bid_for(book, outcome);
    if (worth == link.worth[side]) continue;
    link.worth[side] = worth;
    group.riskless.graph->set_held(link.index, outcome, quantity, worth);
    if (group.basis.graph) group.basis.graph->set_held(link.index, outcome, quantity, worth);
    group.riskless.is_searched = group.basis.is_searched = false;
  }
}

void ArbitrageEngine::show_held(Group& group) {
  constexpr Price kNotTold = Price::from_units(-1);
  group.is_held_stale = false;
  for (const InstrumentId id : group.members) {
    Link* link = links_.find(id.value);
    const Contract* contract = market_.find(id);
    if (link == nullptr || contract == nullptr) continue;
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      const auto side = static_cast<std::size_t>(outcome);
      const Position* position = portfolio_.find(id, outcome);
      // What was sold and then turned out not to have been bought is owed: there is nothing to sell.
      const Quantity quantity = position == nullptr ? Quantity{} : std::max(position->quantity, Quantity{});
      if (quantity == link->held[side]) continue;
      link->held[side] = quantity;
      link->worth[side] = kNotTold;
    }
    show_worth(group, *link, contract->book);
  }
}

void ArbitrageEngine::notice_losses(Group& group, Timestamp now) {
  if (!group.riskless.graph->has_arbitrage()) lose(group, group.riskless, now);
  if (!group.basis.graph || !group.basis.graph->has_arbitrage()) lose(group, group.basis, now);
}

void ArbitrageEngine::refresh(InstrumentId id, Timestamp now) {
  Link* link = links_.find(id.value);
  const Contract* contract = market_.find(id);
  if (link == nullptr || contract == nullptr) return;
  Group& group = groups_[link->group];
  show_book(group, *link, contract->book);
  notice_losses(group, now);
}

void ArbitrageEngine::refresh_all(Timestamp now) {
  links_.for_each([&](std::uint64_t id, Link& link) {
    const Contract* contract = market_.find(InstrumentId{id});
    if (contract == nullptr) return;
    Group& group = groups_[link.group];
    show_book(group, link, contract->book);
    notice_losses(group, now);
  });
}

bool ArbitrageEngine::on_book(const Contract& contract, const Event& event, TradingState state,
                              std::size_t open_requests, Outputs& outputs) {
  Link* link = links_.find(contract.id.value);
  if (link == nullptr) return false;
  Group& group = groups_[link->group];
  if (group.is_held_stale && open_requests == 0) show_held(group);
  show_book(group, *link, contract.book);
  if (std::get<BookUpdate>(event.body).is_followed()) return false;
  const Judging judging{event, state, open_requests, outputs};
  if (consider(group, group.riskless, judging)) return true;
  if (!group.basis.graph) return false;
  // The basis graph contains the riskless profits too: it is asked when there are none.
  if (group.riskless.graph->has_arbitrage()) {
    lose(group, group.basis, event.received_at);
    return false;
  }
  return consider(group, group.basis, judging);
}

}  // namespace arbees
