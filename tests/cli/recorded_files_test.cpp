// `arbees books` over every single message and session of the wire folders, and over recordings: what each gives
// is in tests/golden/wire_files.txt. ARBEES_UPDATE_GOLDEN=1 rewrites it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "tests/cli/program.h"
#include "tests/support/project_file.h"

namespace arbees::cli {
namespace {

const std::string kData = testing_support::project_file("../shared/data/");

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kData + folder, error)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string().substr(kData.size()));
  }
  EXPECT_FALSE(files.empty()) << "nothing in " << kData + folder;
  std::sort(files.begin(), files.end());
  return files;
}

bool is_bad(const std::string& kind) {
  return kind == "malformed" || kind == "out_of_range" || kind == "price_off_tick";
}

// "exit 0; frames 1; events 6; proven 1; unknown_symbol 2": counts of books by status, of anomalies by kind.
std::string outcome_of(const std::string& venue, const std::string& file) {
  const Result result = run({"books", "--venue", venue, kData + file, "--json"});
  EXPECT_EQ(result.error, "");
  rapidjson::Document document;
  document.Parse(result.out.data(), result.out.size());
  if (document.HasParseError() || !document.IsObject()) return "exit " + std::to_string(result.exit_code);
  std::map<std::string, int> books;
  std::map<std::string, int> anomalies;
  for (const auto& book : document["books"].GetArray()) ++books[book["status"].GetString()];
  for (const auto& anomaly : document["anomalies"].GetArray()) ++anomalies[anomaly["kind"].GetString()];
  const bool any_bad =
      std::any_of(anomalies.begin(), anomalies.end(), [](const auto& counted) { return is_bad(counted.first); });
  EXPECT_EQ(result.exit_code, any_bad ? 3 : 0);
  std::string text = "exit " + std::to_string(result.exit_code) + "; frames " +
                     std::to_string(document["frames"].GetUint64()) + "; events " +
                     std::to_string(document["events"].GetUint64());
  for (const auto& counts : {books, anomalies}) {
    for (const auto& [name, count] : counts) text += "; " + name + " " + std::to_string(count);
  }
  return text;
}

TEST(RecordedFiles, EveryWireFileGivesWhatTheTableSays) {
  const std::string golden = testing_support::project_file("tests/golden/wire_files.txt");
  std::string table;
  for (const char* venue : {"binance", "coinbase", "kalshi", "polymarket"}) {
    for (const std::string& file : files_below(std::string("wire/") + venue)) {
      SCOPED_TRACE(file);
      table += file.substr(5) + ": " + outcome_of(venue, file) + "\n";
    }
  }
  const char* update = std::getenv("ARBEES_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") write_text(golden, table);
  EXPECT_EQ(text_of(golden), table);
}

// Frames of one venue among those of others, and whole sessions: nothing in them is bad input.
TEST(RecordedFiles, RecordingsAreGoodInput) {
  const std::vector<std::pair<std::string, std::string>> recordings = {
      {"kalshi", "kalshi-btc15m-l2/20260511T090000Z.jsonl.zst"},
      {"kalshi", "kalshi-btc15m-l2/20260514T043123Z.jsonl.zst"},
      {"polymarket", "polymarket-btc5m-book/20260413T13.jsonl.zst"},
      {"polymarket", "polymarket-btc5m-book/20260415T16.jsonl.zst"},
      {"binance", "binance-spot-ws-raw/btcusdt_20240808.txt.zst"},
      {"binance", "binance-spot-ws-raw/ethusdt_20240809.txt.zst"},
  };
  for (const auto& [venue, file] : recordings) {
    SCOPED_TRACE(file);
    EXPECT_THAT(outcome_of(venue, file), testing::StartsWith("exit 0; "));
  }
  for (const char* venue : {"polymarket", "binance", "coinbase", "kalshi"}) {
    for (const char* name : {"20260428T090151Z", "20260429T021043Z", "20260429T031235Z"}) {
      SCOPED_TRACE(std::string(venue) + " " + name);
      const std::string outcome = outcome_of(venue, "multivenue-raw-frames/" + std::string(name) + ".jsonl.zst");
      EXPECT_THAT(outcome, testing::StartsWith("exit 0; "));
      EXPECT_EQ(outcome.find("frames 0;") != std::string::npos, std::string_view(venue) == "kalshi") << outcome;
    }
  }
}

}  // namespace
}  // namespace arbees::cli
