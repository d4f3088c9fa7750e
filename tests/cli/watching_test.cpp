// Watching a running system: watch, metrics, verify, and the scripts that deploy and monitor.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "tests/cli/program.h"
#include "tests/support/project_file.h"
#include "tests/support/raw_socket.h"

namespace arbees::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kPatience = std::chrono::seconds(90);

bool becomes_true(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

// A port that nobody listens on now.
std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), length), 0);
  EXPECT_EQ(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length), 0);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

std::string http_get(std::uint16_t port, const std::string& path) {
  auto socket = arbees::testing::RawSocket::to(port);
  EXPECT_TRUE(socket.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                          "\r\nConnection: close\r\n\r\n"));
  becomes_true([&] {
    socket.poll();
    return socket.ended;
  });
  return socket.received;
}

class WatchingTest : public ::testing::Test {
 protected:
  Running& start(const std::string& command, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{command};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto& program = programs_[command];
    program = std::make_unique<Running>(words);
    EXPECT_TRUE(becomes_true([&] { return program->out().find('\n') != std::string::npos || program->has_ended(); }));
    EXPECT_THAT(program->out(), HasSubstr("\"ready\":true")) << program->error();
    return *program;
  }

  // A bus on sockets in this test's folder.
  void write_bus() {
    std::string text = "[bus]\n";
    for (const char* key : {"spot_pub", "kalshi_pub", "polymarket_pub", "requests_pub", "results_pub", "contracts_pub"})
      text += std::string(key) + " = \"ipc://" + folder_.file(key) + "\"\n";
    write_text(folder_.file("bus.toml"), text);
  }

  void start_sim() {
    write_bus();
    start("sim", {"--seed", "7", "--config-out", folder_.file("sim.toml")});
  }

  void start_run(const std::string& settings = "") {
    write_text(folder_.file("more.toml"), settings);
    start("run", {"--config", folder_.file("sim.toml"), "--config", folder_.file("more.toml"), "--profile", "testing",
                  "--data", data_, "--port", "0"});
    EXPECT_TRUE(becomes_true([&] { return run({"status", "--data", data_, "--healthy"}).exit_code == 0; }));
  }

  int stop(const std::string& command) {
    const auto program = std::move(programs_[command]);
    programs_.erase(command);
    program->send(SIGTERM);
    return program->wait().exit_code;
  }

  // A script of the project, which uses the program under test.
  [[nodiscard]] Result script(const std::string& name, const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{"ARBEES=" ARBEES_PROGRAM, "bash", testing_support::project_file("scripts/" + name)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return Running("/usr/bin/env", words).wait();
  }

  [[nodiscard]] Result deploy(const std::vector<std::string>& more) const {
    std::vector<std::string> words{
        "--local",   "--data", data_, "--config", folder_.file("sim.toml"), "--config", folder_.file("bus.toml"),
        "--profile", "testing"};
    words.insert(words.end(), more.begin(), more.end());
    return script("deploy_crypto_shard.sh", words);
  }

  // Of a deployment: kills its kalshi-monitor.
  void expect_that_a_death_is_told() const {
    // One that is killed says nothing any more, and is told of until it is started again.
    ASSERT_EQ(::kill(std::stoi(text_of(data_ + "/logs/kalshi-monitor.pid")), SIGKILL), 0);
    ASSERT_TRUE(
        becomes_true([&] { return run({"status", "--data", data_, "--role", "kalshi-monitor"}).exit_code == 6; }));
    const Result verified = run({"verify", "--data", data_, "--seconds", "1"});
    EXPECT_EQ(verified.exit_code, 1);
    const std::string died = "has died (its lock is free, its status says running)";
    EXPECT_THAT(verified.out, ContainsRegex("FAILED kalshi-monitor .*: has died \\(its lock is free"));
    EXPECT_THAT(verified.out, Not(HasSubstr("FAILED zmq-listener"))) << "it was stopped in order";
    EXPECT_THAT(run({"watch", "--once", "--data", data_}).out, HasSubstr("DEAD  kalshi-monitor  " + died));
    EXPECT_THAT(run({"status", "--data", data_, "--role", "kalshi-monitor"}).error, HasSubstr(died));
    const Result sick = script("monitor_crypto_signals.sh", {"--data", data_, "health"});
    EXPECT_EQ(sick.exit_code, 1);
    EXPECT_THAT(sick.out, HasSubstr("FAILED  kalshi-monitor  " + died));
    const Result examined = run({"doctor", "--config", folder_.file("sim.toml"), "--data", data_});
    EXPECT_THAT(examined.out, ContainsRegex("FAIL kalshi-monitor +has died .*start it again, or remove "));
  }

  void TearDown() override {
    (void)script("deploy_crypto_shard.sh", {"--stop", "--data", data_});
    for (auto& [command, program] : programs_) {
      program->send(SIGKILL);
      program->wait();
    }
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::map<std::string, std::unique_ptr<Running>> programs_;
};

TEST_F(WatchingTest, NothingRunningIsSix) {
  for (const char* command : {"watch", "metrics", "verify"}) {
    std::vector<std::string> words{command, "--data", data_};
    if (std::string(command) == "verify") words.insert(words.end(), {"--seconds", "1"});
    const Result result = run(words);
    EXPECT_EQ(result.exit_code, 6) << command;
    EXPECT_THAT(result.error, HasSubstr("nothing runs in " + data_)) << command;
    EXPECT_EQ(result.out, "");
  }
  EXPECT_EQ(run({"verify", "--data", data_, "--seconds", "1", "--role", "kalshi-monitor"}).exit_code, 1);
  EXPECT_EQ(run({"verify", "--seconds", "0"}).exit_code, 2);
}

TEST_F(WatchingTest, ARunningSystemIsWatchedMeasuredAndVerified) {
  start_sim();
  const std::uint16_t port = free_port();
  start_run("[metrics]\nport = " + std::to_string(port) + "\n");
  EXPECT_TRUE(becomes_true([&] {
    return run({"metrics", "--data", data_}).out.find("arbees_opportunities_total{detector=") != std::string::npos;
  }));

  const Result page = run({"watch", "--once", "--data", data_});
  EXPECT_EQ(page.exit_code, 0) << page.error;
  EXPECT_THAT(page.out, AllOf(HasSubstr("ARBEES PAPER  paper trading  ACTIVE"), HasSubstr("kalshi       live"),
                              HasSubstr("OPPORTUNITIES"), HasSubstr("NEAREST TO A PROFIT"), Not(HasSubstr("\033"))));
  EXPECT_LE(std::count(page.out.begin(), page.out.end(), '\n'), 23);
  EXPECT_THAT(run({"watch", "--json", "--data", data_}).out, HasSubstr("\"event_groups\":{"));
  const Result nowhere = run({"watch", "--data", data_});
  EXPECT_EQ(nowhere.exit_code, 2);
  EXPECT_THAT(nowhere.error, HasSubstr("no terminal"));

  const std::string scraped = http_get(port, "/metrics");
  EXPECT_THAT(scraped,
              AllOf(HasSubstr("200 OK"), HasSubstr("text/plain; version=0.0.4"), HasSubstr("arbees_halted 0\n"),
                    HasSubstr("arbees_prices_processed_total{kind=\"book_update\"} "),
                    HasSubstr("arbees_cheapest_dollar{group="),
                    HasSubstr("arbees_stage_seconds_bucket{stage=\"event_to_request\",le=\"+Inf\"} ")));
  EXPECT_THAT(http_get(port, "/api/status"), HasSubstr("404"));

  const Result flowing = run({"verify", "--data", data_, "--seconds", "2", "--role", "run", "--json"});
  EXPECT_EQ(flowing.exit_code, 0) << flowing.out;
  EXPECT_THAT(flowing.out, HasSubstr(R"({"ok":true,"processes":[{"role":"run","ok":true,"messages":)"));
  EXPECT_EQ(stop("sim"), 0);
  ASSERT_TRUE(becomes_true([&] { return run({"status", "--data", data_, "--healthy"}).exit_code == 1; }));
  const Result silent = run({"verify", "--data", data_, "--seconds", "1"});
  EXPECT_EQ(silent.exit_code, 1) << silent.out;
  EXPECT_THAT(silent.out, HasSubstr("FAILED run"));
}

// A terminal of 80 by 24 of the test's own.
TEST_F(WatchingTest, TheFullScreenFitsATerminalAndEndsWithQ) {
  start_sim();
  start_run();
  winsize size{};
  size.ws_col = 80;
  size.ws_row = 24;
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    ::execl(ARBEES_PROGRAM, ARBEES_PROGRAM, "watch", "--data", data_.c_str(), nullptr);
    ::_exit(127);
  }
  std::string shown;
  const auto read_more = [&] {
    pollfd input{terminal, POLLIN, 0};
    std::array<char, 65536> chunk{};
    if (::poll(&input, 1, 100) <= 0) return;
    const ssize_t count = ::read(terminal, chunk.data(), chunk.size());
    if (count > 0) shown.append(chunk.data(), static_cast<std::size_t>(count));
  };
  const std::string home = "\033[H";
  const auto pages = [&] {
    std::size_t count = 0;
    for (std::size_t at = shown.find(home); at != std::string::npos; at = shown.find(home, at + 1)) ++count;
    return count;
  };
  EXPECT_TRUE(becomes_true([&] {
    read_more();
    return pages() >= 3;
  }));
  const std::size_t second = shown.find(home, shown.find(home) + 1);
  const std::string page = shown.substr(second, shown.find(home, second + 1) - second);
  EXPECT_THAT(page, AllOf(HasSubstr("ARBEES"), HasSubstr("q: quit"), HasSubstr("kalshi")));
  EXPECT_LE(std::count(page.begin(), page.end(), '\n'), 23);
  ASSERT_EQ(::write(terminal, "q", 1), 1);
  int status = -1;
  EXPECT_TRUE(becomes_true([&] {
    read_more();
    return ::waitpid(child, &status, WNOHANG) == child;
  }));
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_THAT(shown, ::testing::EndsWith("\033[?25h\033[?1049l")) << "the terminal is as it was";
  ::close(terminal);
}

TEST_F(WatchingTest, TheDeployScriptVerifiesAndTheMonitorScriptShows) {
  start_sim();
  const Result deployed = deploy({"--seconds", "3", "--patience", "90"});
  EXPECT_EQ(deployed.exit_code, 0) << deployed.out << deployed.error;
  EXPECT_THAT(deployed.out, AllOf(HasSubstr("kalshi-monitor is healthy"), HasSubstr("ok     kalshi-monitor"),
                                  HasSubstr("bus.spot_pub"), HasSubstr("deployed: prices flow")));
  const auto monitor = [&](const std::string& mode, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"--data", data_, mode};
    words.insert(words.end(), more.begin(), more.end());
    return script("monitor_crypto_signals.sh", words);
  };
  const Result health = monitor("health");
  EXPECT_EQ(health.exit_code, 0) << health.out << health.error;
  EXPECT_THAT(health.out, AllOf(HasSubstr("ok      polymarket-monitor"), HasSubstr("ok      execution-service")));
  const Result metrics = monitor("metrics");
  EXPECT_EQ(metrics.exit_code, 0) << metrics.error;
  EXPECT_THAT(metrics.out, AllOf(HasSubstr("== kalshi-monitor"), HasSubstr("arbees_bus_published_total "),
                                 HasSubstr("arbees_requests_received_total ")));
  EXPECT_THAT(monitor("watch").out, AllOf(HasSubstr("ARBEES kalshi-monitor"), HasSubstr("ARBEES execution-service")));
  EXPECT_EQ(monitor("activity").exit_code, 0);
  const std::string out = folder_.file("export");
  const Result exported = monitor("export", {"--out", out});
  EXPECT_EQ(exported.exit_code, 0) << exported.out << exported.error;
  for (const char* file : {"/ledger.json", "/status-kalshi-monitor.json", "/metrics-execution-service.prom"}) {
    EXPECT_GT(text_of(out + file).size(), 20U) << file;
  }
  EXPECT_THAT(deploy({"--seconds", "1", "--patience", "90"}).out, HasSubstr("kalshi-monitor runs already"));
  // What runs goes on when a later call fails: over a setting, or over a role that it could not start.
  write_text(folder_.file("wrong.toml"), "[limits]\nunknown = 1\n");
  const Result mistyped = deploy({"--config", folder_.file("wrong.toml")});
  EXPECT_EQ(mistyped.exit_code, 1);
  EXPECT_THAT(mistyped.out, AllOf(HasSubstr("nothing is stopped"), Not(HasSubstr("ok      "))));
  EXPECT_EQ(monitor("health").exit_code, 0);
  const std::string pid_file = data_ + "/logs/zmq-listener.pid";
  ASSERT_EQ(::kill(std::stoi(text_of(pid_file)), SIGTERM), 0);
  ASSERT_TRUE(becomes_true([&] { return run({"status", "--data", data_, "--role", "zmq-listener"}).exit_code == 6; }));
  // Nobody's address: right as a setting, and no process can use it.
  write_text(folder_.file("address.toml"), "[metrics]\nbind_address = \"203.0.113.7\"\nport = 9464\n");
  const Result unready = deploy({"--config", folder_.file("address.toml")});
  EXPECT_EQ(unready.exit_code, 1);
  EXPECT_THAT(unready.out, AllOf(HasSubstr("zmq-listener did not become ready"), Not(HasSubstr("monitor stopped"))));
  EXPECT_EQ(run({"status", "--data", data_, "--role", "kalshi-monitor", "--healthy"}).exit_code, 0);
  expect_that_a_death_is_told();
  const Result stopped = script("deploy_crypto_shard.sh", {"--stop", "--data", data_});
  EXPECT_THAT(run({"verify", "--data", data_, "--seconds", "1", "--role", "execution-service"}).out,
              HasSubstr("live: does not run"))
      << "and not dead";
  EXPECT_THAT(stopped.out, HasSubstr("execution-service stopped"));
  EXPECT_EQ(monitor("health").exit_code, 1);
  EXPECT_EQ(script("monitor_crypto_signals.sh", {"everything"}).exit_code, 2);
}

TEST_F(WatchingTest, APortThatIsTakenIsToldWithItsKey) {
  start_sim();
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(taken, reinterpret_cast<const sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(taken, 1), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &length), 0);
  write_text(folder_.file("port.toml"), "[bus]\nkalshi_pub = " + std::to_string(ntohs(address.sin_port)) + "\n");
  const Result result = run(
      {"kalshi-monitor", "--config", folder_.file("sim.toml"), "--config", folder_.file("port.toml"), "--data", data_});
  ::close(taken);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.error, AllOf(HasSubstr("arbees kalshi-monitor: bus.kalshi_pub: tcp://127.0.0.1:"),
                                  HasSubstr("Address already in use"), HasSubstr("give the key another port")));
}

TEST_F(WatchingTest, ContainersNeedDockerCompose) {
  const std::string docker = folder_.file("docker");
  write_text(docker, "#!/bin/sh\nexit 1\n");
  std::filesystem::permissions(docker, std::filesystem::perms::owner_all);
  const std::string path = "PATH=" + std::filesystem::path(docker).parent_path().string() + ":/usr/bin:/bin";
  for (const char* name : {"scripts/deploy_crypto_shard.sh", "scripts/monitor_crypto_signals.sh"}) {
    const Result result =
        Running("/usr/bin/env", {path, "bash", testing_support::project_file(name), "--compose"}).wait();
    EXPECT_EQ(result.exit_code, 1) << name;
    EXPECT_THAT(result.error, HasSubstr("docker compose is missing"));
  }
}

// A docker that does what it is told to, and a list of what was asked.
TEST_F(WatchingTest, ContainersThatDidNotRunBeforeAreStoppedAgain) {
  const std::string docker = folder_.file("docker");
  const std::string asked = folder_.file("asked");
  const auto deploy_with = [&](const std::string& ps, const std::string& up, const std::string& more) {
    write_text(asked, "");
    write_text(docker, "#!/bin/sh\nshift\n[ \"$1\" = version ] && exit 0\nshift 2\necho \"$*\" >>'" + asked +
                           "'\ncase $1 in\n ps) " + ps +
                           ";;\n config) printf 'redis\\nkalshi-monitor\\ncrypto-shard\\n';;\n up) " + up +
                           ";;\n exec) " + more + ";;\nesac\n");
    std::filesystem::permissions(docker, std::filesystem::perms::owner_all);
    const std::string path = "PATH=" + std::filesystem::path(docker).parent_path().string() + ":/usr/bin:/bin";
    const std::string file = testing_support::project_file("scripts/deploy_crypto_shard.sh");
    return Running("/usr/bin/env", {path, "bash", file, "--compose", "--seconds", "1"}).wait();
  };
  const Result unbuilt = deploy_with("echo redis", "exit 1", "exit 0");
  EXPECT_EQ(unbuilt.exit_code, 1);
  EXPECT_THAT(text_of(asked), AllOf(HasSubstr("up -d --build\n"), Not(HasSubstr("--wait")),
                                    HasSubstr("\nstop kalshi-monitor crypto-shard\n")))
      << unbuilt.out;
  const Result silent = deploy_with("printf 'redis\\nkalshi-monitor\\ncrypto-shard\\n'", "exit 0", "exit 1");
  EXPECT_EQ(silent.exit_code, 1);
  EXPECT_THAT(text_of(asked), AllOf(HasSubstr("exec -T execution-service arbees verify"), Not(HasSubstr("stop"))));
  const Result unreachable = deploy_with("exit 1", "exit 0", "exit 0");
  EXPECT_EQ(unreachable.exit_code, 1);
  EXPECT_THAT(text_of(asked), Not(HasSubstr("up")));
  EXPECT_EQ(deploy_with("echo redis", "exit 0", "exit 0").exit_code, 0);
  EXPECT_THAT(text_of(asked), Not(HasSubstr("stop")));
}

TEST_F(WatchingTest, ADeploymentWithoutPricesFailsAndLeavesNothingBehind) {
  write_bus();
  std::string venues;
  for (const char* venue : {"kalshi", "polymarket", "coinbase", "binance", "kraken", "bitstamp", "gemini"}) {
    const std::string name = venue;
    venues += "[venues." + name + "]\n" + (name == "polymarket" ? "clob_url" : "rest_url") +
              " = \"http://127.0.0.1:1\"\nws_url = \"ws://127.0.0.1:1\"\n" +
              (name == "polymarket" ? "gamma_url = \"http://127.0.0.1:1\"\nlive_data_url = \"\"\n" : "");
  }
  write_text(folder_.file("sim.toml"), venues);  // where nobody answers
  const Result deployed = deploy({"--seconds", "1", "--patience", "1"});
  EXPECT_EQ(deployed.exit_code, 1) << deployed.out;
  EXPECT_THAT(deployed.out, AllOf(HasSubstr("kalshi-monitor: arbees status: "),
                                  HasSubstr("the deployment does not work"), Not(HasSubstr("deployed: prices flow"))));
  EXPECT_EQ(run({"status", "--data", data_}).exit_code, 6);
  EXPECT_EQ(deploy({"--seconds", "soon"}).exit_code, 1);
}

}  // namespace
}  // namespace arbees::cli
