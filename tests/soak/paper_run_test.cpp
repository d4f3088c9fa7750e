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
#include <functional>
#include <memory>

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
// Once nothing goes wrong any more nothing may stay broken; how long it takes is the machine's affair, and is
// printed.
constexpr Duration kPatience = std::chrono::seconds(90);
// What was held back while things went wrong (for 150 ms, more where the machine has no time for us) has come by then.
constexpr Duration kLastEffects = std::chrono::seconds(6);
// Comparisons with REST that must have been made since then.
constexpr std::uint64_t kChecks = 8;

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

class PaperRun : public testing::Test {
 protected:
  void start() {
    sim::SimOptions venues;
    venues.seed = 11;
    const auto plan = sim::parse_fault_plan(kFaults);
    ASSERT_TRUE(plan) << plan.error();
    venues.faults = *plan;
    venues.folder = folder_.file("");
    auto sim = app::SimThread::start(venues);
    ASSERT_TRUE(sim) << sim.error();
    sim_ = std::move(*sim);
    const app::LiveProcessOptions options = process_options(folder_, sim_->configuration());
    auto process = app::LiveProcess::start(options);
    ASSERT_TRUE(process) << process.error();
    process_ = std::move(*process);
    question_.journal = options.folder + "/session-1.journal";
    question_.ledger = options.folder + "/ledger.sqlite";
    question_.heal_within = kPatience;
    question_.last_effects = kLastEffects;
  }

  void run_for(Duration length) {
    const bool never = false;
    process_->run_until(net::IoLoop::now() + length, never);
  }

  // Runs on for as long as a slow machine may need; whether `holds` came to hold.
  bool run_until(const std::function<bool()>& holds) {
    const Timestamp end = net::IoLoop::now() + kPatience;
    while (!holds()) {
      if (net::IoLoop::now() > end) return false;
      run_for(std::chrono::seconds(1));
    }
    return true;
  }

  [[nodiscard]] SessionFacts facts() const { return check_session(question_); }
  [[nodiscard]] std::string status() { return process_->status(net::IoLoop::now()); }

  [[nodiscard]] std::uint64_t struck() {
    std::uint64_t sum = 0;
    sim_->with_server([&](sim::SimServer& server) {
      for (std::size_t i = 0; i < sim::kFaultCount; ++i) sum += server.faults().count(static_cast<sim::Fault>(i));
    });
    return sum;
  }
  void end_faults() {
    question_.faults_end = net::IoLoop::now();
    sim_->with_server([&](sim::SimServer& server) { server.faults().heal(question_.faults_end); });
  }

  const test::TemporaryFolder folder_;
  std::unique_ptr<app::SimThread> sim_;
  std::unique_ptr<app::LiveProcess> process_;
  SessionQuestion question_;
};

TEST_F(PaperRun, HealsFromEveryFaultAndDecidesOnProvenBooksOnly) {
  start();
  if (HasFatalFailure()) return;
  run_for(length_of_trouble());
  EXPECT_TRUE(run_until([&] {
    const SessionFacts now = facts();
    return struck() > 50 && now.watched > 20 && now.faults > 10 && now.lost_feeds > 0 && now.orders > 0;
  })) << struck()
      << " faults struck\n"
      << status();
  end_faults();
  // Looked at later: before, a market may have been proven by what was on its way.
  run_for(question_.last_effects);
  EXPECT_TRUE(run_until([&] { return facts().unhealed.empty(); }));
  const std::uint64_t checks = total(status(), "equality_checks");
  EXPECT_TRUE(run_until([&] { return total(status(), "equality_checks") >= checks + kChecks; })) << status();
  const std::string last_status = status();
  EXPECT_EQ(process_->finish(), "");

  const SessionFacts facts = this->facts();
  EXPECT_THAT(facts.problems, IsEmpty());
  EXPECT_THAT(facts.unhealed, IsEmpty());
  // While frames get lost a check may be what finds it; of a book that began anew afterwards every one must pass.
  EXPECT_THAT(facts.wrong_again, IsEmpty()) << last_status;
  std::printf(
      "%s: %llu events, %llu faults told, %llu times a feed was lost, %llu contracts, %llu orders; healed "
      "within %lld ms\n%s\n",
      to_iso_ms(question_.faults_end).c_str(), static_cast<unsigned long long>(facts.events),
      static_cast<unsigned long long>(facts.faults), static_cast<unsigned long long>(facts.lost_feeds),
      static_cast<unsigned long long>(facts.watched), static_cast<unsigned long long>(facts.orders),
      static_cast<long long>(facts.longest_heal.count() / 1'000'000), last_status.c_str());
}

}  // namespace
}  // namespace arbees::soak
