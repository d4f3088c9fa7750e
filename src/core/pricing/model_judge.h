#pragma once
// What a price on offer is worth to the model, in the integers that trades are made of.
//
// A price clears if the near end of the confidence band does: with confidence of CRYPTO_MODEL_MIN_CONFIDENCE the true
// probability is above price + exact fee + slippage allowance, and the expected profit over cost is at least the least
// edge. The stake is a share of Kelly's, shrunk for the doubt about the probability (kelly.h). Nothing here is
// guaranteed: `expected` is an average over many trades.

#include <cstdint>

#include "core/market/contract.h"
#include "core/market/outputs.h"
#include "core/pricing/model_watch.h"

namespace arbees {

class ModelJudge {
 public:
  // `opinion` must have a value. `volatility_ratio`: of now over usual.
  ModelJudge(const ModelOpinion& opinion, Outcome outcome, const ModelParameters& parameters,
             std::int64_t min_edge_millionths, double volatility_ratio) noexcept;

  // Accepted, EdgeTooSmall or LowConfidence.
  [[nodiscard]] Verdict judge(Price price, const FeeSchedule& fees) const noexcept;
  // Most that may be paid, fees included, when this is the worst price.
  [[nodiscard]] Money stake(Price price, const FeeSchedule& fees, Money bankroll) const noexcept;
  // Payout times its probability, rounded down.
  [[nodiscard]] Money expected(Quantity quantity) const noexcept;
  // P(true probability > price + fee + slippage).
  [[nodiscard]] std::int64_t confidence_millionths(Price price, const FeeSchedule& fees) const noexcept;

 private:
  // Price plus fee plus slippage allowance of one contract; at least 1 if it cannot be known.
  [[nodiscard]] double cost(Price price, const FeeSchedule& fees) const noexcept;
  [[nodiscard]] double confidence(double all_in) const noexcept;

  FairValue value_;  // of the outcome, as if it were Yes
  const ModelParameters& parameters_;
  double min_edge_;
  double scale_;
};

}  // namespace arbees
