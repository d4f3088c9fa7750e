#include "adapters/venue/kalshi/prepared_signatures.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

namespace arbees::kalshi {
namespace {

constexpr char kEd25519Pem[] =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kPath[] = "/trade-api/v2/portfolio/events/orders";
constexpr std::int64_t kNow = 1'790'000'000'000;
constexpr PreparationPlan kPlan{.spacing_ms = 100, .tolerance_ms = 1000};

PreparedSigner signer() { return *PreparedSigner::from_pem(kEd25519Pem); }
bool is_valid(const PreparedSignature& prepared) {
  const auto key = VerifyingKey::from_pem(signer().public_key_pem());
  return key->verify(presign_text(prepared.timestamp_ms, "POST", kPath), prepared.signature.view());
}

TEST(PreparedSignatures, AreEmptyUntilFilled) {
  PreparedSignatures signatures(signer(), "POST", kPath, kPlan);
  PreparedSignature taken;
  EXPECT_FALSE(signatures.take(kNow, taken));
}

TEST(PreparedSignatures, HandOutEachValidSignatureOnce) {
  PreparedSignatures signatures(signer(), "POST", kPath, kPlan);
  EXPECT_EQ(signatures.fill(kNow, 100), 11U);  // 0, 100, … 1000 ms ahead
  EXPECT_EQ(signatures.fill(kNow, 100), 0U);
  PreparedSignature taken;
  for (std::int64_t ahead = 0; ahead <= 1000; ahead += 100) {
    ASSERT_TRUE(signatures.take(kNow, taken));
    EXPECT_EQ(taken.timestamp_ms, kNow + ahead);
    EXPECT_TRUE(is_valid(taken));
  }
  EXPECT_FALSE(signatures.take(kNow, taken));
  EXPECT_EQ(signatures.fill(kNow, 100), 0U) << "a timestamp is signed once";
  EXPECT_EQ(signatures.fill(kNow + 250, 100), 2U);
}

TEST(PreparedSignatures, StayWithinTheToleranceOfTheClock) {
  PreparedSignatures signatures(signer(), "POST", kPath, kPlan);
  ASSERT_EQ(signatures.fill(kNow, 100), 11U);
  PreparedSignature taken;
  EXPECT_FALSE(signatures.take(kNow - 1001, taken));  // all are too far ahead
  ASSERT_TRUE(signatures.take(kNow + 1950, taken));
  EXPECT_EQ(taken.timestamp_ms, kNow + 1000);  // the others are too old
  EXPECT_FALSE(signatures.take(kNow + 2001, taken));
}

TEST(PreparedSignatures, BoundTheWorkOfOneCall) {
  PreparedSignatures signatures(signer(), "POST", kPath, kPlan);
  EXPECT_EQ(signatures.fill(kNow, 4), 4U);
  EXPECT_EQ(signatures.fill(kNow, 4), 4U);
  EXPECT_EQ(signatures.fill(kNow, 4), 3U);
}

// Unused signatures go stale and are written over: after any pause there is a fresh one.
TEST(PreparedSignatures, SurvivePausesAndClockJumps) {
  PreparedSignatures signatures(signer(), "POST", kPath, kPlan);
  PreparedSignature taken;
  for (const std::int64_t jump : {0L, 60'000L, 61'000L, 3'600'000L, 1'000L, -5'000L, 777'777L}) {
    ASSERT_EQ(signatures.fill(kNow + jump, 100) > 0, true) << jump;
    ASSERT_TRUE(signatures.take(kNow + jump, taken)) << jump;
    EXPECT_LE(std::abs(taken.timestamp_ms - kNow - jump), kPlan.tolerance_ms);
    EXPECT_TRUE(is_valid(taken));
  }
}

// Two threads and a virtual clock: nothing is torn, nothing is handed out twice.
TEST(PreparedSignatures, MayBeFilledWhileTheyAreTaken) {
  PreparedSignatures signatures(signer(), "POST", kPath, kPlan);
  constexpr int kSteps = 400;
  std::atomic<std::int64_t> now{kNow};
  std::atomic<bool> done{false};
  std::thread filler([&] {
    while (!done.load()) static_cast<void>(signatures.fill(now.load(), 3));
  });
  std::set<std::int64_t> timestamps;
  std::size_t count = 0;
  PreparedSignature taken;
  for (int step = 0; step < kSteps; ++step) {
    now.fetch_add(37);
    if (!signatures.take(now.load(), taken)) continue;
    ++count;
    timestamps.insert(taken.timestamp_ms);
    EXPECT_TRUE(is_valid(taken));
  }
  done = true;
  filler.join();
  EXPECT_EQ(timestamps.size(), count);
}

TEST(PreparedSignaturesDeathTest, RefuseAPlanBeyondTheVenuesTolerance) {
  EXPECT_DEATH(PreparedSignatures(signer(), "POST", kPath, {.spacing_ms = 0, .tolerance_ms = 1000}), "");
  EXPECT_DEATH(PreparedSignatures(signer(), "POST", kPath, {.spacing_ms = 100, .tolerance_ms = 10'001}), "");
}

}  // namespace
}  // namespace arbees::kalshi
