#pragma once
// One document of `arbees certify`: quotes of contracts in, the best riskless portfolio or the cheapest dollar out.

#include <string_view>

#include "app/batch.h"

namespace arbees::app {

// The answer to one document (docs/arbitrage.md has its form).
[[nodiscard]] BatchAnswer certify_document(std::string_view text);

// Whether the text is several JSON documents, one a line.
[[nodiscard]] bool is_json_lines(std::string_view text);

}  // namespace arbees::app
