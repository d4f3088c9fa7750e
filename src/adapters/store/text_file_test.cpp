#include "adapters/store/text_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "tests/support/project_file.h"

namespace arbees {
namespace {

const std::string kData = testing_support::project_file("../shared/data/");

class TextFile : public testing::Test {
 protected:
  std::string write(const std::string& bytes) {
    path_ = testing::TempDir() + "text_file_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    EXPECT_NE(file, nullptr);
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
    return path_;
  }
  void TearDown() override {
    if (!path_.empty()) std::remove(path_.c_str());
  }

  std::string path_;
};

std::vector<std::string> lines_of(LineReader& reader) {
  std::vector<std::string> lines;
  std::string_view line;
  while (reader.next(line)) lines.push_back(reader.is_too_long() ? "<too long>" : std::string(line));
  return lines;
}

// "one\ntwo\n" as a Zstandard frame, made with the zstd program (no checksum).
const std::string kCompressed("\x28\xb5\x2f\xfd\x00\x58\x41\x00\x00one\ntwo\n", 17);

TEST_F(TextFile, GivesLinesWithoutTheirEnds) {
  auto reader = LineReader::open(write("first\n\nthird\r\nlast"));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(lines_of(*reader), (std::vector<std::string>{"first", "", "third", "last"}));
  EXPECT_EQ(reader->line_number(), 4U);
  EXPECT_EQ(reader->error(), ReadError::None);
}

TEST_F(TextFile, EmptyFileHasNoLines) {
  auto reader = LineReader::open(write(""));
  ASSERT_TRUE(reader.has_value());
  EXPECT_TRUE(lines_of(*reader).empty());
  EXPECT_EQ(reader->error(), ReadError::None);
}

TEST_F(TextFile, LineOverTheLimitIsReportedAndTheNextOnesFollow) {
  const std::string limit(10, 'x');
  auto reader = LineReader::open(write("a\n" + limit + "y\n" + limit + "\n" + std::string(500'000, 'z') + "\nb\n"), 10);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(lines_of(*reader), (std::vector<std::string>{"a", "<too long>", limit, "<too long>", "b"}));
}

TEST_F(TextFile, ReadsConcatenatedZstandardFrames) {
  auto reader = LineReader::open(write(kCompressed + kCompressed));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(lines_of(*reader), (std::vector<std::string>{"one", "two", "one", "two"}));
  EXPECT_EQ(reader->error(), ReadError::None);
}

TEST_F(TextFile, TruncatedCompressionIsAnError) {
  auto reader = LineReader::open(write(kCompressed + kCompressed.substr(0, 12)));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(lines_of(*reader).size(), 2U);
  EXPECT_EQ(reader->error(), ReadError::Truncated);
}

TEST_F(TextFile, DamagedCompressionIsAnError) {
  std::string damaged = kCompressed;
  damaged[6] = '\xff';
  auto reader = LineReader::open(write(damaged));
  ASSERT_TRUE(reader.has_value());
  EXPECT_TRUE(lines_of(*reader).empty());
  EXPECT_EQ(reader->error(), ReadError::BadCompression);
}

TEST_F(TextFile, MissingFileAndFolderAreErrors) {
  EXPECT_EQ(LineReader::open("/nonexistent/file").error(), ReadError::NotFound);
  EXPECT_EQ(LineReader::open("/").error(), ReadError::NotReadable);
}

TEST_F(TextFile, AnyLineLengthsAgreesWithModel) {
  constexpr std::uint64_t kSeed = 7;
  Random random(kSeed);
  std::vector<std::string> expected;
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    expected.emplace_back(random.below(i % 50 == 0 ? 700'000 : 200), static_cast<char>('a' + i % 26));
    bytes += expected.back() + "\n";
  }
  auto reader = LineReader::open(write(bytes));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(lines_of(*reader), expected) << "seed " << kSeed;
}

TEST_F(TextFile, ReadsARecordedCompressedFileCompletely) {
  auto reader = LineReader::open(kData + "binance-btcusdt-1m/BTCUSDT-1m-2026-03.csv.zst");
  ASSERT_TRUE(reader.has_value()) << "recorded data missing under " << kData;
  EXPECT_EQ(lines_of(*reader).size(), 44'640U);
  EXPECT_EQ(reader->error(), ReadError::None);
}

}  // namespace
}  // namespace arbees
