// A split system on three hosts: venues and monitors, shards and their Redis, the executor; each reaches the others by
// their names only, over a bus that CURVE protects.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidjson/document.h>
#include <sys/stat.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>

#include "adapters/redis/redis_connection.h"
#include "tests/cli/program.h"
#include "tests/hosts/host_network.h"

namespace arbees::cli {
namespace {

using hosts::HostNetwork;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(120);

bool becomes_true(const std::function<bool()>& holds) {
  const auto end = Clock::now() + kPatience;
  while (!holds()) {
    if (Clock::now() > end) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

enum Host : std::size_t { kMonitors, kBrain, kExecutor };
constexpr const char* kRedisPassword = "s3cret";

class ThreeHostsTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string why_not = HostNetwork::move_in();
    ASSERT_EQ(why_not, "");
    network_ =
        std::make_unique<HostNetwork>(std::vector<std::string>{"monitors", "brain", "executor"}, folder_.file("hosts"));
    EXPECT_EQ(run({"keys", "bus", folder_.file("bus.key"), "--json"}).exit_code, 0);
    for (const Host host : {kMonitors, kBrain, kExecutor}) {
      write_bus(host, "", "5559");
      write_bus(host, "b", "5569");
    }
    start(kMonitors, "sim", {"sim", "--seed", "7", "--config-out", folder_.file("sim.toml")});
    for (const Host host : {kBrain, kExecutor}) network_->pass_loopback(host, kMonitors, sim_ports());
  }

  void TearDown() override {
    for (auto& [name, program] : programs_) {
      if (HasFailure()) std::fprintf(stderr, "---- %s\n%s\n", name.c_str(), program->error().c_str());
      program->send(SIGKILL);
      program->wait();
    }
  }

  void write_bus(Host host, const std::string& shard, const std::string& requests_port) {
    std::string text = "[bus]\nbind_address = \"" + network_->address(host) + "\"\nrequests_pub = \"" + requests_port +
                       "\"\n"
                       "price_sub = \"tcp://monitors:5560, tcp://monitors:5555, tcp://monitors:5556\"\n"
                       "requests_sub = \"tcp://brain:5559, tcp://brain:5569\"\n"
                       "results_sub = \"tcp://executor:5561\"\ncontracts_sub = \"tcp://brain:5562\"\n";
    const std::string rest = "[redis]\nurl = \"redis://:" + std::string(kRedisPassword) +
                             "@brain:6379\"\n[shard]\nid = \"" + (shard.empty() ? "a" : shard) + "\"\n";
    const std::string name = "host" + std::to_string(host) + shard;
    write_private(folder_.file(name + ".plain.toml"), text + rest);
    write_private(folder_.file(name + ".toml"),
                  text + "curve_secret_key_file = \"" + folder_.file("bus.key") + "\"\n" + rest);
  }

  // The password of Redis is in it.
  static void write_private(const std::string& path, const std::string& text) {
    write_text(path, text);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  }

  [[nodiscard]] std::vector<std::uint16_t> sim_ports() {
    rapidjson::Document ready;
    ready.Parse(programs_["sim"]->out().c_str());
    std::vector<std::uint16_t> ports;
    for (const auto& venue : ready.GetObject()) {
      if (!venue.value.IsObject()) continue;
      for (const auto& field : venue.value.GetObject()) {
        if (!field.value.IsString()) continue;
        const std::string url = field.value.GetString();
        const std::size_t at = url.find("://127.0.0.1:");
        if (at == std::string::npos) continue;
        const auto port = static_cast<std::uint16_t>(std::stoul(url.substr(at + 13)));
        if (std::find(ports.begin(), ports.end(), port) == ports.end()) ports.push_back(port);
      }
    }
    EXPECT_GE(ports.size(), 5U) << programs_["sim"]->out();
    return ports;
  }

  // Returns when it is ready.
  Running& start(Host host, const std::string& name, std::vector<std::string> words) {
    words.insert(words.begin(), ARBEES_PROGRAM);
    std::vector<std::string> all = network_->inside(host, words);
    all.erase(all.begin());
    auto& program = programs_[name];
    program = std::make_unique<Running>(HostNetwork::program(), all);
    const bool told =
        becomes_true([&] { return program->out().find('\n') != std::string::npos || program->has_ended(); });
    EXPECT_TRUE(told) << name;
    EXPECT_THAT(program->out(), StartsWith("{\"ready\":true")) << program->error();
    return *program;
  }
  Running& start_role(Host host, const std::string& role, const std::string& shard = "", bool is_plain = false) {
    const std::string file = "host" + std::to_string(host) + shard + (is_plain ? ".plain.toml" : ".toml");
    return start(host, role + shard + (is_plain ? " without a key" : ""),
                 {role, "--config", folder_.file("sim.toml"), "--config", folder_.file(file), "--profile", "testing",
                  "--data", data(host) + (is_plain ? "-plain" : "")});
  }
  [[nodiscard]] std::string data(Host host) const { return folder_.file("data" + std::to_string(host)); }

  void start_redis() {
    std::vector<std::string> all = network_->inside(
        kBrain, {"/usr/bin/redis-server", "--port", "6379", "--bind", network_->address(kBrain), "--requirepass",
                 kRedisPassword, "--save", "", "--unixsocket", folder_.file("redis.sock"), "--dir", folder_.file("")});
    all.erase(all.begin());
    programs_["redis"] = std::make_unique<Running>(HostNetwork::program(), all);
    redis::Address address;
    address.socket = folder_.file("redis.sock");
    address.password = kRedisPassword;
    EXPECT_TRUE(becomes_true([&] { return redis::Connection(address, std::chrono::seconds(5)).open().empty(); }));
  }

  void start_all() {
    start_redis();
    for (const char* role : {"crypto-spot-monitor", "kalshi-monitor", "polymarket-monitor"})
      start_role(kMonitors, role);
    start_role(kExecutor, "execution-service");
    start_role(kBrain, "orchestrator");
    start_role(kBrain, "crypto-shard");
    start_role(kBrain, "crypto-shard", "b");
  }

  Result stop(const std::string& name) {
    const auto program = std::move(programs_[name]);
    programs_.erase(name);
    program->send(SIGTERM);
    return program->wait();
  }

  // Of the executor.
  [[nodiscard]] rapidjson::Document status() const {
    rapidjson::Document document;
    document.Parse(run({"status", "--data", data(kExecutor), "--json"}).out.c_str());
    if (document.HasParseError()) document.SetObject();
    return document;
  }
  [[nodiscard]] std::uint64_t fills() const {
    const auto document = status();
    return document.HasMember("fills") ? document["fills"].GetUint64() : 0;
  }
  [[nodiscard]] bool is_halted() const {
    const auto document = status();
    return document.HasMember("halted") && document["halted"].GetBool();
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<HostNetwork> network_;
  std::map<std::string, std::unique_ptr<Running>> programs_;
};

TEST_F(ThreeHostsTest, TradeOverAnEncryptedBusThatTellsStrangersNothing) {
  const Running& stranger = start_role(kExecutor, "zmq-listener", "", true);
  const Running& listener = start_role(kExecutor, "zmq-listener");
  start_all();
  for (const char* wanted :
       {"{\"topic\":\"crypto.prices.BTC\"", "{\"topic\":\"prices.kalshi.KX", "{\"topic\":\"prices.poly.0x",
        "\"topic\":\"contracts.kalshi.", "\"topic\":\"crypto.execution.", "\"topic\":\"trades.executed."}) {
    EXPECT_TRUE(becomes_true([&] { return listener.out().find(wanted) != std::string::npos; })) << wanted;
  }
  ASSERT_TRUE(becomes_true([&] { return fills() > 0; }));
  EXPECT_THAT(stranger.out(), Not(HasSubstr("\"topic\"")));
  EXPECT_THAT(stranger.error(), HasSubstr("WARNING: tcp://monitors:5560 leaves this machine without encryption"));
  for (const auto& [name, program] : programs_) {
    if (program.get() == &stranger) continue;
    EXPECT_THAT(program->error(), Not(HasSubstr("WARNING"))) << name;
  }

  // A cable that is out until Redis counts as lost: the executor halts, and goes on by itself when it is in again.
  network_->plug(kExecutor, false);
  EXPECT_TRUE(becomes_true([&] { return is_halted(); }));
  const std::uint64_t before = fills();
  network_->plug(kExecutor, true);
  EXPECT_TRUE(becomes_true([&] { return fills() > before; }));

  for (const char* name : {"crypto-shard", "crypto-shardb", "orchestrator", "execution-service", "kalshi-monitor"}) {
    const Result ended = stop(name);
    EXPECT_EQ(ended.exit_code, 0) << name << ended.error;
  }
  EXPECT_THAT(run({"ledger", "check", "--data", data(kExecutor), "--json"}).out, HasSubstr("\"ok\":true"));
}

TEST_F(ThreeHostsTest, APlainBusThatLeavesTheMachineSaysSo) {
  const Running& monitor = start_role(kMonitors, "crypto-spot-monitor", "", true);
  EXPECT_THAT(monitor.error(), HasSubstr("WARNING: tcp://10.77.0.1:5560 leaves this machine without encryption"));
  const Running& protected_listener = start_role(kExecutor, "zmq-listener");
  const Running& listener = start_role(kExecutor, "zmq-listener", "", true);
  EXPECT_TRUE(becomes_true([&] { return listener.out().find("crypto.prices.BTC") != std::string::npos; }));
  EXPECT_THAT(protected_listener.out(), Not(HasSubstr("\"topic\""))) << "who has a key believes nobody without";
}

}  // namespace
}  // namespace arbees::cli
