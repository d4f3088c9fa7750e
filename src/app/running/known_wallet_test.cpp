#include "app/running/known_wallet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/store/test_files.h"
#include "app/discovery/folder_file.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kOne = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";  // of the key 1
constexpr const char* kTwo = "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF";  // of the key 2

LiveKeys keys_of(const char* last_digit) {
  LiveKeys keys;
  keys.polymarket = polymarket::Wallet::from_hex(std::string(63, '0') + last_digit);
  return keys;
}

TEST(KnownWallet, TheMoneyIsTheFundersOrTheKeysOwn) {
  Config config;
  EXPECT_EQ(holding_wallet(config, LiveKeys()), "");
  EXPECT_EQ(holding_wallet(config, keys_of("1")), kOne);
  config.polymarket.signature_type = 2;
  EXPECT_EQ(holding_wallet(config, keys_of("1")), "") << "the gateway refuses a kind of wallet without its funder";
  config.polymarket.funder = "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf";
  EXPECT_EQ(holding_wallet(config, keys_of("1")), kTwo);
}

TEST(KnownWallet, BooksStayThoseOfTheWalletThatTheyAgreedWith) {
  const test::TemporaryFolder folder;
  EXPECT_THAT(other_wallet(folder.file(""), kTwo), IsEmpty()) << "a folder that has none yet";
  EXPECT_THAT(remember_wallet(folder.file(""), kOne), IsEmpty());
  EXPECT_THAT(other_wallet(folder.file(""), kOne), IsEmpty());
  EXPECT_THAT(remember_wallet(folder.file(""), kTwo), IsEmpty());
  const std::string refusal = other_wallet(folder.file(""), kTwo);
  EXPECT_THAT(refusal, HasSubstr(std::string("those of the Polymarket wallet ") + kOne));
  EXPECT_THAT(refusal, HasSubstr(std::string("this is ") + kTwo));
  EXPECT_THAT(refusal, HasSubstr("polymarket.wallet"));
  EXPECT_THAT(other_wallet(folder.file(""), ""), IsEmpty()) << "Polymarket is not enabled";
}

TEST(KnownWallet, AnEmptyOrUnreadableFileIsNoPermission) {
  const test::TemporaryFolder folder;
  ASSERT_THAT(write_whole(folder.file(""), "polymarket.wallet", ""), IsEmpty());
  EXPECT_THAT(other_wallet(folder.file(""), kOne), HasSubstr(kOne));
  std::filesystem::remove(folder.file("polymarket.wallet"));
  std::filesystem::create_directory(folder.file("polymarket.wallet"));
  EXPECT_THAT(other_wallet(folder.file(""), kOne), HasSubstr("polymarket.wallet"));
}

}  // namespace
}  // namespace arbees::app
