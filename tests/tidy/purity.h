#pragma once
// The core is pure: its sources name nothing that does I/O, asks a clock, draws luck or throws, and its
// library needs no symbol beyond a short list. The second is the proof, the first says where.

#include <string>
#include <string_view>

#include "tests/tidy/source.h"

namespace arbees::tidy {

// Words that may not stand in src/core (tests excepted), and floating point outside core/pricing.
[[nodiscard]] Findings check_core_words(const SourceFile& file);
// Money in floating point, in adapters and app.
[[nodiscard]] Findings check_money_is_integer(const SourceFile& file);

// Symbols that the library needs and does not define itself, beyond the allowed ones. The text is that of `nm -P`.
[[nodiscard]] Findings forbidden_symbols(std::string_view nm_output);

}  // namespace arbees::tidy
