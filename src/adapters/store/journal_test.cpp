// The journal as a whole: what is written is read, whatever happens to the file between.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "adapters/store/journal_reader.h"
#include "adapters/store/journal_writer.h"
#include "adapters/store/test_files.h"

namespace arbees {
namespace {

using test::bytes_of;
using test::random_event;
using test::read_bytes;
using test::TemporaryFolder;
using test::write_bytes;
using testing::HasSubstr;

constexpr std::size_t kKinds = std::variant_size_v<EventBody>;
const JournalHeader kHeader{JournalMode::Paper, 7, from_unix_ms(1'785'000'000'000), 42, 0xfeed};

struct Recorded {
  std::vector<std::string> events;
  std::vector<std::uint64_t> digests;  // 0: none

  bool operator==(const Recorded&) const = default;
};

Event event_of(std::uint64_t sequence) {
  Random random(sequence);
  Event event = random_event(random, sequence % kKinds);
  event.sequence = sequence;
  event.received_at = from_unix_s(static_cast<std::int64_t>(1'785'000'000 + sequence));
  return event;
}

// Appends the events of `sequences`; every third has a digest.
void append(JournalWriter& writer, std::uint64_t from, std::uint64_t to, Recorded& recorded) {
  for (std::uint64_t sequence = from; sequence < to; ++sequence) {
    const Event event = event_of(sequence);
    ASSERT_TRUE(writer.append(event));
    recorded.events.push_back(bytes_of(event));
    const std::uint64_t digest = sequence % 3 == 0 ? sequence * 17 + 1 : 0;
    if (digest != 0) {
      ASSERT_TRUE(writer.append_digest(sequence, digest));
    }
    recorded.digests.push_back(digest);
  }
}

Recorded read_all(JournalReader& reader) {
  Recorded read;
  Event event;
  while (reader.next(event)) {
    read.events.push_back(bytes_of(event));
    read.digests.push_back(reader.recorded_digest().value_or(0));
  }
  return read;
}

std::unique_ptr<JournalWriter> create(const std::string& path, Compression compression = Compression::None) {
  auto writer = JournalWriter::create(path, kHeader, compression);
  EXPECT_TRUE(writer.has_value()) << writer.error();
  return std::move(*writer);
}

// A file of `blocks` small blocks of three events each.
std::vector<std::byte> small_journal(const std::string& path, std::uint64_t blocks, Compression compression,
                                     Recorded& recorded) {
  const auto writer = create(path, compression);
  for (std::uint64_t block = 0; block < blocks; ++block) {
    append(*writer, 1 + block * 3, 4 + block * 3, recorded);
    EXPECT_TRUE(writer->flush(Sync::ToSystem));
  }
  return read_bytes(path);
}

class JournalWithCompression : public testing::TestWithParam<Compression> {};
INSTANTIATE_TEST_SUITE_P(Both, JournalWithCompression, testing::Values(Compression::None, Compression::Zstd),
                         [](const auto& tested) { return tested.param == Compression::None ? "Plain" : "Zstd"; });

TEST_P(JournalWithCompression, GivesBackEveryKindOfEventExactly) {
  const TemporaryFolder folder;
  constexpr std::uint64_t kSeed = 20260711;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Random random(kSeed);
  Recorded recorded;
  {
    const auto writer = create(folder.file("a.journal"), GetParam());
    for (std::size_t i = 0; i < 20'000; ++i) {
      const Event event = random_event(random, i % kKinds);
      ASSERT_TRUE(writer->append(event));
      recorded.events.push_back(bytes_of(event));
      recorded.digests.push_back(random.chance(1, 4) ? random.next() : 0);
      if (recorded.digests.back() != 0) {
        ASSERT_TRUE(writer->append_digest(event.sequence, recorded.digests.back()));
      }
      if (random.chance(1, 500)) {
        ASSERT_TRUE(writer->flush(Sync::ToSystem));
      }
    }
    ASSERT_TRUE(writer->flush(Sync::ToDisk));
  }
  auto reader = JournalReader::open(folder.file("a.journal"));
  ASSERT_TRUE(reader.has_value()) << reader.error();
  EXPECT_EQ(read_all(*reader), recorded);
  EXPECT_EQ(reader->condition().end, JournalEnd::Clean);
  EXPECT_EQ(reader->condition().describe(), "clean");
}

TEST(Journal, KeepsItsHeader) {
  const TemporaryFolder folder;
  create(folder.file("a.journal"));
  const auto reader = JournalReader::open(folder.file("a.journal"));
  ASSERT_TRUE(reader.has_value()) << reader.error();
  EXPECT_EQ(reader->header().mode, JournalMode::Paper);
  EXPECT_EQ(reader->header().session, 7U);
  EXPECT_EQ(reader->header().created_at, kHeader.created_at);
  EXPECT_EQ(reader->header().seed, 42U);
  EXPECT_EQ(reader->header().configuration, 0xfeedU);
}

TEST(Journal, ADigestThatFollowsItsFlushedEventIsFoundInTheNextBlock) {
  const TemporaryFolder folder;
  {
    const auto writer = create(folder.file("a.journal"));
    ASSERT_TRUE(writer->append(event_of(1)));
    ASSERT_TRUE(writer->flush(Sync::ToSystem));
    ASSERT_TRUE(writer->append_digest(1, 99));
    ASSERT_TRUE(writer->append(event_of(2)));
  }
  auto reader = JournalReader::open(folder.file("a.journal"));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(read_all(*reader).digests, (std::vector<std::uint64_t>{99, 0}));
}

TEST_P(JournalWithCompression, ATornTailAtAnyByteLosesOnlyTheLastBlock) {
  const TemporaryFolder folder;
  Recorded recorded;
  const auto bytes = small_journal(folder.file("a.journal"), 3, GetParam(), recorded);
  Recorded shorter;
  const auto without_last = small_journal(folder.file("b.journal"), 2, GetParam(), shorter);
  for (std::size_t size = without_last.size(); size <= bytes.size(); ++size) {
    auto reader = JournalReader::over(std::span(bytes).first(size));
    ASSERT_TRUE(reader.has_value());
    const bool is_whole = size == bytes.size();
    EXPECT_EQ(read_all(*reader), is_whole ? recorded : shorter) << "at " << size;
    const bool is_clean = is_whole || size == without_last.size();
    ASSERT_EQ(reader->condition().end, is_clean ? JournalEnd::Clean : JournalEnd::TornTail) << "at " << size;
    if (is_clean) continue;
    EXPECT_EQ(reader->condition().first_bad_offset, without_last.size());
    EXPECT_EQ(reader->condition().torn_bytes, size - without_last.size());
  }
}

TEST_P(JournalWithCompression, AWriterCutsOffATornTailAndGoesOn) {
  const TemporaryFolder folder;
  Recorded recorded;
  const auto bytes = small_journal(folder.file("a.journal"), 2, GetParam(), recorded);
  recorded = {};
  const auto good = small_journal(folder.file("b.journal"), 1, GetParam(), recorded);
  const std::string path = folder.file("c.journal");
  for (std::size_t size = good.size(); size < bytes.size(); size += 7) {
    write_bytes(path, std::span(bytes).first(size));
    Recorded expected = recorded;
    {
      auto writer = JournalWriter::reopen(path, GetParam());
      ASSERT_TRUE(writer.has_value()) << writer.error();
      EXPECT_EQ((*writer)->truncated_bytes(), size - good.size());
      append(**writer, 100, 105, expected);
    }
    auto reader = JournalReader::open(path);
    ASSERT_TRUE(reader.has_value());
    EXPECT_EQ(read_all(*reader), expected) << "at " << size;
    EXPECT_EQ(reader->condition().end, JournalEnd::Clean);
  }
}

// Whether `part` are some of the events of `whole`, in their order.
bool is_subsequence(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < whole.size() && found < part.size(); ++i) {
    if (whole[i] == part[found]) ++found;
  }
  return found == part.size();
}

TEST_P(JournalWithCompression, NoticesEverySingleBitFlip) {
  const TemporaryFolder folder;
  Recorded recorded;
  auto bytes = small_journal(folder.file("a.journal"), 4, GetParam(), recorded);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    auto reader = JournalReader::over(bytes);
    if (bit / 8 < kJournalHeaderSize) {
      EXPECT_FALSE(reader.has_value()) << "bit " << bit;
    } else {
      ASSERT_TRUE(reader.has_value());
      const Recorded read = read_all(*reader);
      EXPECT_NE(reader->condition().end, JournalEnd::Clean) << "bit " << bit;
      EXPECT_EQ(read.events.size(), recorded.events.size() - 3) << "bit " << bit;
      EXPECT_TRUE(is_subsequence(read.events, recorded.events)) << "bit " << bit;
    }
    bytes[bit / 8] ^= mask;
  }
}

TEST(Journal, SkipsDamageInTheMiddleAndSaysWhere) {
  const TemporaryFolder folder;
  Recorded recorded;
  auto bytes = small_journal(folder.file("a.journal"), 3, Compression::None, recorded);
  Recorded first_only;
  const auto first = small_journal(folder.file("b.journal"), 1, Compression::None, first_only);
  bytes[first.size() + 50] ^= std::byte{1};
  auto reader = JournalReader::over(bytes);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(read_all(*reader).events.size(), 6U);
  EXPECT_EQ(reader->condition().end, JournalEnd::Corrupt);
  EXPECT_EQ(reader->condition().first_bad_offset, first.size());
  EXPECT_EQ(reader->condition().damage_count, 1U);
  EXPECT_THAT(reader->condition().describe(), HasSubstr(std::to_string(first.size())));
}

TEST(Journal, MissesABlockThatWasCutOutWhole) {
  const TemporaryFolder folder;
  Recorded recorded;
  auto bytes = small_journal(folder.file("a.journal"), 3, Compression::None, recorded);
  Recorded fewer;
  const auto one = small_journal(folder.file("b.journal"), 1, Compression::None, fewer);
  const auto two = small_journal(folder.file("c.journal"), 2, Compression::None, fewer);
  const auto begin = bytes.begin();
  bytes.erase(begin + static_cast<std::ptrdiff_t>(one.size()), begin + static_cast<std::ptrdiff_t>(two.size()));
  auto reader = JournalReader::over(bytes);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(read_all(*reader).events.size(), 6U);
  EXPECT_EQ(reader->condition().end, JournalEnd::Corrupt);
}

TEST(Journal, DoesNotTakeABlockOfAnotherFile) {
  const TemporaryFolder folder;
  Recorded recorded;
  const auto bytes = small_journal(folder.file("a.journal"), 1, Compression::None, recorded);
  JournalHeader other = kHeader;
  other.session = 8;
  const JournalHeaderBytes header = encode_journal_header(other);
  auto mixed = bytes;
  std::copy(header.begin(), header.end(), mixed.begin());
  auto reader = JournalReader::over(mixed);
  ASSERT_TRUE(reader.has_value());
  EXPECT_TRUE(read_all(*reader).events.empty());
  EXPECT_EQ(reader->condition().end, JournalEnd::TornTail);
}

TEST(Journal, SaysWhatIsWrongWithAForeignOrLaterFile) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.journal");
  Recorded recorded;
  auto bytes = small_journal(path, 1, Compression::None, recorded);
  const auto error_of = [&](std::span<const std::byte> file) {
    write_bytes(folder.file("b.journal"), file);
    return JournalReader::open(folder.file("b.journal")).error();
  };
  EXPECT_THAT(error_of({}), HasSubstr("not an arbees journal"));
  EXPECT_THAT(error_of(std::span(bytes).first(40)), HasSubstr("cut off"));
  EXPECT_THAT(error_of(std::span(bytes).subspan(1)), HasSubstr("not an arbees journal"));
  bytes[8] = std::byte{9};
  EXPECT_THAT(error_of(bytes), HasSubstr("format version 9; this build reads version 1"));
  bytes[8] = std::byte{1};
  bytes[60] ^= std::byte{1};
  EXPECT_THAT(error_of(bytes), HasSubstr("damaged"));
  EXPECT_THAT(JournalReader::open(folder.file("none")).error(), HasSubstr("No such file"));
  EXPECT_THAT(JournalReader::open(folder.file("")).error(), HasSubstr("not a regular file"));
  EXPECT_THAT(JournalWriter::reopen(folder.file("b.journal")).error(), HasSubstr("damaged"));
}

TEST(JournalWriter, RefusesToOverwriteAndToShareAFile) {
  const TemporaryFolder folder;
  const auto writer = create(folder.file("a.journal"));
  EXPECT_THAT(JournalWriter::create(folder.file("a.journal"), kHeader).error(), HasSubstr("File exists"));
  EXPECT_THAT(JournalWriter::reopen(folder.file("a.journal")).error(), HasSubstr("another process"));
}

TEST(JournalWriter, AFullDeviceIsAnErrorFromTheFirstByte) {
  FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.is_open());
  const auto writer = JournalWriter::create_on(std::move(full), "/dev/full", kHeader);
  ASSERT_FALSE(writer.has_value());
  EXPECT_THAT(writer.error(), HasSubstr("No space left"));
}

// A limit on the size of files stands in for a disk that fills up while trading.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit limit = old_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*old_handler_)(int);
  rlimit old_{};
};

TEST(JournalWriter, StopsForGoodWhenTheDiskIsFullAndLeavesAReadableFile) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.journal");
  Recorded recorded;
  {
    const auto writer = create(path);
    append(*writer, 1, 4, recorded);
    ASSERT_TRUE(writer->flush(Sync::ToSystem));
    const FileSizeLimit limit(writer->bytes_written() + 100);
    ASSERT_TRUE(writer->append(event_of(4)));
    ASSERT_TRUE(writer->append(event_of(5)));
    EXPECT_FALSE(writer->flush(Sync::ToSystem));
    EXPECT_FALSE(writer->append(event_of(6)));
    EXPECT_FALSE(writer->append_digest(6, 1));
    EXPECT_FALSE(writer->flush(Sync::ToSystem));
    EXPECT_THAT(writer->error(), HasSubstr("cannot write the journal"));
  }
  {
    auto reader = JournalReader::open(path);
    ASSERT_TRUE(reader.has_value());
    EXPECT_EQ(read_all(*reader), recorded);
    EXPECT_EQ(reader->condition().end, JournalEnd::TornTail);
  }
  EXPECT_EQ((*JournalWriter::reopen(path))->truncated_bytes(), 100U);
}

}  // namespace
}  // namespace arbees
