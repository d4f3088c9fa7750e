#pragma once
// How Kalshi refuses a request: status and body.
//
// Three shapes are in use there (recorded bodies of its demo environment, June to October 2026): nested
// {"error":{"code","message","details"?}} for authentication and the exchange, flat {"code","message","details"}
// for bodies that cannot be read, {"msg"} for wrong query parameters. 429 is a plain string.

#include <string>
#include <string_view>

#include "adapters/net/http_server.h"
#include "sim/market.h"

namespace arbees::sim {

struct KalshiError {
  int status = 400;
  std::string code;
  std::string message;  // empty: the code with spaces for underscores
  std::string details;  // left out if empty
};

// The value of "error" in nested bodies and in the items of batches.
[[nodiscard]] std::string kalshi_error_object(const KalshiError& error);
[[nodiscard]] net::ServerResponse kalshi_refusal(const KalshiError& error);

// A body that cannot be read (its refusal is flat), and one whose values make no sense.
[[nodiscard]] KalshiError kalshi_bad_body(std::string_view details);
[[nodiscard]] KalshiError kalshi_invalid(std::string_view details);
// A query parameter outside its allowed values.
[[nodiscard]] net::ServerResponse kalshi_bad_parameter(std::string_view message);
[[nodiscard]] net::ServerResponse kalshi_too_many_requests();
[[nodiscard]] net::ServerResponse kalshi_json(std::string body, int status = 200);

// What the exchange says when the world refuses.
[[nodiscard]] KalshiError kalshi_error_of(Refusal refusal);

}  // namespace arbees::sim
