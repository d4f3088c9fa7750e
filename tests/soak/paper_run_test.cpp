// A paper session against the loopback venues while everything goes wrong, then a while in which nothing does.
//
// ARBEES_SOAK_SECONDS=600 makes it ten minutes. The session is judged afterwards from its journal and ledger
// (session_check.h), and by what the feeds say of themselves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/store/test_files.h"
#include "adapters/telemetry/format.h"
#include "app/config/config.h"
#include "app/running/live_process.h"
#include "app/running/sim_thread.h"
#include "tests/soak/session_check.h"

namespace arbees::soak {
namespace {

using testing::IsEmpty;

// Everything that can go wrong, often enough that all of it does within half a minute.
constexpr const char* kFaults =
    "drop=0.002,duplicate=0.01,delay=0.02:150ms,reorder=0.005,gap=0.002,silent=17s:4s,disconnect=11s,http429=0.02,"
    "http5xx=0.02,slow_ack=0.05:1s,lost_ack=0.02,late_fill=0.05:1s,failed_settlement=0.05,tick_change=13s,"
    "clock_skew=1500ms,maintenance=19s:3s";
// Nothing may stay broken for longer than this once nothing goes wrong any more.
constexpr Duration kHealWithin = std::chrono::seconds(5);
constexpr Duration kQuiet = std::chrono::seconds(12);

Duration length_of_trouble() {
  const char* const asked = std::getenv("ARBEES_SOAK_SECONDS");
  const int seconds = asked == nullptr ? 0 : std::atoi(asked);
  return std::chrono::seconds(seconds > 0 ? seconds : 30);
}

// Over all feeds of a status document.
std::uint64_t total(const std::string& status, const char* field) {
  rapidjson::Document document;
  document.Parse(status.c_str());
  std::uint64_t sum = 0;
  for (const auto& feed : document["feeds"].GetArray()) sum += feed[field].GetUint64();
  return sum;
}

// A process that watches the loopback venues.
app::LiveProcessOptions process_options(const test::TemporaryFolder& folder, const std::string& configuration) {
  std::ofstream(folder.file("sim.toml")) << configuration;
  app::ConfigRequest request;
  request.profile = "testing";
  request.files = {folder.file("sim.toml")};
  request.overrides = {{"run.discovery_interval_secs", "5"}, {"run.equality_check_secs", "5"}};
  app::LiveProcessOptions options;
  options.config = app::load_config(request).value().config;
  options.folder = folder.file("data");
  options.label = "soak";
  options.port = 0;
  return options;
}

TEST(PaperRun, HealsFromEveryFaultAndDecidesOnProvenBooksOnly) {
  const test::TemporaryFolder folder;
  sim::SimOptions venues;
  venues.seed = 11;
  const auto plan = sim::parse_fault_plan(kFaults);
  ASSERT_TRUE(plan) << plan.error();
  venues.faults = *plan;
  venues.folder = folder.file("");
  auto sim = app::SimThread::start(venues);
  ASSERT_TRUE(sim) << sim.error();
  const app::LiveProcessOptions options = process_options(folder, (*sim)->configuration());
  auto process = app::LiveProcess::start(options);
  ASSERT_TRUE(process) << process.error();

  const bool never = false;
  (*process)->run_until(net::IoLoop::now() + length_of_trouble(), never);
  const Timestamp faults_end = net::IoLoop::now();
  std::uint64_t struck = 0;
  (*sim)->with_server([&](sim::SimServer& server) {
    server.faults().heal(faults_end);
    for (std::size_t i = 0; i < sim::kFaultCount; ++i) struck += server.faults().count(static_cast<sim::Fault>(i));
  });
  (*process)->run_until(faults_end + kHealWithin, never);
  const std::string healed_status = (*process)->status(net::IoLoop::now());
  (*process)->run_until(faults_end + kQuiet, never);
  const std::string last_status = (*process)->status(net::IoLoop::now());
  EXPECT_EQ((*process)->finish(), "");
  EXPECT_GT(struck, 50U);

  SessionQuestion question;
  question.journal = options.folder + "/session-1.journal";
  question.ledger = options.folder + "/ledger.sqlite";
  question.faults_end = faults_end;
  question.heal_within = kHealWithin;
  const SessionFacts facts = check_session(question);
  EXPECT_THAT(facts.problems, IsEmpty());
  EXPECT_THAT(facts.unhealed, IsEmpty());
  EXPECT_GT(facts.watched, 20U) << last_status;
  EXPECT_GT(facts.faults, 10U);
  EXPECT_GT(facts.lost_feeds, 0U);
  EXPECT_GT(facts.orders, 0U) << last_status;
  // While frames get lost a check may be what finds it; on healed books every one must pass.
  EXPECT_GT(total(last_status, "equality_checks"), total(healed_status, "equality_checks"));
  EXPECT_EQ(total(last_status, "equality_failures"), total(healed_status, "equality_failures")) << last_status;
  std::printf(
      "%s: %llu events, %llu faults told, %llu times a feed was lost, %llu contracts, %llu orders; healed "
      "within %lld ms\n%s\n",
      to_iso_ms(faults_end).c_str(), static_cast<unsigned long long>(facts.events),
      static_cast<unsigned long long>(facts.faults), static_cast<unsigned long long>(facts.lost_feeds),
      static_cast<unsigned long long>(facts.watched), static_cast<unsigned long long>(facts.orders),
      static_cast<long long>(facts.longest_heal.count() / 1'000'000), last_status.c_str());
}

}  // namespace
}  // namespace arbees::soak
