// Secrets on disk, on the command line and on the terminal: what is refused, and that nothing of it is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kDone = 0;
constexpr int kRefused = 4;

class SecretsTest : public testing::Test {
 protected:
  // A file that everybody may read, as editors and `cp` leave it.
  std::string open_file(const std::string& name, const std::string& text) {
    const std::string path = folder_.file(name);
    write_text(path, text);
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    return path;
  }
  static void close_file(const std::string& path) { std::filesystem::permissions(path, std::filesystem::perms(0600)); }

  static void expect_refusal(const Result& result, const std::string& path) {
    EXPECT_EQ(result.exit_code, kRefused) << result.error;
    EXPECT_THAT(result.error, HasSubstr(path + ": others may read it, and it holds a secret: chmod 600 " + path));
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
};

TEST_F(SecretsTest, APasswordFileThatOthersMayReadIsRefused) {
  const std::string password = open_file("password", "secret\n");
  const std::string add = "printf 42%062d 1 | '" ARBEES_PROGRAM "' keys add wallet --kind polymarket --data '" + data_ +
                          "' --password-file '" + password + "'";
  expect_refusal(Running("/bin/sh", {"-c", add}).wait(), password);
  expect_refusal(run({"reconcile", "--data", data_, "--password-file", password}), password);
  expect_refusal(run({"run", "--mode", "live", "--data", data_, "--password-file", password}), password);
  expect_refusal(run({"livetest", "--data", data_, "--kalshi", "X", "--password-file", password}), password);
  close_file(password);
  EXPECT_EQ(Running("/bin/sh", {"-c", add}).wait().exit_code, kDone);
}

TEST_F(SecretsTest, KeysThatOthersMayReadAreRefused) {
  const std::string key = open_file("key.pem", "no key");
  const std::string config = open_file("arbees.toml", "[venues.kalshi]\nprivate_key_file = \"" + key + "\"\n");
  for (const char* command : {"run", "reconcile", "livetest", "doctor", "kalshi-monitor"}) {
    expect_refusal(run({command, "--config", config, "--data", data_}), key);
  }
  close_file(key);
  const Result checked = run({"config", "check", "--config", config});
  EXPECT_EQ(checked.exit_code, 2) << "the file itself holds no secret, but what it names is no key either";
  EXPECT_THAT(checked.error, HasSubstr("venues.kalshi.key_id and venues.kalshi.private_key_file belong together"));
}

TEST_F(SecretsTest, AConfigurationWithAKeyMustBePrivate) {
  const std::string secret = "0x" + std::string(64, '4');
  const std::string config = open_file("arbees.toml", "[venues.polymarket]\nprivate_key = \"" + secret + "\"\n");
  const Result refused = run({"run", "--config", config, "--data", data_});
  expect_refusal(refused, config);
  EXPECT_THAT(refused.error, Not(HasSubstr(secret)));
  close_file(config);
  EXPECT_EQ(run({"config", "check", "--config", config}).exit_code, kDone);
  const std::string plain = open_file("plain.toml", "[limits]\nmin_edge_pct = 2.5\n");
  EXPECT_EQ(run({"config", "check", "--config", plain, "--config", config}).exit_code, kDone);
}

TEST_F(SecretsTest, AKeyOfTheBusAndPasswordsInURLsMustBePrivate) {
  const std::string key = open_file("bus.key", "no key");
  const std::string bus = open_file("bus.toml", "[bus]\ncurve_secret_key_file = \"" + key + "\"\n");
  expect_refusal(run({"kalshi-monitor", "--config", bus, "--data", data_}), key);
  for (const char* text : {"[redis]\nurl = \"redis://:hidden4711@127.0.0.1:1\"\n",
                           "[database]\nurl = \"postgres://arbees:hidden4711@127.0.0.1:1/arbees\"\n",
                           "[database]\nurl = \"postgres://127.0.0.1:1/arbees?password=hidden4711\"\n"}) {
    const std::string config = open_file("url.toml", text);
    const Result refused = run({"run", "--config", config, "--data", data_});
    expect_refusal(refused, config);
    EXPECT_THAT(refused.error, Not(HasSubstr("hidden4711")));
    close_file(config);
    EXPECT_EQ(run({"config", "check", "--config", config}).exit_code, kDone) << text;
  }
  const std::string open = open_file("open.toml", "[redis]\nurl = \"redis://127.0.0.1:1\"\n");
  EXPECT_EQ(run({"config", "check", "--config", open}).exit_code, kDone) << "it holds no password";
  EXPECT_THAT(run({"doctor", "--config", open, "--data", data_}).error, Not(HasSubstr("others may read it")));
}

TEST_F(SecretsTest, ASecretIsNoName) {
  for (const std::string& secret : {"0x" + std::string(64, '4'), std::string(32, 'a') + std::string(32, '7'),
                                    std::string("Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5")}) {
    const Result refused = run({"keys", "add", secret, "--kind", "polymarket", "--data", data_});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.error, HasSubstr("NAME looks like a secret"));
    EXPECT_THAT(refused.out + refused.error, Not(HasSubstr(secret)));
  }
}

TEST_F(SecretsTest, OnePasswordOpensAllKeysOfAFolder) {
  const auto add = [&](const std::string& name, const std::string& password) {
    return Running("/bin/sh", {"-c", "printf '" + password + "\\n42%062d' 1 | '" ARBEES_PROGRAM "' keys add " + name +
                                         " --kind polymarket --data '" + data_ + "'"})
        .wait();
  };
  // As Kalshi names its keys.
  EXPECT_EQ(add("a1b2c3d4-e5f6-4711-8899-aabbccddeeff", "first").exit_code, kDone);
  const Result other = add("wallet", "second");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.error, HasSubstr("has another password"));
  EXPECT_THAT(other.error, Not(HasSubstr("second")));
  EXPECT_EQ(add("wallet", "first").exit_code, kDone);
}

TEST_F(SecretsTest, NobodyButAPersonConfirmsRealOrders) {
  write_text(folder_.file("live.toml"), "[run]\nallow_live = true\n");
  const std::string start = "echo LIVE | '" ARBEES_PROGRAM "' run --mode live --config '" + folder_.file("live.toml") +
                            "' --data '" + data_ + "'";
  const Result refused = Running("/bin/sh", {"-c", start}).wait();
  EXPECT_EQ(refused.exit_code, kRefused);
  EXPECT_THAT(refused.error, HasSubstr("typing LIVE, and standard input is no terminal"));
  EXPECT_EQ(refused.out, "");
}

TEST_F(SecretsTest, AKeyOnTheCommandLineIsNotRepeated) {
  const std::string secret = "0x" + std::string(64, '4');
  const std::vector<std::vector<std::string>> wrong{{"keys", "add", "wallet", "--kind", "polymarket", "--key", secret},
                                                    {"keys", "add", "wallet", "--kind", secret},
                                                    {"keys", "list", "--json=" + secret},
                                                    {"keys", secret}};
  for (const auto& words : wrong) {
    const Result result = run(words);
    EXPECT_EQ(result.exit_code, 2) << result.error;
    EXPECT_THAT(result.out + result.error, Not(HasSubstr("4444")));
  }
  EXPECT_THAT(run(wrong.front()).error, HasSubstr("unexpected arguments (not shown: they may be secrets)"));
  EXPECT_THAT(run({"halt", "--tomorrow"}).error, HasSubstr("--tomorrow")) << "other commands say what is wrong";
}

}  // namespace
}  // namespace arbees::cli
