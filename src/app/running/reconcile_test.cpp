#include "app/running/reconcile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

VenueReconciliation account(Venue venue, std::size_t positions) {
  VenueReconciliation row;
  row.venue = venue;
  row.stated = Money::whole(100);
  for (std::size_t i = 0; i < positions; ++i) {
    row.positions.push_back({"KX-" + std::to_string(i), i % 2 == 0 ? Outcome::Yes : Outcome::No, Quantity::whole(5)});
  }
  return row;
}

TEST(DescribedReconciliation, APersonSeesCashPositionsAndLimits) {
  Reconciliation reconciled;
  reconciled.venues = {account(Venue::Kalshi, 2), account(Venue::Polymarket, 0)};
  RiskLimits limits;
  limits.max_position = Money::whole(10);
  limits.max_asset_exposure = Money::whole(20);
  limits.max_total_exposure = Money::whole(30);
  limits.max_daily_loss = Money::whole(40);
  EXPECT_EQ(describe(reconciled, limits),
            "kalshi: cash 100, 2 open positions\n  KX-0 yes 5\n  KX-1 no 5\npolymarket: cash 100, 0 open positions\n"
            "limits: position 10, asset 20, total 30, daily loss 40\n");
}

TEST(DescribedReconciliation, OfManyPositionsTwentyOfEachVenueAreShown) {
  Reconciliation reconciled;
  reconciled.venues = {account(Venue::Kalshi, 23), account(Venue::Polymarket, 21)};
  const std::string text = describe(reconciled, RiskLimits{});
  EXPECT_THAT(text, testing::HasSubstr("  KX-19 no 5\n  … and 3 more\npolymarket: cash 100, 21 open positions\n"
                                       "  KX-0 yes 5\n"));
  EXPECT_THAT(text, testing::HasSubstr("  KX-19 no 5\n  … and 1 more\nlimits: "));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("KX-20")));
  reconciled.venues = {account(Venue::Kalshi, 20)};
  EXPECT_THAT(describe(reconciled, RiskLimits{}), testing::HasSubstr("  KX-19 no 5\nlimits: "));
}

}  // namespace
}  // namespace arbees::app
