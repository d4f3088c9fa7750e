// Nothing on the quote path allocates: operator new is counted while quotes change and opportunities are sized.

#include <gtest/gtest.h>

#include "random_market.h"
#include "tests/support/counted_allocations.h"

namespace arbees {
namespace {

TEST(PayoffGraphAllocations, AreNoneOnceContractsAreListed) {
  Random random(7);
  std::size_t found = 0;
  for (int round = 0; round < 200; ++round) {
    const RandomMarket market = random_market(random);
    PayoffGraph graph({.contracts = 10, .axes = 3, .levels = 3, .lot = market.lot});
    list_market(market, graph);
    Opportunity opportunity;
    for (int change = 0; change < 50; ++change) {
      const auto index = static_cast<ContractIndex>(random.below(market.contracts.size()));
      const auto asks = random_asks(random, 0.5, market.lot);
      const std::size_t before = allocations;
      graph.set_quotes(index, random.chance(1, 2) ? Outcome::Yes : Outcome::No, asks);
      if (const Certificate* certificate = graph.find()) {
        graph.describe(*certificate, opportunity);
        ++found;
      }
      (void)graph.cheapest_dollar();
      graph.set_held(index, Outcome::Yes, market.lot * random.between(0, 3));
      ASSERT_EQ(allocations, before) << "round " << round << " change " << change;
    }
  }
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace arbees
