#include "app/discovery/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/discovery/approvals.h"
#include "app/discovery/manifest_json.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;

constexpr Timestamp kClose = from_unix_s(1'791'216'000);

CatalogEntry entry(Venue venue, const char* symbol, const char* family, SettlementSource source) {
  CatalogEntry made;
  made.venue = made.terms.venue = venue;
  made.symbol = made.market = symbol;
  made.event = "EVENT";
  made.family = family;
  made.outcome = "Up";
  made.rules = {"source", "condition", "instant", "rounding", "tie"};
  made.terms.asset = Asset::BTC;
  made.terms.payoff = Payoff::UpDown;
  made.terms.comparator = Comparator::GreaterOrEqual;
  made.terms.source = source;
  made.terms.opens_at = kClose - std::chrono::minutes(15);
  made.terms.closes_at = kClose;
  made.terms.lower = Strike::whole(84'000);
  made.terms.has_lower = 1;
  made.terms.grid = PriceGrid::uniform(Price::from_units(100));
  made.terms.fees.model = FeeModel::KalshiQuadratic;
  made.terms.fees.taker_rate = 70'000;
  made.conclude();
  return made;
}

std::vector<CatalogEntry> two_venues() {
  return {entry(Venue::Polymarket, "111", "polymarket:btc-updown-15m", SettlementSource::ChainlinkTwap60),
          entry(Venue::Kalshi, "KXBTC15M-X", "kalshi:KXBTC15M", SettlementSource::CfBenchmarksMean60)};
}

TEST(Manifest, IsTheSameWhateverTheOrder) {
  auto entries = two_venues();
  const Manifest manifest = make_manifest(entries);
  std::swap(entries[0], entries[1]);
  entries.push_back(entries[0]);  // listed twice
  EXPECT_EQ(manifest_hash(make_manifest(entries)), manifest_hash(manifest));
  ASSERT_EQ(manifest.pairs.size(), 1U);
  EXPECT_EQ(manifest.pairs[0].key, "kalshi:KXBTC15M~polymarket:btc-updown-15m");
}

TEST(Manifest, ItsHashFollowsTermsAndNotPhases) {
  auto entries = two_venues();
  const std::uint64_t hash = manifest_hash(make_manifest(entries));
  entries[0].phase = ContractPhase::Active;
  EXPECT_EQ(manifest_hash(make_manifest(entries)), hash);
  entries[0].terms.lower = Strike::whole(84'001);
  EXPECT_NE(manifest_hash(make_manifest(entries)), hash);
}

TEST(Manifest, ComesBackFromItsFile) {
  const std::string folder = testing::TempDir() + "manifest_file";
  std::filesystem::remove_all(folder);
  const Manifest manifest = make_manifest(two_venues());
  ASSERT_EQ(save_manifest(folder, manifest), "");
  const auto loaded = load_manifest(folder);
  ASSERT_TRUE(loaded) << loaded.error();
  EXPECT_EQ(manifest_text(*loaded), manifest_text(manifest));
  EXPECT_EQ(loaded->pairs[0].fingerprint, manifest.pairs[0].fingerprint);
}

TEST(Manifest, ADamagedFileIsRefused) {
  const std::string folder = testing::TempDir() + "manifest_damaged";
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(load_manifest(folder));
  ASSERT_EQ(save_manifest(folder, make_manifest(two_venues())), "");
  std::ifstream in(manifest_path(folder));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("84000"), 5, "84001");
  std::ofstream(manifest_path(folder)) << text;
  EXPECT_FALSE(load_manifest(folder));
  std::ofstream(manifest_path(folder)) << "[";
  EXPECT_FALSE(load_manifest(folder));
}

TEST(Manifest, ShowsBothRulesSideBySide) {
  const std::string page = manifest_page(make_manifest(two_venues()), Approvals());
  EXPECT_THAT(page, HasSubstr("cf_benchmarks_mean_60"));
  EXPECT_THAT(page, HasSubstr(" | chainlink_twap_60"));
  EXPECT_THAT(page, HasSubstr("index_basis"));
  EXPECT_THAT(page, HasSubstr("approval: none"));
}

TEST(Approvals, HoldForOneFingerprintAndAreRevokedByAnother) {
  Approvals approvals;
  EXPECT_EQ(approvals.state("kalshi:KXBTC15M", 1), ApprovalState::None);
  approvals.approve("kalshi:KXBTC15M", 1, kClose);
  EXPECT_TRUE(approvals.is_approved("kalshi:KXBTC15M", 1));
  EXPECT_EQ(approvals.state("kalshi:KXBTC15M", 2), ApprovalState::Changed);
  EXPECT_FALSE(approvals.observe("kalshi:KXBTC15M", 1, kClose));
  EXPECT_TRUE(approvals.observe("kalshi:KXBTC15M", 2, kClose));
  // The old rules are back, the approval is not.
  EXPECT_EQ(approvals.state("kalshi:KXBTC15M", 1), ApprovalState::Revoked);
  EXPECT_FALSE(approvals.revoke("kalshi:KXETH15M", "by hand", kClose));
}

TEST(Approvals, ComeBackFromTheirFileOrNotAtAll) {
  const std::string folder = testing::TempDir() + "approvals_file";
  std::filesystem::remove_all(folder);
  Approvals approvals;
  approvals.approve("kalshi:KXBTC15M", 0x0123456789abcdef, kClose);
  approvals.approve("kalshi:KXBTCD", 7, kClose);
  EXPECT_TRUE(approvals.revoke("kalshi:KXBTCD", "by hand", kClose));
  ASSERT_EQ(approvals.save(folder), "");
  auto opened = Approvals::open(folder);
  ASSERT_TRUE(opened) << opened.error();
  EXPECT_TRUE(opened->is_approved("kalshi:KXBTC15M", 0x0123456789abcdef));
  EXPECT_EQ(opened->state("kalshi:KXBTCD", 7), ApprovalState::Revoked);
  std::ofstream(folder + "/approvals") << "approved kalshi:KXBTC15M\n";
  EXPECT_FALSE(Approvals::open(folder));
}

TEST(Approvals, AChangedFeeIsAnotherFingerprint) {
  auto entries = two_venues();
  const std::uint64_t before = rules_fingerprint(entries[0]);
  entries[0].terms.lower = Strike::whole(1);  // another window, the same rules
  EXPECT_EQ(rules_fingerprint(entries[0]), before);
  entries[0].terms.fees.taker_rate = 80'000;
  EXPECT_NE(rules_fingerprint(entries[0]), before);
}

}  // namespace
}  // namespace arbees::app
