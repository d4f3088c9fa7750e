#include "app/calibration/evaluate.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "core/pricing/volatility.h"

namespace arbees::app {
namespace {

double seconds(Duration span) { return static_cast<double>(span.count()) * 1e-9; }

// The state of one asset as of the time asked for.
class AssetState {
 public:
  explicit AssetState(PastFeed<SpotRecord>& feed) : feed_(feed) {}

  void advance(Timestamp now) {
    feed_.advance(now, [this](Timestamp at, const SpotRecord& record) { add(at, record); });
  }

  [[nodiscard]] double spot() const { return spot_; }
  [[nodiscard]] Timestamp spot_at() const { return spot_at_; }
  [[nodiscard]] const Volatility& volatility() const { return *volatility_; }
  [[nodiscard]] const PrintRing& prints() const { return prints_; }

 private:
  void add(Timestamp at, const SpotRecord& record) {
    if (record.is_other_venue) {
      volatility_->add_candle(at, record.span_s, record.candle);
      return;
    }
    const double before = spot_;
    const Timestamp before_at = spot_at_;
    spot_ = record.candle.close;
    spot_at_ = at;
    if (record.span_s > 0.0) {
      volatility_->add_candle(at, record.span_s, record.candle);
      return;
    }
    add_print(at);
    const double gap_s = before_at == kNoTime ? 0.0 : seconds(at - before_at);
    constexpr double kTickGapS = 15.0;
    constexpr double kLongestGapS = 4 * 3600.0;
    if (gap_s <= kTickGapS) {
      volatility_->add_price(at, spot_);
    } else if (gap_s < kLongestGapS) {
      // Sparse snapshots: one return over the whole gap.
      volatility_->add_candle(at, gap_s, {before, std::max(before, spot_), std::min(before, spot_), spot_});
    }
  }

  // Ticks stand in for the source's one-second prints: the second's print is the price when it begins.
  void add_print(Timestamp at) {
    const std::int64_t second = unix_ns(at) / 1'000'000'000 + 1;
    prints_.add(second, SpotPrice::from_units(static_cast<std::int64_t>(std::llround(spot_ * 1e8))));
  }

  PastFeed<SpotRecord>& feed_;
  std::unique_ptr<Volatility> volatility_ = std::make_unique<Volatility>(VolatilitySettings{});
  PrintRing prints_;
  double spot_ = kNoNumber;
  Timestamp spot_at_ = kNoTime;
};

// Nothing if there is no model price at this instant.
bool price(const Sample& sample, const Instant& instant, const AssetState& state, Row& row) {
  const bool has_own_spot = std::isfinite(instant.spot);
  const double spot = has_own_spot ? instant.spot : state.spot();
  const double age_s = has_own_spot ? 0.0 : seconds(instant.at - state.spot_at());
  if (!std::isfinite(spot) || age_s > sample.largest_spot_age_s || instant.at >= instant.close) return false;
  const auto forecast = state.volatility().forecast(instant.at, instant.close);
  if (!forecast) return false;
  row.newest_input = has_own_spot ? instant.at : state.spot_at();
  row.inputs.spot = spot;
  row.inputs.volatility = forecast->annual;
  // A spot that is some seconds old is uncertain by what it may have moved since.
  const double drift_sd = spot * forecast->annual * std::sqrt(age_s / kSecondsPerYear);
  const double basis_sd = spot * sample.spot_error;
  row.inputs.spot_sd = std::sqrt(drift_sd * drift_sd + basis_sd * basis_sd);
  row.inputs.rounding_unit = sample.rounding_unit;
  row.inputs.window =
      average_before(seconds(instant.close - instant.at), sample.rule.prints, 1.0, sample.rule.last_before_close_s);
  if (row.inputs.window.first_due_s < 0.0) {
    const auto close_second = unix_ns(instant.close) / 1'000'000'000;
    if (sample.rule.prints > 1) row.inputs.window = state.prints().window(sample.rule, close_second, instant.at);
    row.inputs.window.first_due_s = std::max(row.inputs.window.first_due_s, 0.0);
  }
  if (!are_valid(row.inputs)) return false;
  const SettledValueLaw law(row.inputs);
  row.score = law.standard_score(instant.lower > 0.0 ? instant.lower : instant.upper);
  if (instant.is_range) {
    const double other = law.standard_score(instant.upper);
    if (std::fabs(other) < std::fabs(row.score)) row.score = other;
  }
  return true;
}

double probability(const Row& row, const FitParameters& parameters) {
  PricingInputs inputs = row.inputs;
  inputs.volatility *= parameters.volatility_scale;
  inputs.law = parameters.degrees_of_freedom > 0.0 ? MoveLaw{ReturnModel::StudentT, parameters.degrees_of_freedom}
                                                   : MoveLaw{ReturnModel::Arithmetic};
  constexpr double kDay = 86400.0;
  if (inputs.window.first_due_s > kDay) inputs.law = {ReturnModel::Lognormal};
  const double value = row.is_range ? range_value(inputs, row.lower, row.upper, true).probability
                                    : threshold_value(inputs, row.comparator, row.lower).probability;
  return std::clamp(value, 1e-6, 1.0 - 1e-6);
}

double log_loss(const std::vector<Row>& rows) {
  double sum = 0.0;
  for (const Row& row : rows) sum -= std::log(row.outcome != 0 ? row.model : 1.0 - row.model);
  return rows.empty() ? 0.0 : sum / static_cast<double>(rows.size());
}

}  // namespace

Evaluation evaluate(Sample& sample) {
  Evaluation result;
  bool any_market = false;
  for (auto& [name, asset] : sample.assets) {
    std::sort(asset.instants.begin(), asset.instants.end(), [](const Instant& a, const Instant& b) {
      return std::tie(a.at, a.close, a.lower, a.upper) < std::tie(b.at, b.close, b.lower, b.upper);
    });
    AssetState state(asset.spots);
    for (const Instant& instant : asset.instants) {
      state.advance(instant.at);
      Row row;
      if (!price(sample, instant, state, row)) {
        ++result.without_model;
        continue;
      }
      row.asset = name;
      row.at = instant.at;
      row.close = instant.close;
      row.is_range = instant.is_range;
      row.comparator = instant.comparator;
      row.lower = instant.lower;
      row.upper = instant.upper;
      row.market = instant.market;
      row.outcome = instant.outcome ? 1 : 0;
      any_market = any_market || std::isfinite(row.market);
      result.rows.push_back(std::move(row));
    }
  }
  if (any_market) {
    result.without_market = static_cast<std::int64_t>(
        std::erase_if(result.rows, [](const Row& row) { return !std::isfinite(row.market); }));
  }
  std::sort(result.rows.begin(), result.rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.at, a.close, a.asset, a.lower, a.upper) < std::tie(b.at, b.close, b.asset, b.lower, b.upper);
  });
  reprice(result.rows, {});
  return result;
}

void reprice(std::vector<Row>& rows, const FitParameters& parameters) {
  for (Row& row : rows) row.model = probability(row, parameters);
}

FitParameters fitted(std::vector<Row> rows) {
  FitParameters best;
  double least = -1.0;
  for (const double degrees : {0.0, 8.0, 4.4, 3.0}) {
    for (const double scale : {0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35}) {
      const FitParameters candidate{scale, degrees};
      reprice(rows, candidate);
      const double loss = log_loss(rows);
      if (least >= 0.0 && loss >= least) continue;
      least = loss;
      best = candidate;
    }
  }
  return best;
}

std::int64_t count_leaks(const std::vector<Row>& rows) {
  return std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.newest_input > row.at; });
}

}  // namespace arbees::app
