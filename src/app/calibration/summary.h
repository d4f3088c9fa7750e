#pragma once
// The figures of a calibration run: scores of model and market on the same rows, and their JSON.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/calibration/evaluate.h"
#include "core/pricing/scoring.h"

namespace arbees::app {

inline constexpr std::size_t kReliabilityBins = 10;

struct Forecaster {
  double brier = 0.0;
  double log_loss = 0.0;
  double ece = 0.0;
  std::array<ReliabilityBin, kReliabilityBins> bins{};  // of equal count
};

struct Group {
  std::string name;
  std::size_t n = 0;
  std::size_t closes = 0;
  Forecaster model;
  std::optional<Forecaster> market;  // none if the set has no quotes
  double difference = 0.0;           // Brier of the model less that of the market
  Interval ci95;                     // of it, by resampling closes
};

struct Summary {
  Group all;
  std::vector<Group> by_horizon;
  std::vector<Group> by_moneyness;
  std::vector<Group> by_asset;
};

[[nodiscard]] Summary summarise(const std::vector<Row>& rows);

// What else the document says.
struct RunFacts {
  std::string format;
  FitParameters parameters;
  std::size_t fitted_closes = 0;
  std::int64_t without_model = 0;
  std::int64_t without_market = 0;
  std::int64_t settlement_checked = 0;
  std::int64_t settlement_reproduced = 0;
  std::int64_t bad_lines = 0;
  std::vector<std::string> notes;
};

[[nodiscard]] std::string summary_json(const Summary& summary, const RunFacts& facts);
[[nodiscard]] std::string summary_text(const Summary& summary, const RunFacts& facts);

}  // namespace arbees::app
