#include "adapters/keystore/keystore.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "adapters/keystore/sealed.h"
#include "core/base/random.h"

namespace arbees {
namespace {

constexpr ScryptCost kCheap{.log2_n = 4, .r = 1, .p = 1};
constexpr char kSecret[] = "-----BEGIN PRIVATE KEY-----\nnot really\n-----END PRIVATE KEY-----\n";

class KeystoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "keystore-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ + "/keystore";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] Keystore store() const { return Keystore(path_, kCheap); }
  [[nodiscard]] std::string text() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& bytes) const {
    {
      std::ofstream(path_, std::ios::binary) << bytes;
    }
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  }

  std::string folder_;
  std::string path_;
};

TEST_F(KeystoreTest, IsEmptyBeforeThereIsAFile) {
  EXPECT_TRUE(store().list()->empty());
  EXPECT_EQ(store().remove("a"), KeystoreError::NotFound);
  EXPECT_EQ(store().reveal("a", "password").error(), KeystoreError::NotFound);
}

TEST_F(KeystoreTest, KeepsWhatIsAddedUntilItIsRemoved) {
  EXPECT_EQ(store().add({"main", "kalshi"}, kSecret, "password"), std::nullopt);
  EXPECT_EQ(store().add({"wallet", "polymarket"}, "0x01", "another"), std::nullopt);
  EXPECT_EQ(store().add({"main", "kalshi"}, "x", "password"), KeystoreError::Exists);
  ASSERT_EQ(store().list()->size(), 2U);
  EXPECT_EQ(store().list()->at(0).name, "main");
  EXPECT_EQ(store().list()->at(1).kind, "polymarket");
  EXPECT_EQ(store().reveal("main", "password"), kSecret);
  EXPECT_EQ(store().reveal("wallet", "another"), "0x01");
  EXPECT_EQ(store().reveal("wallet", "password").error(), KeystoreError::WrongPassword);
  EXPECT_EQ(store().remove("main"), std::nullopt);
  EXPECT_EQ(store().reveal("main", "password").error(), KeystoreError::NotFound);
  EXPECT_EQ(store().reveal("wallet", "another"), "0x01");
}

TEST_F(KeystoreTest, ShowsNoSecretInItsFileAndLetsNobodyElseRead) {
  ASSERT_EQ(store().add({"main", "kalshi"}, kSecret, "password"), std::nullopt);
  EXPECT_EQ(text().find("not really"), std::string::npos);
  EXPECT_EQ(text().find("password"), std::string::npos);
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(KeystoreTest, RefusesAFileThatOthersMayAccess) {
  ASSERT_EQ(store().add({"main", "kalshi"}, kSecret, "password"), std::nullopt);
  for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(store().list().error(), KeystoreError::Exposed) << mode;
    EXPECT_EQ(store().add({"b", "kalshi"}, "x", "password"), KeystoreError::Exposed) << mode;
    EXPECT_EQ(store().reveal("main", "password").error(), KeystoreError::Exposed) << mode;
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_EQ(store().reveal("main", "password"), kSecret);
}

TEST_F(KeystoreTest, FollowsNoLink) {
  ASSERT_EQ(store().add({"main", "kalshi"}, kSecret, "password"), std::nullopt);
  const std::string link = folder_ + "/link";
  std::filesystem::create_symlink(path_, link);
  EXPECT_EQ(Keystore(link, kCheap).list().error(), KeystoreError::Exposed);
  EXPECT_EQ(Keystore(folder_, kCheap).list().error(), KeystoreError::Exposed);
}

TEST_F(KeystoreTest, RefusesBadNamesSecretsAndPasswords) {
  EXPECT_EQ(store().add({"", "kalshi"}, "x", "p"), KeystoreError::BadName);
  EXPECT_EQ(store().add({"a b", "kalshi"}, "x", "p"), KeystoreError::BadName);
  EXPECT_EQ(store().add({"a\nb", "kalshi"}, "x", "p"), KeystoreError::BadName);
  EXPECT_EQ(store().add({std::string(65, 'a'), "kalshi"}, "x", "p"), KeystoreError::BadName);
  EXPECT_EQ(store().add({"a", ""}, "x", "p"), KeystoreError::BadName);
  EXPECT_EQ(store().add({"a", "kalshi"}, "", "p"), KeystoreError::EmptySecret);
  EXPECT_EQ(store().add({"a", "kalshi"}, std::string(kMaxSecretBytes + 1, 'x'), "p"), KeystoreError::EmptySecret);
  EXPECT_EQ(store().add({"a", "kalshi"}, "x", ""), KeystoreError::EmptyPassword);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(Keystore(folder_ + "/absent/keystore", kCheap).add({"a", "kalshi"}, "x", "p"), KeystoreError::Unwritable);
}

// Entries cannot be swapped, renamed, retyped or weakened: all of the line is authenticated.
TEST_F(KeystoreTest, NoticesEveryChangeOfALine) {
  ASSERT_EQ(store().add({"main", "kalshi"}, kSecret, "password"), std::nullopt);
  const std::string good = text();
  const std::size_t begin = good.find("main");
  for (std::size_t i = begin; i + 1 < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == '1' ? '2' : '1';
    write(changed);
    const std::string name = changed.substr(begin, 4);
    EXPECT_FALSE(store().reveal(name, "password").has_value()) << i;
  }
}

TEST_F(KeystoreTest, RefusesWhatIsNoKeystore) {
  ASSERT_EQ(store().add({"main", "kalshi"}, kSecret, "password"), std::nullopt);
  const std::string good = text();
  for (std::size_t length = 1; length < good.size(); ++length) {
    if (length == good.find('\n') + 1) continue;  // the header alone is an empty keystore
    write(good.substr(0, length));
    ASSERT_EQ(store().list().error(), KeystoreError::Damaged) << length;
  }
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  for (int i = 0; i < 500; ++i) {
    std::string changed = good;
    for (int k = 0; k < 3; ++k) changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    write(changed);
    static_cast<void>(store().list());
    EXPECT_FALSE(store().reveal("main", "password").has_value() && changed != good);
  }
}

// A file must not make us spend gigabytes before it is known to be ours.
TEST(SealedLine, BoundsTheCostItAsksFor) {
  const auto sealed = seal({"main", "kalshi"}, kCheap, "x", "password");
  ASSERT_TRUE(sealed.has_value());
  ASSERT_TRUE(parse_sealed_line(to_line(*sealed)).has_value());
  for (const char* cost :
       {"0 1 1", "21 1 1", "31 8 1", "64 1 1", "20 32 1", "4 0 1", "4 1 0", "4 1 17", "4 33 1", "-4 1 1", "4 1 1 "}) {
    std::string line = to_line(*sealed);
    line.replace(line.find("4 1 1"), 5, cost);
    EXPECT_FALSE(parse_sealed_line(line).has_value()) << cost;
  }
}

// The same entry twice: nothing of the two lines' secret parts is equal.
TEST(SealedLine, IsDifferentEachTime) {
  const auto one = seal({"main", "kalshi"}, kCheap, "secret", "password");
  const auto two = seal({"main", "kalshi"}, kCheap, "secret", "password");
  EXPECT_NE(one->salt, two->salt);
  EXPECT_NE(one->nonce, two->nonce);
  EXPECT_NE(one->ciphertext, two->ciphertext);
  EXPECT_EQ(unseal(*one, "password"), unseal(*two, "password"));
}

}  // namespace
}  // namespace arbees
