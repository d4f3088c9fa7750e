#include "app/checking/json_fields.h"

#include <utility>

namespace arbees::app {
namespace {

const rapidjson::Value kNothing;

bool is_above_one(Decimal value) noexcept {
  std::uint64_t one = 1;
  for (int i = 0; i < value.decimals; ++i) one *= 10;
  return value.digits > one;
}

Decimal read_factor(JsonFields& fields, const char* name, const ExactDecimal& value) {
  const auto factor = value.factor();
  if (!factor) fields.fail("out_of_range", name, "must not be negative and have at most 18 digits");
  return factor.value_or(Decimal{});
}

}  // namespace

JsonFields::JsonFields(const rapidjson::Value& object, std::string where, Mistake& mistake)
    : object_(object), where_(std::move(where)), mistake_(mistake) {}

bool JsonFields::has(const char* name) const {
  const auto member = object_.FindMember(name);
  return member != object_.MemberEnd() && !member->value.IsNull();
}

const rapidjson::Value& JsonFields::at(const char* name) {
  if (has(name)) return object_[name];
  fail("missing_field", name, "is missing");
  return kNothing;
}

std::string_view JsonFields::text(const char* name) {
  const rapidjson::Value& value = at(name);
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  fail("invalid_field", name, "must be text");
  return {};
}

std::string_view JsonFields::word(const char* name, std::initializer_list<std::string_view> allowed) {
  const std::string_view given = text(name);
  std::string words;
  for (const std::string_view candidate : allowed) {
    if (given == candidate) return candidate;
    words += ' ';
    words += candidate;
  }
  fail("invalid_field", name, "must be one of" + words);
  return *allowed.begin();
}

ExactDecimal JsonFields::decimal(const char* name) { return read_decimal(at(name), name); }

ExactDecimal JsonFields::decimal_or(const char* name, std::string_view otherwise) {
  return has(name) ? decimal(name) : parse_exact_decimal(otherwise).value_or(ExactDecimal{});
}

ExactDecimal JsonFields::read_decimal(const rapidjson::Value& value, std::string_view name) {
  std::optional<ExactDecimal> parsed;
  if (value.IsString()) parsed = parse_exact_decimal({value.GetString(), value.GetStringLength()});
  if (!parsed) fail("invalid_field", name, "must be a decimal number of at most 36 digits");
  return parsed.value_or(ExactDecimal{});
}

void JsonFields::fail(std::string_view code, std::string_view name, std::string_view what) {
  if (mistake_) return;
  mistake_.code = code;
  mistake_.message = where_;
  mistake_.message += name;
  mistake_.message += ' ';
  mistake_.message += what;
}

FeeTerms read_fee_terms(JsonFields& fields, std::string_view model) {
  FeeTerms terms;
  terms.model = model == "kalshi" ? FeeModel::KalshiQuadratic : FeeModel::PolymarketCurve;
  if (model == "none") {
    terms.model = FeeModel::None;
    return terms;
  }
  terms.rate = read_factor(fields, "rate", fields.decimal("rate"));
  if (is_above_one(terms.rate)) fields.fail("out_of_range", "rate", "must be from 0 to 1");
  const ExactDecimal multiplier = fields.decimal_or("multiplier", "1");
  terms.multiplier = read_factor(fields, "multiplier", multiplier);
  const ExactDecimal exponent = fields.decimal_or("exponent", "1");
  if (exponent.decimals != 0 || exponent.digits < 0 || exponent.digits > kMaxFeeExponent) {
    fields.fail("out_of_range", "exponent", "must be a whole number from 0 to 4");
    return terms;
  }
  terms.exponent = static_cast<std::uint8_t>(exponent.digits);
  const bool is_one = multiplier.digits == 1 && multiplier.decimals == 0;
  if (terms.model == FeeModel::PolymarketCurve && !is_one) {
    fields.fail("invalid_field", "multiplier", "must be 1: this venue has none");
  }
  if (terms.model == FeeModel::KalshiQuadratic && terms.exponent != 1) {
    fields.fail("invalid_field", "exponent", "must be 1 on this venue");
  }
  return terms;
}

}  // namespace arbees::app
