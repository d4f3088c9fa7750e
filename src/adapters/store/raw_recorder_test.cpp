#include "adapters/store/raw_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "adapters/store/text_file.h"

namespace arbees {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Timestamp kStart = from_unix_s(1'780'000'000);

class RawRecorderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "raw_recorder_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  // All lines of a file, and whether it was read to its end.
  static std::vector<std::string> lines(const std::string& path, ReadError& error) {
    auto reader = LineReader::open(path);
    EXPECT_TRUE(reader);
    std::vector<std::string> all;
    for (std::string_view line; reader->next(line);) all.emplace_back(line);
    error = reader->error();
    return all;
  }

  // Does not compress.
  static std::string noise(int length, std::uint64_t& seed) {
    std::string text;
    for (int i = 0; i < length; ++i) {
      seed = seed * 6364136223846793005U + 1;
      text += static_cast<char>(0x21 + (seed >> 33) % 90);
    }
    return text;
  }
  [[nodiscard]] std::uint64_t bytes_on_disk() const {
    std::uint64_t bytes = 0;
    for (const std::string& file : files()) bytes += fs::file_size(file);
    return bytes;
  }

  std::string folder_;
};

TEST_F(RawRecorderTest, KeepsFramesAndMarkersInOrder) {
  {
    auto recorder = RawRecorder::open(folder_, {});
    ASSERT_TRUE(recorder) << recorder.error();
    (*recorder)->marker(Venue::Kalshi, 1, "connected", kStart);
    (*recorder)->frame(Venue::Kalshi, 1, "{\"a\":\"\\n\"}", kStart + Duration(5));
    (*recorder)->frame(Venue::Binance, 2, "line\nbreak", kStart + Duration(6));
    EXPECT_EQ((*recorder)->frames(), 2U);
  }
  ASSERT_EQ(files().size(), 1U);
  EXPECT_THAT(files()[0], testing::EndsWith("raw-20260528T202640.000Z.jsonl.zst"));
  ReadError error{};
  EXPECT_THAT(lines(files()[0], error),
              ElementsAre("{\"recv_ts_ns\":1780000000000000000,\"src\":\"kalshi\",\"connection\":1,\"marker\":"
                          "\"connected\"}",
                          "{\"recv_ts_ns\":1780000000000000005,\"src\":\"kalshi\",\"connection\":1,\"raw\":"
                          "\"{\\\"a\\\":\\\"\\\\n\\\"}\"}",
                          "{\"recv_ts_ns\":1780000000000000006,\"src\":\"binance\",\"connection\":2,\"raw\":"
                          "\"line\\u000abreak\"}"));
  EXPECT_EQ(error, ReadError::None);
}

TEST_F(RawRecorderTest, BytesThatAreNoTextStayReadable) {
  {
    auto recorder = RawRecorder::open(folder_, {});
    (*recorder)->frame(Venue::Kalshi, 1, std::string_view("\xff\xc0\x80 \xc3\xa9 \xed\xa0\x80\0z", 12), kStart);
  }
  ReadError error{};
  EXPECT_THAT(lines(files()[0], error), ElementsAre(HasSubstr("\\u00ff\\u00c0\\u0080 \xc3\xa9 \\u00ed\\u00a0\\u0080"
                                                              "\\u0000z\"}")));
}

TEST_F(RawRecorderTest, ATornTailCostsOnlyWhatCameAfterTheLastFlush) {
  {
    auto recorder = RawRecorder::open(folder_, {});
    for (int i = 0; i < 3; ++i) {
      (*recorder)->frame(Venue::Kalshi, 1, "frame " + std::to_string(i), kStart);
      ASSERT_TRUE((*recorder)->flush());
    }
  }
  const std::string path = files()[0];
  fs::resize_file(path, fs::file_size(path) - 12);  // more than the checksum
  ReadError error{};
  EXPECT_THAT(lines(path, error), ElementsAre(HasSubstr("frame 0"), HasSubstr("frame 1")));
  EXPECT_EQ(error, ReadError::Truncated);
}

TEST_F(RawRecorderTest, RotatesByTimeAndRemovesTheOldestFirst) {
  RawRecorderOptions options;
  options.rotate_every = std::chrono::minutes(1);
  options.max_bytes = 400;
  auto recorder = RawRecorder::open(folder_, options);
  std::uint64_t seed = 1;
  for (int minute = 0; minute < 10; ++minute) {
    const Timestamp now = kStart + std::chrono::minutes(minute);
    ASSERT_TRUE((*recorder)->tick(now));
    (*recorder)->frame(Venue::Kalshi, 1, noise(100, seed), now);
  }
  ASSERT_TRUE((*recorder)->flush());
  EXPECT_GT((*recorder)->files_removed(), 0U);
  EXPECT_EQ(files().size() + (*recorder)->files_removed(), 10U);
  EXPECT_THAT(files().back(), HasSubstr("T203540"));
  EXPECT_LE(bytes_on_disk(), options.max_bytes + fs::file_size(files().back()));
}

TEST_F(RawRecorderTest, StaysWithinItsSpaceHoweverLongAFileMayLast) {
  RawRecorderOptions options;
  options.rotate_every = std::chrono::hours(24);
  options.flush_every = Duration(0);
  options.max_bytes = 80'000;
  auto recorder = RawRecorder::open(folder_, options);
  std::uint64_t seed = 1;
  constexpr std::uint64_t kOneFlush = 1'200;
  for (int i = 0; i < 300; ++i) {
    // Some files begin in the same millisecond as the one before.
    const Timestamp now = kStart + std::chrono::milliseconds(i / 20);
    (*recorder)->frame(Venue::Kalshi, 1, noise(1'000, seed), now);
    ASSERT_TRUE((*recorder)->tick(now)) << (*recorder)->error();
    ASSERT_LE(bytes_on_disk(), options.max_bytes + kOneFlush);
  }
  EXPECT_GT((*recorder)->files_removed(), 10U);
  EXPECT_GE(files().size(), 7U) << "most of the space is used";
  // The latest frames are there, in the order of the names.
  std::vector<std::string> kept;
  ReadError error{};
  for (const std::string& file : files()) {
    for (std::string& line : lines(file, error)) kept.push_back(std::move(line));
    EXPECT_EQ(error, ReadError::None);
  }
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end(), [](const std::string& a, const std::string& b) {
    return a.substr(0, 34) < b.substr(0, 34);
  }));
  EXPECT_THAT(kept.back(), HasSubstr(std::to_string(unix_ns(kStart + std::chrono::milliseconds(299 / 20)))));
}

TEST_F(RawRecorderTest, SaysWhatIsWrongWithTheFolder) {
  const auto recorder = RawRecorder::open("/proc/nowhere", {});
  ASSERT_FALSE(recorder);
  EXPECT_THAT(recorder.error(), HasSubstr("/proc/nowhere: cannot be made"));
}

}  // namespace
}  // namespace arbees
