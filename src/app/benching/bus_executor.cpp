// The executor's part of `arbees bench --bus`: requests to a real `execution-service`, and its answers.

#include <fmt/format.h>
#include <poll.h>

#include "adapters/bus/request_message.h"
#include "adapters/bus/result_message.h"
#include "adapters/bus/topics.h"
#include "adapters/net/io_loop.h"
#include "app/benching/bus_bench.h"

namespace arbees::app {
namespace {

constexpr std::uint64_t kRepeated = 2'000;
constexpr std::uint64_t kNew = 500;
constexpr int kPauseMs = 1;
// A market that it does not know is waited for after its start, ten seconds.
constexpr Duration kFirstPatience = std::chrono::seconds(30);
constexpr Duration kPatience = std::chrono::seconds(5);
constexpr Duration kAskAgain = std::chrono::seconds(1);

class ExecutorMeasurement {
 public:
  explicit ExecutorMeasurement(const std::string& folder) { place_.folder = folder; }

  std::string run(BusSpeed& speed) {
    std::string wrong = open();
    if (wrong.empty() && !ask("first", kFirstPatience, kAskAgain)) wrong = "execution-service does not answer";
    const auto repeated = std::make_unique<LatencyHistogram>();
    const auto fresh = std::make_unique<LatencyHistogram>();
    const auto there = std::make_unique<LatencyHistogram>();
    for (std::uint64_t i = 0; i < kRepeated && wrong.empty(); ++i) wrong = take("first", *repeated);
    for (std::uint64_t i = 0; i < kNew && wrong.empty(); ++i) {
      wrong = take(fmt::format("new-{}", i), *fresh);
      if (arrived_at_ != kNoTime) there->add((arrived_at_ - sent_at_).count());
    }
    speed.times.push_back(summary("request_arrives", *there));
    speed.times.push_back(summary("executor", *repeated));
    speed.times.push_back(summary("executor_new", *fresh));
    return wrong;
  }

 private:
  std::string open() {
    const auto ports = BusPorts::choose();
    const std::vector<std::uint16_t> nobody = free_ports(1);
    if (!ports || nobody.empty()) return "there are no free ports";
    place_.ports = *ports;
    auto requests = place_.publisher(ports->requests);
    if (!requests) return requests.error();
    requests_ = std::move(*requests);
    auto role = place_.start("execution-service", nobody.front());
    if (!role) return role.error();
    role_ = std::move(*role);
    auto results = place_.subscriber(ports->results);
    if (!results) return results.error();
    results_ = std::move(*results);
    return {};
  }

  static std::string request(const std::string& id, Timestamp now) {
    bus::BusRequest request;
    request.request_id = request.idempotency_key = id;
    request.event_id = "KXBTCD-26JAN2917";
    request.signal_type = "Arbitrage";
    request.reason = "bench";
    request.created_at = now;
    request.size = Money::whole(100);
    for (const char* market : {"KXBTCD-26JAN2917-T95249.99", "KXBTCD-26JAN2917-T95499.99"}) {
      bus::RequestLeg leg;
      leg.platform = "kalshi";
      leg.market_id = market;
      leg.limit = Price::from_units(4'500);
      leg.contracts = Quantity::whole(10);
      request.legs.push_back(leg);
    }
    return bus::encode_request(request);
  }

  // Whether the answer has come, and been read, in time.
  bool ask(const std::string& id, Duration patience, Duration again) {
    const Timestamp end = net::IoLoop::now() + patience;
    Timestamp next = kNoTime;
    bool is_answered = false;
    for (Timestamp now = net::IoLoop::now(); !is_answered && now < end; now = net::IoLoop::now()) {
      if (now >= next) {
        next = now + again;
        const std::string text = request(id, now);
        sent_at_ = net::IoLoop::now();
        requests_->publish(bus::crypto_request_topic(id), "crypto_shard:bench", text, now);
      }
      results_->receive(std::min(next, end) - now, [&](bus::BusFrame&& frame) {
        const auto result = bus::decode_result(frame.body);
        if (!result || result->request_id != id) return;
        is_answered = true;
        arrived_at_ = result->received_at;
      });
    }
    return is_answered;
  }

  std::string take(const std::string& id, LatencyHistogram& histogram) {
    const Timestamp start = net::IoLoop::now();
    if (!ask(id, kPatience, kPatience)) return "execution-service has left a request without an answer";
    histogram.add((net::IoLoop::now() - start).count());
    ::poll(nullptr, 0, kPauseMs);
    return {};
  }

  BusPlace place_;
  std::unique_ptr<RoleProcess> role_;
  std::unique_ptr<bus::Publisher> requests_;
  std::unique_ptr<bus::Subscriber> results_;
  Timestamp sent_at_ = kNoTime;
  Timestamp arrived_at_ = kNoTime;  // at the executor; of an answer given anew, when it came the first time
};

}  // namespace

std::string measure_executor(const std::string& folder, BusSpeed& speed) {
  return ExecutorMeasurement(folder).run(speed);
}

}  // namespace arbees::app
