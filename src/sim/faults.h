#pragma once
// Faults of the loopback venues: what goes wrong, how often, and the wrappers through which it goes wrong.
//
// A plan is text: "none", "all" (every fault at the rates of kAllFaults), or a comma list:
//   drop=P duplicate=P delay=P:DURATION reorder=P gap=P     frames to clients, each by chance P
//   silent=EVERY:FOR   disconnect=EVERY   maintenance=EVERY:FOR   tick_change=EVERY
//   http429=P http5xx=P slow_ack=P:DURATION lost_ack=P      answers to requests
//   late_fill=P:DURATION failed_settlement=P clock_skew=DURATION
//   redemption=DURATION                                     from a Polymarket resolution to the winners' cash
// Chances lie in [0, 0.5], durations are "200ms", "5s", "2m" within 1 ms … 1 h, clock_skew also negative, redemption
// also "0s" and "never". Seeded; every fault that struck is counted. heal() ends all of them from then on but
// redemption, which is the world's (WorldSettings::redeem_after) from its start and does not strike.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::sim {

enum class Fault : std::uint8_t {
  Drop,
  Duplicate,
  Delay,
  Reorder,
  Gap,
  Silent,
  Disconnect,
  Http429,
  Http5xx,
  SlowAck,
  LostAck,
  LateFill,
  FailedSettlement,
  TickChange,
  ClockSkew,
  Maintenance,
  Redemption,
};
inline constexpr std::size_t kFaultCount = 17;
// "drop", "http429", … as in the plan.
[[nodiscard]] std::string_view fault_name(Fault fault) noexcept;

struct FaultTerms {
  bool is_on = false;
  std::uint32_t per_million = 0;  // chance
  Duration length{0};             // how long it takes or lasts; the skew; Duration::max(): never
  Duration every{0};
};

struct FaultPlan {
  std::array<FaultTerms, kFaultCount> terms{};

  [[nodiscard]] const FaultTerms& of(Fault fault) const noexcept { return terms[static_cast<std::size_t>(fault)]; }
  [[nodiscard]] bool is_empty() const noexcept;
};

inline constexpr std::string_view kAllFaults =
    "drop=0.002,duplicate=0.01,delay=0.02:200ms,reorder=0.005,gap=0.002,silent=60s:5s,disconnect=45s,http429=0.02,"
    "http5xx=0.02,slow_ack=0.05:2s,lost_ack=0.02,late_fill=0.05:1s,failed_settlement=0.05,tick_change=60s,"
    "clock_skew=1500ms,maintenance=120s:10s,redemption=90s";

// The error names key, value and allowed range.
[[nodiscard]] Result<FaultPlan, std::string> parse_fault_plan(std::string_view text);

// What is to happen to one request.
struct HttpFate {
  int refuse_status = 0;      // 429 or 503: answer this instead of handling the request
  bool loses_answer = false;  // handle it, then drop the responder
  Duration delay{0};          // handle it, then answer this much later
};

// Draws the fates. One for all servers of a sim; one thread.
class FaultInjector {
 public:
  FaultInjector(const FaultPlan& plan, std::uint64_t seed, Timestamp starts_at);

  [[nodiscard]] const FaultPlan& plan() const noexcept { return plan_; }
  // No fault from this instant on.
  void heal(Timestamp at) noexcept { healed_at_ = at; }
  [[nodiscard]] bool is_healed(Timestamp now) const noexcept { return healed_at_ != kNoTime && now >= healed_at_; }

  // True if the fault strikes now, by its chance; counts it.
  bool strikes(Fault fault, Timestamp now) noexcept;
  // Phases of faults that come every so often and last: silent, maintenance. Counts each phase once.
  [[nodiscard]] bool is_in_phase(Fault fault, Timestamp now) noexcept;
  // Instants of faults that come every so often (disconnect, tick_change): true once for each, for each caller's own
  // `last` (start it with the time of the connection).
  [[nodiscard]] bool is_due(Fault fault, Timestamp& last, Timestamp now) noexcept;

  // One fate per request; `is_order`: slow and lost answers strike order entry only.
  [[nodiscard]] HttpFate http_fate(bool is_order, Timestamp now) noexcept;
  // Zero, or how much later this fill is to be reported (on WebSocket and in REST lists).
  [[nodiscard]] Duration fill_delay(Timestamp now) noexcept;
  // What to add to every timestamp that the venue states.
  [[nodiscard]] Duration clock_skew(Timestamp now) noexcept;

  [[nodiscard]] std::uint64_t count(Fault fault) const noexcept { return counts_[static_cast<std::size_t>(fault)]; }

 private:
  FaultPlan plan_;
  Random random_;
  Timestamp starts_at_;
  Timestamp healed_at_ = kNoTime;
  std::array<std::uint64_t, kFaultCount> counts_{};
  std::array<std::int64_t, kFaultCount> last_phase_{};
};

// A socket whose frames get lost, doubled, late, swapped, and that falls silent or breaks. Give it the frames
// after they were numbered: a lost numbered frame is a gap. Frames that answer a command (subscribed, pong) may go
// through send_reliable(), which only silence and disconnection touch.
class FaultySocket final : public net::ServerSocket {
 public:
  FaultySocket(std::shared_ptr<net::ServerSocket> inner, net::IoLoop& loop, FaultInjector& faults);
  ~FaultySocket() override;

  void send(std::string_view text) override;
  void send_reliable(std::string_view text);
  void ping(std::string_view payload) override;
  void close(int code, std::string_view reason) override;
  void drop() override;
  [[nodiscard]] bool is_open() const noexcept override;

 private:
  struct Late;
  [[nodiscard]] bool is_cut(Timestamp now);
  void later(Duration delay, std::function<void()> call);

  std::shared_ptr<net::ServerSocket> inner_;
  net::IoLoop& loop_;
  FaultInjector& faults_;
  Timestamp last_disconnect_;
  std::string held_back_;  // waits for the frame after it
  std::vector<std::unique_ptr<Late>> late_;
};

}  // namespace arbees::sim
