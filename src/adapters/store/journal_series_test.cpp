#include "adapters/store/journal_series.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "adapters/store/journal_source.h"
#include "adapters/store/test_files.h"

namespace arbees {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;

constexpr std::uint64_t kBudget = 64'000;
constexpr std::uint64_t kFile = kBudget / 16;

// Writes events that do not compress, a hundred at a time, each with its digest.
class Session {
 public:
  Session(const std::string& path, std::uint64_t first_sequence) : random_(first_sequence), sequence_(first_sequence) {
    JournalHeader header;
    header.session = first_sequence;
    auto series = JournalSeries::create(path, header, {"session-", kBudget});
    EXPECT_TRUE(series) << series.error();
    series_ = std::move(*series);
  }
  void write(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      for (int i = 0; i < 100; ++i) {
        Event event;
        event.received_at = from_unix_s(1'780'000'000) + Duration(static_cast<std::int64_t>(sequence_));
        event.sequence = sequence_++;
        event.body = TimerTick{random_.next()};
        ASSERT_TRUE(series_->writer().append(event));
        ASSERT_TRUE(series_->writer().append_digest(event.sequence, event.sequence + 7));
      }
      ASSERT_TRUE(series_->writer().flush(Sync::ToSystem));
      ASSERT_TRUE(series_->rotate(from_unix_s(1'780'000'000 + round)));
    }
  }
  [[nodiscard]] std::uint64_t next_sequence() const { return sequence_; }

 private:
  Random random_;
  std::uint64_t sequence_;
  std::unique_ptr<JournalSeries> series_;
};

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end(), is_name_before);
  return names;
}

std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(folder)) bytes += entry.file_size();
  return bytes;
}

TEST(JournalSeries, SeveralFilesAreReadAsTheOneJournalTheyAre) {
  const TemporaryFolder folder;
  std::uint64_t written = 0;
  {
    Session session(folder.file("session-1.journal"), 1);
    session.write(6);
    written = session.next_sequence() - 1;
  }
  EXPECT_GT(names_in(folder.file("")).size(), 2U);
  EXPECT_EQ(names_in(folder.file(""))[1], "session-1.journal.0002");
  auto source = JournalSource::open({folder.file("session-1.journal")});
  ASSERT_TRUE(source) << source.error();
  Event event;
  std::uint64_t read = 0;
  while (source->poll(event)) {
    ASSERT_EQ(event.sequence, ++read);
    ASSERT_EQ(source->recorded_digest(), read + 7) << "beside its event";
  }
  EXPECT_EQ(read, written);
  EXPECT_TRUE(source->complaints().empty());
  EXPECT_EQ(source->journals().back().header().session, 1U);
  // Named one by one, each is read once all the same.
  auto named = JournalSource::open({folder.file("session-1.journal"), folder.file("session-1.journal.0002")});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->journals().size(), source->journals().size());
}

TEST(JournalSeries, TheOldestSessionsGoFirstAndNoneThatIsInUse) {
  const TemporaryFolder folder;
  Session(folder.file("session-2.journal"), 1).write(3);
  test::write_bytes(folder.file("session-notes.txt"), std::vector<std::byte>(kBudget));
  test::write_bytes(folder.file("events-1.journal"), std::vector<std::byte>(10));
  Session other(folder.file("session-3.journal"), 1);  // held by another process, say
  Session session(folder.file("session-10.journal"), 1);
  session.write(60);
  const std::vector<std::string> names = names_in(folder.file(""));
  EXPECT_THAT(names, testing::Not(testing::Contains("session-2.journal")));
  EXPECT_THAT(names, testing::Not(testing::Contains("session-10.journal")))
      << "its own first files are the oldest then";
  EXPECT_THAT(names, testing::Contains("session-3.journal"));
  EXPECT_THAT(names, testing::Contains("session-notes.txt"));
  EXPECT_THAT(names, testing::Contains("events-1.journal"));
  const std::uint64_t journals = bytes_in(folder.file("")) - kBudget - 10;
  EXPECT_LE(journals, kBudget + kFile);
  EXPECT_GE(journals, kBudget / 2);
}

TEST(JournalSeries, ADigitRunIsOneNumberInTheOrderOfNames) {
  EXPECT_TRUE(is_name_before("session-2.journal", "session-10.journal"));
  EXPECT_TRUE(is_name_before("session-2.journal", "session-2.journal.0002"));
  EXPECT_TRUE(is_name_before("session-2.journal.9999", "session-3.journal"));
  EXPECT_TRUE(is_name_before("events-20261122T182345.123Z.journal", "events-20261122T182346.001Z.journal"));
  EXPECT_FALSE(is_name_before("session-2.journal", "session-2.journal"));
}

TEST(JournalSeries, EndsAtTheFirstFileThatIsMissing) {
  const TemporaryFolder folder;
  for (const char* name : {"a.journal", "a.journal.0002", "a.journal.0004", "b"}) {
    test::write_bytes(folder.file(name), {});
  }
  EXPECT_THAT(journal_series(folder.file("a.journal")),
              ElementsAre(folder.file("a.journal"), folder.file("a.journal.0002")));
  EXPECT_THAT(journal_series(folder.file("a.journal.0002")), ElementsAre(folder.file("a.journal.0002")));
  EXPECT_THAT(journal_series(folder.file("b")), ElementsAre(folder.file("b")));
}

}  // namespace
}  // namespace arbees
