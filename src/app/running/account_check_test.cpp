#include "app/running/account_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "adapters/store/test_files.h"
#include "app/running/authorisation.h"

namespace arbees::app {
namespace {

GatewayHealth health(Venue venue, std::string trouble) {
  GatewayHealth state;
  state.venue = venue;
  state.last_trouble = std::move(trouble);
  return state;
}

Config on_this_machine() {
  Config config;
  for (VenueConfig& venue : config.venues) venue.rest_url = venue.ws_url = "http://127.0.0.1:1";
  config.polymarket.gamma_url = "http://127.0.0.1:1";
  return config;
}

Config on_the_internet() {
  Config config;
  for (VenueConfig& venue : config.venues) venue.rest_url = venue.ws_url = "https://venue.invalid";
  return config;
}

TEST(RefusedLogin, NamesTheSettingsOfTheKeys) {
  const std::vector<GatewayHealth> refused{health(Venue::Kalshi, "stream: the server refused the upgrade: 401")};
  EXPECT_EQ(refused_login(refused, on_this_machine()),
            "no account: kalshi: stream: the server refused the upgrade: 401; look at venues.kalshi.key_id and "
            "venues.kalshi.private_key_file");
  EXPECT_EQ(refused_login(refused, on_the_internet()),
            "no account: kalshi: stream: the server refused the upgrade: 401; look at venues.kalshi.key_id and its key "
            "in the keystore (arbees keys list)");
}

TEST(RefusedLogin, ALostNetworkIsNoWrongKey) {
  GatewayHealth ready = health(Venue::Kalshi, "an old trouble");
  ready.is_ready = true;
  EXPECT_EQ(refused_login({ready, health(Venue::Polymarket, "login: HTTP 503: busy")}, on_the_internet()),
            "no account: polymarket: login: HTTP 503: busy");
  EXPECT_EQ(refused_login({health(Venue::Polymarket, "")}, on_the_internet()),
            "no account: polymarket: no answer in time");
}

// What is only watched has no account to try.
TEST(CheckedAccounts, WithoutKeysAndPermissionNothingIsAsked) {
  EXPECT_TRUE(check_accounts(on_this_machine(), "/nowhere").empty());
  EXPECT_TRUE(check_accounts(on_the_internet(), "/nowhere").empty());
}

// RFC 8032, as a PKCS #8 text.
constexpr const char* kKey =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

// A key that is named in the configuration and kept in the keystore of the folder.
class StoredKeyTest : public testing::Test {
 protected:
  StoredKeyTest() { config_.kalshi.key_id = "id-1"; }
  ~StoredKeyTest() override { ::unsetenv("ARBEES_KEYSTORE_PASSWORD"); }

  void add(const std::string& name, const std::string& kind, std::string_view secret) {
    Keystore store(folder_.file("keystore"), ScryptCost{10, 8, 1});
    ASSERT_FALSE(store.add({name, kind}, secret, "right"));
  }
  static void give(const char* password) { ASSERT_EQ(::setenv("ARBEES_KEYSTORE_PASSWORD", password, 1), 0); }
  [[nodiscard]] AccountCheck key() const { return check_kalshi_key(config_, folder_.file("")); }
  [[nodiscard]] AccountCheck store() const { return check_keystore(config_, folder_.file("")); }

  const arbees::test::TemporaryFolder folder_;
  Config config_ = on_the_internet();
};

TEST_F(StoredKeyTest, DoctorSaysWhetherTheKeystoreHasIt) {
  EXPECT_FALSE(key().is_ok);
  EXPECT_THAT(key().detail, testing::AllOf(testing::HasSubstr("venues.kalshi.key_id names id-1"),
                                           testing::HasSubstr("arbees keys add NAME --kind kalshi")));
  add("id-1", "kalshi", kKey);
  add("id-2", "kalshi", kKey);
  EXPECT_TRUE(key().is_ok);
  EXPECT_EQ(key().detail, "named; its private key is entry id-1 of the keystore");
  config_.kalshi.key_id = "id-3";
  EXPECT_FALSE(key().is_ok) << "neither its name nor the only one";
  config_.kalshi.private_key_file = "/somewhere";
  EXPECT_EQ(key().detail, "named");
}

TEST_F(StoredKeyTest, DoctorTriesThePassword) {
  EXPECT_EQ(store().detail, "empty or not there");
  add("id-1", "kalshi", kKey);
  EXPECT_EQ(store().detail, "1 key");
  give("right");
  EXPECT_TRUE(store().is_ok);
  EXPECT_EQ(store().detail, "1 key, opened by ARBEES_KEYSTORE_PASSWORD");
  give("wrong");
  EXPECT_FALSE(store().is_ok);
  EXPECT_THAT(store().detail, testing::AllOf(testing::HasSubstr("ARBEES_KEYSTORE_PASSWORD does not open them"),
                                             testing::HasSubstr("give the password that they were added with")));
}

TEST_F(StoredKeyTest, AccountsAreTriedBeforeLiveTradingIsAllowed) {
  give("right");
  EXPECT_TRUE(check_accounts(config_, folder_.file("")).empty()) << "nothing is kept";
  add("id-1", "kalshi", kKey);
  auto checks = check_accounts(config_, folder_.file(""));
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_TRUE(checks[0].is_ok);
  EXPECT_THAT(checks[0].detail, testing::StartsWith("not tried: the keystore: no key of kind polymarket"));
  config_.allow_live = true;
  checks = check_accounts(config_, folder_.file(""));
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_FALSE(checks[0].is_ok) << "it is meant to trade there";
  config_.allow_live = false;
  config_.venue(Venue::Polymarket).enabled = false;
  config_.venue(Venue::Kalshi).rest_url = config_.venue(Venue::Kalshi).ws_url = "http://127.0.0.1:1";
  checks = check_accounts(config_, folder_.file(""));
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks[0].name, "kalshi account") << "its keys are open: the venue was asked";
  EXPECT_FALSE(checks[0].is_ok);
}

TEST_F(StoredKeyTest, OnPaperTheFeedUsesItOnceItIsOpen) {
  EXPECT_EQ(open_feed_key(config_, folder_.file(""), {}), "");
  add("id-1", "kalshi", kKey);
  EXPECT_EQ(open_feed_key(config_, folder_.file(""), {}), "") << "no password: as without a key";
  EXPECT_EQ(config_.kalshi.private_key, "");
  give("wrong");
  EXPECT_EQ(open_feed_key(config_, folder_.file(""), {}),
            "the keystore: id-1: the password is wrong, or the entry was changed");
  give("right");
  EXPECT_EQ(open_feed_key(config_, folder_.file(""), {}), "");
  EXPECT_EQ(config_.kalshi.private_key, kKey);
  Config without = on_the_internet();
  EXPECT_EQ(open_feed_key(without, folder_.file(""), {}), "");
  EXPECT_EQ(without.kalshi.private_key, "") << "nothing names it";
}

TEST(CheckedAccounts, AKeystoreWithoutAPasswordIsNotTried) {
  ASSERT_EQ(::unsetenv("ARBEES_KEYSTORE_PASSWORD"), 0);
  Config config = on_the_internet();
  config.allow_live = true;
  const auto checks = check_accounts(config, "/nowhere");
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_TRUE(checks[0].is_ok);
  EXPECT_EQ(checks[0].detail, "not tried: ARBEES_KEYSTORE_PASSWORD, which opens the keystore, is not set");
}

}  // namespace
}  // namespace arbees::app
