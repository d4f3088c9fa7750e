#include "app/running/flatten_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/running/flatten_document.h"

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string status(const std::string& done, const std::string& left) {
  return R"({"trading_state":"reducing","flatten":{"done":)" + done +
         R"(,"orders":3,"sold":"42","proceeds":"17.3","cost":"18.1","left":[)" + left + "]}}";
}

TEST(FlattenText, TellsWhatIsSoldAndWhatIsLeft) {
  const std::string left = R"({"venue":"kalshi","symbol":"KXBTC-1","outcome":"yes","quantity":"5","reason":"no_bid"})";
  EXPECT_THAT(flatten_lines(status("true", left)),
              ElementsAre("flattening: 42 sold for $17.3, which had cost $18.1; nothing more can be sold now",
                          "  left: 5 yes of KXBTC-1 on kalshi: no_bid"));
  const std::string token =
      R"({"venue":"polymarket","symbol":"71","outcome":"yes","quantity":"5","reason":"no_bid","title":"Bitcoin?: Up"})";
  EXPECT_THAT(flatten_lines(status("true", token)),
              testing::Contains("  left: 5 yes of 71 (Bitcoin?: Up) on polymarket: no_bid"));
  EXPECT_THAT(flatten_lines(status("false", "")),
              ElementsAre("flattening: 42 sold for $17.3, which had cost $18.1; sales are under way"));
  EXPECT_THAT(flatten_lines(status("true", "")),
              ElementsAre("flattening: 42 sold for $17.3, which had cost $18.1; nothing is left"));
}

TEST(FlattenText, OfWhoDoesNotFlattenIsNone) {
  EXPECT_THAT(flatten_lines(R"({"trading_state":"active"})"), IsEmpty());
  EXPECT_THAT(flatten_lines("{broken"), IsEmpty());
  EXPECT_TRUE(is_reducing(status("true", "")));
  EXPECT_FALSE(is_reducing(R"({"trading_state":"active"})"));
  EXPECT_FALSE(is_reducing("{broken"));
}

TEST(FlattenText, AHaltIsTheReasonOfWhatItHasStopped) {
  const std::string closed =
      R"({"venue":"kalshi","symbol":"K-1","outcome":"yes","quantity":"5","reason":"not_tradable"})";
  const std::string wanted = R"({"venue":"kalshi","symbol":"K-2","outcome":"no","quantity":"7","reason":"no_bid"})";
  EXPECT_THAT(
      flatten_lines(stopped_by_halt(status("false", closed + "," + wanted))),
      ElementsAre(testing::_, "  left: 5 yes of K-1 on kalshi: halted", "  left: 7 no of K-2 on kalshi: halted"));
  for (const char* other : {"[]", "{}", "{broken", R"({"flatten":null})", R"({"flatten":{"left":7}})"}) {
    EXPECT_EQ(stopped_by_halt(other), other);
  }
}

TEST(FlattenText, NothingIsLeftForNoReason) {
  EXPECT_EQ(left_because(SaleHold::None), "under_way");
  EXPECT_EQ(left_because(SaleHold::NoBid), "no_bid");
}

}  // namespace
}  // namespace arbees::app
