#include <fmt/format.h>

#include "app/config/settings.h"

namespace arbees::app {
namespace {

constexpr std::string_view kPrefix = "ARBEES__";

}  // namespace

std::string Setting::variable() const {
  std::string text(kPrefix);
  for (const char c : name()) {
    if (c == '.') {
      text += "__";
    } else {
      text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return text;
}

std::string setting_of_variable(std::string_view variable) {
  std::string name;
  for (std::size_t i = kPrefix.size(); i < variable.size(); ++i) {
    const char c = variable[i];
    if (variable.substr(i).starts_with("__")) {
      name += '.';
      ++i;
    } else {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return name;
}

std::vector<std::string> unknown_variables(const char* const* environment) {
  std::vector<std::string> complaints;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view text(*environment);
    const std::size_t end = text.find('=');
    if (!text.starts_with(kPrefix) || end == std::string_view::npos || end + 1 == text.size()) continue;
    const std::string key = setting_of_variable(text.substr(0, end));
    if (setting_index(key) != settings().size()) continue;
    complaints.push_back(fmt::format("environment {}: there is no key {} (did you mean {}?)", text.substr(0, end), key,
                                     nearest_setting(key)));
  }
  return complaints;
}

}  // namespace arbees::app
