// Redis, shards and orchestrator as processes: a real redis-server, `sim`, and the roles over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidjson/document.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>

#include "adapters/bus/publisher.h"
#include "adapters/bus/subscriber.h"
#include "adapters/net/io_loop.h"
#include "adapters/redis/test_redis_server.h"
#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(90);

bool becomes_true(const std::function<bool()>& holds, Clock::duration patience = kPatience) {
  const auto end = Clock::now() + patience;
  while (!holds()) {
    if (Clock::now() > end) return false;
    ::poll(nullptr, 0, 20);
  }
  return true;
}

class CoordinationTest : public testing::Test {
 protected:
  void SetUp() override {
    redis_ = std::make_unique<test::RedisServer>(folder_.file(""));
    for (const char* shard : {"", "a", "b"}) write_bus(shard);
    write_text(folder_.file("redis.toml"), "[redis]\nurl = \"" + redis_->url() + "\"\ninstance = \"t\"\n");
    start("sim", "sim", {"--seed", "7", "--config-out", folder_.file("sim.toml")});
  }

  // Every shard has an endpoint of its own for requests; the executor listens to all.
  void write_bus(const std::string& shard) {
    std::string text = "[bus]\n";
    for (const char* key : {"spot_pub", "kalshi_pub", "polymarket_pub", "results_pub", "contracts_pub"})
      text += std::string(key) + " = \"" + endpoint(key).text() + "\"\n";
    text += "requests_pub = \"" + endpoint("requests_" + shard).text() + "\"\n";
    text += "requests_sub = \"" + endpoint("requests_a").text() + "," + endpoint("requests_b").text() + "," +
            endpoint("requests_").text() + "\"\n";
    if (!shard.empty()) text += "[shard]\nid = \"" + shard + "\"\nheartbeat_interval_secs = 1\n";
    text += shard.empty() ? "[shard]\ntimeout_secs = 3\n" : "timeout_secs = 3\n";
    write_text(folder_.file("bus" + shard + ".toml"), text);
  }

  [[nodiscard]] bus::Endpoint endpoint(const std::string& key) const {
    return *bus::parse_endpoint("ipc://" + folder_.file(key), "");
  }

  // Returns when it is ready.
  Running& start(const std::string& name, const std::string& role, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), role);
    auto& program = programs_[name];
    program = std::make_unique<Running>(arguments);
    const bool told =
        becomes_true([&] { return program->out().find('\n') != std::string::npos || program->has_ended(); });
    EXPECT_TRUE(told) << name;
    EXPECT_THAT(program->out(), StartsWith("{\"ready\":true")) << program->error();
    return *program;
  }
  Running& start_role(const std::string& role, const std::string& shard = "", const std::string& data = "data") {
    return start(shard.empty() ? role : shard, role,
                 {"--config", folder_.file("sim.toml"), "--config", folder_.file("bus" + shard + ".toml"), "--config",
                  folder_.file("redis.toml"), "--profile", "testing", "--data", folder_.file(data)});
  }

  Result stop(const std::string& name, int signal = SIGTERM) {
    const auto program = std::move(programs_[name]);
    programs_.erase(name);
    program->send(SIGCONT);
    program->send(signal);
    return program->wait();
  }

  void TearDown() override {
    for (auto& [name, program] : programs_) {
      if (HasFailure()) std::fprintf(stderr, "---- %s\n%s\n", name.c_str(), program->error().c_str());
      program->send(SIGCONT);
      program->send(SIGKILL);
      program->wait();
    }
  }

  // For people: a promise in seconds is measured, not tested, on a machine that others use too.
  static void tell_time(const char* what, Clock::duration time) {
    std::fprintf(stderr, "%s %lld ms\n", what,
                 static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
  }

  [[nodiscard]] bool is_halted(const std::string& data = "data") {
    return run({"status", "--data", folder_.file(data), "--json"}).out.find("\"halted\":true") != std::string::npos;
  }
  [[nodiscard]] bool trades(const std::string& data = "data") {
    return run({"status", "--data", folder_.file(data), "--json"}).out.find("\"halted\":false") != std::string::npos;
  }
  [[nodiscard]] std::string assigned(const std::string& asset) {
    return redis_->ask({"HGET", "orchestrator:assignments", asset}).text;
  }
  // The shard that may trade it now; empty: none.
  [[nodiscard]] std::string holder(const std::string& asset) {
    const std::string owner = redis_->ask({"GET", "orchestrator:lease:" + asset}).text;
    return owner.substr(0, owner.find(':'));
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<test::RedisServer> redis_;
  std::map<std::string, std::unique_ptr<Running>> programs_;
};

TEST_F(CoordinationTest, TheKillSwitchHaltsWithinASecondAndSurvivesRestarts) {
  start_role("execution-service");
  ASSERT_TRUE(becomes_true([&] { return trades(); }));
  // The file alone says what the executor does; the channel is heard at once.
  const auto halts_within = [&](const char* word) {
    const auto asked_at = Clock::now();
    EXPECT_GE(redis_->ask({"PUBLISH", "trading:kill_switch", word}).integer, 1);
    EXPECT_TRUE(
        becomes_true([&] { return text_of(folder_.file("data/halt")).find("kill switch") != std::string::npos; }));
    return Clock::now() - asked_at;
  };
  tell_time("halted after", halts_within("HALT"));
  EXPECT_TRUE(becomes_true([&] { return is_halted(); }));
  EXPECT_TRUE(becomes_true([&] { return redis_->ask({"GET", "trading:kill_switch_status"}).text == "HALTED"; }));
  stop("execution-service", SIGKILL);
  start_role("execution-service");
  EXPECT_TRUE(becomes_true([&] { return is_halted(); })) << "still halted after a crash";
  // Redis has lost its memory, and the latch has not.
  stop("execution-service");
  redis_->ask({"FLUSHALL"});
  start_role("execution-service");
  EXPECT_TRUE(
      becomes_true([&] { return programs_["execution-service"]->error().find("connected") != std::string::npos; }));
  EXPECT_TRUE(becomes_true([&] { return is_halted(); }));
  redis_->ask({"PUBLISH", "trading:kill_switch", "RESUME"});
  EXPECT_TRUE(becomes_true([&] { return trades(); }));
  EXPECT_TRUE(becomes_true([&] { return redis_->ask({"GET", "trading:kill_switch_status"}).text == "ACTIVE"; }));
  EXPECT_EQ(stop("execution-service").exit_code, 0);

  redis_->ask({"SET", "trading:kill_switch_status", "HALTED"});
  start_role("execution-service", "", "other");
  EXPECT_TRUE(becomes_true([&] { return is_halted("other"); })) << "the key is read at the start";
  // The folder's latch is one thing, the key another: who lifts the one is told of the other.
  const std::string other = folder_.file("other");
  EXPECT_EQ(run({"halt", "--data", other, "--reason", "drill"}).exit_code, 0);
  EXPECT_THAT(run({"resume", "--data", other}).out,
              testing::AllOf(HasSubstr("the folder's halt is lifted, but trading is still halted: Redis: "),
                             HasSubstr("is HALTED"), Not(HasSubstr("may go on"))));
  EXPECT_THAT(run({"resume", "--data", other, "--json"}).out,
              StartsWith("{\"halted\":false,\"still_halted_by\":[\"Redis: "));
  redis_->ask({"PUBLISH", "trading:kill_switch", "RESUME"});
  EXPECT_TRUE(becomes_true([&] { return trades("other"); }));
  EXPECT_EQ(run({"resume", "--data", other}).out, "trading may go on (nothing changed)\n");
  EXPECT_EQ(stop("execution-service").exit_code, 0);
}

TEST_F(CoordinationTest, WithoutRedisNothingIsTradedAndItEndsByItself) {
  redis_->end(SIGKILL);
  start("run", "run",
        {"--config", folder_.file("sim.toml"), "--config", folder_.file("redis.toml"), "--profile", "testing", "--data",
         folder_.file("data"), "--port", "0", "--headless"});
  ASSERT_TRUE(becomes_true([&] { return is_halted(); }));
  const std::string status = run({"status", "--data", folder_.file("data"), "--json"}).out;
  EXPECT_THAT(status, HasSubstr("\"halt_reason\":\"Redis"));
  EXPECT_THAT(status, HasSubstr("\"redis\":\"lost\""));
  EXPECT_THAT(status, HasSubstr("\"requests\":0"));
  redis_->start();
  EXPECT_TRUE(becomes_true([&] { return trades(); }));
  EXPECT_TRUE(becomes_true([&] { return redis_->ask({"EXISTS", "health:hb:run:t"}).integer == 1; }));
  redis_->end(SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return is_halted(); }));
  EXPECT_FALSE(std::ifstream(folder_.file("data/halt")).good()) << "a condition, not a command";
  redis_->start();
  EXPECT_TRUE(becomes_true([&] { return trades(); }));
  redis_->send(SIGSTOP);
  EXPECT_TRUE(becomes_true([&] { return is_halted(); })) << "a server that does not answer is no server";
  redis_->send(SIGCONT);
  EXPECT_TRUE(becomes_true([&] { return trades(); }));
  EXPECT_EQ(stop("run").exit_code, 0);
  EXPECT_EQ(redis_->ask({"EXISTS", "health:hb:run:t"}).integer, 0) << "a process that has ended says so";
}

class ShardsTest : public CoordinationTest {
 protected:
  void SetUp() override {
    CoordinationTest::SetUp();
    for (const char* role : {"crypto-spot-monitor", "kalshi-monitor", "polymarket-monitor", "orchestrator"})
      start_role(role);
    auto requests = bus::Subscriber::connect(
        context_, {{endpoint("requests_a"), endpoint("requests_b"), endpoint("results_pub")}, {""}, {}});
    ASSERT_TRUE(requests) << requests.error();
    heard_ = std::move(*requests);
  }

  // Everything that was said since the last call, by whom: 0 shard a, 1 shard b, 2 executor.
  std::vector<bus::BusFrame> hear(Duration wait = std::chrono::milliseconds(50)) {
    std::vector<bus::BusFrame> frames;
    heard_->receive(wait, [&](bus::BusFrame&& frame) { frames.push_back(std::move(frame)); });
    return frames;
  }
  // Waits for one of this beginning from this publisher.
  bus::BusFrame next(std::size_t publisher, const std::string& topic) {
    bus::BusFrame found;
    becomes_true([&] {
      for (bus::BusFrame& frame : hear()) {
        if (frame.publisher == publisher && frame.topic.starts_with(topic)) found = std::move(frame);
      }
      return !found.topic.empty();
    });
    return found;
  }

  static std::uint64_t fence_of(const bus::BusFrame& request) {
    rapidjson::Document document;
    document.Parse(request.body.c_str());
    return document["payload"]["fence"].GetUint64();
  }

  bus::BusContext context_;
  std::unique_ptr<bus::Subscriber> heard_;
};

TEST_F(ShardsTest, AShardRequestsAndTheExecutorAnswers) {
  start_role("execution-service");
  start_role("crypto-shard", "a");
  const bus::BusFrame request = next(0, "crypto.execution.a-");
  ASSERT_FALSE(request.topic.empty()) << "no request";
  EXPECT_THAT(request.body, HasSubstr("\"source\":\"crypto_shard:a\""));
  EXPECT_THAT(request.body, HasSubstr("\"fence\":"));
  EXPECT_FALSE(next(2, "trades.executed.a-").topic.empty()) << "nothing was executed";
  // Commands are acknowledged.
  redis::Connection listener(redis_->address(), std::chrono::seconds(10));
  ASSERT_EQ(listener.open(), "");
  ASSERT_TRUE(listener.send({"SUBSCRIBE", "shard:a:ack", "shard:a:heartbeat"}));
  const auto told = [&](const std::string& channel, const std::string& part) {
    return becomes_true([&] {
      bool found = false;
      pollfd item{listener.descriptor(), POLLIN, 0};
      if (::poll(&item, 1, 100) <= 0) return false;
      EXPECT_TRUE(listener.receive([&](const redis::Reply& reply) {
        if (reply.items.size() == 3 && reply.items[1].text == channel) {
          found = found || reply.items[2].text.find(part) != std::string::npos;
        }
      }));
      return found;
    });
  };
  EXPECT_TRUE(told("shard:a:heartbeat", "\"status\":\"healthy\""));
  const std::vector<std::string> asked{"status", "--role", "crypto-shard", "--healthy", "--data", folder_.file("data")};
  EXPECT_TRUE(becomes_true([&] { return run(asked).exit_code == 0; }));
  redis_->ask({"PUBLISH", "shard:a:command", R"({"type":"pause","command_id":"c1"})"});
  EXPECT_TRUE(told("shard:a:ack", "\"command_id\":\"c1\",\"ok\":true"));
  EXPECT_TRUE(becomes_true([&] { return run(asked).exit_code == 1; })) << "as its heartbeat says";
  EXPECT_THAT(run(asked).error, HasSubstr("halted (paused by a command"));
  EXPECT_THAT(run({"status", "--role", "crypto-shard", "--json", "--data", folder_.file("data")}).out,
              HasSubstr(R"("state":"halted","reasons":["paused by a command")"));
  const Result verified = run({"verify", "--seconds", "1", "--data", folder_.file("data")});
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.out, HasSubstr("feeds live: halted (paused by a command"));
  EXPECT_THAT(run({"watch", "--once", "--data", folder_.file("data")}).out, HasSubstr("halted (paused by a command"));
  redis_->ask({"PUBLISH", "shard:a:command", R"({"type":"add_game","command_id":"c2"})"});
  EXPECT_TRUE(told("shard:a:ack", "game_shard"));
  redis_->ask({"PUBLISH", "shard:a:command", R"({"type":"shutdown"})"});
  EXPECT_TRUE(told("shard:a:ack", "\"type\":\"shutdown\""));
  EXPECT_TRUE(becomes_true([&] { return programs_["a"]->has_ended(); }));
  EXPECT_EQ(stop("a").exit_code, 0);
  EXPECT_TRUE(becomes_true([&] { return assigned("BTC").empty(); })) << "nobody is there to have it";
  EXPECT_EQ(redis_->ask({"EXISTS", "health:hb:kalshi_monitor:t"}).integer, 1);
  EXPECT_EQ(redis_->ask({"EXISTS", "health:hb:orchestrator:t"}).integer, 1);
  const redis::Reply life = redis_->ask({"TTL", "health:hb:execution_service:t"});
  EXPECT_GT(life.integer, 0);
  EXPECT_LE(life.integer, 35);
  EXPECT_EQ(stop("orchestrator").exit_code, 0);
}

TEST_F(ShardsTest, AKilledShardsAssetsMoveAndAreSharedAgain) {
  start_role("crypto-shard", "a");
  const auto holds_all = [&](const std::string& shard) {
    return holder("BTC") == shard && holder("ETH") == shard && holder("SOL") == shard;
  };
  ASSERT_TRUE(becomes_true([&] { return holds_all("a"); }));
  start_role("crypto-shard", "b");
  const auto are_shared = [&] {
    std::map<std::string, int> loads;
    for (const char* asset : {"BTC", "ETH", "SOL"}) ++loads[holder(asset)];
    return loads.size() == 2 && loads["a"] >= 1 && loads["b"] >= 1;
  };
  ASSERT_TRUE(becomes_true(are_shared)) << "a shard that joins gets its part";
  const auto killed_at = Clock::now();
  stop("a", SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return holds_all("b"); }));
  tell_time("moved after", Clock::now() - killed_at);
  EXPECT_EQ(assigned("BTC"), "b");
  start_role("crypto-shard", "a");
  EXPECT_TRUE(becomes_true(are_shared));
  EXPECT_EQ(stop("b").exit_code, 0);
  EXPECT_TRUE(becomes_true([&] { return holds_all("a"); }));
}

TEST_F(ShardsTest, TheListenerAddsTheBusToStreamsOfRedis) {
  start("listener", "zmq-listener",
        {"--config", folder_.file("sim.toml"), "--config", folder_.file("bus.toml"), "--config",
         folder_.file("redis.toml"), "--data", folder_.file("data"), "--redis", "--quiet"});
  for (const char* stream :
       {"stream:prices:crypto", "stream:prices:kalshi", "stream:prices:polymarket", "stream:contracts"}) {
    EXPECT_TRUE(becomes_true([&] { return redis_->ask({"XLEN", stream}).integer > 0; })) << stream;
  }
  const auto metric = [&](const std::string& line) {
    const std::string out = run({"metrics", "--role", "zmq-listener", "--data", folder_.file("data")}).out;
    return out.find(line) != std::string::npos;
  };
  EXPECT_TRUE(becomes_true([&] { return metric("arbees_redis_streams_up 1\n"); }));
  EXPECT_TRUE(metric("arbees_redis_streams_refused_total 0\n"));
  EXPECT_EQ(stop("listener").exit_code, 0);
}

// Whether on this machine or another: what they share is Redis.
TEST_F(ShardsTest, ASecondShardOfTheSameNameEndsAndHarmsNobody) {
  start_role("crypto-shard", "a");
  ASSERT_TRUE(becomes_true([&] { return holder("BTC") == "a"; }));
  write_text(folder_.file("same.toml"), "[shard]\nid = \"a\"\n");
  const auto config = [&](const char* name) { return folder_.file(name); };
  Running& second = start("second", "crypto-shard",
                          {"--config", config("sim.toml"), "--config", config("busb.toml"), "--config",
                           config("same.toml"), "--config", config("redis.toml"), "--data", folder_.file("other")});
  ASSERT_TRUE(becomes_true([&] { return second.has_ended(); }));
  const Result ended = stop("second");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.error, HasSubstr("another crypto-shard named a runs at this Redis ("));
  EXPECT_THAT(ended.error, HasSubstr("CRYPTO_SHARD_ID"));
  EXPECT_TRUE(becomes_true([&] { return holder("BTC") == "a"; })) << "whoever was there first trades on";
  EXPECT_EQ(stop("a").exit_code, 0);
}

// Nobody decides who has what, and whoever has something goes on; the next one finds everything in Redis.
TEST_F(ShardsTest, WithoutAnOrchestratorShardsTradeOnAndTheNextOneMovesWhatADeadOneHad) {
  start_role("execution-service");
  start_role("crypto-shard", "a");
  start_role("crypto-shard", "b");
  const auto load_of = [&](const std::string& shard) {
    int load = 0;
    for (const char* asset : {"BTC", "ETH", "SOL"}) load += holder(asset) == shard ? 1 : 0;
    return load;
  };
  ASSERT_TRUE(becomes_true([&] { return load_of("a") > 0 && load_of("b") > 0 && load_of("a") + load_of("b") == 3; }));
  ASSERT_FALSE(next(2, "trades.executed.").topic.empty());
  const std::string folder = folder_.file("data");
  EXPECT_THAT(
      run({"status", "--data", folder, "--list"}).out,
      testing::AllOf(HasSubstr("execution-service\n"), HasSubstr("crypto-shard.a\n"), HasSubstr("crypto-shard.b\n")));
  EXPECT_THAT(run({"status", "--data", folder, "--role", "crypto-shard"}).out,
              testing::AllOf(HasSubstr("crypto-shard.a: process "), HasSubstr("crypto-shard.b: process ")));
  EXPECT_THAT(run({"funnel", "--data", folder, "--json"}).out,
              testing::AllOf(HasSubstr(R"({"shard":"a","judged":)"), HasSubstr(R"({"shard":"b","judged":)")));
  stop("orchestrator", SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return redis_->ask({"EXISTS", "orchestrator:leader"}).integer == 0; }));
  const int before = load_of("a");
  hear();
  EXPECT_FALSE(next(2, "trades.executed.a-").topic.empty()) << "leases are the shards' own";
  EXPECT_FALSE(next(2, "trades.executed.b-").topic.empty());
  // A shard that got no processor time for a while loses a lease, and takes it again.
  EXPECT_TRUE(becomes_true([&] { return load_of("a") == before && load_of("b") == 3 - before; }));
  stop("a", SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return load_of("b") == 3; })) << "what is free goes to the shard that asks first";
  const auto started_at = Clock::now();
  start_role("orchestrator");
  // It gives the dead one time to be heard, and then what it had to the other for good.
  const auto is_moved = [&] {
    return assigned("BTC") == "b" && assigned("ETH") == "b" && assigned("SOL") == "b" && load_of("b") == 3;
  };
  EXPECT_TRUE(becomes_true(is_moved));
  tell_time("moved after the start of the next", Clock::now() - started_at);
  EXPECT_FALSE(next(2, "trades.executed.b-").topic.empty());
  EXPECT_EQ(stop("b").exit_code, 0);
  EXPECT_EQ(stop("execution-service").exit_code, 0);
  EXPECT_THAT(run({"ledger", "check", "--data", folder_.file("data"), "--json"}).out, HasSubstr("\"ok\":true"));
}

TEST_F(ShardsTest, AStoppedShardThatWakesUpIsFenced) {
  start_role("execution-service");
  start_role("crypto-shard", "a");
  const bus::BusFrame before = next(0, "crypto.execution.a-");
  ASSERT_FALSE(before.topic.empty());
  programs_["a"]->send(SIGSTOP);
  start_role("crypto-shard", "b");
  ASSERT_TRUE(becomes_true([&] { return holder("BTC") == "b" && holder("ETH") == "b" && holder("SOL") == "b"; }));
  const bus::BusFrame after = next(1, "crypto.execution.b-");
  ASSERT_FALSE(after.topic.empty());
  EXPECT_GT(fence_of(after), fence_of(before));
  hear();
  programs_["a"]->send(SIGCONT);
  // What it would have said: the old lease, in its name, and from its own socket's neighbour.
  auto publisher = bus::Publisher::bind(context_, {endpoint("requests_"), {}});
  ASSERT_TRUE(publisher) << publisher.error();
  rapidjson::Document document;
  document.Parse(after.body.c_str());
  std::string forged = after.body.substr(after.body.find("\"payload\":") + 10);
  forged.pop_back();
  const std::string id = document["payload"]["request_id"].GetString();
  const auto replace_all = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = forged.find(from); at != std::string::npos; at = forged.find(from, at + to.size()))
      forged.replace(at, from.size(), to);
  };
  replace_all(id, "forged");
  replace_all("\"fence\":" + std::to_string(fence_of(after)), "\"fence\":" + std::to_string(fence_of(before)));
  const std::size_t deadline = forged.find("\"deadline\":");
  forged.erase(deadline, forged.find(',', deadline) - deadline + 1);
  bool is_fenced = false;
  std::map<std::string, std::uint64_t> fences;  // of what a asks, by request
  std::vector<std::string> executed;            // for a, or in its name
  const auto take = [&](const bus::BusFrame& frame) {
    const std::string asks = "crypto.execution.";
    if (frame.publisher == 0 && frame.topic.starts_with(asks))
      fences[frame.topic.substr(asks.size())] = fence_of(frame);
    if (frame.topic == "trades.rejected.forged") is_fenced = frame.body.find("fenced: lease") != std::string::npos;
    const std::string did = "trades.executed.";
    if (frame.publisher != 2 || !frame.topic.starts_with(did) || frame.body.ends_with("\"duplicate\":true}}")) return;
    const std::string request = frame.topic.substr(did.size());
    if (request == "forged" || request.starts_with("a-")) executed.push_back(request);
  };
  const auto look = [&] {
    (*publisher)->publish("crypto.execution.forged", "crypto_shard:a", forged, net::IoLoop::now());
    for (const bus::BusFrame& frame : hear(std::chrono::milliseconds(200))) take(frame);
    return is_fenced;
  };
  EXPECT_TRUE(becomes_true(look)) << "an old lease's request is refused";
  for (const bus::BusFrame& frame : hear(std::chrono::milliseconds(200))) take(frame);
  // It may have got an asset back meanwhile: with a new lease it trades again.
  for (const std::string& request : executed) {
    EXPECT_GT(fences[request], fence_of(after)) << request << " was executed with the lease of before";
  }
  EXPECT_EQ(stop("execution-service").exit_code, 0);
  EXPECT_THAT(run({"ledger", "check", "--data", folder_.file("data"), "--json"}).out, HasSubstr("\"ok\":true"));
}

}  // namespace
}  // namespace arbees::cli
