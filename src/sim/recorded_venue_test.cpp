#include "sim/recorded_venue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/net/net_test_support.h"
#include "adapters/store/raw_recorder.h"

namespace arbees::sim {
namespace {

using net::testing::RecordingHandler;
using net::testing::run_until;
using testing::ElementsAre;

constexpr Timestamp kStart = from_unix_s(1'780'000'000);

class RecordedVenueTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "recorded_venue_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    auto recorder = RawRecorder::open(folder_, {});
    ASSERT_TRUE(recorder);
    (*recorder)->marker(Venue::Kalshi, 1, "connected", kStart);
    (*recorder)->frame(Venue::Kalshi, 1, "first", kStart);
    (*recorder)->frame(Venue::Binance, 2, "other", kStart);
    (*recorder)->frame(Venue::Kalshi, 1, "second", kStart + std::chrono::milliseconds(20));
    (*recorder)->frame(Venue::Kalshi, 3, "again", kStart + std::chrono::hours(1));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) names.push_back(entry.path().string());
    return names;
  }

  std::string folder_;
};

TEST_F(RecordedVenueTest, GivesEveryConnectionTheNextRecordedOne) {
  const auto recording = read_recording(files());
  ASSERT_TRUE(recording) << recording.error();
  EXPECT_EQ(recording->frames, 4U);
  net::IoLoop loop;
  const auto handler = make_recorded_venue(loop, recording->connections[static_cast<std::size_t>(Venue::Kalshi)]);
  const auto server = net::HttpServer::listen(loop, *handler, {});
  ASSERT_TRUE(server);
  const net::Url url{"ws", "127.0.0.1", (*server)->port(), "/trade-api/ws/v2"};
  RecordingHandler first;
  net::WebSocketClient one(loop, first);
  one.connect(url, {});
  ASSERT_TRUE(run_until(loop, [&] { return first.frames.size() == 2; }));
  EXPECT_THAT(first.frames, ElementsAre("first", "second"));
  EXPECT_GE(first.times[1] - first.times[0], Duration(0));
  RecordingHandler second;
  net::WebSocketClient two(loop, second);
  two.connect(url, {});
  ASSERT_TRUE(run_until(loop, [&] { return second.frames.size() == 1; }));
  EXPECT_THAT(second.frames, ElementsAre("again"));
  EXPECT_TRUE(one.is_open());
}

TEST_F(RecordedVenueTest, SaysWhatIsWrongWithARecording) {
  EXPECT_THAT(read_recording({folder_ + "/nothing"}).error(), testing::HasSubstr("/nothing"));
  EXPECT_THAT(read_recording({}).error(), testing::HasSubstr("no frames"));
}

}  // namespace
}  // namespace arbees::sim
