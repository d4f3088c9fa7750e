// The roles of a split system as processes: monitors, listener and executor against `sim`, over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidjson/document.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>

#include "adapters/bus/price_message.h"
#include "adapters/bus/publisher.h"
#include "adapters/bus/subscriber.h"
#include "adapters/bus/topics.h"
#include "adapters/net/io_loop.h"
#include "adapters/venue/eastern_time.h"
#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kPatience = std::chrono::seconds(90);

bool becomes_true(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 20);
  }
  return true;
}

class RolesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string text = "[bus]\n";
    for (const char* key : {"spot_pub", "kalshi_pub", "polymarket_pub", "requests_pub", "results_pub", "contracts_pub"})
      text += std::string(key) + " = \"" + endpoint(key).text() + "\"\n";
    write_text(folder_.file("bus.toml"), text);
    start("sim", {"--seed", "7", "--config-out", folder_.file("sim.toml")});
  }

  [[nodiscard]] bus::Endpoint endpoint(const std::string& key) const {
    return *bus::parse_endpoint("ipc://" + folder_.file(key), "");
  }

  // Returns when it is ready.
  Running& start(const std::string& role, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), role);
    if (role != "sim") {
      for (const char* more : {"--config", "sim.toml", "--config", "bus.toml"})
        arguments.push_back(std::string(more).starts_with("--") ? more : folder_.file(more));
      arguments.insert(arguments.end(), {"--profile", "testing", "--data", data_});
    }
    auto& program = programs_[role];
    program = std::make_unique<Running>(arguments);
    const bool told =
        becomes_true([&] { return program->out().find('\n') != std::string::npos || program->has_ended(); });
    EXPECT_TRUE(told) << role;
    EXPECT_THAT(program->out(), StartsWith("{\"ready\":true")) << program->error();
    return *program;
  }

  Result stop(const std::string& role, int signal = SIGTERM) {
    const auto program = std::move(programs_[role]);
    programs_.erase(role);
    program->send(signal);
    return program->wait();
  }

  void TearDown() override {
    for (auto& [role, program] : programs_) {
      program->send(SIGKILL);
      program->wait();
    }
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::map<std::string, std::unique_ptr<Running>> programs_;
};

TEST_F(RolesTest, MonitorsPublishAndTheListenerMissesNothing) {
  const Running& listener = start("zmq-listener");
  for (const char* role : {"crypto-spot-monitor", "kalshi-monitor", "polymarket-monitor"}) {
    EXPECT_THAT(start(role).out(), HasSubstr(std::string("\"role\":\"") + role + '"'));
  }
  for (const char* wanted :
       {"{\"topic\":\"crypto.prices.BTC\",\"message\":{\"seq\":", "\"source\":\"crypto_spot_monitor:coinbase\"",
        "\"source\":\"crypto_spot_monitor:binance\"", "{\"topic\":\"prices.kalshi.KX", "{\"topic\":\"prices.poly.0x",
        "\"platform\":\"polymarket\"", "\"status\":\"proven\""}) {
    EXPECT_TRUE(becomes_true([&] { return listener.out().find(wanted) != std::string::npos; })) << wanted;
  }
  EXPECT_EQ(run({"log-level", "debug", "--data", data_}).exit_code, 0);
  const auto says = [&](const char* role, const char* text) {
    return becomes_true([&] { return programs_[role]->error().find(text) != std::string::npos; });
  };
  EXPECT_TRUE(says("kalshi-monitor", "debug   kalshi-monitor Published topic=prices.kalshi.KX"));
  EXPECT_TRUE(says("crypto-spot-monitor", "debug   crypto-spot-monitor Published topic=crypto.prices.BTC"));
  const Result status = run({"status", "--data", data_, "--json"});
  EXPECT_EQ(status.exit_code, 0) << status.error;
  EXPECT_THAT(status.out, HasSubstr("\"running\":true"));
  for (const char* role : {"crypto-spot-monitor", "kalshi-monitor", "polymarket-monitor"}) {
    EXPECT_EQ(stop(role).exit_code, 0) << role;
  }
  const Result heard = stop("zmq-listener");
  EXPECT_EQ(heard.exit_code, 0) << heard.error;
  EXPECT_THAT(heard.error, HasSubstr(" messages, 0 gaps (0 missed), 0 duplicates, 0 restarts, 0 malformed"));
  EXPECT_THAT(heard.error, testing::Not(HasSubstr(" 1 gaps")));
}

TEST_F(RolesTest, SettingsAreReadAnewAllOrNothing) {
  const std::string before = text_of(folder_.file("bus.toml"));
  for (const std::string role : {"execution-service", "run"}) {
    write_text(folder_.file("bus.toml"), before);
    const bool is_run = role == "run";
    const Running& program =
        start(role, is_run ? std::vector<std::string>{"--port", "0", "--headless"} : std::vector<std::string>{});
    const auto tell = [&](const std::string& more, const char* answer) {
      write_text(folder_.file("bus.toml"), before + more);
      program.send(SIGHUP);
      return becomes_true([&] { return program.error().find(answer) != std::string::npos; });
    };
    EXPECT_TRUE(tell("[limits]\nmin_edge_pct = 2\n", "reloaded setting=\"limits.min_edge_pct = 2 (was 1)\"")) << role;
    EXPECT_TRUE(tell("[limits]\nmin_edge_pct = 4\nmax_leg_rounds = 0\n", "reload refused reason=")) << role;
    EXPECT_TRUE(
        tell("[limits]\nmin_edge_pct = 4\n[run]\nassets = \"BTC\"\n", "run.assets has changed, and needs a restart"))
        << role;
    EXPECT_TRUE(tell("[limits]\nmin_edge_pct = 3\n", "limits.min_edge_pct = 3 (was 2)"))
        << role << ": what was refused left no trace";
    EXPECT_EQ(stop(role).exit_code, 0) << role;
    EXPECT_THAT(run({"ledger", "check", "--data", data_, "--json"}).out, HasSubstr("\"ok\":true")) << role;
  }
}

// A shard of the test's own: sends requests until they are answered, as shards do.
class ExecutionTest : public RolesTest {
 protected:
  void SetUp() override {
    RolesTest::SetUp();
    auto publisher = bus::Publisher::bind(context_, {endpoint("requests_pub"), {}});
    ASSERT_TRUE(publisher) << publisher.error();
    requests_ = std::move(*publisher);
    results_ = subscribe("results_pub");
    start("execution-service");
  }

  std::unique_ptr<bus::Subscriber> subscribe(const std::string& key) {
    auto subscriber = bus::Subscriber::connect(context_, {{endpoint(key)}, {""}, {}});
    EXPECT_TRUE(subscriber) << (subscriber ? "" : subscriber.error());
    return subscriber ? std::move(*subscriber) : nullptr;
  }

  // Ladders close at the full hour of New York that their tickers name: "KXBTCD-26NOV2314-T95000".
  static bool closes_soon(const std::string& ticker) {
    const Timestamp now = net::IoLoop::now();
    const auto close = std::chrono::floor<std::chrono::hours>(now + std::chrono::minutes(2));
    if (close <= now) return false;
    const int hour = to_eastern(close).hour;
    return ticker.find((hour < 10 ? "0" : "") + std::to_string(hour) + "-T") != std::string::npos;
  }

  // A market with a proven book that somebody sells in, and that closes in more than two minutes.
  std::string open_market() {
    const auto prices = subscribe("kalshi_pub");
    start("kalshi-monitor");
    std::string market;
    becomes_true([&] {
      prices->receive(std::chrono::milliseconds(50), [&](bus::BusFrame&& frame) {
        const auto price = bus::decode_contract_price(frame.body);
        if (price && price->status == "proven" && price->phase == "active" && price->market_id.starts_with("KXBTCD-") &&
            !closes_soon(price->market_id) && !price->asks.empty() && price->asks[0].price < Price::from_units(9'000) &&
            price->asks[0].quantity > Quantity::whole(30)) {
          market = price->market_id;
        }
      });
      return !market.empty();
    });
    EXPECT_EQ(stop("kalshi-monitor").exit_code, 0);
    return market;
  }

  static std::string request(const std::string& id, const std::string& market, const std::string& size = "20") {
    const auto now_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(net::IoLoop::now().time_since_epoch()).count();
    return "{\"request_id\":\"" + id +
           R"(","event_id":"e","asset":"BTC","signal_type":"Arbitrage","platform":"kalshi",)" + R"("market_id":")" +
           market + R"(","direction":"Long","edge_pct":5,"probability":0.6,"suggested_size":)" + size +
           R"(,"max_price":0.99,"current_price":0.5,"timestamp":)" + std::to_string(now_ms) + "}";
  }

  // The answer's topic and body; sends every second until it is there.
  bus::BusFrame ask(const std::string& topic, const std::string& id, const std::function<std::string()>& payload) {
    bus::BusFrame answer;
    Timestamp next = kNoTime;
    becomes_true([&] {
      const Timestamp now = net::IoLoop::now();
      if (now >= next) {
        requests_->publish(topic, "crypto_shard:test", payload(), now);
        next = now + std::chrono::seconds(1);
      }
      results_->receive(std::chrono::milliseconds(20), [&](bus::BusFrame&& frame) {
        if (frame.topic.ends_with("." + id)) answer = std::move(frame);
      });
      return !answer.topic.empty();
    });
    return answer;
  }
  bus::BusFrame ask(const std::string& id, const std::function<std::string()>& payload) {
    return ask("crypto.execution." + id, id, payload);
  }

  bus::BusContext context_;
  std::unique_ptr<bus::Publisher> requests_;
  std::unique_ptr<bus::Subscriber> results_;
};

bool is_filled(const bus::BusFrame& result) {
  return result.topic.starts_with("trades.executed.") || result.topic.starts_with("trades.partial.");
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_F(ExecutionTest, ExecutesOnceWhateverComesAgain) {
  std::string market;
  std::string id;
  // Every request asks for BTC; the market decides which asset it is.
  const auto asset_less = [&] {
    std::string text = request(id, market);
    return text.replace(text.find("\"asset\":\"BTC\","), 14, "");
  };
  // Who sells may be gone when the order comes.
  bus::BusFrame first;
  int attempts = 0;
  while (attempts < 10 && !is_filled(first)) {
    market = open_market();
    ASSERT_FALSE(market.empty());
    id = "r" + std::to_string(++attempts);
    first = ask(id, asset_less);
    ASSERT_FALSE(first.topic.empty()) << "request " << id << " was not answered";
  }
  ASSERT_THAT(first.topic, AnyOf("trades.executed." + id, "trades.partial." + id)) << first.body;
  EXPECT_THAT(first.body, HasSubstr("\"market_id\":\"" + market + '"'));
  EXPECT_THAT(first.body, testing::Not(HasSubstr("\"filled_qty\":0,")));

  // One for the request that was filled, at most one for each that was not.
  const auto exported = [&] { return run({"ledger", "export", "--data", data_, "--json"}).out; };
  const std::size_t orders = occurrences(exported(), "\"request_id\"");
  EXPECT_GE(orders, 1U);
  EXPECT_LE(orders, static_cast<std::size_t>(attempts));

  const bus::BusFrame again = ask(id, asset_less);
  EXPECT_EQ(again.topic, first.topic);
  EXPECT_THAT(again.body, HasSubstr("\"duplicate\":true"));

  // Killed, not stopped: what was done is known.
  stop("execution-service", SIGKILL);
  start("execution-service");
  const bus::BusFrame after = ask(id, asset_less);
  EXPECT_EQ(after.topic, first.topic);
  EXPECT_THAT(after.body, HasSubstr("\"duplicate\":true"));

  EXPECT_EQ(stop("execution-service").exit_code, 0);
  const std::string ledger = exported();
  EXPECT_EQ(occurrences(ledger, "\"side\":\"buy\",\"asset\""), occurrences(ledger, "\"order_id\"")) << ledger;
  EXPECT_EQ(occurrences(ledger, "\"request_id\""), orders) << ledger;
  EXPECT_THAT(run({"ledger", "check", "--data", data_, "--json"}).out, HasSubstr("\"ok\":true"));
  EXPECT_THAT(run({"opportunities", "--data", data_, "--json"}).out, testing::Not(HasSubstr("\"size\":\"0\"")));
}

TEST_F(ExecutionTest, RefusesWithAReasonWhatItMustNotDo) {
  const std::string market = open_market();
  ASSERT_FALSE(market.empty());
  const auto reason = [&](const std::string& id, const std::function<std::string()>& payload) {
    const bus::BusFrame answer = ask(id, payload);
    EXPECT_EQ(answer.topic, "trades.rejected." + id) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("\"status\":\"rejected\""));
    return answer.body;
  };
  EXPECT_THAT(reason("bad1", [&] { return request("bad1", market, "0"); }),
              HasSubstr("malformed: payload.suggested_size"));
  EXPECT_THAT(reason("bad2", [&] { return request("bad2", market, "NaN"); }), HasSubstr("malformed: not JSON"));
  EXPECT_THAT(reason("bad3", [&] { return request("bad3", market, "1000001"); }), HasSubstr("malformed"));
  const auto old = [&] {
    std::string text = request("bad4", market);
    return text.substr(0, text.find("\"timestamp\"")) + "\"timestamp\":\"2020-01-01T00:00:00Z\"}";
  };
  EXPECT_THAT(reason("bad4", old), HasSubstr("stale: "));
  const std::string unknown = reason("bad5", [&] { return request("bad5", "KXNOTHERE-1"); });
  EXPECT_THAT(unknown, HasSubstr("unknown market: kalshi KXNOTHERE-1"));
  EXPECT_THAT(unknown, testing::Not(HasSubstr("malformed")));
  const bus::BusFrame other = ask("execution.request.g1", "g1", [] {
    return std::string(R"({"request_id":"g1","sport":"NBA","platform":"kalshi","market_id":"KXNBA-1","side":"yes",)"
                       R"("limit_price":0.5,"size":10})");
  });
  const auto boasting = [&] {
    std::string text = request("bad7", market);
    text.replace(text.find("\"asset\":\"BTC\","), 14, "");
    return text.replace(text.find("\"suggested_size\""), 0, "\"guaranteed\":1000,");
  };
  EXPECT_THAT(reason("bad7", boasting), HasSubstr("guaranteed is 1000, but all contracts together pay "));
  EXPECT_EQ(other.topic, "trades.rejected.g1");
  EXPECT_THAT(other.body, HasSubstr("NBA requests belong to the executor of their kind"));

  EXPECT_EQ(run({"halt", "--data", data_, "--json"}).exit_code, 0);
  ASSERT_TRUE(becomes_true(
      [&] { return run({"status", "--data", data_, "--json"}).out.find("\"halted\":true") != std::string::npos; }));
  const auto asset_less = [&] {
    std::string text = request("bad6", market);
    return text.replace(text.find("\"asset\":\"BTC\","), 14, "");
  };
  EXPECT_THAT(reason("bad6", asset_less), HasSubstr("\"rejection_reason\":\"halted\""));
  // What was refused stays refused: its sender has given it up.
  EXPECT_EQ(run({"resume", "--data", data_, "--json"}).exit_code, 0);
  EXPECT_THAT(reason("bad6", asset_less), HasSubstr("\"duplicate\":true"));
  EXPECT_EQ(stop("execution-service").exit_code, 0);
  EXPECT_THAT(run({"ledger", "export", "--data", data_, "--json"}).out, HasSubstr("\"orders\":[]"));
}

}  // namespace
}  // namespace arbees::cli
