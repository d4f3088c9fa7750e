#include "app/config/toml_file.h"

#include <fmt/format.h>

#include <algorithm>
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace arbees::app {
namespace {

// Decimals keep what was written: 1.5 must not become 1.4999… on its way through a double.
std::string number_as_written(const toml::node& node, const std::vector<std::string>& lines) {
  const auto& region = node.source();
  if (region.begin.line == 0 || region.begin.line > lines.size()) return {};
  const std::string& line = lines[region.begin.line - 1];
  const std::size_t from = std::min<std::size_t>(region.begin.column - 1, line.size());
  const std::size_t length = line.find_first_not_of("0123456789+-.eE_", from);
  std::string text = line.substr(from, (length == std::string::npos ? line.size() : length) - from);
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return text;
}

// "section.key: " of a line that cannot be read, as far as it has one; never its value, which may be a secret.
std::string key_at(const std::vector<std::string>& lines, std::size_t number) {
  const auto trimmed = [](std::string text) {
    const std::size_t from = text.find_first_not_of(" \t\r");
    if (from == std::string::npos) return std::string();
    return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
  };
  if (number == 0 || number > lines.size()) return {};
  const std::string& line = lines[number - 1];
  if (line.find('=') == std::string::npos) return {};
  std::string section;
  for (std::size_t i = 0; i < number - 1; ++i) {
    const std::string text = trimmed(lines[i]);
    if (text.starts_with('[') && !text.starts_with("[[")) section = trimmed(text.substr(1, text.find(']') - 1)) + ".";
  }
  return section + trimmed(line.substr(0, line.find('='))) + ": ";
}

struct Walk {
  const std::string& path;
  const std::vector<std::string>& lines;
  std::vector<TomlEntry> entries;
  std::string wrong;

  // Lists are what the environment writes with commas.
  std::string joined(const toml::array& list, std::uint32_t line, const std::string& name) {
    std::string all;
    for (const toml::node& node : list) {
      std::string item;
      if (const auto* text = node.as_string()) item = text->get();
      if (const auto* whole = node.as_integer()) item = std::to_string(whole->get());
      if (item.empty() && wrong.empty()) wrong = fmt::format("{}:{}: {} must be a list of texts", path, line, name);
      all += (all.empty() ? "" : ",") + item;
    }
    return all;
  }

  void table(const toml::table& in, const std::string& prefix) {
    for (const auto& [key, node] : in) {
      const std::string name = prefix + std::string(key.str());
      const auto line = static_cast<std::uint32_t>(node.source().begin.line);
      if (const toml::table* inner = node.as_table()) {
        table(*inner, name + ".");
      } else if (const toml::array* list = node.as_array()) {
        entries.push_back({name, joined(*list, line, name), line});
      } else if (const auto* text = node.as_string()) {
        entries.push_back({name, text->get(), line});
      } else if (const auto* flag = node.as_boolean()) {
        entries.push_back({name, flag->get() ? "true" : "false", line});
      } else if (const auto* whole = node.as_integer()) {
        entries.push_back({name, std::to_string(whole->get()), line});
      } else if (node.is_floating_point()) {
        entries.push_back({name, number_as_written(node, lines), line});
      } else if (wrong.empty()) {
        wrong = fmt::format("{}:{}: {} must be a text, a number, true, false or a list of texts", path, line, name);
      }
    }
  }
};

}  // namespace

Result<std::vector<TomlEntry>, std::string> read_toml_file(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return failure(fmt::format("{}: cannot be read", path));
  std::string text;
  char chunk[4096];
  for (std::size_t got = 0; (got = std::fread(chunk, 1, sizeof chunk, file)) > 0;) text.append(chunk, got);
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  if (failed) return failure(fmt::format("{}: cannot be read", path));

  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  const toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const auto& error = parsed.error();
    const auto line = error.source().begin.line;
    return failure(fmt::format("{}:{}: {}{}", path, line, key_at(lines, line), error.description()));
  }
  Walk walk{path, lines, {}, {}};
  walk.table(parsed.table(), "");
  if (!walk.wrong.empty()) return failure(walk.wrong);
  std::sort(walk.entries.begin(), walk.entries.end(),
            [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
  return walk.entries;
}

}  // namespace arbees::app
