#include "tests/tidy/shape.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace arbees::tidy {
namespace {

enum class Scope { Namespace, Type, Body, Other };

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// Preprocessor lines are no part of what stands before a brace.
std::string without_directives(std::string code) {
  std::size_t start = 0;
  while (start < code.size()) {
    std::size_t end = std::min(code.find('\n', start), code.size());
    const std::size_t first = code.find_first_not_of(" \t", start);
    if (first != std::string::npos && first < end && code[first] == '#') {
      while (end < code.size() && code[end - 1] == '\\') end = std::min(code.find('\n', end + 1), code.size());
      for (std::size_t i = first; i < end; ++i) {
        if (code[i] != '\n') code[i] = ' ';
      }
    }
    start = end + 1;
  }
  return code;
}

// Whether a class, struct, union or enum is named in the head, outside of parentheses and template parameters.
bool names_a_type(std::string_view head) {
  int depth = 0;
  std::string outside;
  for (const char c : head) {
    if (c == '(' || c == '<') ++depth;
    if (depth == 0) outside += c;
    if (c == ')' || c == '>') --depth;
  }
  const std::array<std::string_view, 4> kinds = {"class", "struct", "union", "enum"};
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](std::string_view kind) { return find_word(outside, kind) != std::string_view::npos; });
}

Scope scope_of(std::string_view head, Scope outer, bool follows_brace) {
  if (outer == Scope::Body || outer == Scope::Other) return Scope::Other;
  if (find_word(head, "namespace") != std::string_view::npos || head.starts_with("extern")) return Scope::Namespace;
  if (names_a_type(head)) return Scope::Type;
  if (head.ends_with('=')) return Scope::Other;
  if (head.find(')') != std::string_view::npos) return Scope::Body;
  // After the brace of a member initializer ("a_{1} {") only the body can follow.
  return head.empty() && follows_brace ? Scope::Body : Scope::Other;
}

// Parameters between the first parentheses of the head.
std::size_t count_parameters(std::string_view head) {
  const std::size_t open = head.find('(');
  if (open == std::string_view::npos) return 0;
  int depth = 0;
  std::size_t commas = 0;
  std::size_t i = open;
  for (; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '(' || c == '<' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}' || (c == '>' && head[i - 1] != '-')) --depth;
    if (c == ',' && depth == 1) ++commas;
    if (depth == 0) break;
  }
  return trimmed(head.substr(open + 1, i - open - 1)).empty() ? 0 : commas + 1;
}

bool is_snake_case(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '/' || c == '.';
  });
}

bool is_cpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cpp"); }

}  // namespace

std::vector<FunctionBody> function_bodies(std::string_view text) {
  const std::string code = without_directives(code_only(text));
  std::vector<FunctionBody> bodies;
  std::vector<Scope> scopes = {Scope::Namespace};
  std::size_t head_start = 0;
  bool follows_brace = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '{') {
      const std::string_view head = trimmed(std::string_view(code).substr(head_start, i - head_start));
      const Scope scope = scope_of(head, scopes.back(), follows_brace);
      if (scope == Scope::Body) {
        bodies.push_back({std::string(head), line_of(code, i), 0, count_parameters(head)});
      }
      scopes.push_back(scope);
    } else if (code[i] == '}' && scopes.size() > 1) {
      if (scopes.back() == Scope::Body) bodies.back().line_count = line_of(code, i) - bodies.back().line + 1;
      scopes.pop_back();
    }
    if (code[i] == '{' || code[i] == '}' || code[i] == ';') {
      head_start = i + 1;
      follows_brace = code[i] == '}';
    }
  }
  return bodies;
}

Findings check_lengths(const SourceFile& file) {
  Findings findings;
  const std::size_t lines = lines_of(file.text).size();
  if (lines > kMaxFileLines) add_finding(findings, file, lines, "more than 600 lines");
  if (!is_cpp(file.path)) return findings;
  for (const FunctionBody& body : function_bodies(file.text)) {
    if (body.line_count > kMaxFunctionLines) {
      add_finding(findings, file, body.line, "a function of " + std::to_string(body.line_count) + " lines");
    }
    if (body.parameter_count > kMaxParameters) {
      add_finding(findings, file, body.line, "a function with " + std::to_string(body.parameter_count) + " parameters");
    }
  }
  return findings;
}

Findings check_names(const SourceFile& file) {
  Findings findings;
  if (!is_snake_case(file.path)) add_finding(findings, file, 1, "file and folder names are snake_case");
  if (!file.path.ends_with(".h")) return findings;
  const auto lines = lines_of(file.text);
  if (lines.size() < 2 || lines[0] != "#pragma once")
    add_finding(findings, file, 1, "a header opens with #pragma once");
  if (lines.size() < 2 || !lines[1].starts_with("// ")) add_finding(findings, file, 2, "a header says what it is for");
  return findings;
}

Findings check_words(const SourceFile& file) {
  // In two halves each, so that this file does not hold them itself.
  const std::array<std::string, 8> words = {std::string("TO") + "DO",
                                            std::string("FIX") + "ME",
                                            std::string("XX") + "X",
                                            std::string("HA") + "CK",
                                            std::string("place") + "holder",
                                            std::string("for ") + "now",
                                            std::string("not ") + "implemented",
                                            std::string("not yet ") + "implemented"};
  Findings findings;
  for (const std::string& word : words) {
    const std::size_t at = find_word(file.text, word);
    if (at != std::string::npos) add_finding(findings, file, line_of(file.text, at), "'" + word + "'");
  }
  return findings;
}

Findings check_tests(const SourceFile& file) {
  Findings findings;
  const std::string code = code_only(file.text);
  for (const FunctionBody& body : function_bodies(file.text)) {
    if (!starts_with_any(body.head, {"TEST(", "TEST_F(", "TEST_P("})) continue;
    if (body.head.find("DISABLED_") != std::string::npos) add_finding(findings, file, body.line, "a disabled test");
  }
  const bool has_tests = find_word(code, "TEST(") != std::string::npos ||
                         find_word(code, "TEST_F(") != std::string::npos ||
                         find_word(code, "TEST_P(") != std::string::npos;
  const bool asserts = code.find("EXPECT_") != std::string::npos || code.find("ASSERT_") != std::string::npos ||
                       code.find(" check_") != std::string::npos || code.find("::check_") != std::string::npos ||
                       code.find("FAIL(") != std::string::npos || code.find("ADD_FAILURE") != std::string::npos;
  if (has_tests && !asserts) add_finding(findings, file, 1, "tests that assert nothing");
  if (file.path.ends_with("_test.cpp") && !has_tests) add_finding(findings, file, 1, "a test file without tests");
  for (const std::string_view word : {"sleep_for", "sleep_until", "usleep", "nanosleep", "GTEST_SKIP"}) {
    const std::size_t at = find_word(code, word);
    if (at != std::string::npos)
      add_finding(findings, file, line_of(code, at), "'" + std::string(word) + "' in a test");
  }
  return findings;
}

}  // namespace arbees::tidy
