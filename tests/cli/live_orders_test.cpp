// `run --mode live` against `sim`, as processes over real sockets: real signatures, real order entry, a ledger that
// equals the venues' own books, whatever goes wrong on the way.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidjson/document.h>

#include <chrono>
#include <functional>
#include <memory>

#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::HasSubstr;

constexpr auto kPatience = std::chrono::seconds(120);

bool becomes_true(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

rapidjson::Document parse(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  return document;
}

class LiveOrdersTest : public testing::Test {
 protected:
  void start_sim(const std::string& faults = "none") {
    sim_ = std::make_unique<Running>(
        std::vector<std::string>{"sim", "--seed", "7", "--config-out", folder_.file("sim.toml"), "--faults", faults});
    ASSERT_TRUE(becomes_true([&] { return sim_->out().find('\n') != std::string::npos || sim_->has_ended(); }));
    ASSERT_THAT(sim_->out(), HasSubstr("\"ready\":true")) << sim_->error();
  }

  void start_run() {
    run_ = std::make_unique<Running>(std::vector<std::string>{"run", "--mode", "live", "--config",
                                                              folder_.file("sim.toml"), "--profile", "testing",
                                                              "--data", data_, "--port", "0"});
    ASSERT_TRUE(becomes_true([&] { return run_->out().find('\n') != std::string::npos || run_->has_ended(); }));
    ASSERT_THAT(run_->out(), HasSubstr("\"ready\":true,\"role\":\"run\"")) << run_->error();
    ASSERT_THAT(run_->out(), HasSubstr("\"mode\":\"live\""));
  }

  [[nodiscard]] std::uint64_t fills() const {
    const rapidjson::Document document = parse(run({"status", "--data", data_, "--json"}).out);
    return document.IsObject() && document.HasMember("fills") ? document["fills"].GetUint64() : 0;
  }

  static int stop(std::unique_ptr<Running>& program) {
    program->send(SIGTERM);
    const int code = program->wait().exit_code;
    program.reset();
    return code;
  }

  // Every order's end known, and cash and positions of both venues equal to the ledger.
  void expect_agreement() {
    const Result reconciled = run({"reconcile", "--config", folder_.file("sim.toml"), "--data", data_, "--json"});
    EXPECT_EQ(reconciled.exit_code, 0) << reconciled.out << reconciled.error;
    EXPECT_THAT(reconciled.out, HasSubstr("\"ok\":true"));
    EXPECT_THAT(run({"ledger", "check", "--data", data_, "--json"}).out, HasSubstr("\"ok\":true"));
  }

  void TearDown() override {
    for (auto* program : {&run_, &sim_}) {
      if (*program == nullptr) continue;
      (*program)->send(SIGKILL);
      (*program)->wait();
    }
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::unique_ptr<Running> sim_;
  std::unique_ptr<Running> run_;
};

TEST_F(LiveOrdersTest, TradesWithRealSignaturesAndTheLedgerEqualsTheVenues) {
  start_sim();
  start_run();
  EXPECT_TRUE(becomes_true([&] { return fills() >= 4; })) << run({"status", "--data", data_, "--json"}).out;
  EXPECT_THAT(run({"status", "--data", data_, "--json"}).out, HasSubstr("\"mode\":\"live\""));
  EXPECT_EQ(stop(run_), 0);
  expect_agreement();
}

TEST_F(LiveOrdersTest, LostAndSlowAnswersLateFillsAndFailedSettlementsLoseNothing) {
  start_sim("slow_ack=0.1:1s,lost_ack=0.1,late_fill=0.1:1s,failed_settlement=0.1,http5xx=0.05,http429=0.05,drop=0.01");
  start_run();
  EXPECT_TRUE(becomes_true([&] { return fills() >= 6; })) << run({"status", "--data", data_, "--json"}).out;
  EXPECT_EQ(stop(run_), 0);
  expect_agreement();
}

TEST_F(LiveOrdersTest, KilledAtAnyMomentNothingIsDoubledOrLost) {
  start_sim();
  for (int round = 1; round <= 3; ++round) {
    start_run();
    const std::uint64_t wanted = static_cast<std::uint64_t>(round);
    EXPECT_TRUE(becomes_true([&] { return fills() >= wanted; })) << run({"status", "--data", data_, "--json"}).out;
    run_->send(SIGKILL);
    run_->wait();
    run_.reset();
    expect_agreement();
  }
}

TEST_F(LiveOrdersTest, PaperAndLiveNeverShareALedger) {
  start_sim();
  run_ = std::make_unique<Running>(std::vector<std::string>{"run", "--config", folder_.file("sim.toml"), "--data",
                                                            data_, "--port", "0", "--seconds", "1"});
  EXPECT_EQ(run_->wait().exit_code, 0);
  run_.reset();
  const Result live = run({"run", "--mode", "live", "--config", folder_.file("sim.toml"), "--data", data_, "--port",
                           "0", "--seconds", "1"});
  EXPECT_EQ(live.exit_code, 4);
  EXPECT_THAT(live.error, HasSubstr("a ledger of paper trading"));
}

TEST_F(LiveOrdersTest, RealVenuesNeedPermissionFirst) {
  const Result live = run({"run", "--mode", "live", "--data", data_, "--port", "0"});
  EXPECT_EQ(live.exit_code, 4);
  EXPECT_THAT(live.error, HasSubstr("run.allow_live"));
}

}  // namespace
}  // namespace arbees::cli
