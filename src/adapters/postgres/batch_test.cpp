#include "adapters/postgres/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/postgres/batch_queue.h"
#include "adapters/postgres/spill.h"

namespace arbees::postgres {
namespace {

namespace fs = std::filesystem;

class SpillTest : public testing::Test {
 protected:
  SpillTest() {
    std::string pattern = (fs::temp_directory_path() / "arbees-spill-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SpillTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  static Batch batch(std::uint64_t number, std::string writer = "aa") {
    Batch batch;
    batch.writer = std::move(writer);
    batch.number = number;
    BatchPart& part = batch.part(Table::Audit);
    part.rows = 1;
    part.lines = "row " + std::to_string(number) + "\n";
    return batch;
  }
  [[nodiscard]] fs::path only_file() const { return fs::directory_iterator(folder_)->path(); }

  std::string folder_;
};

TEST(Batch, ComesBackFromItsBytes) {
  Batch batch;
  batch.writer = "0123abcd";
  batch.number = 7;
  BatchPart& prices = batch.part(Table::MarketPrices);
  prices.lines = "a\tb\nc\td\n";
  prices.rows = 2;
  prices.days = {-1, 20'000, 20'001};
  batch.part(Table::Audit).lines = "";
  EXPECT_EQ(batch.rows(), 2U);
  const auto decoded = decode(encode(batch));
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_EQ(*decoded, batch);
}

TEST(Batch, ADamagedOneIsRecognisedWhateverByteItIs) {
  Batch batch;
  batch.writer = "0123";
  batch.number = 1;
  batch.part(Table::Audit).lines = "some\tline\n";
  const std::string whole = encode(batch);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(decode(damaged)) << i;
    EXPECT_FALSE(decode(whole.substr(0, i))) << i;
  }
}

TEST_F(SpillTest, GivesBackInOrderAlsoAfterARestart) {
  {
    SpillFolder folder(folder_, 1'000'000);
    EXPECT_TRUE(folder.add(batch(2)));
    EXPECT_TRUE(folder.add(batch(1)));
    EXPECT_TRUE(folder.add(batch(1, "zz")));
  }
  SpillFolder folder(folder_, 1'000'000);
  ASSERT_EQ(folder.count(), 3U);
  for (const Batch& expected : {batch(1), batch(2), batch(1, "zz")}) {
    EXPECT_EQ(folder.oldest(), expected);
    EXPECT_EQ(folder.oldest(), expected);
    folder.remove_oldest();
  }
  EXPECT_TRUE(folder.empty());
  EXPECT_EQ(folder.bytes(), 0U);
}

TEST_F(SpillTest, SetsADamagedFileAsideAndGoesOn) {
  SpillFolder folder(folder_, 1'000'000);
  ASSERT_TRUE(folder.add(batch(1)));
  {
    std::ofstream(only_file(), std::ios::app) << "x";
  }
  ASSERT_TRUE(folder.add(batch(2)));
  EXPECT_EQ(folder.oldest(), batch(2));
  EXPECT_EQ(folder.damaged(), 1U);
  EXPECT_THAT(folder.trouble(), testing::HasSubstr("damaged"));
  EXPECT_TRUE(fs::exists(folder_ + "/aa-000000000001.batch.damaged"));
}

TEST_F(SpillTest, TakesNoMoreThanItsRoom) {
  SpillFolder folder(folder_, 100);
  EXPECT_TRUE(folder.add(batch(1)));
  EXPECT_FALSE(folder.add(batch(2)));
  EXPECT_THAT(folder.trouble(), testing::HasSubstr("full"));
}

TEST_F(SpillTest, TheQueueKeepsTheOrderOverMemoryAndFiles) {
  BatchQueue queue(folder_, 1'000'000, 2);
  for (std::uint64_t number = 1; number <= 4; ++number) queue.add(batch(number));
  EXPECT_EQ(queue.counts().pending_batches, 2U);
  EXPECT_EQ(queue.counts().spilled_batches, 2U);
  EXPECT_EQ(queue.first(std::chrono::milliseconds(0)), batch(1));
  queue.settle();
  // There is room in memory again, but what is younger must not overtake the files.
  queue.add(batch(5));
  EXPECT_EQ(queue.counts().spilled_batches, 3U);
  queue.spill_all();
  EXPECT_EQ(queue.counts().pending_batches, 0U);
  for (std::uint64_t number = 2; number <= 5; ++number) {
    EXPECT_EQ(queue.first(std::chrono::milliseconds(0)), batch(number));
    queue.settle();
  }
  EXPECT_TRUE(queue.empty());
  queue.add(batch(6));
  EXPECT_EQ(queue.counts().pending_batches, 1U);
}

TEST_F(SpillTest, ARefusedBatchIsKeptForPeople) {
  BatchQueue queue(folder_, 1'000'000, 2);
  queue.add(batch(1));
  ASSERT_TRUE(queue.first(std::chrono::milliseconds(0)));
  queue.refuse();
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(fs::exists(folder_ + "/aa-000000000001.batch.refused"));
}

}  // namespace
}  // namespace arbees::postgres
