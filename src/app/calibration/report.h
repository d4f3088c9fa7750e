#pragma once
// The calibration figures as one HTML page without outside references: reliability diagram and tables.

#include <string>

#include "app/calibration/summary.h"

namespace arbees::app {

[[nodiscard]] std::string calibration_page(const Summary& summary, const RunFacts& facts);

}  // namespace arbees::app
