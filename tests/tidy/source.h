#pragma once
// The tree as the tidy tests see it: files with their text, code without comments, findings.
//
// A rule is a function from a file (or its text) to findings; so each rule is tested with a bad snippet
// and then applied to the whole tree (tree_test.cpp).

#include <string>
#include <string_view>
#include <vector>

namespace arbees::tidy {

struct SourceFile {
  std::string path;  // from the project's root: "src/core/base/time.h"
  std::string text;
};

// "path:line: what is wrong"; an empty list is a clean file.
using Findings = std::vector<std::string>;

void add_finding(Findings& findings, const SourceFile& file, std::size_t line, std::string_view what);
void append(Findings& findings, const Findings& more);
// One finding a line, for a test's message.
[[nodiscard]] std::string joined(const Findings& findings);

// Every file of the project but what is built, fetched or recorded by git; sorted by path.
[[nodiscard]] std::vector<std::string> project_paths();
// The files with one of these endings (".h", ".cpp"), read whole.
[[nodiscard]] std::vector<SourceFile> project_files(const std::vector<std::string_view>& endings);
[[nodiscard]] std::string read_file(const std::string& path_from_root);

// Tests and what only they use: x_test.cpp, test_x.h, and all of tests/.
[[nodiscard]] bool is_test_source(std::string_view path);

[[nodiscard]] bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes);

// The text with comments, string and character literals blanked out; same length, same lines.
[[nodiscard]] std::string code_only(std::string_view text);
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
// The number (from 1) of the line in which this position lies.
[[nodiscard]] std::size_t line_of(std::string_view text, std::size_t position);

// Whether `word` stands at this position as a whole identifier.
[[nodiscard]] bool is_whole_word(std::string_view text, std::size_t position, std::string_view word);
// The first whole occurrence at or after `from`; npos if there is none.
[[nodiscard]] std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

// Runs a shell command; its output (both streams) and exit code.
struct CommandResult {
  int exit_code = 0;
  std::string output;
};
[[nodiscard]] CommandResult run_command(const std::string& command);
// Whether a program can be started; a tidy test without its tool fails and says how to get it.
[[nodiscard]] bool is_installed(const std::string& program);

}  // namespace arbees::tidy
