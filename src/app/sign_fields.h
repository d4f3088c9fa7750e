#pragma once
// Reading the fields of one `sign` line: the first thing wrong is remembered, and everything after it is harmless.
//
// Numbers are read from their digits, so integers of any size are exact whether written as JSON numbers or as
// decimal strings; 1.0 and 1e3 are refused. A null field counts as absent. Names are given in the venue's camel
// case and also found in snake case ("tokenId", "token_id").

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/venue/polymarket/address.h"
#include "adapters/venue/polymarket/keccak.h"

namespace arbees::app {

struct FieldError {
  std::string code;
  std::string message;
};

// The parsed line; all memory it used is wiped at its end.
class SignDocument {
 public:
  explicit SignDocument(std::string_view line);
  ~SignDocument();
  SignDocument(const SignDocument&) = delete;
  SignDocument& operator=(const SignDocument&) = delete;

  // A JSON object was read. Otherwise error() says why not.
  [[nodiscard]] bool is_object() const noexcept;

  // From here on fields are those of the object in this field; an error if there is none.
  void enter(std::string_view name);
  // Back to the whole line.
  void leave() noexcept;

  [[nodiscard]] bool has(std::string_view name) const;
  // The field's characters; empty and an error if it is absent or neither text nor number.
  [[nodiscard]] std::string_view text(std::string_view name);
  [[nodiscard]] std::string_view text_or(std::string_view name, std::string_view absent);
  [[nodiscard]] bool flag_or(std::string_view name, bool absent);
  // Decimal digits only, at most int64's maximum.
  [[nodiscard]] std::int64_t integer(std::string_view name);
  [[nodiscard]] std::int64_t integer_or(std::string_view name, std::int64_t absent);
  [[nodiscard]] polymarket::Bytes32 number(std::string_view name);
  [[nodiscard]] polymarket::Bytes32 number_or_zero(std::string_view name);
  [[nodiscard]] polymarket::Bytes32 bytes32_or_zero(std::string_view name);
  [[nodiscard]] polymarket::Address address(std::string_view name);
  [[nodiscard]] polymarket::Address address_or(std::string_view name, const polymarket::Address& absent);

  void fail(std::string_view code, std::string_view field, std::string_view what);
  [[nodiscard]] const std::optional<FieldError>& error() const noexcept { return error_; }

 private:
  struct Json;
  std::unique_ptr<Json> json_;
  std::optional<FieldError> error_;
};

}  // namespace arbees::app
