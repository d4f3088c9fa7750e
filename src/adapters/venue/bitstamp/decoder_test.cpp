#include "adapters/venue/bitstamp/decoder.h"

#include <gmock/gmock.h>

#include <map>
#include <vector>

#include "adapters/venue/bitstamp/diff_sync.h"
#include "core/base/random.h"
#include "tests/support/decoding.h"
#include "tests/support/spot_player.h"

namespace arbees::bitstamp {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::decode_text;

class Player : public testing_support::SpotPlayer<Decoder> {
 public:
  std::string diff(std::uint64_t stamp, const std::string& bids, const std::string& asks = "[]") {
    return play(R"({"data":{"timestamp":"1","microtimestamp":")" + std::to_string(stamp) + R"(","bids":)" + bids +
                R"(,"asks":)" + asks + R"(},"channel":"diff_order_book_btcusd","event":"data"})");
  }
  std::string whole(std::uint64_t stamp, const std::string& bids, const std::string& asks) {
    return play(R"({"event":"data","channel":"order_book_btcusd","data":{"timestamp":"1","microtimestamp":")" +
                std::to_string(stamp) + R"(","bids":)" + bids + R"(,"asks":)" + asks + "}}");
  }
  std::string rest(std::uint64_t stamp, const std::string& bids, const std::string& asks = "[]") {
    FrameBuffer buffer;
    DecodedFrame decoded;
    decoder.decode_rest_book("btcusd",
                             buffer.assign(R"({"timestamp": "1", "microtimestamp": ")" + std::to_string(stamp) +
                                           R"(", "bids": )" + bids + R"(, "asks": )" + asks + "}"),
                             from_unix_s(1), decoded);
    return take(decoded);
  }
  BookStatus status() { return book("btcusd").status(); }
};

// The stamps of the recording of 2022-01-05: the first change is older than the order book and is in it already.
TEST(BitstampDecoder, ChangesOlderThanTheOrderBookAreDropped) {
  Player player;
  EXPECT_THAT(player.diff(1641343691406478, R"([["3800.71","1.76"]])"), IsEmpty());
  EXPECT_THAT(player.rest(1641343695681418, R"([["3802.90","0.6"],["3802.89","3.23"]])"), IsEmpty());
  EXPECT_EQ(player.levels("btcusd"), "380290x60 380289x323|");
  EXPECT_EQ(player.status(), BookStatus::Proven);
  EXPECT_THAT(player.diff(1641343695681418, R"([["3900","9"]])"), IsEmpty()) << "the order book's own stamp";
  EXPECT_EQ(player.levels("btcusd"), "380290x60 380289x323|");
}

TEST(BitstampDecoder, ChangesKeptAreAppliedAfterTheOrderBook) {
  Player player;
  player.diff(10, R"([["99","1"]])");
  player.diff(20, R"([["100","0"]])", R"([["103","2"]])");
  EXPECT_NE(player.status(), BookStatus::Proven);
  EXPECT_THAT(player.rest(10, R"([["100","1"],["98","1"]])", R"([["102","1"]])"), IsEmpty());
  EXPECT_EQ(player.levels("btcusd"), "9800x100|10200x100 10300x200");
  EXPECT_EQ(player.status(), BookStatus::Proven);
}

TEST(BitstampDecoder, AnOrderBookFromBeforeSubscribingProvesNothing) {
  Player player;
  player.diff(20, "[]");
  EXPECT_EQ(player.rest(19, R"([["100","1"]])"), "sequence_gap ");
  EXPECT_NE(player.status(), BookStatus::Proven);
  EXPECT_THAT(player.rest(20, R"([["100","1"]])"), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Proven);
}

TEST(BitstampDecoder, RefreshingDoesNotLoseWhatCameMeanwhile) {
  Player player;
  player.diff(10, "[]");
  player.rest(10, R"([["100","1"]])");
  player.diff(20, R"([["99","5"]])");
  player.decoder.expect_book("btcusd");
  player.diff(30, R"([["98","6"]])");
  // The answer shows a level whose removal was lost, and is from before the change at 30.
  EXPECT_THAT(player.rest(25, R"([["99","5"]])"), IsEmpty());
  EXPECT_EQ(player.levels("btcusd"), "9900x500 9800x600|");
  player.decoder.expect_book("btcusd");
  EXPECT_EQ(player.rest(29, R"([["1","1"]])"), "out_of_order ") << "older than what is known";
  EXPECT_EQ(player.levels("btcusd"), "9900x500 9800x600|");
}

TEST(BitstampDecoder, AnOrderBookNobodyAskedForMayNotUndoChanges) {
  Player player;
  player.rest(10, R"([["100","1"]])");
  player.diff(30, R"([["98","6"]])");
  EXPECT_EQ(player.rest(20, R"([["100","1"]])"), "out_of_order ");
  EXPECT_EQ(player.levels("btcusd"), "10000x100 9800x600|");
}

TEST(BitstampDecoder, LateChangesAreIgnored) {
  Player player;
  player.rest(10, R"([["100","1"]])");
  EXPECT_THAT(player.diff(30, R"([["98","6"]])"), IsEmpty());
  EXPECT_THAT(player.diff(30, R"([["97","1"]])"), IsEmpty()) << "stamps repeat";
  EXPECT_EQ(player.diff(29, R"([["98","0"]])"), "out_of_order ");
  EXPECT_EQ(player.levels("btcusd"), "10000x100 9800x600 9700x100|");
}

TEST(BitstampDecoder, KeptChangesAreBounded) {
  Player player;
  std::string kinds;
  for (std::uint64_t stamp = 1; stamp <= DiffSync::kMaxKept + 1; ++stamp) kinds += player.diff(stamp, "[]");
  EXPECT_EQ(kinds, "unknown_symbol ");
  EXPECT_EQ(player.rest(5, "[]"), "sequence_gap ") << "the changes after it are forgotten";
  EXPECT_THAT(player.rest(DiffSync::kMaxKept + 1, "[]"), IsEmpty());
}

TEST(BitstampDecoder, ARefreshWithoutRoomIsGivenUp) {
  Player player;
  player.rest(10, "[]");
  player.decoder.expect_book("btcusd");
  for (std::uint64_t stamp = 11; stamp <= DiffSync::kMaxKept + 20; ++stamp) player.diff(stamp, R"([["98","6"]])");
  EXPECT_EQ(player.rest(15, "[]"), "out_of_order ");
  EXPECT_EQ(player.levels("btcusd"), "9800x600|");
}

TEST(BitstampDecoder, WholeBooksTellOnlyWhatChanged) {
  Player player;
  EXPECT_THAT(player.whole(1, R"([["100","1"],["99","2"]])", R"([["101","3"],["103","4"]])"), IsEmpty());
  const std::string text = decode_text(
      player.decoder,
      R"({"event":"data","channel":"order_book_btcusd","data":{"microtimestamp":"2","bids":[["100","1"],["98","5"]],"asks":[["101","3"],["102","1"],["103","4"]]}})");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  player.whole(1, "[]", "[]");
  EXPECT_THAT(player.whole(3, R"([["100","1"],["98","5"]])", R"([["103","7"]])"), IsEmpty());
}

TEST(BitstampDecoder, WholeBooksAgreeWithModel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Player player;
    std::map<int, int> bids;
    std::map<int, int> asks;
    const auto json_of = [](auto begin, auto end) {
      std::string text = "[";
      for (auto it = begin; it != end; ++it) {
        text += (text.size() > 1 ? ",[\"" : "[\"") + std::to_string(it->first) + "\",\"" + std::to_string(it->second) +
                "\"]";
      }
      return text + "]";
    };
    for (std::uint64_t step = 1; step <= 200; ++step) {
      for (std::uint64_t change = random.below(4); change > 0; --change) {
        auto& side = random.chance(1, 2) ? bids : asks;
        const int price = (&side == &bids ? 1 : 101) + static_cast<int>(random.below(100));
        side[price] = 1 + static_cast<int>(random.below(5));
        if (random.chance(1, 3)) side.erase(price);
      }
      ASSERT_THAT(player.whole(step, json_of(bids.rbegin(), bids.rend()), json_of(asks.begin(), asks.end())),
                  IsEmpty());
      std::string expected;
      for (auto it = bids.rbegin(); it != bids.rend(); ++it) {
        expected +=
            (expected.empty() ? "" : " ") + std::to_string(it->first) + "00x" + std::to_string(it->second) + "00";
      }
      expected += "|";
      for (auto it = asks.begin(); it != asks.end(); ++it) {
        expected +=
            (expected.back() == '|' ? "" : " ") + std::to_string(it->first) + "00x" + std::to_string(it->second) + "00";
      }
      ASSERT_EQ(player.levels("btcusd"), expected);
      ASSERT_EQ(player.status(), BookStatus::Proven);
    }
  }
}

// Changes of a random book, with order books asked for every so often and answered late: the book is always the
// venue's.
TEST(BitstampDecoder, DiffsAgreeWithModel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Player player;
    std::map<int, int> bids;
    std::uint64_t stamp = 100;
    const auto json_of = [](const std::map<int, int>& side) {
      std::string text = "[";
      for (const auto& [price, size] : side) {
        text += (text.size() > 1 ? ",[\"" : "[\"") + std::to_string(price) + "\",\"" + std::to_string(size) + "\"]";
      }
      return text + "]";
    };
    std::uint64_t answer_stamp = 0;
    std::string answer;
    bool is_proven = false;
    for (int step = 0; step < 300; ++step) {
      stamp += 1 + random.below(3);
      const int price = 1 + static_cast<int>(random.below(30));
      const int size = static_cast<int>(random.below(4));
      bids[price] = size;
      if (size == 0) bids.erase(price);
      player.diff(stamp, "[[\"" + std::to_string(price) + "\",\"" + std::to_string(size) + "\"]]");
      if (answer.empty() && random.chance(1, 20)) {
        player.decoder.expect_book("btcusd");
        answer_stamp = stamp;
        answer = json_of(bids);
      } else if (!answer.empty() && random.chance(1, 5)) {
        ASSERT_THAT(player.rest(answer_stamp, answer), IsEmpty());
        answer.clear();
        is_proven = true;
      }
      if (!is_proven) continue;
      std::string expected;
      for (auto it = bids.rbegin(); it != bids.rend(); ++it) {
        expected +=
            (expected.empty() ? "" : " ") + std::to_string(it->first) + "00x" + std::to_string(it->second) + "00";
      }
      ASSERT_EQ(player.levels("btcusd"), expected + "|") << step;
      ASSERT_EQ(player.status(), BookStatus::Proven);
    }
    EXPECT_TRUE(is_proven);
  }
}

TEST(BitstampDecoder, DamagedBooksAreFaulted) {
  Player player;
  player.whole(1, R"([["100","1"]])", "[]");
  EXPECT_EQ(player.whole(2, R"([["x","1"]])", "[]"), "malformed ");
  EXPECT_EQ(player.status(), BookStatus::Unproven);
  EXPECT_THAT(player.whole(3, R"([["100","1"]])", "[]"), IsEmpty());
  EXPECT_EQ(player.status(), BookStatus::Proven) << "the next whole book heals";
  EXPECT_EQ(player.whole(4, R"([["100","1"],["101","1"]])", "[]"), "malformed ") << "not from the best on";
  EXPECT_EQ(player.status(), BookStatus::Unproven);
  player.whole(5, R"([["100","1"]])", "[]");
  EXPECT_EQ(player.play(R"({"event":"data","channel":"order_book_btcusd","data":{"bids":[["100")"), "malformed ");
  EXPECT_EQ(player.status(), BookStatus::Unproven) << "an unreadable frame about a book";
}

TEST(BitstampDecoder, ANewConnectionKnowsNothing) {
  Player player;
  player.rest(10, R"([["100","1"]])");
  player.reset();
  EXPECT_EQ(player.status(), BookStatus::Stale);
  EXPECT_THAT(player.diff(20, "[]"), IsEmpty());
  EXPECT_EQ(player.rest(15, "[]"), "sequence_gap ");
}

TEST(BitstampDecoder, RequestToReconnectIsRemembered) {
  Player player;
  player.play(R"({"event":"bts:heartbeat","channel":"","data":{"status":"success"}})");
  EXPECT_FALSE(player.decoder.is_reconnect_requested());
  EXPECT_THAT(player.play(R"({"event":"bts:request_reconnect","channel":"","data":""})"), IsEmpty());
  EXPECT_TRUE(player.decoder.is_reconnect_requested());
  player.reset();
  EXPECT_FALSE(player.decoder.is_reconnect_requested());
}

TEST(BitstampDecoder, GoldenFiles) {
  testing_support::check_golden("bitstamp", [] { return std::make_unique<Decoder>(); });
}

TEST(BitstampDecoder, NoPrefixOfAFrameIsTakenForAFrame) {
  const std::string_view frame =
      R"({"data":{"timestamp":"1","microtimestamp":"1641343691406478","bids":[["1","2"]],"asks":[]},"channel":"diff_order_book_btcusd","event":"data"})";
  for (std::size_t length = 0; length < frame.size(); ++length) {
    Decoder decoder;
    EXPECT_THAT(decode_text(decoder, frame.substr(0, length)), HasSubstr("anomaly malformed")) << length;
  }
}

}  // namespace
}  // namespace arbees::bitstamp
