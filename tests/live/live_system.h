#pragma once
// For tests: `sim`, a relay in front of its prediction venues, and `run --mode live` that trades through the relay.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidjson/document.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/live/relay.h"

namespace arbees::live {

using cli::Running;
using std::chrono::steady_clock;

inline bool becomes_true(std::chrono::seconds patience, const std::function<bool()>& holds) {
  const auto end = steady_clock::now() + patience;
  while (!holds()) {
    if (steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 20);
  }
  return true;
}

// A whole number of the environment, for long runs.
inline unsigned from_environment(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

inline rapidjson::Document parse(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  return document;
}

// A process that got no processor time for ten seconds halts, and so does one that lost count of what it asked for:
// "default on any doubt: halted". Where that is not what a test is about, somebody lets it go on, as a user would. Not
// when books and venues differ.
inline void resume_if_halted(const std::string& data) {
  const std::string why = cli::text_of(data + "/halt");
  if (why.empty()) return;
  EXPECT_THAT(why, testing::Not(testing::HasSubstr("books and venue differ")));
  std::printf("halted, and resumed: %s", why.c_str());
  std::fflush(stdout);
  const cli::Result resumed = cli::run({"resume", "--data", data, "--reason", "test"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
}

// As becomes_true(), of something that comes only while the process over `data` trades.
inline bool becomes_true_by_trading(const std::string& data, std::chrono::seconds patience,
                                    const std::function<bool()>& holds) {
  const auto end = steady_clock::now() + patience;
  while (!becomes_true(std::chrono::seconds(1), holds)) {
    if (steady_clock::now() > end || testing::Test::HasFailure()) return false;
    resume_if_halted(data);
  }
  return true;
}

class LiveSystem : public testing::Test {
 protected:
  static constexpr std::chrono::seconds kPatience{120};

  void start_sim(const std::string& faults = "none", unsigned seed = 7) {
    sim_ = std::make_unique<Running>(std::vector<std::string>{"sim", "--seed", std::to_string(seed), "--config-out",
                                                              folder_.file("direct.toml"), "--faults", faults});
    ASSERT_TRUE(becomes_true(kPatience, [&] { return sim_->out().find('\n') != std::string::npos; })) << sim_->error();
    const rapidjson::Document ready = parse(sim_->out());
    ASSERT_TRUE(ready.IsObject()) << sim_->out();
    const std::vector<std::uint16_t> ports{port_of(ready["kalshi"]["rest"]), port_of(ready["polymarket"]["clob"])};
    relay_ = std::make_unique<Relay>(ports);
    std::string config = cli::text_of(folder_.file("direct.toml"));
    for (std::size_t i = 0; i < ports.size(); ++i) {
      replace(config, ":" + std::to_string(ports[i]), ":" + std::to_string(relay_->ports()[i]));
    }
    cli::write_text(folder_.file("sim.toml"), config);
    ASSERT_EQ(::chmod(folder_.file("sim.toml").c_str(), 0600), 0);
  }

  // False if it ended instead of getting ready.
  [[nodiscard]] bool start_run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"run",       "--mode",  "live",   "--config", folder_.file("sim.toml"),
                                   "--profile", "testing", "--data", data_,      "--port",
                                   "0"};
    words.insert(words.end(), more.begin(), more.end());
    run_ = std::make_unique<Running>(words);
    const auto is_told = [&] { return run_->out().find('\n') != std::string::npos || run_->has_ended(); };
    return becomes_true(std::chrono::seconds(120), is_told) && run_->out().find("\"ready\":true") != std::string::npos;
  }

  void kill_run() {
    if (run_ == nullptr) return;
    run_->send(SIGKILL);
    run_->wait();
    run_.reset();
  }

  [[nodiscard]] cli::Result reconcile() const {
    return cli::run({"reconcile", "--config", folder_.file("sim.toml"), "--data", data_, "--json"});
  }
  [[nodiscard]] rapidjson::Document status() const {
    return parse(cli::run({"status", "--data", data_, "--json"}).out);
  }
  [[nodiscard]] std::uint64_t count(const char* key) const {
    const rapidjson::Document document = status();
    return document.IsObject() && document.HasMember(key) ? document[key].GetUint64() : 0;
  }

  // Every order's end known, cash and positions of both venues equal to the ledger, its limits never exceeded.
  void expect_agreement() const {
    const cli::Result reconciled = reconcile();
    EXPECT_EQ(reconciled.exit_code, 0) << reconciled.out << reconciled.error << (sim_->has_ended() ? "no sim" : "");
    EXPECT_THAT(reconciled.out, testing::HasSubstr("\"ok\":true"));
    const cli::Result checked = cli::run({"ledger", "check", "--data", data_, "--json"});
    EXPECT_THAT(checked.out, testing::HasSubstr("\"ok\":true,\"problems\":[]"));
    EXPECT_THAT(checked.out, testing::HasSubstr("\"duplicate_fills\":0,\"lost_fills\":0"));
    for (const auto& [id, times] : relay_->orders()) EXPECT_EQ(times, 1) << "order " << id << " was sent again";
  }

  void TearDown() override {
    kill_run();
    relay_.reset();
    if (sim_ == nullptr) return;
    sim_->send(SIGKILL);
    sim_->wait();
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::unique_ptr<Running> sim_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<Running> run_;

 private:
  static std::uint16_t port_of(const rapidjson::Value& url) {
    const std::string text = url.GetString();
    return static_cast<std::uint16_t>(std::stoul(text.substr(text.find(':', 8) + 1)));
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
};

}  // namespace arbees::live
