#pragma once
// Batch commands: JSON lines in, one JSON line out for each, in order; a wrong line gets an error in its place.

#include <functional>
#include <string>
#include <string_view>

namespace arbees::app {

struct BatchAnswer {
  std::string json;  // one line
  bool is_error = false;
};

// The answer for a line that is wrong.
[[nodiscard]] BatchAnswer wrong_line(std::string_view code, std::string_view message);

// Answers every line of the file ("-": standard input) on standard output; blank lines are skipped. Each answer is
// flushed, so that a program at the other end of a pipe can converse. A file that cannot be opened has the document of
// a refusal with `is_json` (refusal.h). Returns the exit code (cli.h).
[[nodiscard]] int run_batch(const std::string& path, bool is_json,
                            const std::function<BatchAnswer(std::string_view line)>& answer);

}  // namespace arbees::app
