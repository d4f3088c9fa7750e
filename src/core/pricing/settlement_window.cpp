#include "core/pricing/settlement_window.h"

namespace arbees {

SettlementWindow single_print(double seconds) noexcept {
  SettlementWindow window;
  window.first_due_s = seconds;
  return window;
}

SettlementWindow average_before(double seconds_to_close, int prints, double spacing_s,
                                double last_before_close_s) noexcept {
  SettlementWindow window;
  window.prints = prints;
  window.spacing_s = spacing_s;
  window.first_due_s = seconds_to_close - last_before_close_s - (prints - 1) * spacing_s;
  return window;
}

double effective_variance_s(const SettlementWindow& window) noexcept {
  const double m = window.remaining();
  if (m < 1.0) return 0.0;
  return window.first_due_s + window.spacing_s * ((m + 1.0) * (2.0 * m + 1.0) / (6.0 * m) - 1.0);
}

double required_mean(const SettlementWindow& window, double level) noexcept {
  // Around the level: n·K − Σ loses digits when many prints are known and all are near K.
  const double known_excess = window.known_sum - window.known_count * level;
  return level - known_excess / window.remaining();
}

double bridge_sum_variance_s(int count, double spacing_s, double after_s) noexcept {
  const double length = count * spacing_s + after_s;
  double sum = 0.0;
  for (int i = 1; i <= count; ++i) {
    const double earlier = i * spacing_s;
    sum += earlier * (length - earlier) / length;
    for (int j = i + 1; j <= count; ++j) sum += 2.0 * earlier * (length - j * spacing_s) / length;
  }
  return sum;
}

}  // namespace arbees
