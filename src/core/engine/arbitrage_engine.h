#pragma once
// Watches every event group for riskless profit and judges what it finds.
//
// A group is the contracts that pay on one asset at one instant (or the outcomes of one event); each has a payoff
// graph, kept up to date with every book change. The same portfolio in a group is one opportunity while it lives:
// judged when it appears and when its verdict changes, requested at most once. Listing is the cold path and may
// allocate; nothing else does. A change of a book beyond the levels that the graph keeps, or on one side only, costs
// nothing for what it left as it was.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/arbitrage/payoff_graph.h"
#include "core/base/flat_table.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/risk/risk_gate.h"

namespace arbees {

class ArbitrageEngine {
 public:
  ArbitrageEngine(const Capacity& capacity, const MarketState& market, const RiskGate& gate);

  // A contract's terms are known, or have changed.
  void list(InstrumentId id);
  // A contract is over: its group forgets it.
  void remove(InstrumentId id);
  // A book lost its proof, or all may have: what rests on them is forgotten.
  void refresh(InstrumentId id);
  void refresh_all();

  // This contract's book changed. True if there is an opportunity that may become a request: accepted() has it, and
  // report_accepted() must follow.
  bool on_book(const Contract& contract, const Event& event, TradingState state, std::size_t open_requests,
               Outputs& outputs);
  [[nodiscard]] const Opportunity& accepted() const noexcept { return opportunity_; }
  // What became of the accepted one.
  void report_accepted(const Event& event, RequestId request, Outputs& outputs);

  [[nodiscard]] std::uint64_t decision_count() const noexcept { return decisions_; }
  [[nodiscard]] std::size_t group_count() const noexcept { return group_index_.size(); }
  // Contracts left out of their graph although their terms are tradable: no room.
  [[nodiscard]] std::uint64_t unlinked_count() const noexcept { return unlinked_; }

 private:
  struct Member {
    InstrumentId id;
    ContractIndex index = 0;
  };
  struct Group {
    std::unique_ptr<PayoffGraph> graph;
    std::vector<Member> members;
    std::uint64_t key = 0;
    // The opportunity that lives now; portfolio 0: none.
    std::uint64_t portfolio = 0;  // hash of its contracts and outcomes
    std::uint64_t opportunity = 0;
    Verdict verdict = Verdict::Accepted;
    bool is_requested = false;
    // Whether the graph is as it was at the last find(), which would thus find the same.
    bool is_searched = false;
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
  };

  [[nodiscard]] Group* group_for(std::uint64_t key);
  void rebuild(Group& group);
  bool link(Group& group, std::size_t member);
  void drop_group(Group& group);
  // Whether the No of this contract is another token's Yes, and never bought here.
  [[nodiscard]] static bool has_other_token(const Group& group, const Link& link) noexcept;
  // Brings the graph up to date with the book; whether there is an arbitrage then.
  bool show_book(Group& group, Link& link, const OrderBook& book);
  bool show_side(Group& group, Link& link, const OrderBook& book, Outcome outcome);
  void identify(Group& group, const Event& event);
  [[nodiscard]] Verdict judge(Group& group, const Event& event, TradingState state, std::size_t open_requests);
  // Shrinks opportunity_ to the share; false if nothing tradable is left.
  [[nodiscard]] bool shrink(Group& group, std::int64_t millionths);
  void report(const Group& group, Verdict verdict, RequestId request, const Event& event, Outputs& outputs);

  const MarketState& market_;
  const RiskGate& gate_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> free_groups_;
  FlatTable<std::uint32_t> group_index_;  // by group key
  FlatTable<Link> links_;                 // by instrument
  Opportunity opportunity_;               // the one being judged
  Group* accepted_group_ = nullptr;
  std::uint64_t decisions_ = 0;
  std::uint64_t unlinked_ = 0;
};

}  // namespace arbees
