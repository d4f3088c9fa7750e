#pragma once
// Watches every event group for riskless profit and judges what it finds.
//
// A group is the contracts that pay on one asset at one instant (or the outcomes of one event); each has a payoff
// graph, kept up to date with every book change. Where two of its settlement sources have a statistical bound only, a
// second graph takes that bound for certain: what only it finds is a basis trade, charged with what the basis may
// cost, never called riskless.
//
// What is found in a group is one opportunity while it lives (OpportunityLives), whatever its legs: judged again and
// again, requested at most once. A package that needs what is held already (to complete it) has a life of its own.
// What is held joins the graph when no request is under way, for until then it is still being bought; it costs what
// it could be sold for, so that completing is found only where it is better than selling.
//
// Listing is the cold path and may allocate; nothing else does. A change of a book beyond the levels that the graph
// keeps, or on one side only, costs nothing for what it left as it was.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/arbitrage/payoff_graph.h"
#include "core/base/flat_table.h"
#include "core/engine/basis_bounds.h"
#include "core/engine/opportunity_lives.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/risk/risk_gate.h"

namespace arbees {

// An event group as people want to see it: how far from a riskless profit, and by which legs.
struct EventGroupView {
  std::uint64_t key = 0;
  Asset asset = Asset::Unknown;
  Timestamp settles_at = kNoTime;
  std::size_t contracts = 0;
  bool has_arbitrage = false;  // bought now it pays after fees, whatever is held
  bool has_nearest = false;
  NearestPortfolio nearest;                             // meaningful if has_nearest; its cost is the cheapest dollar
  const OpportunityLives::Life* opportunity = nullptr;  // the one that lives, if any
};

class ArbitrageEngine {
 public:
  ArbitrageEngine(const Capacity& capacity, const MarketState& market, const Portfolio& portfolio,
                  const RiskGate& gate);

  // A contract's terms are known, or have changed.
  void list(InstrumentId id, Timestamp now);
  // A contract is over: its group forgets it.
  void remove(InstrumentId id, Timestamp now);
  // A book lost its proof, or all may have: what rests on them is forgotten.
  void refresh(InstrumentId id, Timestamp now);
  void refresh_all(Timestamp now);
  // A bound between two settlement sources.
  void on(const BasisBoundSet& told, Timestamp now);
  // To be called before anything else of every event: reports opportunities that are over, and notes what may change
  // positions.
  void begin(const Event& event, Outputs& outputs) noexcept {
    lives_.end_due(event, outputs);
    note_positions(event);
  }

  // This contract's book changed by this update, and is whole. True if there is an opportunity that may become a
  // request: accepted() has it, and report_accepted() must follow. Nothing is judged while the update is followed.
  bool on_book(const Contract& contract, const Event& event, TradingState state, std::size_t open_requests,
               Outputs& outputs);
  [[nodiscard]] const Opportunity& accepted() const noexcept { return opportunity_; }
  // What became of the accepted one.
  void report_accepted(const Event& event, RequestId request, Outputs& outputs);

  [[nodiscard]] std::uint64_t decision_count() const noexcept { return decisions_; }
  [[nodiscard]] std::size_t group_count() const noexcept { return group_index_.size(); }
  // Contracts left out of their graph although their terms are tradable: no room.
  [[nodiscard]] std::uint64_t unlinked_count() const noexcept { return unlinked_; }
  // Visits an EventGroupView of every group: for status and dashboards, far too slow for the path of an event.
  template <class Visit>
  void for_each_group(Visit&& visit) const {
    group_index_.for_each([&](std::uint64_t, std::uint32_t index) { visit(view(groups_[index])); });
  }

 private:
  // A graph, and what it last said.
  struct Watch {
    std::unique_ptr<PayoffGraph> graph;
    bool is_searched = false;   // the graph is as it was at the last find(), which would find the same
    bool has_nothing = false;   // that find() left nothing after rounding
    bool is_alive = false;      // an opportunity of it is there
    bool is_requested = false;  // and has its request
  };
  struct Group {
    Watch riskless;
    Watch basis;  // no graph unless two of the group's sources have a statistical bound
    std::vector<InstrumentId> members;
    std::uint64_t key = 0;
    const BasisBounds::Pair* pair = nullptr;  // the one that the basis graph rests on
    bool is_held_stale = false;               // what is held has changed since the graphs were told
  };
  // What the graph keeps of one side of a book, as of this revision of its ladder.
  struct KeptSide {
    std::uint64_t revision = 0;
    Price worst;           // in prices of the outcome bought
    bool is_full = false;  // as many levels as the graph keeps
    bool is_known = false;
  };
  struct Link {
    std::uint32_t group = 0;
    ContractIndex index = 0;
    std::array<KeptSide, 2> sides;  // by outcome bought
    std::array<Quantity, 2> held;   // by outcome, as the graphs know it
    std::array<Price, 2> worth;     // what it could be sold for
  };
  struct Judging {
    const Event& event;
    TradingState state;
    std::size_t open_requests;
    Outputs& outputs;
  };

  // Groups and books, in arbitrage_engine.cpp.
  [[nodiscard]] Group* group_for(std::uint64_t key);
  void rebuild(Group& group);
  bool fill_graphs(Group& group, std::size_t size, bool with_basis);
  bool link(Group& group, std::size_t member);
  // Tells the graphs the bounds between their axes. False if a basis graph is wanted and there is none.
  bool apply_bounds(Group& group);
  void drop_group(Group& group, Timestamp now);
  // Whether the No of this contract is another token's Yes, and never bought here.
  [[nodiscard]] static bool has_other_token(const Group& group, const Link& link) noexcept;
  // Brings the graphs up to date with the book.
  void show_book(Group& group, Link& link, const OrderBook& book);
  bool show_side(Group& group, Link& link, const OrderBook& book, Outcome outcome);
  static void clear_quotes(Group& group, Link& link);
  void note_positions(const Event& event) noexcept;
  void show_held(Group& group);
  // What is held of a contract costs what it could be sold at.
  static void show_worth(Group& group, Link& link, const OrderBook& book);
  void notice_losses(Group& group, Timestamp now);
  [[nodiscard]] EventGroupView view(const Group& group) const;

  // Judging, in arbitrage_engine_judge.cpp.
  [[nodiscard]] bool consider(Group& group, Watch& watch, const Judging& judging);
  void lose(Group& group, Watch& watch, Timestamp now) noexcept;
  void describe(Group& group, Watch& watch, const Certificate& certificate, Timestamp now);
  void charge_for_basis(Group& group, const Certificate& certificate);
  [[nodiscard]] Verdict size(Group& group, Watch& watch, const Judging& judging);
  [[nodiscard]] Share affordable_share(const Group& group, const Watch& watch, Timestamp now);
  [[nodiscard]] Money basis_exposure(const BasisBounds::Pair& pair) const;
  // Shrinks opportunity_ to the share; false if nothing tradable is left.
  [[nodiscard]] bool shrink(Group& group, Watch& watch, std::int64_t millionths, Timestamp now);
  void show_share(Watch& watch, const Leg& leg, std::int64_t millionths);
  void report(const OpportunityLives::Life& life, Verdict verdict, const Event& event, Outputs& outputs) const;

  const MarketState& market_;
  const Portfolio& portfolio_;
  const RiskGate& gate_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> free_groups_;
  FlatTable<std::uint32_t> group_index_;  // by group key
  FlatTable<Link> links_;                 // by instrument
  OpportunityLives lives_;                // by group key and kind
  BasisBounds bounds_;
  Opportunity opportunity_;  // the one being judged
  OpportunityLives::Life* accepted_life_ = nullptr;
  Watch* accepted_watch_ = nullptr;
  Verdict binding_ = Verdict::Accepted;
  std::uint64_t decisions_ = 0;
  std::uint64_t unlinked_ = 0;
};

}  // namespace arbees
