#include "app/commands/unknown_market.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

TEST(UnknownMarket, IsToldFromOneThatIsClosed) {
  EXPECT_TRUE(is_unknown_market(RejectReason::MarketClosed, "order: HTTP 404: {\"code\":\"market_not_found\"}"));
  EXPECT_TRUE(is_unknown_market(RejectReason::MarketClosed, "neg-risk: HTTP 404: {\"error\":\"no such token\"}"));
  EXPECT_FALSE(is_unknown_market(RejectReason::MarketClosed, "order: HTTP 400: MARKET_INACTIVE"));
  EXPECT_FALSE(is_unknown_market(RejectReason::Deadline, "order: not found")) << "the trouble of another order";
}

}  // namespace
}  // namespace arbees::app
