// A venue is cut off the moment a first leg is filled there, for seconds: requests, answers and user streams break, and
// nothing gets through. Afterwards every order's end is known, every request has ended, and books equal venues. A
// leg without its counterpart has never cost more than the limit.

#include <cstdio>

#include "tests/live/live_system.h"
#include "tests/live/own_books.h"

namespace arbees::live {
namespace {

constexpr std::chrono::milliseconds kLongestCut{5'000};

class Outage : public LiveSystem {
 protected:
  // No order is out or in doubt, and every request has ended.
  [[nodiscard]] bool is_at_rest() const {
    const rapidjson::Document now = status();
    if (!now.IsObject() || !now.HasMember("ended")) return false;
    for (const auto& gateway : now["gateways"].GetArray()) {
      if (gateway["open_orders"].GetUint64() != 0 || gateway["unknown_orders"].GetUint64() != 0) return false;
    }
    std::uint64_t ended = 0;
    for (const auto& outcome : now["ended"].GetObject()) ended += outcome.value.GetUint64();
    return ended == now["requests"].GetUint64();
  }

  void cut(unsigned number) {
    const unsigned cuts = relay_->cuts();
    const std::chrono::milliseconds length = number % 2 == 0 ? kLongestCut : std::chrono::milliseconds(1'000);
    relay_->cut(static_cast<Cut>(2 - number % 3), length);
    const auto has_come = [&] { return relay_->cuts() > cuts; };
    ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, has_come)) << run_->error();
    ASSERT_TRUE(becomes_true(kPatience, [&] { return !relay_->is_cut(); }));
    ASSERT_TRUE(becomes_true(kPatience, [&] { return is_at_rest() || run_->has_ended(); })) << run_->error();
    ASSERT_FALSE(run_->has_ended()) << run_->error();
  }
};

TEST_F(Outage, OfAVenueBetweenTheLegsLeavesNothingNakedOrUnknown) {
  start_sim();
  cli::write_text(folder_.file("limits.toml"), "[limits]\nmax_naked_loss = 40\n");
  ASSERT_TRUE(start_run({"--config", folder_.file("limits.toml")})) << run_->error();
  const unsigned cuts = from_environment("ARBEES_CUTS", 3);
  for (unsigned number = 0; number < cuts && !HasFailure(); ++number) cut(number);
  const rapidjson::Document end = status();
  const auto& ended = end["ended"];
  std::printf("%u cuts; %llu requests: %llu complete, %llu partial, %llu unwound, %llu kept, %llu failed; ", cuts,
              static_cast<unsigned long long>(end["requests"].GetUint64()),
              static_cast<unsigned long long>(ended["complete"].GetUint64()),
              static_cast<unsigned long long>(ended["partial"].GetUint64()),
              static_cast<unsigned long long>(ended["unwound"].GetUint64()),
              static_cast<unsigned long long>(ended["kept"].GetUint64()),
              static_cast<unsigned long long>(ended["failed"].GetUint64()));
  std::printf("naked p50 %.0f ms, max %.0f ms; unwinding cost %s\n", end["naked_ms"]["p50"].GetDouble(),
              end["naked_ms"]["max"].GetDouble(), end["unwind_cost"].GetString());
  std::fflush(stdout);
  run_->send(SIGTERM);
  EXPECT_EQ(run_->wait().exit_code, 0);
  run_.reset();
  expect_agreement();
  const Micro most_naked = so_far(data_ + "/ledger.sqlite").most_naked;
  // Whether a cut comes between two legs is luck; the bound holds of all of them. Only of two legs it is promised: the
  // limit narrows what a request costs without its cheapest leg, and of three legs more can be naked for a while.
  std::printf("the most that was naked had cost %.2f dollars\n", static_cast<double>(most_naked) / 1e6);
  EXPECT_LE(most_naked, 40'000'000);
}

}  // namespace
}  // namespace arbees::live
