#include "tests/tidy/source.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace arbees::tidy {
namespace {

namespace fs = std::filesystem;

bool is_identifier_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_foreign_folder(std::string_view path) {
  return path == "build" || path == ".git" || path.ends_with("node_modules") || path == ".cache";
}

// Blanks [from, to), keeping line breaks.
void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

// One past the end of the literal that opens at `open` with the quote found there.
std::size_t end_of_literal(std::string_view text, std::size_t open) {
  const char quote = text[open];
  std::size_t i = open + 1;
  while (i < text.size() && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2U : 1U;
  return std::min(i + 1, text.size());
}

// One past the end of R"tag( … )tag" whose quote is at `open`.
std::size_t end_of_raw_literal(std::string_view text, std::size_t open) {
  const std::size_t bracket = text.find('(', open);
  if (bracket == std::string_view::npos) return text.size();
  const std::string closing = ")" + std::string(text.substr(open + 1, bracket - open - 1)) + "\"";
  const std::size_t end = text.find(closing, bracket);
  return end == std::string_view::npos ? text.size() : end + closing.size();
}

// A quote between digits separates them: 1'000.
bool is_digit_separator(std::string_view text, std::size_t i) {
  return i > 0 && i + 1 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i - 1])) != 0 &&
         std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0;
}

}  // namespace

void add_finding(Findings& findings, const SourceFile& file, std::size_t line, std::string_view what) {
  findings.push_back(file.path + ":" + std::to_string(line) + ": " + std::string(what));
}

void append(Findings& findings, const Findings& more) { findings.insert(findings.end(), more.begin(), more.end()); }

std::string joined(const Findings& findings) {
  std::string text;
  for (const std::string& finding : findings) text += "\n  " + finding;
  return text;
}

std::vector<std::string> project_paths() {
  const fs::path root(ARBEES_SOURCE_DIR);
  std::vector<std::string> paths;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const std::string path = it->path().lexically_relative(root).generic_string();
    if (it->is_directory() && is_foreign_folder(path)) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file() && path != ".git") {
      paths.push_back(path);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<SourceFile> project_files(const std::vector<std::string_view>& endings) {
  std::vector<SourceFile> files;
  for (const std::string& path : project_paths()) {
    const auto matches = [&](std::string_view ending) { return path.ends_with(ending); };
    if (std::any_of(endings.begin(), endings.end(), matches)) files.push_back({path, read_file(path)});
  }
  return files;
}

std::string read_file(const std::string& path_from_root) {
  std::ifstream in(fs::path(ARBEES_SOURCE_DIR) / path_from_root, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_test_source(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return path.starts_with("tests/") || name.ends_with("_test.cpp") || name.starts_with("test_");
}

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

std::string code_only(std::string_view text) {
  std::string code(text);
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t end = i;
    if (text.substr(i, 2) == "//") {
      end = std::min(text.find('\n', i), text.size());
    } else if (text.substr(i, 2) == "/*") {
      const std::size_t closing = text.find("*/", i + 2);
      end = closing == std::string_view::npos ? text.size() : closing + 2;
    } else if (text.substr(i, 2) == "R\"" && (i == 0 || !is_identifier_char(text[i - 1]))) {
      end = end_of_raw_literal(text, i + 1);
    } else if (text[i] == '"' || (text[i] == '\'' && !is_digit_separator(text, i))) {
      end = end_of_literal(text, i);
    }
    blank(code, i, end);
    i = std::max(end, i + 1);
  }
  return code;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::size_t line_of(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

bool is_whole_word(std::string_view text, std::size_t position, std::string_view word) {
  const std::size_t end = position + word.size();
  const bool starts = position == 0 || !is_identifier_char(text[position - 1]) || !is_identifier_char(word.front());
  const bool ends = end >= text.size() || !is_identifier_char(text[end]) || !is_identifier_char(word.back());
  return starts && ends;
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t i = text.find(word, from); i != std::string_view::npos; i = text.find(word, i + 1)) {
    if (is_whole_word(text, i, word)) return i;
  }
  return std::string_view::npos;
}

CommandResult run_command(const std::string& command) {
  const std::string in_root = "cd '" ARBEES_SOURCE_DIR "' && { " + command + "; } 2>&1 </dev/null";
  std::FILE* pipe = popen(in_root.c_str(), "r");
  if (pipe == nullptr) return {127, "the shell could not be started"};
  CommandResult result;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    result.output.append(buffer.data(), count);
  }
  const int status = pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return result;
}

bool is_installed(const std::string& program) { return run_command("command -v " + program).exit_code == 0; }

}  // namespace arbees::tidy
