#include "core/pricing/basis_bound.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

TEST(BasisBound, WithoutEvidenceThereIsNone) {
  EXPECT_FALSE(statistical_bound({}));
  EXPECT_FALSE(statistical_bound({SpotPrice::whole(1), SpotPrice::whole(5), kLeastObservations - 1}));
  EXPECT_FALSE(statistical_bound({SpotPrice::whole(1), SpotPrice{}, 1000}));
}

TEST(BasisBound, IsMeanPlusFourDeviationsAndWidensWithFewObservations) {
  const auto many = statistical_bound({SpotPrice::whole(-10), SpotPrice::whole(5), 1'000'000'000});
  ASSERT_TRUE(many);
  EXPECT_GE(many->bound, SpotPrice::whole(30));
  EXPECT_LT(many->bound, SpotPrice::whole(31));
  const auto few = statistical_bound({SpotPrice::whole(-10), SpotPrice::whole(5), 30});
  ASSERT_TRUE(few);
  // 10 + 2·5/√30 + 4·5·(1 + 2/√58) = 37.08
  EXPECT_EQ(few->bound.units() / 1'000'000, 3707);
}

// Textbook Student-t, four degrees of freedom: P(|T| > 4√2) = 0.0048127; Chebyshev: 1/16.
TEST(BasisBound, BeyondItIsRareAndReservedForWithoutAnyLaw) {
  const auto bound = statistical_bound({SpotPrice{}, SpotPrice::whole(5), 100});
  ASSERT_TRUE(bound);
  EXPECT_NEAR(static_cast<double>(bound->expected_billionths), 4.8127e6, 2e3);
  EXPECT_NEAR(static_cast<double>(bound->expected_billionths + bound->reserve_billionths), 6.25e7, 2);
}

TEST(BasisBound, KellyTakesNothingWithoutAnEdgeAfterTheReserve) {
  const auto bound = statistical_bound({SpotPrice{}, SpotPrice::whole(5), 100});
  ASSERT_TRUE(bound);
  EXPECT_EQ(basis_kelly_millionths(*bound, Money::whole(94), Money::whole(100)), 0);
  EXPECT_EQ(basis_kelly_millionths(*bound, Money::whole(101), Money::whole(100)), 0);
  // (p − c)/(1 − c)/2 with p = 0.9375, c = 0.9.
  EXPECT_NEAR(static_cast<double>(basis_kelly_millionths(*bound, Money::whole(90), Money::whole(100))), 187'500, 5);
}

}  // namespace
}  // namespace arbees
