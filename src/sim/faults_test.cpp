#include "sim/faults.h"

#include <gtest/gtest.h>

namespace arbees::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart = from_unix_s(1'795'371'000);

TEST(FaultPlan, ReadsEveryFault) {
  const auto plan = parse_fault_plan("drop=0.01,delay=0.05:200ms,silent=30s:5s,disconnect=2m,clock_skew=-1500ms");
  ASSERT_TRUE(plan.has_value()) << plan.error();
  EXPECT_EQ(plan->of(Fault::Drop).per_million, 10'000u);
  EXPECT_EQ(plan->of(Fault::Delay).per_million, 50'000u);
  EXPECT_EQ(plan->of(Fault::Delay).length, milliseconds(200));
  EXPECT_EQ(plan->of(Fault::Silent).every, seconds(30));
  EXPECT_EQ(plan->of(Fault::Silent).length, seconds(5));
  EXPECT_EQ(plan->of(Fault::Disconnect).every, seconds(120));
  EXPECT_EQ(plan->of(Fault::ClockSkew).length, milliseconds(-1500));
  EXPECT_FALSE(plan->of(Fault::Gap).is_on);
  EXPECT_EQ(parse_fault_plan("redemption=2m")->of(Fault::Redemption).length, seconds(120));
  EXPECT_EQ(parse_fault_plan("redemption=0s")->of(Fault::Redemption).length, Duration{0});
  EXPECT_EQ(parse_fault_plan("redemption=never")->of(Fault::Redemption).length, Duration::max());
  EXPECT_TRUE(parse_fault_plan("none")->is_empty());
  const auto all = parse_fault_plan("all");
  ASSERT_TRUE(all.has_value()) << all.error();
  for (const FaultTerms& terms : all->terms) EXPECT_TRUE(terms.is_on);
}

TEST(FaultPlan, AnErrorNamesKeyValueAndRange) {
  const auto error = [](std::string_view text) {
    const auto plan = parse_fault_plan(text);
    return plan ? std::string("none") : plan.error();
  };
  EXPECT_EQ(error("drop=0.9"), "fault drop: '0.9' is not a chance from 0 to 0.5");
  EXPECT_EQ(error("gap=nan"), "fault gap: 'nan' is not a chance from 0 to 0.5");
  EXPECT_EQ(error("disconnect=2h"), "fault disconnect: '2h' is not a duration from 1ms to 1h, as 200ms, 5s or 2m");
  EXPECT_EQ(
      error("delay=0.1"),
      "fault delay: '0.1' is not a chance from 0 to 0.5, a colon and a duration from 1ms to 1h, as 200ms, 5s or 2m");
  EXPECT_EQ(error("silent=5s:30s"), "fault silent: '5s:30s' is not a period and a shorter length");
  EXPECT_EQ(error("redemption=2h"),
            "fault redemption: '2h' is not a duration from 1ms to 1h, as 200ms, 5s or 2m, 0s or never");
  EXPECT_EQ(error("drop=0.1,drop=0.2"), "fault drop is given twice");
  EXPECT_NE(error("dorp=0.1").find("fault 'dorp' is unknown; allowed are none, all, drop, duplicate"),
            std::string::npos);
  for (const char* text : {"drop", "drop=", "drop=-0.1", "clock_skew=5", "delay=0.1:", "disconnect=0s",
                           "disconnect=never", ",", "silent=1s", "redemption", "redemption=-5s", "redemption=5s:5s"}) {
    EXPECT_NE(error(text), "none") << text;
  }
}

TEST(FaultInjector, StrikesAsOftenAsSaidAndCounts) {
  FaultInjector faults(*parse_fault_plan("drop=0.02,duplicate=0.3"), 1, kStart);
  int drops = 0;
  int duplicates = 0;
  for (int i = 0; i < 100'000; ++i) {
    drops += faults.strikes(Fault::Drop, kStart) ? 1 : 0;
    duplicates += faults.strikes(Fault::Duplicate, kStart) ? 1 : 0;
    ASSERT_FALSE(faults.strikes(Fault::Reorder, kStart));
  }
  EXPECT_NEAR(drops, 2'000, 200);
  EXPECT_NEAR(duplicates, 30'000, 700);
  EXPECT_EQ(faults.count(Fault::Drop), static_cast<std::uint64_t>(drops));
}

TEST(FaultInjector, PhasesComeAtTheEndOfEachPeriod) {
  FaultInjector faults(*parse_fault_plan("silent=30s:5s"), 1, kStart);
  int silent = 0;
  for (int ms = 0; ms < 90'000; ms += 100) {
    const bool is_silent = faults.is_in_phase(Fault::Silent, kStart + milliseconds(ms));
    EXPECT_EQ(is_silent, ms % 30'000 >= 25'000) << ms;
    silent += is_silent ? 1 : 0;
  }
  EXPECT_EQ(silent, 150);
  EXPECT_EQ(faults.count(Fault::Silent), 3u);
}

TEST(FaultInjector, NothingHappensOnceItIsHealed) {
  FaultInjector faults(*parse_fault_plan("all"), 1, kStart);
  const Timestamp healed = kStart + seconds(10);
  faults.heal(healed);
  EXPECT_EQ(faults.clock_skew(kStart), milliseconds(1500));
  EXPECT_EQ(faults.clock_skew(healed), Duration{0});
  Timestamp last = kStart;
  for (int i = 0; i < 10'000; ++i) {
    const Timestamp now = healed + milliseconds(100 * i);
    for (std::size_t fault = 0; fault < kFaultCount; ++fault)
      ASSERT_FALSE(faults.strikes(static_cast<Fault>(fault), now));
    ASSERT_FALSE(faults.is_in_phase(Fault::Silent, now));
    ASSERT_FALSE(faults.is_due(Fault::Disconnect, last, now));
    const HttpFate fate = faults.http_fate(true, now);
    ASSERT_TRUE(fate.refuse_status == 0 && !fate.loses_answer && fate.delay == Duration{0});
    ASSERT_EQ(faults.fill_delay(now), Duration{0});
  }
}

TEST(FaultInjector, OnlyOrdersLoseTheirAnswers) {
  FaultInjector faults(*parse_fault_plan("lost_ack=0.5,slow_ack=0.5:2s"), 1, kStart);
  int lost = 0;
  int slow = 0;
  for (int i = 0; i < 1'000; ++i) {
    const HttpFate read = faults.http_fate(false, kStart);
    ASSERT_TRUE(!read.loses_answer && read.delay == Duration{0});
    const HttpFate order = faults.http_fate(true, kStart);
    lost += order.loses_answer ? 1 : 0;
    slow += order.delay == seconds(2) ? 1 : 0;
  }
  EXPECT_NEAR(lost, 500, 80);
  EXPECT_NEAR(slow, 250, 80);
}

}  // namespace
}  // namespace arbees::sim
