#include "core/pricing/scoring.h"

#include <algorithm>
#include <cmath>

#include "core/base/assert.h"
#include "core/base/random.h"

namespace arbees {
namespace {

constexpr double kWilsonZ = 1.959963984540054;

// Murphy's terms from bins and rows; `bin_of` gives a row's bin.
template <class BinOf>
Calibration decompose(std::span<const double> p, std::span<const std::uint8_t> y, std::span<ReliabilityBin> bins,
                      BinOf bin_of) noexcept {
  ARBEES_ASSERT(p.size() == y.size() && !bins.empty());
  std::fill(bins.begin(), bins.end(), ReliabilityBin{});
  const auto n = static_cast<double>(p.size());
  double base = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    ReliabilityBin& bin = bins[bin_of(i)];
    bin.count += 1.0;
    bin.mean_p += p[i];
    bin.mean_y += y[i];
    base += y[i];
  }
  Calibration result;
  if (p.empty()) return result;
  base /= n;
  result.uncertainty = base * (1.0 - base);
  for (ReliabilityBin& bin : bins) {
    if (bin.count == 0.0) continue;
    bin.mean_p /= bin.count;
    bin.mean_y /= bin.count;
    const double gap = std::fabs(bin.mean_p - bin.mean_y);
    result.ece += bin.count / n * gap;
    result.mce = std::max(result.mce, gap);
    result.reliability += bin.count / n * gap * gap;
    result.resolution += bin.count / n * (bin.mean_y - base) * (bin.mean_y - base);
  }
  for (std::size_t i = 0; i < p.size(); ++i) {
    const ReliabilityBin& bin = bins[bin_of(i)];
    result.within_variance += (p[i] - bin.mean_p) * (p[i] - bin.mean_p) / n;
    result.within_covariance += 2.0 * (p[i] - bin.mean_p) * (y[i] - bin.mean_y) / n;
  }
  return result;
}

}  // namespace

Scores scores(std::span<const double> p, std::span<const std::uint8_t> y) noexcept {
  ARBEES_ASSERT(p.size() == y.size());
  Scores result;
  if (p.empty()) return result;
  const auto n = static_cast<double>(p.size());
  double squares = 0.0;
  double base = 0.0;
  double z_top = 0.0;
  double z_bottom = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double miss = p[i] - y[i];
    result.brier += miss * miss / n;
    const double clipped = std::clamp(p[i], 1e-6, 1.0 - 1e-6);
    const double loss = y[i] != 0 ? -std::log(clipped) : -std::log1p(-clipped);
    result.log_loss += loss / n;
    squares += loss * loss / n;
    base += y[i] / n;
    const double tilt = 1.0 - 2.0 * p[i];
    z_top -= miss * tilt;
    z_bottom += tilt * tilt * p[i] * (1.0 - p[i]);
  }
  if (n > 1.0) {
    const double variance = (squares - result.log_loss * result.log_loss) * n / (n - 1.0);
    result.log_loss_error = std::sqrt(std::max(variance, 0.0) / n);
  }
  const double uncertainty = base * (1.0 - base);
  if (uncertainty > 0.0) result.skill = 1.0 - result.brier / uncertainty;
  if (z_bottom > 0.0) result.spiegelhalter = z_top / std::sqrt(z_bottom);
  return result;
}

Calibration calibration_equal_width(std::span<const double> p, std::span<const std::uint8_t> y,
                                    std::span<ReliabilityBin> bins) noexcept {
  return decompose(p, y, bins, [&](std::size_t i) {
    const auto bin = static_cast<std::size_t>(std::max(p[i], 0.0) * static_cast<double>(bins.size()));
    return std::min(bin, bins.size() - 1);
  });
}

Calibration calibration_equal_count(std::span<const double> p, std::span<const std::uint8_t> y,
                                    std::span<const std::uint32_t> order, std::span<ReliabilityBin> bins) noexcept {
  ARBEES_ASSERT(order.size() == p.size());
  Calibration result;
  if (p.empty()) return result;
  const auto n = static_cast<double>(p.size());
  std::fill(bins.begin(), bins.end(), ReliabilityBin{});
  double base = 0.0;
  for (const std::uint8_t outcome : y) base += outcome / n;
  result.uncertainty = base * (1.0 - base);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    const std::size_t first = b * order.size() / bins.size();
    const std::size_t last = (b + 1) * order.size() / bins.size();
    ReliabilityBin& bin = bins[b];
    for (std::size_t k = first; k < last; ++k) {
      bin.count += 1.0;
      bin.mean_p += p[order[k]];
      bin.mean_y += y[order[k]];
    }
    if (bin.count == 0.0) continue;
    bin.mean_p /= bin.count;
    bin.mean_y /= bin.count;
    const double gap = std::fabs(bin.mean_p - bin.mean_y);
    result.ece += bin.count / n * gap;
    result.mce = std::max(result.mce, gap);
    result.reliability += bin.count / n * gap * gap;
    result.resolution += bin.count / n * (bin.mean_y - base) * (bin.mean_y - base);
    for (std::size_t k = first; k < last; ++k) {
      const double off = p[order[k]] - bin.mean_p;
      result.within_variance += off * off / n;
      result.within_covariance += 2.0 * off * (y[order[k]] - bin.mean_y) / n;
    }
  }
  return result;
}

Interval wilson_interval(double hits, double count) noexcept {
  if (count <= 0.0) return {0.0, 1.0};
  const double z2 = kWilsonZ * kWilsonZ;
  const double rate = hits / count;
  const double middle = (rate + z2 / (2.0 * count)) / (1.0 + z2 / count);
  const double half =
      kWilsonZ / (1.0 + z2 / count) * std::sqrt(rate * (1.0 - rate) / count + z2 / (4.0 * count * count));
  return {std::max(middle - half, 0.0), std::min(middle + half, 1.0)};
}

Interval cluster_bootstrap(std::span<const double> sums, std::span<const double> counts, std::span<double> means,
                           std::uint64_t seed) noexcept {
  ARBEES_ASSERT(sums.size() == counts.size());
  if (sums.empty() || means.empty()) return {};
  Random random(seed);
  for (double& mean : means) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const auto drawn = static_cast<std::size_t>(random.below(sums.size()));
      sum += sums[drawn];
      count += counts[drawn];
    }
    mean = count > 0.0 ? sum / count : 0.0;
  }
  std::sort(means.begin(), means.end());
  const auto at = [&](double share) {
    return means[static_cast<std::size_t>(share * static_cast<double>(means.size() - 1))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace arbees
