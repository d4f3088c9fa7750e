#include "app/running/recording_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/store/journal_reader.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

TEST(RecordingSink, KeepsFramesBesideTheEventsMadeOfThem) {
  const std::string folder = testing::TempDir() + "recording_sink";
  fs::remove_all(folder);
  const Timestamp start = from_unix_s(1'780'000'000);
  {
    auto sink = RecordingSink::open(folder, {}, std::uint64_t{1} << 30, start);
    ASSERT_TRUE(sink) << sink.error();
    (*sink)->on_marker(Venue::Kalshi, 1, "connected", start);
    (*sink)->on_raw(Venue::Kalshi, 1, "{\"type\":\"x\"}", start);
    Event event;
    event.received_at = start;
    event.body = TimerTick{1};
    (*sink)->on_event(event);
    event.received_at = start - Duration(1);
    (*sink)->on_event(event);
    EXPECT_TRUE((*sink)->tick(start));
    EXPECT_EQ((*sink)->finish(), "");
    EXPECT_EQ((*sink)->frames(), 1U);
    EXPECT_EQ((*sink)->events(), 2U);
  }
  EXPECT_TRUE(fs::exists(folder + "/raw-20260528T202640.000Z.jsonl.zst"));
  const auto reader = JournalReader::open(folder + "/events-20260528T202640.000Z.journal");
  ASSERT_TRUE(reader);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace arbees::app
