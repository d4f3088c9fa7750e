// A command with --json that cannot do what it was asked: exactly one document on standard output, which says why in
// the words of its exit code; the line for people stays on standard error.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "adapters/store/journal_writer.h"
#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kUsage = 2;
constexpr int kBadInput = 3;
constexpr int kRefused = 4;
constexpr int kNotFound = 6;

struct Refusal {
  std::vector<std::string> words;
  int exit_code;
  std::string code;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

class Refusals : public testing::Test {
 protected:
  void expect_document(const Refusal& refusal) const {
    SCOPED_TRACE(joined(refusal.words));
    std::vector<std::string> words = refusal.words;
    EXPECT_EQ(run(words).out, "");
    words.push_back("--json");
    const Result result = run(words);
    EXPECT_EQ(result.exit_code, refusal.exit_code) << result.error;
    EXPECT_THAT(result.error, HasSubstr("arbees"));
    rapidjson::Document document;  // parsing also fails where anything but blanks follows
    document.Parse(result.out.data(), result.out.size());
    ASSERT_TRUE(!document.HasParseError() && document.IsObject()) << "\"" << result.out << "\"";
    ASSERT_TRUE(document.HasMember("error") && document["error"].IsObject()) << result.out;
    const auto& error = document["error"];
    ASSERT_TRUE(error.HasMember("code") && error.HasMember("message")) << result.out;
    EXPECT_EQ(error["code"].GetString(), refusal.code);
    EXPECT_STRNE(error["message"].GetString(), "");
    EXPECT_EQ(document.MemberCount(), 1U) << result.out;
  }

  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    write_text(folder_.file(name), text);
    return folder_.file(name);
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");  // not there
};

TEST_F(Refusals, OfAFolderWithNothingInIt) {
  for (const Refusal& refusal : std::vector<Refusal>{
           {{"flatten", "--data", data_}, kNotFound, "not_found"},
           {{"watch", "--once", "--data", data_}, kNotFound, "not_found"},
           {{"metrics", "--data", data_}, kNotFound, "not_found"},
           {{"verify", "--seconds", "1", "--data", data_}, kNotFound, "not_found"},
           {{"log-level", "debug", "--data", data_}, kNotFound, "not_found"},
           {{"positions", "--data", data_}, kNotFound, "not_found"},
           {{"pnl", "--data", data_}, kNotFound, "not_found"},
           {{"orders", "--data", data_}, kNotFound, "not_found"},
           {{"ledger", "check", "--data", data_}, kNotFound, "not_found"},
           {{"ledger", "export", "--data", data_}, kNotFound, "not_found"},
           {{"funnel", "--data", data_}, kNotFound, "not_found"},
           {{"opportunities", "--data", data_}, kNotFound, "not_found"},
           {{"explain", "1f", "--data", data_}, kNotFound, "not_found"},
           {{"db", "sync", "--data", data_}, kNotFound, "not_found"},
           {{"db", "status", "--data", data_}, kUsage, "usage"},
       }) {
    expect_document(refusal);
  }
}

TEST_F(Refusals, OfFilesThatAreMissingOrUnreadable) {
  const std::string missing = folder_.file("missing");
  const std::string nonsense = file("nonsense", "neither ledger nor journal\n");
  for (const Refusal& refusal : std::vector<Refusal>{
           {{"positions", "--db", nonsense}, kBadInput, "bad_input"},
           {{"pnl", "--db", nonsense}, kBadInput, "bad_input"},
           {{"ledger", "check", "--db", nonsense}, kBadInput, "bad_input"},
           {{"opportunities", "--db", nonsense}, kBadInput, "bad_input"},
           {{"compare", missing}, kNotFound, "not_found"},
           {{"compare", nonsense}, kBadInput, "bad_input"},
           {{"replay", missing}, kNotFound, "not_found"},
           {{"replay", nonsense}, kBadInput, "bad_input"},
           {{"backtest", missing}, kNotFound, "not_found"},
           {{"backtest", nonsense}, kBadInput, "bad_input"},
           {{"basis", missing}, kNotFound, "not_found"},
           {{"basis", nonsense}, kBadInput, "bad_input"},
           {{"calibrate", missing}, kNotFound, "not_found"},
           {{"calibrate", nonsense}, kBadInput, "bad_input"},
           {{"books", "--venue", "kalshi", missing}, kNotFound, "not_found"},
           {{"certify", missing}, kNotFound, "not_found"},
           {{"price", missing}, kNotFound, "not_found"},
           {{"import", "--format", "no-such", nonsense, "--out", folder_.file("o")}, kUsage, "usage"},
           {{"import", "--format", "binance-spot-ws-raw", missing, "--out", folder_.file("o")}, kNotFound, "not_found"},
       }) {
    expect_document(refusal);
  }
}

TEST_F(Refusals, OfWrongSettingsAndOptions) {
  const std::string wrong = file("wrong.toml", "[risk]\nno_such_key = 1\nnor_this = 2\n");
  const std::vector<std::string> with_wrong{"--config", wrong, "--data", data_};
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"run"}, {"reconcile"}, {"livetest"}, {"doctor"}, {"config", "show"}, {"db", "status"}}) {
    std::vector<std::string> words = command;
    words.insert(words.end(), with_wrong.begin(), with_wrong.end());
    expect_document({words, kUsage, "usage"});
  }
  for (const Refusal& refusal : std::vector<Refusal>{
           {{"record", "--out", data_, "--config", wrong}, kUsage, "usage"},
           {{"run", "--port", "65536", "--data", data_}, kUsage, "usage"},
           {{"run", "--port", "-1", "--data", data_}, kUsage, "usage"},
           {{"run", "--seconds", "-1", "--data", data_}, kUsage, "usage"},
           {{"ledger", "export", "--format", "csv", "--data", data_}, kUsage, "usage"},
           {{"doctor", "--port", "65536", "--data", data_}, kUsage, "usage"},
           {{"demo", "--seconds", "0"}, kUsage, "usage"},
           {{"sim", "--faults", "no-such"}, kUsage, "usage"},
           {{"simulate", "--seeds", "0"}, kUsage, "usage"},
           {{"bench", "--seconds", "-2"}, kUsage, "usage"},
           {{"verify", "--seconds", "0", "--data", data_}, kUsage, "usage"},
           {{"log-level", "loud", "--data", data_}, kUsage, "usage"},
           {{"explain", "not-hex", "--data", data_}, kUsage, "usage"},
           {{"livetest", "--data", data_}, kUsage, "usage"},
           {{"reconcile", "--accept", "--data", data_}, kUsage, "usage"},
       }) {
    expect_document(refusal);
  }
}

TEST_F(Refusals, OfAllWrongSettingsInOneDocument) {
  const std::string wrong = file("wrong.toml", "[risk]\nno_such_key = 1\nnor_this = 2\n");
  const Result result = run({"config", "show", "--config", wrong, "--json"});
  EXPECT_THAT(result.out, HasSubstr("no_such_key"));
  EXPECT_THAT(result.out, HasSubstr("nor_this"));
}

TEST_F(Refusals, OfTheOptionParser) {
  expect_document({{"status", "--no-such"}, kUsage, "usage"});
  expect_document({{"no-such-command"}, kUsage, "usage"});
  expect_document({{"orders", "--venue", "nasdaq"}, kUsage, "usage"});
  expect_document({{"keys", "add", "a-name", "hunter2"}, kUsage, "usage"});
  // What follows `keys` may be a secret.
  EXPECT_THAT(run({"keys", "add", "a-name", "hunter2", "--json"}).out, Not(HasSubstr("hunter2")));
}

TEST_F(Refusals, ForSafety) {
  expect_document({{"run", "--mode", "live", "--data", data_}, kRefused, "refused"});
  ASSERT_EQ(run({"halt", "--data", data_}).exit_code, 0);
  expect_document({{"livetest", "--kalshi", "KXBTCD-1", "--data", data_}, kRefused, "refused"});
}

TEST_F(Refusals, NameTheNumberAndItsRange) {
  EXPECT_THAT(run({"run", "--port", "-1", "--data", data_}).error, HasSubstr("--port -1 is outside 0 to 65535"));
  EXPECT_THAT(run({"doctor", "--port", "-1", "--data", data_}).error, HasSubstr("--port -1 is outside 0 to 65535"));
  EXPECT_THAT(run({"kalshi-monitor", "--seconds", "-1", "--data", data_}).error,
              HasSubstr("-1 is not allowed: 0 or more"));
}

TEST_F(Refusals, OfAKeyThatCannotBeReadAreMistakesOfTheConfiguration) {
  const std::string missing = folder_.file("no-key.pem");
  const std::string config =
      file("key.toml", "[venues.kalshi]\nkey_id = \"a\"\nprivate_key_file = \"" + missing + "\"\n");
  for (const char* command : {"run", "execution-service", "kalshi-monitor"}) {
    SCOPED_TRACE(command);
    const Result result = run({command, "--config", config, "--data", data_});
    EXPECT_EQ(result.exit_code, kUsage);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error, HasSubstr(missing));
  }
  const Result added = run({"keys", "add", "a-name", "--kind", "kalshi", "--data", data_, "--password-file", missing});
  EXPECT_EQ(added.exit_code, kUsage);
  EXPECT_THAT(added.error, HasSubstr(missing));
}

TEST_F(Refusals, OfTheGuideAreForWrongOptionsOnly) {
  const Result guide = run({"config", "docs", "--json"});
  ASSERT_EQ(guide.exit_code, 0) << guide.error;
  rapidjson::Document document;
  document.Parse(guide.out.data(), guide.out.size());
  ASSERT_TRUE(document.IsObject() && document["settings"].IsArray());
  bool is_found = false;
  for (const auto& setting : document["settings"].GetArray()) {
    for (const char* field : {"key", "default", "range", "unit", "env", "help"}) {
      ASSERT_TRUE(setting.HasMember(field) && setting[field].IsString()) << field;
    }
    ASSERT_TRUE(setting["reload"].IsBool());
    if (setting["key"] != "limits.min_edge_pct") continue;
    is_found = true;
    EXPECT_STREQ(setting["env"].GetString(), "ARBEES__LIMITS__MIN_EDGE_PCT");
    EXPECT_STRNE(setting["default"].GetString(), "");
    EXPECT_STRNE(setting["range"].GetString(), "");
  }
  EXPECT_TRUE(is_found);
  expect_document({{"config", "docs", "--no-such"}, kUsage, "usage"});
}

}  // namespace
}  // namespace arbees::cli
