#pragma once
// The payoff graph of one event group: finds, sizes and certifies riskless profit among its quotes.
//
// Buying a contract that pays on [A, B) is an edge A → B at price plus fee; a riskless profit exists
// exactly if the graph has a negative cycle (docs/arbitrage.md has the theorem). Quotes come in, one
// early-stopping search each keeps the proof that there is none, or finds that there is.
//
// Usage (one graph for each event group, owned by one thread):
//
//   PayoffGraph graph({.contracts = 256, .axes = 3, .levels = 5, .lot = Quantity::whole(1)});
//   const auto contract = graph.add_contract(instrument, terms);   // or the reason why not
//   graph.set_basis_bound(kalshi_axis, polymarket_axis, Strike::whole(15));
//   if (graph.set_book(*contract, book)) {                         // on every book change
//     if (const Certificate* found = graph.find()) graph.describe(*found, opportunity);
//   }
//
// Listing and bounds are cold (the next quote rebuilds the graph); set_book, set_quotes, find and
// cheapest_dollar do not allocate. A book that is not proven, an unknown fee or unknown terms: no edge.
// Contracts of a market with a token for each outcome (terms.complement) are bought by their own token
// only, for its No is the other token's Yes. Quantities are whole lots of the graph: its lot must be a
// multiple of every contract's (add_contract refuses others). All fees are taker fees.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/arbitrage/arc_costs.h"
#include "core/arbitrage/arc_network.h"
#include "core/arbitrage/axis_table.h"
#include "core/arbitrage/certificate.h"
#include "core/arbitrage/circulation.h"
#include "core/arbitrage/worst_case.h"
#include "core/market/fees.h"
#include "core/market/opportunity.h"
#include "core/market/order_book.h"

namespace arbees {

struct PayoffGraphLimits {
  std::size_t contracts = 256;
  std::size_t axes = 4;
  std::size_t levels = 5;  // displayed price levels kept of each outcome
  Quantity lot = Quantity::whole(1);
  // Cycles that sizing fills at most. Real books need a few; a feed gone mad must not hold up the thread.
  std::size_t cycles = 256;
};

// A contract as the graph sees it. `axis` comes from the caller or from axis_interval(terms).
struct GraphContract {
  InstrumentId instrument;
  InstrumentId complement;
  AxisKey axis;
  Interval interval;
  FeeTerms fees;
  Quantity lot = Quantity::from_units(1);
  Quantity minimum_order;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  bool pays_outside = false;  // its Yes pays where the interval's No does
  std::uint64_t event_group = 0;
};

struct QuoteLevel {
  Price price;  // of the outcome that is bought
  Quantity quantity;
};

// The cheapest certain dollar at the best quotes, fees included: one contract of each leg pays at least `cost`'s
// dollar (a leg No of a range adds one to both).
struct NearestLeg {
  InstrumentId instrument;
  Price price;
  Quantity quantity;  // displayed at that price
  Outcome outcome = Outcome::Yes;
  Venue venue = Venue::Unknown;
};
struct NearestPortfolio {
  Money cost;
  BoundedVector<NearestLeg, kMaxLegs> legs;
};

// Most book levels that set_book() looks at.
inline constexpr std::size_t kMaxBookLevels = 16;
// Displayed depth beyond this is not counted, so that no sum of payoffs or costs comes near overflow.
inline constexpr Quantity kMaxDepth = Quantity::whole(1'000'000'000);

class PayoffGraph {
 public:
  explicit PayoffGraph(const PayoffGraphLimits& limits);

  // NoRoom when a limit is reached.
  [[nodiscard]] Result<ContractIndex, NotTradable> add_contract(InstrumentId instrument,
                                                                const ContractTerms& terms) noexcept;
  [[nodiscard]] Result<ContractIndex, NotTradable> add_contract(const GraphContract& contract) noexcept;
  void set_basis_bound(AxisIndex a, AxisIndex b, Coordinate bound_units) noexcept;
  void set_basis_bound(AxisIndex a, AxisIndex b, Strike bound) noexcept {
    set_basis_bound(a, b, Coordinate{bound.units()});
  }

  [[nodiscard]] std::size_t contract_count() const noexcept { return contracts_.size(); }
  [[nodiscard]] const GraphContract& contract(ContractIndex index) const noexcept { return contracts_[index].terms; }
  [[nodiscard]] AxisIndex axis_of(ContractIndex index) const noexcept { return contracts_[index].axis; }
  [[nodiscard]] const AxisTable& axes() const noexcept { return axes_; }

  // Each returns has_arbitrage() afterwards. Levels are asks of the outcome, best first.
  bool set_quotes(ContractIndex contract, Outcome outcome, std::span<const QuoteLevel> asks) noexcept;
  // Yes from the asks, No from the bids (at 1 − bid); a book that is not proven removes both.
  bool set_book(ContractIndex contract, const OrderBook& book) noexcept;
  bool clear_quotes(ContractIndex contract) noexcept;
  // What is owned of an outcome: edges that cost what it could be sold for instead (0: nothing better is known). Only
  // what it adds to the guaranteed payout counts as profit.
  bool set_held(ContractIndex contract, Outcome outcome, Quantity quantity, Price worth = {}) noexcept;

  // Whether the best levels, fees unrounded, contain a riskless profit (beyond what is held already).
  [[nodiscard]] bool has_arbitrage() noexcept;

  // Least cost of one certain dollar from best levels, fees included, rounded up; the graph without its
  // dollar edges and without depth. Absent if it cannot be bought, or if some cycle pays by itself.
  [[nodiscard]] std::optional<Money> cheapest_dollar() noexcept;
  // The same with its legs, lowest strike first. False if there is none, or one with more than kMaxLegs legs.
  [[nodiscard]] bool nearest(NearestPortfolio& portfolio) noexcept;

  // The best certificate with at most `max_legs` pairs of contract and outcome; nullptr if nothing is left
  // after rounding. Valid until the next call of any function that is not const.
  [[nodiscard]] const Certificate* find(std::size_t max_legs = kMaxLegs) noexcept;

  // What the legs of a certificate add to the least payout over all states that this graph allows. The certificate may
  // be that of another graph with the same contracts but other bounds.
  [[nodiscard]] Money least_gain(const Certificate& certificate) noexcept;
  // Whether the legs alone, without what is held, would not guarantee their outlay.
  [[nodiscard]] bool needs_held(const Certificate& certificate) noexcept;
  [[nodiscard]] bool holds_any() const noexcept { return holds_any_; }

  // The certificate as an opportunity: levels merged into one leg with the worst price as limit. All but
  // `id`, the times and what a basis costs is filled in.
  void describe(const Certificate& certificate, Opportunity& opportunity) const noexcept;

  // Profit of the last find() before fees were rounded, in 10^-12 dollars: the linear optimum.
  [[nodiscard]] Int128 unrounded_profit() const noexcept;
  // The price that the graph's potentials put on a dollar paid if the value reaches this strike, 10^-12.
  [[nodiscard]] PathCost implied_survival(NodeIndex node) const noexcept;
  [[nodiscard]] std::size_t node_count() const noexcept { return axes_.node_count(); }

 private:
  // Fixed places among the free arcs: a certain dollar lent and borrowed.
  static constexpr std::size_t kDollarArcs = 2;

  struct Contract {
    GraphContract terms;
    AxisIndex axis = 0;
    NodeIndex from = 0;
    NodeIndex to = 0;
    Quantity held[2];
    Price worth[2];
  };

  [[nodiscard]] static ArcIndex arc_of(ContractIndex contract, Outcome outcome) noexcept {
    return 2 * contract + static_cast<ArcIndex>(outcome);
  }
  // Whether this outcome pays inside the contract's interval.
  [[nodiscard]] static bool pays_inside(const Contract& contract, Outcome outcome) noexcept {
    return (outcome == Outcome::Yes) != contract.terms.pays_outside;
  }
  [[nodiscard]] static ArcEnds instrument_ends(const Contract& contract, Outcome outcome) noexcept;
  [[nodiscard]] static PathCost constant_payout(const Contract& contract, Outcome outcome) noexcept;
  [[nodiscard]] std::optional<PathCost> find_cheapest_path() noexcept;

  // Brings the graph up to date after listings and holdings.
  void settle() noexcept;
  void add_free_arcs() noexcept;
  void rebuild() noexcept;
  void reset_state() noexcept;
  void rebase() noexcept;

  void store_levels(ArcIndex arc, std::span<const QuoteLevel> asks) noexcept;
  void update_arc(ArcIndex arc) noexcept;
  void retry_excluded() noexcept;
  void keep_potentials_small() noexcept;

  // Sizing, in payoff_graph_find.cpp. The portfolio in work is lots_: flow of each instrument arc.
  [[nodiscard]] Lots bought(ArcIndex arc) const noexcept;
  [[nodiscard]] Quantity quantity_of(Lots lots) const noexcept;
  void add_payoff(ArcIndex arc, Quantity quantity) noexcept;
  void add_held_payoffs() noexcept;
  void add_leg_payoffs(const Certificate& certificate) noexcept;
  [[nodiscard]] bool is_cut_by_price(const Opportunity& opportunity, const Certificate& certificate) const noexcept;
  Money price_portfolio() noexcept;
  void add_legs(ArcIndex arc) noexcept;
  [[nodiscard]] bool drop_cycle(std::size_t cycle) noexcept;
  void put_back_cycle(std::size_t cycle) noexcept;
  [[nodiscard]] bool is_too_small(ArcIndex arc) const noexcept;
  [[nodiscard]] bool is_allowed(std::size_t max_legs) const noexcept;
  [[nodiscard]] bool make_allowed(std::size_t max_legs) noexcept;
  [[nodiscard]] bool is_small_gain(const FilledCycle& cycle) const noexcept;
  Money drop_what_rounding_eats(Money profit, std::size_t max_legs) noexcept;
  [[nodiscard]] Detector detector_of(const Certificate& certificate) const noexcept;

  PayoffGraphLimits limits_;
  AxisTable axes_;
  std::vector<Contract> contracts_;
  std::vector<ArcEnds> arcs_;
  ArcCosts costs_;
  Topology topology_;
  NetworkState state_;
  ShortestPaths paths_;
  Circulation circulation_;
  WorstCase worst_case_;
  std::vector<Lots> base_flow_;           // the best use of what is held, by arc
  std::vector<ArcIndex> excluded_;        // arcs whose best price closes a negative cycle
  std::vector<PathCost> best_cost_;       // by instrument arc, as last seen; kNoCost if none
  std::vector<PathCost> distance_;        // by node, for cheapest_dollar()
  std::vector<ArcIndex> reached_by_;      // by node, likewise: the last arc of its shortest path
  std::vector<Lots> lots_;                // portfolio in work: flow by instrument arc
  std::vector<std::uint8_t> is_dropped_;  // by cycle of the circulation
  Certificate certificate_;
  std::int64_t held_least_ = 0;  // least payoff of what is held, in units of Quantity
  bool listing_changed_ = true;
  bool held_changed_ = true;
  bool holds_any_ = false;
};

}  // namespace arbees
