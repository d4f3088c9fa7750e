// How fast a halt takes effect, from each place that it can come from: to the first cancel on the wire, to the last one
// and to the last order. What is asserted does not depend on the speed of the machine: a cancel comes, no order
// follows, the halt is latched, a restart stays halted. The times are printed; docs/execution.md has them.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "adapters/redis/test_redis_server.h"
#include "tests/live/live_system.h"

namespace arbees::live {
namespace {

using Moment = Relay::Clock::time_point;

constexpr const char* kRefusal =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n"
    R"({"error":{"code":"invalid_price"}})";
constexpr const char* kUnfilled =
    "HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 61\r\n\r\n"
    R"({"error":{"code":"fill_or_kill_insufficient_resting_volume"}})";

double milliseconds(Moment from, Moment to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

class HaltSpeed : public LiveSystem {
 protected:
  // When what halts was done, if it is not the moment before the call.
  using Act = std::function<std::optional<Moment>()>;

  struct Times {
    std::vector<double> first_cancel;
    std::vector<double> last_cancel;
    std::vector<double> last_order;  // zero: it was sent before
  };

  void start(const std::string& settings = "") {
    cli::write_text(folder_.file("more.toml"), settings);
    ASSERT_TRUE(start_run({"--config", folder_.file("more.toml")})) << run_->error();
  }

  [[nodiscard]] bool is_latched() const { return !cli::text_of(data_ + "/halt").empty(); }
  [[nodiscard]] bool is_halted() const {
    const rapidjson::Document document = status();
    return document.IsObject() && document.HasMember("halted") && document["halted"].GetBool();
  }

  // Halts while an order is out that can be cancelled by its own id; false if none came, or it ended meanwhile.
  bool try_once(const Act& act, Times& times) {
    relay_->hold(true);
    const auto is_waiting = [&] { return relay_->is_waiting_for(std::chrono::milliseconds(5)); };
    // Halted before any order was out, it sends none.
    const bool is_out = becomes_true(kPatience, [&] { return is_waiting() || is_latched(); }) && is_waiting();
    Moment began = Relay::Clock::now();
    has_acted_ = true;
    const auto stated = is_out ? act() : std::nullopt;
    const auto is_canceled = [&] { return relay_->first_cancel(began).has_value(); };
    const auto is_over = [&] { return is_canceled() || run_->has_ended(); };
    const bool has_come = is_out && has_acted_ && becomes_true(std::chrono::seconds(20), is_over) && is_canceled();
    if (has_come) ::poll(nullptr, 0, 50);  // for the other cancels: once the answers come, they are sent again
    const Moment first = has_come ? *relay_->first_cancel(began) : began;
    const Moment last = has_come ? *relay_->latest_cancel() : began;
    relay_->hold(false);
    if (!has_come) return false;
    seen_ = stated.value_or(began);
    times.first_cancel.push_back(milliseconds(seen_, first));
    times.last_cancel.push_back(milliseconds(seen_, last));
    return true;
  }

  // The halt holds: nothing is sent from now on. Waiting longer could only find more.
  void expect_silence(const char* source, Times& times) {
    const std::size_t orders = relay_->orders().size();
    ::poll(nullptr, 0, 500);
    EXPECT_EQ(relay_->orders().size(), orders) << "an order after a halt by " << source;
    const auto order = relay_->latest_order();
    ASSERT_TRUE(order);
    times.last_order.push_back(std::max(0.0, milliseconds(seen_, *order)));
  }

  // What is on its way may break the same limit once more.
  void resume() {
    EXPECT_TRUE(becomes_true(kPatience, [&] {
      EXPECT_EQ(cli::run({"resume", "--data", data_, "--reason", "test"}).exit_code, 0);
      ::poll(nullptr, 0, 300);  // for the next status
      return !is_halted();
    }));
  }

  // A halt that lasts until it is resumed.
  void measure(const char* source, const Act& act, const std::function<void()>& undo = {}) {
    Times times;
    const auto lift = undo ? undo : [this] { resume(); };
    for (unsigned round = 0; round < rounds_ && !HasFailure(); ++round) {
      bool is_done = false;
      for (int attempt = 0; attempt < 10 && !is_done; ++attempt) {
        is_done = try_once(act, times);
        if (!is_done && is_halted()) lift();  // the order had ended in that moment
      }
      ASSERT_TRUE(is_done) << source << ": no cancel came\n" << run_->error();
      ASSERT_TRUE(becomes_true(kPatience, [&] { return is_halted(); })) << source;
      EXPECT_TRUE(undo || is_latched()) << source;
      expect_silence(source, times);
      lift();
    }
    tell(source, times);
  }

  static std::string told(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    char text[64];
    std::snprintf(text, sizeof text, "%8.1f %8.1f", times[times.size() / 2], times.back());
    return times.empty() ? "" : text;
  }

  static void tell(const char* source, const Times& times) {
    if (times.first_cancel.empty() || times.last_order.empty()) return;
    std::printf("%-12s %3zu  first cancel %s  last cancel %s  last order %s\n", source, times.first_cancel.size(),
                told(times.first_cancel).c_str(), told(times.last_cancel).c_str(), told(times.last_order).c_str());
    std::fflush(stdout);
  }

  // POST /api/halt with the folder's token.
  void post_halt() const {
    std::string token = cli::text_of(data_ + "/dashboard.token");
    while (!token.empty() && token.back() == '\n') token.pop_back();
    const std::string host = std::string(parse(run_->out())["dashboard"].GetString()).substr(7);
    const auto port = static_cast<std::uint16_t>(std::stoul(host.substr(host.find(':') + 1)));
    post_to(port, "POST /api/halt HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token +
                      "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  // An order may end in the very moment of the halt: then a new run tries again. `clean_up` ends the run of an
  // attempt in which no cancel came.
  void start_and_try(const Act& act, Times& times, const std::function<void()>& clean_up) {
    for (int attempt = 0; attempt < 5; ++attempt) {
      resume_if_halted(data_);
      start();
      if (HasFailure() || try_once(act, times)) return;
      clean_up();
    }
    FAIL() << "no cancel came";
  }

  void stop_run() {
    run_->send(SIGTERM);
    EXPECT_EQ(run_->wait().exit_code, 0);
    run_.reset();
  }

  const unsigned rounds_ = from_environment("ARBEES_HALT_ROUNDS", 1);
  Moment seen_;             // when the latest halt was asked for
  bool has_acted_ = false;  // what halts has happened
};

TEST_F(HaltSpeed, ByPeople) {
  start_sim();
  test::RedisServer redis(folder_.file(""));
  start("[redis]\nurl = \"" + redis.url() + "\"\n");
  measure("command", [&] {
    (void)cli::run({"halt", "--data", data_, "--reason", "drill"});
    return std::nullopt;
  });
  measure("file", [&] {
    cli::write_text(data_ + "/halt", "drill\n");
    return std::nullopt;
  });
  measure("api", [&] {
    post_halt();
    return std::nullopt;
  });
  measure(
      "redis",
      [&] {
        (void)redis.ask({"PUBLISH", "trading:kill_switch", "HALT"});
        return std::nullopt;
      },
      [&] {
        EXPECT_TRUE(becomes_true(kPatience, [&] { return is_latched(); }));
        (void)redis.ask({"PUBLISH", "trading:kill_switch", "RESUME"});
        EXPECT_TRUE(becomes_true(kPatience, [&] { return !is_halted(); }));
      });
  // A condition, not a command: it ends with its cause.
  measure(
      "redis lost",
      [&] {
        redis.end(SIGKILL);
        return std::nullopt;
      },
      [&] {
        EXPECT_FALSE(is_latched());
        redis.start();
        EXPECT_TRUE(becomes_true(kPatience, [&] { return !is_halted(); }));
      });
  stop_run();
  expect_agreement();
}

TEST_F(HaltSpeed, BySignal) {
  start_sim();
  Times times;
  for (unsigned round = 0; round < rounds_ && !HasFailure(); ++round) {
    bool is_sent = false;
    const auto signal = [&] {
      run_->send(SIGTERM);
      is_sent = true;
      return std::nullopt;
    };
    start_and_try(signal, times, [&] {
      if (!std::exchange(is_sent, false)) run_->send(SIGTERM);
      EXPECT_EQ(run_->wait().exit_code, 0);
      run_.reset();
    });
    if (HasFailure()) break;
    expect_silence("signal", times);
    EXPECT_EQ(run_->wait().exit_code, 0);
    EXPECT_FALSE(is_latched());
  }
  tell("signal", times);
  run_.reset();
  expect_agreement();
}

TEST_F(HaltSpeed, ByErrorsOfOrders) {
  start_sim();
  start("[limits]\nmax_order_errors_per_minute = 1\n");
  measure("error rate", [&]() -> std::optional<Moment> {
    const Moment asked = Relay::Clock::now();
    relay_->refuse(1, kRefusal);
    becomes_true(std::chrono::seconds(3), [&] { return relay_->refused_at() && *relay_->refused_at() >= asked; });
    relay_->refuse(0, {});
    has_acted_ = relay_->refused_at() && *relay_->refused_at() >= asked;
    return relay_->refused_at();
  });
  stop_run();
  expect_agreement();
}

// The other legs find nobody, so that what the first one bought is sold at a loss.
// A day that is lost buys nothing more, unless its limit is raised: each round loses another dollar.
TEST_F(HaltSpeed, ByTheLossOfADay) {
  start_sim();
  const auto allow = [](int dollars) {
    return "[limits]\nmax_daily_loss = " + std::to_string(dollars) + "\nmax_leg_rounds = 2\n";
  };
  const auto loses_a_dollar = [&]() -> std::optional<Moment> {
    const Moment asked = Relay::Clock::now();
    relay_->refuse(100, kUnfilled);
    becomes_true(std::chrono::seconds(3), [&] { return relay_->first_cancel(asked).has_value(); });
    relay_->refuse(0, {});
    has_acted_ = relay_->first_cancel(asked) && relay_->told_at();
    return relay_->told_at();
  };
  // A live session keeps the limits that somebody confirmed. What is on its way may lose the next dollar, too.
  const auto may_lose_another = [&] {
    const rapidjson::Document day = status();
    const double result = day.IsObject() && day.HasMember("day_result") ? std::stod(day["day_result"].GetString()) : 0;
    stop_run();
    EXPECT_EQ(cli::run({"resume", "--data", data_, "--reason", "test"}).exit_code, 0);
    start(allow(static_cast<int>(std::max(0.0, -result)) + 2));
    return HasFailure() || !is_latched();
  };
  start(allow(1));
  measure("limit", loses_a_dollar, [&] {
    EXPECT_TRUE(becomes_true(kPatience, [&] { return is_latched(); }));
    EXPECT_TRUE(becomes_true(kPatience, may_lose_another));
  });
  stop_run();
  expect_agreement();
}

// The venue's limit of ten seconds runs from the heartbeat that was answered last.
TEST_F(HaltSpeed, ByLostHeartbeats) {
  start_sim();
  start();
  Times times;
  // Not every time an order is out when the limit is reached.
  for (unsigned round = 0; round < 3 * rounds_ && times.last_order.size() < rounds_ && !HasFailure(); ++round) {
    ASSERT_TRUE(becomes_true(kPatience, [&] { return relay_->heartbeat_at().has_value(); }));
    relay_->lose_heartbeats(true);
    const Moment lost = *relay_->heartbeat_at() + std::chrono::seconds(10);
    ASSERT_TRUE(becomes_true(kPatience, [&] { return Relay::Clock::now() > lost - std::chrono::milliseconds(2500); }));
    const bool has_order = try_once([&] { return std::optional(lost); }, times);
    ASSERT_TRUE(becomes_true(kPatience, [&] { return is_halted(); }));
    EXPECT_TRUE(is_latched());
    EXPECT_THAT(cli::text_of(data_ + "/halt"), testing::HasSubstr("heartbeat"));
    if (has_order) expect_silence("heartbeat", times);
    relay_->lose_heartbeats(false);
    const Moment now = Relay::Clock::now();
    ASSERT_TRUE(becomes_true(kPatience, [&] { return *relay_->heartbeat_at() > now; }));
    resume();
  }
  tell("heartbeat", times);
  stop_run();
  expect_agreement();
}

// No file may grow any more: the next record fails, and with it everything.
TEST_F(HaltSpeed, ByAJournalThatCannotBeWritten) {
  start_sim();
  Times times;
  for (unsigned round = 0; round < rounds_ && !HasFailure(); ++round) {
    const auto fill_disk = [&] {
      const rlimit none{1, RLIM_INFINITY};
      EXPECT_EQ(::prlimit(run_->pid(), RLIMIT_FSIZE, &none, nullptr), 0);
      return std::nullopt;
    };
    start_and_try(fill_disk, times, [&] {
      kill_run();
      if (::access((data_ + "/halt").c_str(), F_OK) != 0) return;
      EXPECT_EQ(cli::run({"resume", "--data", data_, "--reason", "test"}).exit_code, 0);
    });
    if (HasFailure()) break;
    expect_silence("journal", times);
    EXPECT_EQ(run_->wait().exit_code, 1);
    EXPECT_EQ(::access((data_ + "/halt").c_str(), F_OK), 0) << "latched";
    expect_agreement();
    start();
    EXPECT_TRUE(becomes_true(kPatience, [&] { return is_halted(); })) << "a restart stays halted";
    resume();
    kill_run();
  }
  tell("journal", times);
}

}  // namespace
}  // namespace arbees::live
