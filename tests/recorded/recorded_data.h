#pragma once
// Reads the recorded data sets for tests; a missing file fails the test that wants it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/text_file.h"
#include "tests/support/project_file.h"

namespace arbees {

[[nodiscard]] inline std::string recorded_path(std::string_view name) {
  return testing_support::project_file("../shared/data/") + std::string(name);
}

template <class Visit>
void for_each_line(const std::string& path, Visit&& visit) {
  auto reader = LineReader::open(path);
  ASSERT_TRUE(reader) << path << ": " << read_error_text(reader.error());
  std::string_view line;
  while (reader->next(line)) visit(line);
  ASSERT_EQ(reader->error(), ReadError::None) << path;
}

[[nodiscard]] inline std::string read_whole(const std::string& path) {
  std::string text;
  for_each_line(path, [&](std::string_view line) { text.append(line).push_back('\n'); });
  return text;
}

// The text of the first `"key":"value"` of a line; empty if there is none.
[[nodiscard]] inline std::string_view quoted_value(std::string_view line, std::string_view key) {
  const std::string pattern = "\"" + std::string(key) + "\":\"";
  const std::size_t start = line.find(pattern);
  if (start == std::string_view::npos) return {};
  const std::size_t begin = start + pattern.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

// The object that follows `"key":`, to the end of the line less the closing brace of the wrapper.
[[nodiscard]] inline std::string_view wrapped_object(std::string_view line, std::string_view key) {
  const std::string pattern = "\"" + std::string(key) + "\":";
  const std::size_t start = line.find(pattern);
  if (start == std::string_view::npos || line.empty() || line.back() != '}') return {};
  line.remove_suffix(1);
  return line.substr(start + pattern.size());
}

// The text of a JSON string with its simple escapes undone.
[[nodiscard]] inline std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      result.push_back(text[i] == 'n' ? '\n' : text[i]);
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

}  // namespace arbees
