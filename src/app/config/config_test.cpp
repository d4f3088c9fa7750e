#include "app/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "app/config/bus_endpoints.h"
#include "app/config/config_text.h"
#include "app/config/predecessor_names.h"
#include "app/config/reload.h"
#include "app/config/settings.h"
#include "tests/support/project_file.h"

namespace arbees::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::map<std::string, std::string>& test_environment() {
  static std::map<std::string, std::string> variables;
  return variables;
}

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override { test_environment().clear(); }

  void TearDown() override {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::remove(file_, ignored);
  }

  std::string file(const std::string& text) {
    file_ = testing::TempDir() + "config_test_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(file_) << text;
    return file_;
  }

  static ConfigRequest request() {
    ConfigRequest request;
    request.environment = [](const char* name) {
      const auto it = test_environment().find(name);
      return it == test_environment().end() ? std::string() : it->second;
    };
    return request;
  }

  std::string file_;
};

TEST_F(ConfigTest, DefaultsAreThoseOfTheLimitTable) {
  const auto loaded = load_config(request());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->config.limits.max_position, Money::whole(500));
  EXPECT_EQ(loaded->config.limits.min_edge_millionths, 30'000);
  EXPECT_EQ(loaded->origins.size(), settings().size());
  EXPECT_THAT(loaded->origins, testing::Each("default"));
}

TEST_F(ConfigTest, CommandLineBeatsEnvironmentBeatsFileBeatsProfile) {
  ConfigRequest wanted = request();
  wanted.profile = "aggressive";
  wanted.files = {file("[limits]\nmin_edge_pct = 2.5\nmin_liquidity = 20\nmax_position_size = 300\n")};
  test_environment()["CRYPTO_MIN_LIQUIDITY"] = "30";
  test_environment()["ARBEES__LIMITS__MAX_POSITION_SIZE"] = "400";
  wanted.overrides = {{"limits.max_position_size", "450"}};
  const auto loaded = load_config(wanted);
  ASSERT_TRUE(loaded) << loaded.error().front();
  EXPECT_EQ(loaded->config.limits.min_edge_millionths, 25'000);
  EXPECT_EQ(loaded->config.limits.min_liquidity, Money::whole(30));
  EXPECT_EQ(loaded->config.limits.max_position, Money::whole(450));
  EXPECT_EQ(loaded->config.limits.max_total_exposure, Money::whole(15'000));
  EXPECT_EQ(loaded->origins[setting_index("limits.max_total_exposure")], "profile aggressive");
  EXPECT_THAT(loaded->origins[setting_index("limits.min_edge_pct")], HasSubstr(":2"));
  EXPECT_EQ(loaded->origins[setting_index("limits.min_liquidity")], "environment CRYPTO_MIN_LIQUIDITY");
  EXPECT_EQ(loaded->origins[setting_index("limits.max_position_size")], "command line");
}

TEST_F(ConfigTest, AnEmptyVariableIsUnset) {
  test_environment()["CRYPTO_MIN_EDGE_PCT"] = "";
  const auto loaded = load_config(request());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->config.limits.min_edge_millionths, 30'000);
}

TEST_F(ConfigTest, AllThatIsWrongIsSaidAtOnceWithKeyValueAndRange) {
  ConfigRequest wanted = request();
  wanted.files = {
      file("[limits]\nmin_edge_pct = -1\nmax_positon_size = 5\n[venues.kalshi]\nrest_url = "
           "\"http://api.elections.kalshi.com\"\n")};
  test_environment()["CRYPTO_MIN_LIQUIDITY"] = "much";
  const auto loaded = load_config(wanted);
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 4U);
  EXPECT_THAT(loaded.error()[0], HasSubstr(":2: limits.min_edge_pct = \"-1\" is not allowed: 0 to 100 percent"));
  EXPECT_THAT(loaded.error()[1], HasSubstr("there is no key limits.max_positon_size (did you mean "
                                           "limits.max_position_size?)"));
  EXPECT_THAT(loaded.error()[2], HasSubstr("loopback only"));
  EXPECT_THAT(loaded.error()[3], HasSubstr("environment CRYPTO_MIN_LIQUIDITY: limits.min_liquidity = \"much\""));
}

TEST(SettingVariables, OneThatNamesNoKeyIsWrong) {
  const std::array<const char*, 5> environment = {"ARBEES__LIMITS__MIN_EDGE_PC=1", "ARBEES__VENUES__KALSHI__KEY_ID=abc",
                                                  "ARBEES__NOTHING=", "ARBEES_DATA_DIR=/tmp", nullptr};
  EXPECT_THAT(unknown_variables(environment.data()),
              ElementsAre("environment ARBEES__LIMITS__MIN_EDGE_PC: there is no key limits.min_edge_pc "
                          "(did you mean limits.min_edge_pct?)"));
}

TEST(SettingVariables, EveryKeyHasOneThatNamesIt) {
  for (const Setting& setting : settings()) EXPECT_EQ(setting_of_variable(setting.variable()), setting.name());
}

TEST_F(ConfigTest, ASecretIsNeitherShownNorRepeatedInAnError) {
  test_environment()["POLYMARKET_PRIVATE_KEY"] = "0xdeadbeef";
  const auto loaded = load_config(request());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->config.polymarket.private_key, "0xdeadbeef");
  EXPECT_THAT(config_table(*loaded), testing::Not(HasSubstr("deadbeef")));
  EXPECT_THAT(config_json(*loaded), testing::AllOf(HasSubstr("(set)"), testing::Not(HasSubstr("deadbeef"))));
}

TEST_F(ConfigTest, LimitsThatContradictEachOtherAreRefused) {
  ConfigRequest wanted = request();
  wanted.overrides = {{"limits.max_position_size", "3000"}};
  const auto loaded = load_config(wanted);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), ElementsAre("limits.max_position_size = 3000 (command line) must not exceed "
                                          "limits.max_asset_exposure = 2000 (default): lower the first or raise the "
                                          "second"));
  wanted.overrides = {{"limits.max_total_exposure", "700"}};
  const auto total = load_config(wanted);
  ASSERT_FALSE(total);
  EXPECT_THAT(total.error(), ElementsAre("limits.max_asset_exposure = 2000 (default) must not exceed "
                                         "limits.max_total_exposure = 700 (command line): lower the first or raise the "
                                         "second"));
}

TEST_F(ConfigTest, AFileThatIsNotTomlIsRefusedWithItsLine) {
  ConfigRequest wanted = request();
  wanted.files = {file("[limits]\nmin_edge_pct = = 3\n")};
  const auto loaded = load_config(wanted);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), ElementsAre(HasSubstr(":2: limits.min_edge_pct: ")));
  wanted.files = {file("[venues.polymarket]\nprivate_key = 0xnothex4711\n")};
  const auto secret = load_config(wanted);
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error(), ElementsAre(testing::AllOf(HasSubstr(":2: venues.polymarket.private_key: "),
                                                         testing::Not(HasSubstr("4711")))));
  wanted.files = {"/nonexistent/arbees.toml"};
  EXPECT_THAT(load_config(wanted).error(), ElementsAre("/nonexistent/arbees.toml: cannot be read"));
  wanted.files = {file("[run]\nassets = [[\"BTC\"]]\n")};
  const auto nested = load_config(wanted);
  ASSERT_FALSE(nested);
  EXPECT_THAT(nested.error(), ElementsAre(HasSubstr("run.assets must be a list of texts")));
}

TEST_F(ConfigTest, EveryProfileLoadsAndAnUnknownOneNamesThem) {
  for (const Profile& profile : profiles()) {
    ConfigRequest wanted = request();
    wanted.profile = profile.name;
    EXPECT_TRUE(load_config(wanted)) << profile.name;
  }
  ConfigRequest wanted = request();
  wanted.profile = "reckless";
  EXPECT_THAT(load_config(wanted).error(), ElementsAre(HasSubstr("conservative, moderate, aggressive, testing")));
}

// Every key takes its own default back, in every way of giving it.
TEST_F(ConfigTest, EveryKeyTakesItsDefaultBack) {
  const Config defaults = default_config();
  for (const Setting& setting : settings()) {
    Config config = defaults;
    EXPECT_TRUE(setting.set(config, setting, setting.get(defaults, setting))) << setting.name();
    EXPECT_EQ(setting.get(config, setting), setting.get(defaults, setting)) << setting.name();
  }
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(ConfigTest, TheGuideAndTheSampleAreWhatTheProgramPrints) {
  EXPECT_EQ(contents(testing_support::project_file("docs/configuration.md")), config_guide()) << "arbees config docs";
  EXPECT_EQ(contents(testing_support::project_file("config/arbees.toml")), config_sample())
      << "arbees config docs --sample";
}

TEST_F(ConfigTest, TheSampleWithEveryKeyUncommentedIsTheDefault) {
  std::string text;
  std::istringstream sample(config_sample());
  for (std::string line; std::getline(sample, line);) {
    if (line.starts_with("#") && !line.starts_with("# ")) line.erase(0, 1);
    text += line + "\n";
  }
  ConfigRequest wanted = request();
  wanted.files = {file(text)};
  const auto loaded = load_config(wanted);
  ASSERT_TRUE(loaded) << loaded.error().front();
  const Config defaults = default_config();
  for (std::size_t i = 0; i < settings().size(); ++i) {
    EXPECT_EQ(settings()[i].get(loaded->config, settings()[i]), settings()[i].get(defaults, settings()[i]));
    EXPECT_THAT(loaded->origins[i], HasSubstr(wanted.files[0])) << settings()[i].name();
  }
}

// One table: what the schema says of a number is what is enforced.
TEST_F(ConfigTest, EveryNumberHasARangeThatIsEnforced) {
  for (const Setting& setting : settings()) {
    if (setting.kind != SettingKind::Number) continue;
    const auto range = setting_range(setting);
    ASSERT_TRUE(range) << setting.name() << ": " << setting.allowed;
    Config config = default_config();
    EXPECT_TRUE(setting.set(config, setting, range->least)) << setting.name();
    EXPECT_TRUE(setting.set(config, setting, range->most)) << setting.name();
    EXPECT_FALSE(setting.set(config, setting, "-1")) << setting.name();
    EXPECT_FALSE(setting.set(config, setting, "9" + range->most)) << setting.name();
  }
}

TEST_F(ConfigTest, TheSchemaHasTypeRangeUnitDefaultAndReload) {
  rapidjson::Document schema;
  schema.Parse(config_schema().c_str());
  ASSERT_FALSE(schema.HasParseError());
  const auto& edge = schema["properties"]["limits.min_edge_pct"];
  EXPECT_STREQ(edge["type"].GetString(), "number");
  EXPECT_EQ(edge["minimum"].GetDouble(), 0);
  EXPECT_EQ(edge["maximum"].GetDouble(), 100);
  EXPECT_EQ(edge["default"].GetDouble(), 3);
  EXPECT_STREQ(edge["x-unit"].GetString(), "percent");
  EXPECT_TRUE(edge["x-reloadable"].GetBool());
  EXPECT_STREQ(edge["x-environment"][1].GetString(), "CRYPTO_MIN_EDGE_PCT");
  const auto& port = schema["properties"]["metrics.port"];
  EXPECT_FALSE(port["x-reloadable"].GetBool());
  EXPECT_FALSE(schema["properties"]["redis.url"].HasMember("default")) << "a secret's is not said";
}

TEST_F(ConfigTest, StreamsNeedARedis) {
  ConfigRequest wanted = request();
  wanted.overrides = {{"listener.redis_streams", "true"}};
  EXPECT_THAT(load_config(wanted).error(), ElementsAre(HasSubstr("needs redis.url (REDIS_URL)")));
  test_environment()["REDIS_URL"] = "redis://127.0.0.1";
  EXPECT_TRUE(load_config(wanted));
}

// A limit that somebody relies on must not be silently without effect.
TEST(PredecessorNames, ThoseThatAreSetAndNotReadAreTold) {
  const std::array<const char*, 5> environment = {"MAX_DAILY_LOSS=100", "RUST_LOG=", "ASSIGNMENT_CIRCUIT_RESETS=2",
                                                  "CRYPTO_MIN_EDGE_PCT=3", nullptr};
  EXPECT_THAT(unread_predecessor_names(environment.data()),
              ElementsAre("environment MAX_DAILY_LOSS is not read: CRYPTO_MAX_DAILY_LOSS",
                          HasSubstr("environment ASSIGNMENT_CIRCUIT_RESETS is not read")));
}

TEST(PredecessorNames, NoneIsTheNameOfAKeyAndEveryOneIsInTheGuide) {
  for (const PredecessorName& old : predecessor_names()) {
    for (const Setting& setting : settings()) EXPECT_NE(old.name, setting.environment);
    EXPECT_THAT(config_guide(), HasSubstr("| `" + std::string(old.name) + "` |"));
  }
}

TEST_F(ConfigTest, TheGuideHasItsChapters) {
  const std::string guide = config_guide();
  for (const char* chapter : {"Tuning for profit", "Tuning for safety", "Tuning for responsiveness", "Debugging",
                              "Troubleshooting", "Changing settings while it runs", "Names of the predecessor"}) {
    EXPECT_THAT(guide, HasSubstr("\n## " + std::string(chapter) + "\n"));
  }
}

class ReloadTest : public ConfigTest {};

TEST_F(ReloadTest, AllThatIsReloadableIsTakenTogether) {
  const Config present = default_config();
  ConfigRequest wanted = request();
  wanted.files = {file("[limits]\nmin_edge_pct = 2\nmax_position_size = 300\n[log]\nlevel = \"debug\"\n")};
  const auto reloaded = reload_config(wanted, present);
  ASSERT_TRUE(reloaded) << reloaded.error().front();
  EXPECT_EQ(reloaded->config.limits.max_position, Money::whole(300));
  EXPECT_THAT(reloaded->changed,
              ElementsAre("limits.min_edge_pct = 2 (was 3)", "limits.max_position_size = 300 (was 500)",
                          "log.level = debug (was info)"));
  const auto events = changed_limits(present.limits, reloaded->config.limits);
  ASSERT_EQ(events.size(), 2U);
  RiskLimits limits = present.limits;
  for (const LimitSet& set : events) limit_table()[set.row].set(limits, set.value);
  EXPECT_EQ(limits.min_edge_millionths, 20'000);
  EXPECT_EQ(limits.max_position, Money::whole(300));
}

TEST_F(ReloadTest, OneThingThatIsWrongRefusesAll) {
  ConfigRequest wanted = request();
  wanted.files = {file("[limits]\nmin_edge_pct = 2\nmax_position_size = 0\n")};
  EXPECT_THAT(reload_config(wanted, default_config()).error(), ElementsAre(HasSubstr("limits.max_position_size")));
}

TEST_F(ReloadTest, AKeyThatNeedsARestartRefusesAll) {
  ConfigRequest wanted = request();
  wanted.files = {file("[limits]\nmin_edge_pct = 2\n[run]\nassets = \"BTC\"\n[database]\nretention_days = 3\n")};
  EXPECT_THAT(reload_config(wanted, default_config()).error(),
              ElementsAre("database.retention_days has changed, and needs a restart",
                          "run.assets has changed, and needs a restart"));
}

TEST_F(ConfigTest, BoundKeysThatMeetAreNamedBoth) {
  ConfigRequest wanted = request();
  wanted.overrides = {{"bus.spot_pub", "5561"}};
  const auto loaded = load_config(wanted);
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 1U);
  EXPECT_THAT(loaded.error()[0], HasSubstr("bus.spot_pub"));
  EXPECT_THAT(loaded.error()[0], HasSubstr("bus.results_pub"));
  // An address for all hosts takes the port of every one.
  wanted.overrides = {{"bus.kalshi_pub", "tcp://*:6000"}, {"bus.polymarket_pub", "tcp://10.0.0.1:6000"}};
  EXPECT_FALSE(load_config(wanted));
  wanted.overrides = {{"bus.kalshi_pub", "tcp://10.0.0.2:6000"}, {"bus.polymarket_pub", "tcp://10.0.0.1:6000"}};
  EXPECT_TRUE(load_config(wanted));
}

TEST_F(ConfigTest, ListsAreTomlListsOrTextsWithCommas) {
  ConfigRequest wanted = request();
  wanted.files = {file("[bus]\nprice_sub = [\"tcp://a:1\", \"tcp://b:2\"]\n")};
  EXPECT_EQ(load_config(wanted)->config.bus.price_sub, "tcp://a:1,tcp://b:2");
  test_environment()["ARBEES__BUS__PRICE_SUB"] = "tcp://c:3,tcp://d:4";
  const auto loaded = load_config(wanted);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(price_endpoints(loaded->config.bus)[1].text(), "tcp://d:4");
  test_environment()["ARBEES__BUS__PRICE_SUB"] = "tcp://c";
  EXPECT_FALSE(load_config(wanted));
}

TEST_F(ConfigTest, ListsThatAreNotGivenFollowTheBoundKeys) {
  ConfigRequest wanted = request();
  wanted.overrides = {{"bus.bind_address", "*"}, {"bus.kalshi_pub", "7000"}};
  const auto loaded = load_config(wanted);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(bound_endpoint(loaded->config.bus, loaded->config.bus.kalshi_pub).text(), "tcp://*:7000");
  std::vector<std::string> texts;
  for (const auto& endpoint : price_endpoints(loaded->config.bus)) texts.push_back(endpoint.text());
  EXPECT_THAT(texts, ElementsAre("tcp://127.0.0.1:5560", "tcp://127.0.0.1:7000", "tcp://127.0.0.1:5556"));
}

}  // namespace
}  // namespace arbees::app
