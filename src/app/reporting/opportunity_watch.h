#pragma once
// Remembers every opportunity of a run, and what the same legs would have brought if taken a little later.
//
// Each opportunity counts once, with the legs and quantities of its first judgement. It is priced again 0, 50, 250 and
// 1000 ms later: the same quantities bought from the books of that instant (all events until then), with the exact fee
// of each level, against the payout that its certificate guarantees (of a model edge, that it expects). What the books
// then cannot give in full, or a book that is not proven or may not be traded, means that it can no longer be taken.
// Our own simulated orders are not in the recorded books, and limit prices are not looked at: it is the price of being
// late, not a simulation of orders.

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "app/trading_run.h"

namespace arbees::app {

inline constexpr std::array<Duration, 4> kDelays = {Duration(0), std::chrono::milliseconds(50),
                                                    std::chrono::milliseconds(250), std::chrono::milliseconds(1000)};

struct WatchedOpportunity {
  std::uint64_t id = 0;
  Timestamp started_at = kNoTime;
  std::optional<Timestamp> ended_at;  // none: alive when the recording ended
  Money outlay;                       // of the first judgement, as the following
  Money promised;                     // the guaranteed payout; of a model edge, the expected one
  Quantity size;
  std::array<std::optional<Money>, kDelays.size()> profit;  // taken after each delay; none: not to be had in full
  Detector detector = Detector::SameMarket;
  bool is_requested = false;
};

// What the legs cost now, fees included; nothing if a book cannot give a leg in full.
[[nodiscard]] std::optional<Money> cost_now(const MarketState& market, const Opportunity& opportunity, Timestamp now);

class OpportunityWatch final : public RunObserver {
 public:
  void before(Timestamp now, const TradingEngine& engine) override;
  void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) override;

  // In order of their start.
  [[nodiscard]] const std::vector<WatchedOpportunity>& all() const noexcept { return all_; }

 private:
  // One that has delays left to be priced at.
  struct Pending {
    std::size_t index = 0;
    std::size_t next_delay = 0;
    Timestamp judged_at = kNoTime;
    Opportunity opportunity;

    [[nodiscard]] Timestamp due() const noexcept { return judged_at + kDelays[next_delay]; }
  };

  void on(const OpportunityJudged& judged, const Event& cause, const TradingEngine& engine);
  void on(const OpportunityEnded& ended);
  void price(Pending& pending, const TradingEngine& engine);

  std::vector<WatchedOpportunity> all_;
  std::unordered_map<std::uint64_t, std::size_t> index_;  // of those that live, by id
  std::vector<Pending> pending_;
};

}  // namespace arbees::app
