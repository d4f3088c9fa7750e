#pragma once
// Assertions that stay on in every build: a broken invariant ends the process before it can trade.
//
// ARBEES_ASSERT(condition) states one fact. On failure the handler (set once by the application, so
// that it can flush the journal) runs and the process aborts. The core prints nothing itself.

namespace arbees {

using AssertionHandler = void (*)(const char* condition, const char* file, int line) noexcept;

// Replaces the handler that runs before the abort; not thread-safe, call it at start.
void set_assertion_handler(AssertionHandler handler) noexcept;

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace arbees

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the text and place of the condition need a macro.
#define ARBEES_ASSERT(condition)                                            \
  (__builtin_expect(static_cast<bool>(condition), 1) ? static_cast<void>(0) \
                                                     : ::arbees::assertion_failed(#condition, __FILE__, __LINE__))
