#include "core/pricing/fair_value_batch.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr double kLeastTolerance = 1e-7;
constexpr double kCertainty = 1e-12;
constexpr double kNever = 4.0;
// A level that is certain either way lies this many deviations off; beyond what any law distinguishes.
constexpr double kCertainScore = 1e6;

std::size_t padded(std::size_t count) noexcept { return (count + kRowPadding - 1) / kRowPadding * kRowPadding; }

}  // namespace

FairValueBatch::Block::Block(std::size_t room, bool has_upper)
    : slope(padded(room), 0.0),
      lower(padded(room), 0.0),
      upper_slope(has_upper ? padded(room) : 0, 0.0),
      upper(has_upper ? padded(room) : 0, 0.0),
      yes_from(padded(room), EdgeLevels{}.buy_yes_from),
      no_to(padded(room), EdgeLevels{}.buy_no_to),
      middle(padded(room), 0.5),
      half_width(padded(room), kNever),
      probability(padded(room), 0.0),
      candidates(padded(room) / kKernelWidth, 0),
      capacity(room) {}

KernelRows FairValueBatch::Block::rows() noexcept {
  const bool has_upper = !upper.empty();
  return {.slope = slope.data(),
          .lower = lower.data(),
          .upper_slope = has_upper ? upper_slope.data() : nullptr,
          .upper = has_upper ? upper.data() : nullptr,
          .middle = middle.data(),
          .half_width = half_width.data(),
          .probability = probability.data(),
          .candidates = candidates.data(),
          .count = padded(used)};
}

FairValueBatch::FairValueBatch(MoveLaw law, double reference_spot, std::size_t thresholds, std::size_t ranges)
    : law_(law),
      reference_spot_(reference_spot),
      tolerance_(std::max(kLeastTolerance, 2.0 * law_.fast_error())),
      kernel_(best_kernel()),
      thresholds_(thresholds, false),
      ranges_(ranges, true) {
  ARBEES_ASSERT(reference_spot > 0.0);
}

void FairValueBatch::use_kernel(Kernel kernel) noexcept {
  ARBEES_ASSERT(is_supported(kernel));
  kernel_ = kernel;
}

double FairValueBatch::coordinate(double spot) const noexcept {
  if (law_.model() == ReturnModel::Lognormal) return std::log(spot / reference_spot_);
  return 1.0 - reference_spot_ / spot;
}

// z = slope·x + offset for reaching `level`.
double FairValueBatch::row_offset(const PricingInputs& inputs, double level, double& slope) const noexcept {
  const SettledValueLaw settled(inputs);
  slope = 0.0;
  if (settled.is_known() || inputs.window.remaining() == 0) {
    if (!settled.is_known()) return settled.standard_score(level);  // only missing prints are random
    const auto tails = settled.at(level, SettledValueLaw::Tie::Wins);
    return tails.above > 0.5 ? kCertainScore : -kCertainScore;
  }
  const double required = required_mean(inputs.window, level);
  if (law_.model() == ReturnModel::Lognormal) {
    if (required <= 0.0) return kCertainScore;
    slope = 1.0 / settled.log_sd();
    return std::log(reference_spot_ / required) * slope - 0.5 * settled.log_sd();
  }
  // (S − K)/(S·w) with w held: 1 − K/S = (1 − K/S₀) + (K/S₀)·x.
  const double relative_sd = settled.sd() / inputs.spot;
  slope = required / reference_spot_ / relative_sd;
  return (1.0 - required / reference_spot_) / relative_sd;
}

CompiledContract FairValueBatch::compile_threshold(const PricingInputs& inputs, Comparator comparator,
                                                   double strike) const noexcept {
  ARBEES_ASSERT(comparator != Comparator::Unknown);
  CompiledContract compiled;
  compiled.lower = row_offset(inputs, turning_level(comparator, strike, inputs.rounding_unit), compiled.slope);
  const bool is_upper = comparator == Comparator::GreaterOrEqual || comparator == Comparator::Greater;
  if (is_upper) return compiled;
  compiled.slope = -compiled.slope;
  compiled.lower = -compiled.lower;
  return compiled;
}

CompiledContract FairValueBatch::compile_range(const PricingInputs& inputs, double lower, double upper,
                                               bool includes_upper) const noexcept {
  CompiledContract compiled;
  compiled.is_range = true;
  const auto end = includes_upper ? Comparator::Greater : Comparator::GreaterOrEqual;
  compiled.lower =
      row_offset(inputs, turning_level(Comparator::GreaterOrEqual, lower, inputs.rounding_unit), compiled.slope);
  compiled.upper = row_offset(inputs, turning_level(end, upper, inputs.rounding_unit), compiled.upper_slope);
  return compiled;
}

FairValueBatch::Block& FairValueBatch::block_of(std::uint32_t contract) noexcept {
  return (contract & kRangeBit) != 0 ? ranges_ : thresholds_;
}
const FairValueBatch::Block& FairValueBatch::block_of(std::uint32_t contract) const noexcept {
  return (contract & kRangeBit) != 0 ? ranges_ : thresholds_;
}

std::uint32_t FairValueBatch::add(const CompiledContract& contract, EdgeLevels levels) noexcept {
  Block& block = contract.is_range ? ranges_ : thresholds_;
  ARBEES_ASSERT(block.used < block.capacity);
  const auto number = static_cast<std::uint32_t>(block.used++) | (contract.is_range ? kRangeBit : 0U);
  set(number, contract);
  set_levels(number, levels);
  return number;
}

void FairValueBatch::set(std::uint32_t contract, const CompiledContract& compiled) noexcept {
  Block& block = block_of(contract);
  const std::size_t row = row_of(contract);
  ARBEES_ASSERT(row < block.used && compiled.is_range == ((contract & kRangeBit) != 0));
  block.slope[row] = compiled.slope;
  block.lower[row] = compiled.lower;
  if (!compiled.is_range) return;
  block.upper_slope[row] = compiled.upper_slope;
  block.upper[row] = compiled.upper;
}

void FairValueBatch::set_levels(std::uint32_t contract, EdgeLevels levels) noexcept {
  Block& block = block_of(contract);
  ARBEES_ASSERT(row_of(contract) < block.used);
  const std::size_t row = row_of(contract);
  block.yes_from[row] = levels.buy_yes_from;
  block.no_to[row] = levels.buy_no_to;
  // One compare on the distance from the middle; infinite levels ("never") are cut to where no probability is.
  const double yes = std::clamp(levels.buy_yes_from, -kNever, kNever);
  const double no = std::clamp(levels.buy_no_to, -kNever, kNever);
  block.middle[row] = 0.5 * (yes + no);
  block.half_width[row] = 0.5 * (yes - no) - tolerance_;
}

CompiledContract FairValueBatch::compiled(std::uint32_t contract) const noexcept {
  const Block& block = block_of(contract);
  const std::size_t row = row_of(contract);
  CompiledContract compiled{block.slope[row], block.lower[row]};
  if ((contract & kRangeBit) == 0) return compiled;
  compiled.upper_slope = block.upper_slope[row];
  compiled.upper = block.upper[row];
  compiled.is_range = true;
  return compiled;
}

EdgeLevels FairValueBatch::levels(std::uint32_t contract) const noexcept {
  const Block& block = block_of(contract);
  return {block.yes_from[row_of(contract)], block.no_to[row_of(contract)]};
}

double FairValueBatch::probability(std::uint32_t contract) const noexcept {
  return block_of(contract).probability[row_of(contract)];
}

double FairValueBatch::exact(std::uint32_t contract, double x) const noexcept {
  return exact_probability(law_, compiled(contract), x);
}

Edge FairValueBatch::decide(std::uint32_t contract, double probability) const noexcept {
  return edge_at(levels(contract), probability);
}

std::size_t FairValueBatch::collect(Block& block, std::uint32_t flag, double x, std::span<EdgeSignal> out) noexcept {
  std::size_t count = 0;
  for (std::size_t group = 0; group < padded(block.used) / kKernelWidth; ++group) {
    for (unsigned bits = block.candidates[group]; bits != 0; bits &= bits - 1) {
      const std::size_t row = group * kKernelWidth + static_cast<std::size_t>(std::countr_zero(bits));
      if (row >= block.used) continue;
      const std::uint32_t contract = static_cast<std::uint32_t>(row) | flag;
      const double probability = exact(contract, x);
      block.probability[row] = probability;
      const Edge edge = decide(contract, probability);
      if (edge == Edge::None) continue;
      ARBEES_ASSERT(count < out.size());
      out[count++] = {contract, edge, probability};
    }
  }
  return count;
}

std::span<const EdgeSignal> FairValueBatch::tick(double spot, std::span<EdgeSignal> out) noexcept {
  const double x = coordinate(spot);
  if (thresholds_.used > 0) run_kernel(kernel_, law_, x, thresholds_.rows());
  if (ranges_.used > 0) run_kernel(kernel_, law_, x, ranges_.rows());
  std::size_t count = collect(thresholds_, 0U, x, out);
  count += collect(ranges_, kRangeBit, x, out.subspan(count));
  return out.first(count);
}

double exact_probability(const FastLaw& law, const CompiledContract& contract, double x) noexcept {
  const double z = contract.slope * x + contract.lower;
  if (!contract.is_range) return std::clamp(law.cdf(z), kCertainty, 1.0 - kCertainty);
  const double second = contract.upper_slope * x + contract.upper;
  // The difference on the side where both terms are small.
  const double difference = z < 0.0 ? law.cdf(z) - law.cdf(second) : law.cdf(-second) - law.cdf(-z);
  return std::max(difference, 0.0);
}

Edge edge_at(EdgeLevels levels, double probability) noexcept {
  if (probability >= levels.buy_yes_from) return Edge::BuyYes;
  return probability <= levels.buy_no_to ? Edge::BuyNo : Edge::None;
}

}  // namespace arbees
