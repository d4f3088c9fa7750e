#include "app/checking/fee_line.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/checking/json_fields.h"

namespace arbees::app {
namespace {

BatchAnswer fee_answer(const rapidjson::Value& object) {
  Mistake mistake;
  JsonFields fields(object, "", mistake);
  const std::string_view venue = fields.word("venue", {"kalshi", "polymarket"});
  // The rate is that of the stated role: the role itself changes nothing.
  if (fields.has("role")) (void)fields.word("role", {"taker", "maker"});
  const FeeTerms terms = read_fee_terms(fields, venue);
  const ExactDecimal price = fields.decimal("price");
  const ExactDecimal contracts = fields.decimal("contracts");
  const auto price_factor = price.factor();
  const auto contract_factor = contracts.factor();
  if (!price_factor) fields.fail("out_of_range", "price", "must be from 0 to 1, with at most 18 decimals");
  if (!contract_factor) fields.fail("out_of_range", "contracts", "must not be negative and have at most 18 digits");
  if (price_factor && !fee(FeeTerms{{}, {1, 0}, FeeModel::None, 1}, *price_factor, Decimal{})) {
    fields.fail("out_of_range", "price", "must be from 0 to 1");
  }
  if (mistake) return wrong_line(mistake.code, mistake.message);
  const auto exact = fee(terms, *price_factor, *contract_factor);
  if (!exact) return wrong_line("out_of_range", "the fee is beyond what money can count");
  JsonWriter json;
  json.begin_object().field("fee", to_short_text(*exact)).end_object();
  return {json.take(), false};
}

}  // namespace

BatchAnswer fee_line(std::string_view line) {
  rapidjson::Document document;
  document.Parse<kNumbersAsText>(line.data(), line.size());
  if (document.HasParseError() || !document.IsObject()) {
    return wrong_line("malformed_json", "the line must be a JSON object");
  }
  return fee_answer(document);
}

}  // namespace arbees::app
