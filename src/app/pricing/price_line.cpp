#include "app/pricing/price_line.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "adapters/telemetry/json.h"
#include "core/pricing/barrier.h"
#include "core/pricing/digital.h"

namespace arbees::app {
namespace {

// Every call but the first after a mistake does nothing, so that the reading code stays a straight line.
class FieldReader {
 public:
  struct Range {
    double low = 0.0;
    double high = 0.0;
    bool excludes_low = false;
  };

  FieldReader(const rapidjson::Value& object, std::string prefix, std::string& mistake)
      : object_(object), prefix_(std::move(prefix)), mistake_(mistake) {}

  [[nodiscard]] bool has(const char* name) const {
    const auto member = object_.FindMember(name);
    return member != object_.MemberEnd() && !member->value.IsNull();
  }
  [[nodiscard]] const rapidjson::Value& at(const char* name) const { return object_[name]; }

  [[nodiscard]] double number(const char* name, Range range) {
    if (!mistake_.empty()) return 0.0;
    if (!has(name)) return fail(fmt::format("{}{} is missing", prefix_, name));
    const std::optional<double> value = number_of(at(name));
    if (!value) return fail(fmt::format("{}{} must be a number", prefix_, name));
    const bool is_low = range.excludes_low ? !(*value > range.low) : !(*value >= range.low);
    if (is_low || !(*value <= range.high)) {
      return fail(fmt::format("{}{} is {}; allowed: {}{} to {}", prefix_, name, *value,
                              range.excludes_low ? "above " : "", range.low, range.high));
    }
    return *value;
  }
  [[nodiscard]] double number_or(const char* name, Range range, double otherwise) {
    return has(name) ? number(name, range) : otherwise;
  }
  [[nodiscard]] int count(const char* name, Range range, int otherwise) {
    const double value = number_or(name, range, otherwise);
    if (value != std::floor(value)) fail(fmt::format("{}{} must be a whole number", prefix_, name));
    return static_cast<int>(value);
  }
  [[nodiscard]] std::string_view text_or(const char* name, std::string_view otherwise) {
    if (!has(name)) return otherwise;
    if (!at(name).IsString()) {
      fail(fmt::format("{}{} must be a string", prefix_, name));
      return otherwise;
    }
    return {at(name).GetString(), at(name).GetStringLength()};
  }

  double fail(std::string mistake) {
    if (mistake_.empty()) mistake_ = std::move(mistake);
    return 0.0;
  }

 private:
  // Decimal strings are numbers too: that is how the other commands print prices.
  [[nodiscard]] static std::optional<double> number_of(const rapidjson::Value& value) {
    if (value.IsNumber()) return value.GetDouble();
    if (!value.IsString() || value.GetStringLength() == 0) return std::nullopt;
    double number = 0.0;
    const char* end = value.GetString() + value.GetStringLength();
    const auto [stopped, error] = std::from_chars(value.GetString(), end, number);
    if (error != std::errc{} || stopped != end || !std::isfinite(number)) return std::nullopt;
    return number;
  }

  const rapidjson::Value& object_;
  std::string prefix_;
  std::string& mistake_;
};

constexpr FieldReader::Range kPriceRange{0.0, 1e12, true};
constexpr FieldReader::Range kSecondsRange{0.0, 1e11, false};

Comparator read_comparator(FieldReader& fields) {
  const std::string_view word = fields.text_or("comparator", "ge");
  if (word == "ge") return Comparator::GreaterOrEqual;
  if (word == "gt") return Comparator::Greater;
  if (word == "le") return Comparator::LessOrEqual;
  if (word == "lt") return Comparator::Less;
  fields.fail(fmt::format("comparator is {}; allowed: ge gt le lt", word));
  return Comparator::Unknown;
}

MoveLaw read_law(FieldReader& fields) {
  const std::string_view word = fields.text_or("model", "lognormal");
  if (word == "lognormal") return {ReturnModel::Lognormal};
  if (word == "arithmetic") return {ReturnModel::Arithmetic};
  if (word == "student_t") {
    return {ReturnModel::StudentT,
            fields.number("degrees_of_freedom", {StudentT::kMinimumDegreesOfFreedom, 1e6, false})};
  }
  fields.fail(fmt::format("model is {}; allowed: lognormal arithmetic student_t", word));
  return {};
}

// The unit the settled value is rounded to: 0.01, or the shift of half a unit that this means (0.005), or a number
// of decimals from 2 on, as venues publish it. No value is rounded to multiples of 5 or of 2 to 8 dollars.
double read_rounding(FieldReader& fields) {
  if (!fields.has("rounding")) return 0.0;
  const double given = fields.number("rounding", {0.0, 8.0, false});
  if (given == 0.0) return 0.0;
  if (given >= 2.0 && given == std::floor(given)) return std::pow(10.0, -given);
  for (int decimals = 0; decimals <= 8; ++decimals) {
    const double unit = std::pow(10.0, -decimals);
    if (std::fabs(given - unit) < 1e-6 * unit || std::fabs(given - 0.5 * unit) < 1e-6 * unit) return unit;
  }
  return fields.fail(
      fmt::format("rounding is {}; allowed: 0, a power of ten from 1e-8 to 1, or 2 to 8 decimals", given));
}

SettlementWindow read_window(FieldReader& fields, std::string& mistake) {
  if (!fields.has("averaging")) return single_print(fields.number("seconds_to_close", kSecondsRange));
  const rapidjson::Value& value = fields.at("averaging");
  SettlementWindow window;
  if (!value.IsObject()) {
    fields.fail("averaging must be an object");
    return window;
  }
  FieldReader inner(value, "averaging.", mistake);
  window.prints = inner.count("prints", {1.0, 100'000.0, false}, 60);
  window.spacing_s = inner.number_or("spacing_s", {0.0, 86'400.0, false}, 1.0);
  window.known_count = inner.count("known_count", {0.0, static_cast<double>(window.prints), false}, 0);
  if (window.known_count > 0) {
    window.known_sum = inner.number("known_sum", {0.0, 1e18, false});
  } else if (inner.number_or("known_sum", {0.0, 1e18, false}, 0.0) != 0.0) {
    inner.fail("averaging.known_sum must be 0 while averaging.known_count is 0");
  }
  if (window.remaining() == 0) return window;
  if (inner.has("first_due_s")) {
    window.first_due_s = inner.number("first_due_s", kSecondsRange);
    return window;
  }
  // The last print comes one spacing before the close.
  const double seconds = fields.number("seconds_to_close", kSecondsRange);
  window.first_due_s = seconds - window.remaining() * window.spacing_s;
  if (mistake.empty() && window.first_due_s < 0.0) {
    inner.fail("averaging.first_due_s is missing, and seconds_to_close leaves no room for the prints to come");
  }
  return window;
}

BatchAnswer value_answer(const DigitalValue& value) {
  for (const double number : {value.probability, value.delta, value.vega, value.effective_variance_s}) {
    if (!std::isfinite(number)) return wrong_line("out_of_range", "the value is not finite for these inputs");
  }
  JsonWriter json;
  json.begin_object().field("probability", value.probability).field("delta", value.delta).field("vega", value.vega);
  json.field("effective_variance_s", value.effective_variance_s).end_object();
  return {json.take(), false};
}

// The path touches the strike before the close; sensitivities by central differences.
DigitalValue touch_value(const PricingInputs& inputs, double strike) {
  const double seconds = inputs.window.first_due_s;
  const auto price = [&](double spot, double volatility) {
    return touch_probability({.spot = spot, .level = strike, .volatility = volatility, .seconds = seconds});
  };
  const double step = inputs.spot * 1e-6;
  const double delta = (price(inputs.spot + step, inputs.volatility) - price(inputs.spot - step, inputs.volatility));
  const double bump = inputs.volatility * 1e-5;
  const double vega = (price(inputs.spot, inputs.volatility + bump) - price(inputs.spot, inputs.volatility - bump));
  return {price(inputs.spot, inputs.volatility), delta / (2.0 * step), vega / (2.0 * bump), seconds};
}

BatchAnswer priced(FieldReader& fields, std::string& mistake) {
  PricingInputs inputs;
  const std::string_view kind = fields.text_or("kind", "");
  inputs.spot = fields.number("spot", kPriceRange);
  inputs.volatility = fields.number("volatility", {0.0, 1e3, true});
  inputs.spot_sd = fields.number_or("spot_sd", {0.0, 1e12, false}, 0.0);
  inputs.law = read_law(fields);
  inputs.rounding_unit = read_rounding(fields);
  inputs.window = read_window(fields, mistake);
  const Comparator comparator = read_comparator(fields);

  DigitalValue (*make)(const PricingInputs&, Comparator, double, double) = nullptr;
  double first = 0.0;
  double second = 0.0;
  if (kind == "threshold" || kind == "up_down" || kind == "hit") {
    first = fields.number(kind == "up_down" ? "start" : "strike", kPriceRange);
    make = [](const PricingInputs& in, Comparator how, double strike, double) {
      return threshold_value(in, how, strike);
    };
    if (kind == "hit")
      make = [](const PricingInputs& in, Comparator, double level, double) { return touch_value(in, level); };
  } else if (kind == "range") {
    first = fields.number("lower", {0.0, 1e12, false});
    second = fields.number("upper", kPriceRange);
    if (mistake.empty() && second < first) fields.fail("upper must not be below lower");
    make = [](const PricingInputs& in, Comparator, double low, double high) {
      return range_value(in, low, high, true);
    };
  } else {
    fields.fail(kind.empty() ? "kind is missing"
                             : fmt::format("kind is {}; allowed: threshold range up_down hit", kind));
  }
  if (mistake.empty() && !are_valid(inputs)) mistake = "the inputs are outside what can be priced";
  if (!mistake.empty()) return wrong_line("invalid_field", mistake);
  return value_answer(make(inputs, comparator, first, second));
}

}  // namespace

BatchAnswer price_line(std::string_view line) {
  rapidjson::Document document;
  // Iterative parsing: a line of a million brackets must not exhaust the stack.
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag |
                 rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  if (document.HasParseError()) {
    return wrong_line("malformed_json", fmt::format("not JSON at byte {}", document.GetErrorOffset()));
  }
  if (!document.IsObject()) return wrong_line("malformed_json", "the line must be a JSON object");
  std::string mistake;
  FieldReader fields(document, "", mistake);
  return priced(fields, mistake);
}

}  // namespace arbees::app
