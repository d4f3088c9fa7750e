#include "app/roles/rotating_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

class RotatingFileTest : public testing::Test {
 protected:
  [[nodiscard]] std::string contents(const std::string& suffix = "") const {
    std::ostringstream text;
    text << std::ifstream(path_ + suffix).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::size_t file_count() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path())) {
      count += entry.is_regular_file() ? 1U : 0U;
    }
    return count;
  }

  test::TemporaryFolder folder_;
  std::string path_ = folder_.file("bus.jsonl");
};

TEST_F(RotatingFileTest, AFullFileIsPutAsideAndOnlySoManyAreKept) {
  RotatingFile file(path_, {10, 3});
  ASSERT_TRUE(file.open());
  for (const char* line : {"aaaa\n", "bbbb\n", "cccc\n", "dddd\n", "eeee\n", "ffff\n", "gggg\n"}) {
    ASSERT_TRUE(file.write(line));
  }
  ASSERT_TRUE(file.flush());
  EXPECT_EQ(contents(), "gggg\n");
  EXPECT_EQ(contents(".1"), "eeee\nffff\n");
  EXPECT_EQ(contents(".2"), "cccc\ndddd\n");
  EXPECT_EQ(file_count(), 3U);
  EXPECT_EQ(file.rotations(), 3U);
}

TEST_F(RotatingFileTest, ItGoesOnWithWhatIsThereAndNeverCutsALine) {
  std::ofstream(path_) << "12345678\n";
  RotatingFile file(path_, {10, 2});
  ASSERT_TRUE(file.open());
  ASSERT_TRUE(file.write("a line longer than a file\n"));
  ASSERT_TRUE(file.flush());
  EXPECT_EQ(contents(), "a line longer than a file\n");
  EXPECT_EQ(contents(".1"), "12345678\n");
}

TEST_F(RotatingFileTest, OneFileAloneBeginsAnew) {
  RotatingFile file(path_, {6, 1});
  ASSERT_TRUE(file.open());
  ASSERT_TRUE(file.write("first\n"));
  ASSERT_TRUE(file.write("second\n"));
  ASSERT_TRUE(file.flush());
  EXPECT_EQ(contents(), "second\n");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(RotatingFileTest, AFileThatCannotBeWrittenIsTold) {
  RotatingFile file(folder_.file("missing/bus.jsonl"), {10, 2});
  EXPECT_FALSE(file.open());
}

}  // namespace
}  // namespace arbees::app
