#pragma once
// Random markets on one to three settled values, and every state that they can end in.
//
// Strikes and bounds are whole numbers, so values at halves between them stand for all real values:
// this enumeration shares no code with the payoff graph.

#include <cstdint>
#include <vector>

#include "core/arbitrage/payoff_graph.h"
#include "core/base/random.h"

namespace arbees {

struct RandomContract {
  std::size_t axis = 0;
  Comparator comparator = Comparator::GreaterOrEqual;  // of a threshold
  bool is_range = false;
  std::int64_t lower = 0;
  std::int64_t upper = 0;
  bool includes_upper = false;
  FeeTerms fees;
  std::vector<QuoteLevel> asks[2];  // by outcome
  Quantity held[2];

  [[nodiscard]] bool pays_yes(std::int64_t half_units) const;
  [[nodiscard]] std::int64_t payout(Outcome outcome, std::int64_t half_units) const {
    return pays_yes(half_units) == (outcome == Outcome::Yes) ? 1 : 0;
  }
  [[nodiscard]] Interval interval() const;
};

struct RandomMarket {
  std::size_t axes = 1;
  std::int64_t bound = -1;  // negative: not comparable
  Quantity lot = Quantity::whole(1);
  std::vector<RandomContract> contracts;

  // Every state: half units of each axis' value.
  [[nodiscard]] std::vector<std::vector<std::int64_t>> states() const;
};

inline constexpr std::int64_t kHighestStrike = 5;

[[nodiscard]] RandomMarket random_market(Random& random);
// Asks of one outcome around its fair price, best first; now and then none.
[[nodiscard]] std::vector<QuoteLevel> random_asks(Random& random, double fair, Quantity lot);
[[nodiscard]] double fair_probability(const RandomContract& contract);

// Lists the market in an empty graph, with quotes and holdings.
void list_market(const RandomMarket& market, PayoffGraph& graph);

}  // namespace arbees
