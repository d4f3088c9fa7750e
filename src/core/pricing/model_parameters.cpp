#include "core/pricing/model_parameters.h"

#include "core/pricing/seasonality.h"

namespace arbees {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDollar = 1'000'000;

template <bool ModelParameters::* Field>
constexpr ModelParameterRow flag_row(std::string_view name, std::string_view help) {
  return {name,
          "flag",
          0,
          1,
          [](const ModelParameters& parameters) noexcept -> std::int64_t { return parameters.*Field ? 1 : 0; },
          [](ModelParameters& parameters, std::int64_t units) noexcept { parameters.*Field = units != 0; },
          0,
          help};
}

template <std::int64_t ModelParameters::* Field>
constexpr ModelParameterRow whole_row(ModelParameterRow row) {
  row.get = [](const ModelParameters& parameters) noexcept { return parameters.*Field; };
  row.set = [](ModelParameters& parameters, std::int64_t units) noexcept { parameters.*Field = units; };
  return row;
}

struct Allowed {
  std::int64_t least = 0;
  std::int64_t most = 0;
  int decimals = 0;
};

constexpr ModelParameterRow described(std::string_view name, std::string_view unit, Allowed allowed,
                                      std::string_view help) {
  return {name, unit, allowed.least, allowed.most, nullptr, nullptr, allowed.decimals, help};
}

constexpr std::array<ModelParameterRow, kModelParameterCount> make_table() {
  ModelParameterRow slippage = described("CRYPTO_MODEL_SLIPPAGE", "dollars", {0, 2'000, Price::kDecimals},
                                         "Kept per contract beyond price and fee for what the model does not see");
  slippage.get = [](const ModelParameters& parameters) noexcept { return parameters.slippage.units(); };
  slippage.set = [](ModelParameters& parameters, std::int64_t units) noexcept {
    parameters.slippage = Price::from_units(units);
  };
  ModelParameterRow exposure =
      described("CRYPTO_MODEL_MAX_CLOSE_EXPOSURE", "dollars", {kDollar, 1'000'000 * kDollar, Money::kDecimals},
                "Most that model trades on one asset and close may cost");
  exposure.get = [](const ModelParameters& parameters) noexcept { return parameters.max_close_exposure.units(); };
  exposure.set = [](ModelParameters& parameters, std::int64_t units) noexcept {
    parameters.max_close_exposure = Money::from_units(units);
  };
  ModelParameterRow age = described("CRYPTO_MODEL_QUOTE_AGE_SECS", "seconds", {kSecond, 600 * kSecond, 9},
                                    "Oldest quote that counts as late rather than abandoned");
  age.get = [](const ModelParameters& parameters) noexcept -> std::int64_t {
    return parameters.longest_quote_age.count();
  };
  age.set = [](ModelParameters& parameters, std::int64_t units) noexcept {
    parameters.longest_quote_age = Duration(units);
  };
  // Rows are numbered in journals: appended to only.
  return {flag_row<&ModelParameters::trades>("CRYPTO_MODEL_TRADING", "Whether quotes left behind by spot are taken"),
          whole_row<&ModelParameters::volatility_window_days>(
              described("CRYPTO_MODEL_VOLATILITY_WINDOW_DAYS", "days", {1, Seasonality::kMaximumDays, 0},
                        "History that volatility rests on, loaded at start")),
          flag_row<&ModelParameters::time_decay>("CRYPTO_MODEL_TIME_DECAY",
                                                 "Whether recent data count more than old data of the window"),
          whole_row<&ModelParameters::min_confidence_millionths>(
              described("CRYPTO_MODEL_MIN_CONFIDENCE", "probability", {0, 1'000'000, 6},
                        "Least probability that a contract is worth more than it costs")),
          whole_row<&ModelParameters::required_sources>(described(
              "CRYPTO_MODEL_MIN_SOURCES", "count", {1, 8, 0}, "Spot venues that must agree before there is a price")),
          slippage,
          whole_row<&ModelParameters::kelly_millionths>(
              described("CRYPTO_MODEL_KELLY_FRACTION", "share", {0, 1'000'000, 6}, "Share of the Kelly stake taken")),
          exposure,
          age,
          flag_row<&ModelParameters::volatility_scaling>(
              "CRYPTO_VOLATILITY_SCALING",
              "Whether model trades are 30 % smaller while volatility is over 1.5 times its usual level")};
}

constexpr std::array<ModelParameterRow, kModelParameterCount> kTable = make_table();

}  // namespace

const std::array<ModelParameterRow, kModelParameterCount>& model_parameter_table() noexcept { return kTable; }

bool set_model_parameter(ModelParameters& parameters, std::uint32_t row, std::int64_t value) noexcept {
  if (row >= kModelParameterCount) return false;
  const ModelParameterRow& known = kTable[row];
  if (value < known.least || value > known.most) return false;
  known.set(parameters, value);
  return true;
}

}  // namespace arbees
