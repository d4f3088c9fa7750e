#pragma once
// Sizes, names and words: what keeps a file readable and honest.

#include <string>
#include <vector>

#include "tests/tidy/source.h"

namespace arbees::tidy {

inline constexpr std::size_t kMaxFileLines = 600;
inline constexpr std::size_t kMaxFunctionLines = 60;
inline constexpr std::size_t kMaxParameters = 5;

// A function with a body. Lines count from that of its opening brace to that of its closing one.
//
// Found by counting braces: a body is a brace that stands, outside of other bodies, in no scope but namespaces and
// types, is neither of these itself and follows a parameter list. Lambdas and blocks belong to their function.
struct FunctionBody {
  std::string head;  // what stands before the brace, from the end of what came before
  std::size_t line = 0;
  std::size_t line_count = 0;
  std::size_t parameter_count = 0;
};
[[nodiscard]] std::vector<FunctionBody> function_bodies(std::string_view text);

[[nodiscard]] Findings check_lengths(const SourceFile& file);
// snake_case paths in src, and headers that open with #pragma once and what they are for.
[[nodiscard]] Findings check_names(const SourceFile& file);
// Words that promise later work.
[[nodiscard]] Findings check_words(const SourceFile& file);
// A test that asserts nothing (itself or by a function check_x of tests/support), sleeps, or is switched off.
[[nodiscard]] Findings check_tests(const SourceFile& file);

}  // namespace arbees::tidy
