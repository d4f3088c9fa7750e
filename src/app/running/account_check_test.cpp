#include "app/running/account_check.h"

#include <gtest/gtest.h>

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
