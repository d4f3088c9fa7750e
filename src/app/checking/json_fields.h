#pragma once
// Reading one JSON object of a checking command: the first mistake is remembered, later reads are harmless.
//
// For .cpp files only: it shows RapidJSON. Documents must be parsed with kNumbersAsText, so that numbers keep
// every digit whether written as JSON numbers or as strings. A null member counts as absent.

#include <rapidjson/document.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "app/checking/exact_decimal.h"
#include "core/market/contract.h"

namespace arbees::app {

inline constexpr unsigned kNumbersAsText = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag;

struct Mistake {
  std::string code;  // empty: none
  std::string message;

  [[nodiscard]] explicit operator bool() const noexcept { return !code.empty(); }
};

class JsonFields {
 public:
  // `where` is put before names in messages ("contracts[3].").
  JsonFields(const rapidjson::Value& object, std::string where, Mistake& mistake);

  [[nodiscard]] bool has(const char* name) const;
  // An empty value and a mistake if it is absent.
  [[nodiscard]] const rapidjson::Value& at(const char* name);
  [[nodiscard]] std::string_view text(const char* name);
  // One of the words; the first one and a mistake if it is another.
  [[nodiscard]] std::string_view word(const char* name, std::initializer_list<std::string_view> allowed);
  [[nodiscard]] ExactDecimal decimal(const char* name);
  [[nodiscard]] ExactDecimal decimal_or(const char* name, std::string_view otherwise);
  [[nodiscard]] ExactDecimal read_decimal(const rapidjson::Value& value, std::string_view name);

  void fail(std::string_view code, std::string_view name, std::string_view what);

 private:
  const rapidjson::Value& object_;
  std::string where_;
  Mistake& mistake_;
};

// Rate, multiplier and exponent of a fee model ("none", "kalshi", "polymarket"); the rate must be a fraction.
[[nodiscard]] FeeTerms read_fee_terms(JsonFields& fields, std::string_view model);

}  // namespace arbees::app
