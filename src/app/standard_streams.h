#pragma once
// Standard input, output and error as this process needs them.

namespace arbees::app {

// What was closed becomes /dev/null: the next file that is opened must not take its number, and with it what is
// written there.
void open_standard_streams() noexcept;

// Writes out what stdout still holds. False, and said on stderr, if anything written there was lost; a reader who has
// gone away wanted no more and is not told.
[[nodiscard]] bool finish_stdout() noexcept;

}  // namespace arbees::app
