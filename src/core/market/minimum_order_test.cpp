#include "core/market/minimum_order.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

ContractTerms terms_of(Venue venue) {
  ContractTerms terms;
  terms.venue = venue;
  terms.minimum_order = venue == Venue::Polymarket ? Quantity::whole(5) : Quantity::from_units(1);
  return terms;
}

TEST(MinimumOrder, APurchaseOnPolymarketIsWorthADollar) {
  const ContractTerms terms = terms_of(Venue::Polymarket);
  EXPECT_TRUE(is_below_minimum(terms, Side::Buy, Price::from_units(200), Quantity::whole(43))) << "$0.86";
  EXPECT_FALSE(is_below_minimum(terms, Side::Buy, Price::from_units(200), Quantity::whole(50))) << "$1 exactly";
  EXPECT_FALSE(is_below_minimum(terms, Side::Sell, Price::from_units(200), Quantity::whole(43)));
}

TEST(MinimumOrder, ContractsCountEverywhere) {
  EXPECT_TRUE(is_below_minimum(terms_of(Venue::Polymarket), Side::Buy, Price::from_units(9'000), Quantity::whole(4)));
  EXPECT_TRUE(is_below_minimum(terms_of(Venue::Polymarket), Side::Sell, Price::from_units(9'000), Quantity::whole(4)));
  EXPECT_FALSE(is_below_minimum(terms_of(Venue::Kalshi), Side::Buy, Price::from_units(100), Quantity::whole(1)));
}

}  // namespace
}  // namespace arbees
