#pragma once
// An opportunity: legs to buy together, what they cost, and what they pay at least.
//
// Invariants of a certified one: all quantities are equal or balance in every state; `outlay` is price
// plus exact fee of every leg, rounded up; `guaranteed` is the least payout over all allowed states, beyond
// what positions held already guarantee alone; profit() = guaranteed − outlay > 0. Only a basis trade may pay less
// than `guaranteed`: where the two sources lie further apart than its bound.

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/base/bounded_vector.h"
#include "core/base/time.h"
#include "core/market/order.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees {

inline constexpr std::size_t kMaxLegs = 16;

enum class Detector : std::uint8_t {
  SameMarket,  // Yes + No of one contract
  Ladder,      // contracts of one axis
  CrossVenue,  // two axes within a strict basis bound
  Basis,       // two axes, statistical bound: never called riskless
  ModelEdge,   // fair value against one quote
  Completion,  // a profit only together with what is held: what is guaranteed is what the least payoff of all gains
};
inline constexpr std::size_t kDetectorCount = 6;
// "same_market", "ladder", "cross_venue", "basis", "model_edge", "completion".
[[nodiscard]] std::string_view detector_name(Detector detector) noexcept;

struct Leg {
  InstrumentId instrument;
  Price price;  // limit: the worst level used
  Quantity quantity;
  Money cost;  // Σ price × quantity over the levels walked, without fee
  Money fee;
  Outcome outcome = Outcome::Yes;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t reserved[5] = {};
};
static_assert(std::has_unique_object_representations_v<Leg>);

struct Opportunity {
  std::uint64_t id = 0;  // deterministic: group and start
  std::uint64_t event_group = 0;
  Timestamp detected_at = kNoTime;
  Timestamp settles_at = kNoTime;  // the latest settlement instant of its contracts
  Quantity size;                   // contracts of the package: the largest leg
  Money outlay;                    // cost plus fees of all legs
  Money fees;
  Money guaranteed;
  Money expected_loss;  // Detector::Basis only, as in OpportunityJudged
  Money tail_reserve;
  Detector detector = Detector::SameMarket;
  bool is_cut_by_price = false;  // more is displayed, but at prices that do not pay
  Money expected;                // Detector::ModelEdge only: payout times its probability; nothing of it is guaranteed
  BoundedVector<Leg, kMaxLegs> legs;

  [[nodiscard]] Money profit() const noexcept { return guaranteed - outlay; }
  // What the least edge is compared with: what is left of the profit after what a basis trade may lose; of a model
  // trade, which guarantees nothing, the expected profit.
  [[nodiscard]] Money safe_profit() const noexcept {
    return detector == Detector::ModelEdge ? expected - outlay : profit() - expected_loss - tail_reserve;
  }
};

// What the risk gate lets through: the same legs, sized, with an identity and an end.
struct ExecutionRequest {
  RequestId id;
  std::uint64_t opportunity_id = 0;
  Timestamp created_at = kNoTime;
  Timestamp deadline = kNoTime;
  Money outlay;
  Money guaranteed;
  Detector detector = Detector::SameMarket;
  BoundedVector<Leg, kMaxLegs> legs;
};

}  // namespace arbees
