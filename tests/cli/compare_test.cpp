// `compare` over journals that are damaged, cut short or of several sessions: nothing of that is silent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <filesystem>

#include "adapters/store/journal_writer.h"
#include "core/simulation/market_generator.h"
#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::HasSubstr;

constexpr int kUsage = 2;
constexpr int kBadInput = 3;

class CompareTest : public testing::Test {
 protected:
  // A live session's journal of a generated market.
  [[nodiscard]] std::string session(const std::string& name, std::uint64_t number) const {
    const std::string path = folder_.file(name);
    JournalHeader header;
    header.mode = JournalMode::Live;
    header.session = number;
    header.seed = 1;
    auto writer = JournalWriter::create(path, header);
    EXPECT_TRUE(writer.has_value());
    GeneratorSettings settings;
    settings.seed = 3;
    MarketGenerator market(settings);
    std::uint64_t sequence = 0;
    for (Event event; market.poll(event);) {
      event.sequence = ++sequence;
      EXPECT_TRUE((*writer)->append(event));
    }
    return path;
  }

  static void expect_complaint(const std::string& journal) {
    const Result result = run({"compare", journal, "--json"});
    EXPECT_EQ(result.exit_code, kBadInput);
    EXPECT_THAT(result.error, HasSubstr(journal + ": "));
    EXPECT_THAT(result.error, HasSubstr("at offset"));
    rapidjson::Document document;
    document.Parse(result.out.data(), result.out.size());
    ASSERT_TRUE(document.IsObject() && document["complaints"].IsArray()) << result.out;
    EXPECT_EQ(document["complaints"].Size(), 1U);
  }

  test::TemporaryFolder folder_;
};

TEST_F(CompareTest, ASoundJournalIsDone) {
  const Result result = run({"compare", session("session-1.journal", 1), "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr("\"complaints\":[]"));
}

TEST_F(CompareTest, DamageInTheMiddleIsToldWithItsPlace) {
  const std::string journal = session("session-1.journal", 1);
  std::string bytes = text_of(journal);
  for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 16; ++i) bytes[i] = static_cast<char>(~bytes[i]);
  write_text(journal, bytes);
  expect_complaint(journal);
}

TEST_F(CompareTest, ATornTailIsToldWithItsPlace) {
  const std::string journal = session("session-1.journal", 1);
  std::filesystem::resize_file(journal, std::filesystem::file_size(journal) - 100);
  expect_complaint(journal);
}

TEST_F(CompareTest, JournalsOfTwoSessionsAreRefused) {
  const std::string first = session("session-1.journal", 1);
  for (const std::uint64_t number : {1U, 2U}) {  // of another folder, and of this one
    const Result result = run({"compare", first, session("other.journal", number)});
    std::filesystem::remove(folder_.file("other.journal"));
    EXPECT_EQ(result.exit_code, kUsage) << number;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error, HasSubstr("of several sessions"));
  }
}

}  // namespace
}  // namespace arbees::cli
