#include "adapters/venue/gemini/decoder.h"

#include <gmock/gmock.h>

#include <map>

#include "core/base/random.h"
#include "tests/support/decoding.h"
#include "tests/support/spot_player.h"

namespace arbees::gemini {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::decode_text;

class Player : public testing_support::SpotPlayer<Decoder> {
 public:
  std::string depth(std::uint64_t first, std::uint64_t last, const std::string& bids, const std::string& asks = "[]") {
    return play(R"({"e":"depthUpdate","E":1790000000000000001,"s":"btcusd","U":)" + std::to_string(first) + R"(,"u":)" +
                std::to_string(last) + R"(,"b":)" + bids + R"(,"a":)" + asks + "}");
  }
  std::string l2(const std::string& changes, bool is_whole = false) {
    return play(R"({"type":"l2_updates","symbol":"BTCUSD","changes":)" + changes +
                (is_whole ? R"(,"trades":[{"type":"trade","price":"1"}],"auction_events":[]})" : "}"));
  }
  BookStatus status() { return book("BTCUSD").status(); }
};

TEST(GeminiDecoder, TheFirstFrameIsTheWholeBookAndLaterOnesFollowOn) {
  Player player;
  EXPECT_THAT(player.depth(100, 100, R"([["100","1"],["99","2"]])", R"([["101","3"]])"), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Proven);
  EXPECT_THAT(player.depth(101, 103, R"([["100","0"]])"), IsEmpty());
  EXPECT_THAT(player.depth(103, 104, R"([["98","4"]])"), IsEmpty()) << "ranges may overlap";
  EXPECT_EQ(player.levels("BTCUSD"), "9900x200 9800x400|10100x300");
}

TEST(GeminiDecoder, ALostFrameFaultsTheBookUntilTheNextConnection) {
  Player player;
  player.depth(100, 100, R"([["100","1"]])");
  EXPECT_EQ(player.depth(102, 102, R"([["99","1"]])"), "sequence_gap ");
  EXPECT_EQ(player.status(), BookStatus::Gap);
  EXPECT_THAT(player.depth(103, 103, R"([["99","1"]])"), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Gap) << "a single id is no whole book here";
  player.reset();
  EXPECT_THAT(player.depth(200, 200, R"([["100","1"]])"), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Proven);
}

TEST(GeminiDecoder, UpdatesBeforeAWholeBookAreRefused) {
  Player player;
  EXPECT_EQ(player.depth(95, 100, R"([["100","1"]])"), "unknown_symbol ");
  EXPECT_EQ(player.l2(R"([["buy","100","1"]])"), "unknown_symbol ");
}

TEST(GeminiDecoder, OldUpdatesAreIgnored) {
  Player player;
  player.depth(100, 100, R"([["100","1"]])");
  EXPECT_EQ(player.depth(99, 100, R"([["100","9"]])"), "out_of_order ");
  EXPECT_EQ(player.levels("BTCUSD"), "10000x100|");
  EXPECT_EQ(player.status(), BookStatus::Proven);
}

TEST(GeminiDecoder, OffersAtAbsurdPricesArePassedOver) {
  Player player;
  EXPECT_THAT(player.depth(1, 1, "[]", R"([["101","3"],["10000000000","1"],["999999999999999999999","1"]])"),
              IsEmpty());
  EXPECT_EQ(player.levels("BTCUSD"), "|10100x300");
  EXPECT_EQ(player.depth(2, 2, R"([["10000000000","1"]])"), "out_of_range ") << "but no such bid";
  EXPECT_EQ(player.status(), BookStatus::Unproven);
}

TEST(GeminiDecoder, VersionTwoBooksBeginWithTheListOfTrades) {
  Player player;
  EXPECT_THAT(player.l2(R"([["buy","100","1"],["sell","102","2"]])", true), IsEmpty());
  EXPECT_THAT(player.l2(R"([["buy","101","1"],["buy","100","0"],["sell","103","1"]])"), IsEmpty());
  EXPECT_EQ(player.levels("BTCUSD"), "10100x100|10200x200 10300x100");
  EXPECT_EQ(player.l2(R"([["up","101","1"]])"), "malformed ");
  EXPECT_EQ(player.status(), BookStatus::Unproven);
  EXPECT_THAT(player.l2(R"([["buy","101","1"]])"), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Unproven);
  EXPECT_THAT(player.l2(R"([["buy","100","1"]])", true), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Proven);
}

TEST(GeminiDecoder, UnreadableFramesAboutBooksFaultThem) {
  Player player;
  player.depth(1, 1, R"([["100","1"]])");
  EXPECT_EQ(player.play(R"({"e":"depthUpdate","s":"btcusd","U":2,"u":2,"b":[[)"), "malformed ");
  EXPECT_EQ(player.status(), BookStatus::Unproven);
}

TEST(GeminiDecoder, HalfAQuoteSaysNothing) {
  Decoder decoder;
  EXPECT_EQ(decode_text(decoder, R"({"u":1,"E":1790000000000000001,"s":"btcusd","b":"","B":"","a":"101","A":"1"})"),
            "control\n");
}

TEST(GeminiDecoder, BooksAgreeWithModel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Player player;
    std::map<int, int> asks;
    std::uint64_t id = 7;
    bool is_live = false;
    for (int step = 0; step < 300; ++step) {
      if (!is_live) {
        std::string all = "[";
        for (const auto& [price, size] : asks) {
          all += (all.size() > 1 ? ",[\"" : "[\"") + std::to_string(price) + "\",\"" + std::to_string(size) + "\"]";
        }
        player.reset();
        ASSERT_THAT(player.depth(id, id, "[]", all + "]"), IsEmpty());
        is_live = true;
      }
      const std::uint64_t first = id + 1 - random.below(2);
      id += 1 + random.below(3);
      const int price = 1 + static_cast<int>(random.below(30));
      const int size = static_cast<int>(random.below(4));
      asks[price] = size;
      if (size == 0) asks.erase(price);
      if (random.chance(1, 40)) {
        ASSERT_EQ(player.depth(id + 1, id + 1, "[]"), "sequence_gap ") << "the change before it was lost";
        ASSERT_EQ(player.status(), BookStatus::Gap);
        ++id;
        is_live = false;
        continue;
      }
      ASSERT_THAT(
          player.depth(first, id, "[]", "[[\"" + std::to_string(price) + "\",\"" + std::to_string(size) + "\"]]"),
          IsEmpty());
      std::string expected = "|";
      for (const auto& [at, amount] : asks) {
        expected += (expected.back() == '|' ? "" : " ") + std::to_string(at) + "00x" + std::to_string(amount) + "00";
      }
      ASSERT_EQ(player.levels("BTCUSD"), expected);
      ASSERT_EQ(player.status(), BookStatus::Proven);
    }
  }
}

TEST(GeminiDecoder, GoldenFiles) {
  testing_support::check_golden("gemini", [] { return std::make_unique<Decoder>(); });
}

TEST(GeminiDecoder, NoPrefixOfAFrameIsTakenForAFrame) {
  const std::string_view frame =
      R"({"e":"depthUpdate","E":1790000000000000001,"s":"BTCUSD","U":95,"u":100,"b":[["65000.00","1.0"]],"a":[["65001.00","2.0"]]})";
  for (std::size_t length = 0; length < frame.size(); ++length) {
    Decoder decoder;
    EXPECT_THAT(decode_text(decoder, frame.substr(0, length)), HasSubstr("anomaly malformed")) << length;
  }
}

}  // namespace
}  // namespace arbees::gemini
