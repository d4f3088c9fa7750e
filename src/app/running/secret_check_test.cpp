#include "app/running/secret_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SecretCheckTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }

  test::TemporaryFolder folder_;
  Config config_ = default_config();
};

TEST_F(SecretCheckTest, WithoutSecretsNothingIsWrong) { EXPECT_THAT(unusable_secrets(config_), IsEmpty()); }

TEST_F(SecretCheckTest, AKeyOfKalshiMustBeAKey) {
  config_.kalshi.key_id = "id";
  EXPECT_THAT(unusable_secrets(config_), IsEmpty()) << "the keystore may have it";
  config_.kalshi.private_key_file = folder_.file("missing");
  config_.kalshi.key_id.clear();
  EXPECT_THAT(unusable_secrets(config_), ElementsAre(HasSubstr("belong together")));
  config_.kalshi.key_id = "id";
  EXPECT_THAT(unusable_secrets(config_), ElementsAre(HasSubstr("venues.kalshi.private_key_file")));
  config_.kalshi.private_key_file = file("key.pem", "no key");
  EXPECT_THAT(unusable_secrets(config_), ElementsAre(HasSubstr("not a readable private key")));
}

TEST_F(SecretCheckTest, AWalletHasItsLengthAndIsNotRepeated) {
  config_.polymarket.private_key = "0x" + std::string(63, '4');
  const auto troubles = unusable_secrets(config_);
  EXPECT_THAT(troubles, ElementsAre("venues.polymarket.private_key: not a key of 64 hex digits"));
  config_.polymarket.private_key += '4';
  EXPECT_THAT(unusable_secrets(config_), IsEmpty());
  config_.polymarket.private_key_file = file("wallet", "0x" + std::string(64, '4') + "\n");
  config_.polymarket.funder = "0x12";
  EXPECT_THAT(unusable_secrets(config_), ElementsAre(HasSubstr("venues.polymarket.funder")));
  config_.polymarket.private_key_file = folder_.file("missing");
  EXPECT_THAT(unusable_secrets(config_), ElementsAre(HasSubstr("cannot be read")));
}

TEST_F(SecretCheckTest, FilesAndKeysOfTheBusAreLookedAt) {
  config_.bus.curve_secret_key_file = file("curve", "short");
  config_.bus.curve_server_key = "short";
  config_.venue(Venue::Binance).ca_file = folder_.file("missing");
  EXPECT_THAT(unusable_secrets(config_),
              ElementsAre(HasSubstr("bus.curve_secret_key_file"), HasSubstr("bus.curve_server_key: 5 characters"),
                          HasSubstr("venues.binance.ca_file")));
}

}  // namespace
}  // namespace arbees::app
