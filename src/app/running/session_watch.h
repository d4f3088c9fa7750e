#pragma once
// A trading session seen from the side: how long its stages took, and how its orders and requests ended.
//
// What the engine reports is only copied while an event is handled; it is looked at between events (digest()).

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/telemetry/json.h"
#include "adapters/telemetry/latency_histogram.h"
#include "app/running/market_report.h"
#include "app/trading_run.h"

namespace arbees::app {

enum class Stage : std::uint8_t {
  OrderToFill,      // the order is out → its first fill is known
  RequestToEnd,     // its first order is out → nothing more will be tried
  Naked,            // the legs that are held are unequal
  OpportunityLife,  // first seen → gone
};
inline constexpr std::size_t kStageCount = 4;

// What digest() writes into the log: an executor judges offers of others, whose signals they are.
enum class Told : std::uint8_t { All, OrdersOnly };

class SessionWatch final : public RunObserver {
 public:
  explicit SessionWatch(Told told = Told::All);

  void before(Timestamp now, const TradingEngine& engine) override;
  void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) override;
  // The same for engines of another kind.
  void take(const Outputs& outputs);
  // Counts, measures and logs what was copied. `halt_text` says why it is halted, for people; it is asked where a halt
  // is to be told of.
  void digest(const NameOf& name_of, const std::function<std::string()>& halt_text = {});

  [[nodiscard]] const LatencyHistogram& stage(Stage stage) const noexcept {
    return stages_[static_cast<std::size_t>(stage)];
  }
  // "order_ends", "request_ends" and "stages", to which the statistics' own measurement is added.
  void write_fields(JsonWriter& json, const LatencyHistogram& event_to_request) const;

 private:
  void on(const Report& report);
  void measure(Stage stage, Duration time) noexcept { stages_[static_cast<std::size_t>(stage)].add(time.count()); }

  Told told_;
  std::vector<Report> reports_;
  std::array<LatencyHistogram, kStageCount> stages_;
  std::array<std::uint64_t, 8> order_ends_{};  // by OrderState
  std::array<std::uint64_t, kRequestOutcomeCount> request_ends_{};
  std::unordered_map<std::uint64_t, Timestamp> unfilled_;  // when orders without a fill were sent
  std::unordered_map<std::uint64_t, Timestamp> open_;      // when requests without an end began
};

// One entry of "stages": {"stage","count","sum_s","buckets":[[bound in seconds, count at most],…]}.
void write_stage(std::string_view name, const LatencyHistogram& times, JsonWriter& json);

}  // namespace arbees::app
