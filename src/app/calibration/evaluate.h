#pragma once
// Walks forward through a sample and prices every instant with nothing but what was known then.

#include <cstdint>
#include <string>
#include <vector>

#include "app/calibration/sample.h"
#include "core/pricing/digital.h"

namespace arbees::app {

struct FitParameters {
  double volatility_scale = 1.0;
  double degrees_of_freedom = 4.4;  // 0: normal
};

// One priced instant, with what is needed to price it again under other parameters.
struct Row {
  std::string asset;
  Timestamp at = kNoTime;
  Timestamp newest_input = kNoTime;  // the latest datum that the price rests on
  Timestamp close = kNoTime;
  PricingInputs inputs;
  bool is_range = false;
  Comparator comparator = Comparator::GreaterOrEqual;
  double lower = 0.0;
  double upper = 0.0;
  double score = 0.0;  // standard deviations between spot and the nearest level
  double model = 0.0;
  double market = kNoNumber;
  std::uint8_t outcome = 0;
};

struct Evaluation {
  std::vector<Row> rows;            // by time
  std::int64_t without_model = 0;   // instants without volatility or fresh spot
  std::int64_t without_market = 0;  // left out because others of the sample have a market and these do not
};

// Consumes the sample's feeds.
[[nodiscard]] Evaluation evaluate(Sample& sample);

void reprice(std::vector<Row>& rows, const FitParameters& parameters);

// The parameters of least log loss on the rows given, from a small grid.
[[nodiscard]] FitParameters fitted(std::vector<Row> rows);

// Rows that rest on something later than their own instant; anything but 0 means that the figures are worthless.
[[nodiscard]] std::int64_t count_leaks(const std::vector<Row>& rows);

}  // namespace arbees::app
