#include "adapters/store/journal_source.h"

#include <gmock/gmock.h>

#include "adapters/store/journal_writer.h"
#include "adapters/store/test_files.h"

namespace arbees {
namespace {

using test::TemporaryFolder;

Event tick(std::int64_t second, std::uint64_t sequence) {
  Event event;
  event.received_at = from_unix_s(second);
  event.sequence = sequence;
  event.body = TimerTick{sequence};
  return event;
}

void write_journal(const std::string& path, std::int64_t first_second, int events) {
  auto writer = JournalWriter::create(path, JournalHeader{});
  ASSERT_TRUE(writer.has_value()) << writer.error();
  for (int i = 0; i < events; ++i) {
    const auto sequence = static_cast<std::uint64_t>(i + 1);
    ASSERT_TRUE((*writer)->append(tick(first_second + i, sequence)));
    ASSERT_TRUE((*writer)->append_digest(sequence, sequence + 1000));
  }
}

std::vector<std::int64_t> poll_seconds(JournalSource& source) {
  std::vector<std::int64_t> seconds;
  Event event;
  while (source.poll(event)) {
    EXPECT_EQ(source.recorded_digest(), event.sequence + 1000);
    seconds.push_back(unix_ns(event.received_at) / 1'000'000'000);
  }
  EXPECT_FALSE(source.recorded_digest().has_value());
  return seconds;
}

TEST(JournalSource, ReadsSeveralJournalsAsOne) {
  const TemporaryFolder folder;
  write_journal(folder.file("1"), 100, 3);
  write_journal(folder.file("2"), 200, 0);
  write_journal(folder.file("3"), 300, 2);
  auto source = JournalSource::open({folder.file("1"), folder.file("2"), folder.file("3")});
  ASSERT_TRUE(source.has_value()) << source.error();
  EXPECT_EQ(poll_seconds(*source), (std::vector<std::int64_t>{100, 101, 102, 300, 301}));
  EXPECT_EQ(source->corrected_times(), 0U);
  EXPECT_TRUE(source->complaints().empty());
}

TEST(JournalSource, NeverLetsTimeStepBack) {
  const TemporaryFolder folder;
  write_journal(folder.file("1"), 100, 3);
  write_journal(folder.file("2"), 101, 3);
  auto source = JournalSource::open({folder.file("1"), folder.file("2")});
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(poll_seconds(*source), (std::vector<std::int64_t>{100, 101, 102, 102, 102, 103}));
  EXPECT_EQ(source->corrected_times(), 1U);
}

TEST(JournalSource, NamesTheFilesThatAreDamagedAndReadsTheRest) {
  const TemporaryFolder folder;
  write_journal(folder.file("1"), 100, 3);
  write_journal(folder.file("2"), 200, 3);
  auto bytes = test::read_bytes(folder.file("1"));
  bytes.resize(bytes.size() - 1);
  test::write_bytes(folder.file("1"), bytes);
  auto source = JournalSource::open({folder.file("1"), folder.file("2")});
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(poll_seconds(*source), (std::vector<std::int64_t>{200, 201, 202}));
  ASSERT_EQ(source->complaints().size(), 1U);
  EXPECT_THAT(source->complaints()[0], testing::StartsWith(folder.file("1") + ": torn tail"));
  EXPECT_FALSE(source->is_corrupt());
}

TEST(JournalSource, AMissingFileIsKnownBeforeTheFirstEvent) {
  const TemporaryFolder folder;
  write_journal(folder.file("1"), 100, 3);
  EXPECT_FALSE(JournalSource::open({folder.file("1"), folder.file("none")}).has_value());
}

}  // namespace
}  // namespace arbees
