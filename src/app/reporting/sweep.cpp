#include "app/reporting/sweep.h"

#include <fmt/format.h>

#include "app/config/settings.h"

namespace arbees::app {
namespace {

constexpr std::size_t kMostCombinations = 1000;

// Settings that change what a backtest does: not where servers are or what is recorded.
bool bears_on_a_backtest(const Setting& setting) {
  return setting.section != "run" && setting.section != "record" && !setting.section.starts_with("venues");
}

const Setting* find_setting(const std::string& key) {
  const Setting* without_unit = nullptr;
  for (const Setting& setting : settings()) {
    if (setting.name() == key || setting.environment == key || setting.variable() == key) return &setting;
    const std::string name = setting.name();
    const bool is_shortened = name.starts_with(key + "_") && name.find('_', key.size() + 1) == std::string::npos;
    if (is_shortened) without_unit = &setting;
  }
  return without_unit;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    parts.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

Result<SweepAxis, std::string> parse_axis(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return failure(fmt::format("--sweep {}: key=a,b,c is meant", text));
  SweepAxis axis{text.substr(0, equals), {}, split(text.substr(equals + 1))};
  const Setting* setting = find_setting(axis.key);
  if (setting == nullptr) {
    return failure(
        fmt::format("--sweep {}: there is no such key (did you mean {}?)", axis.key, nearest_setting(axis.key)));
  }
  if (!bears_on_a_backtest(*setting)) {
    return failure(fmt::format("--sweep {}: {} has no effect on a backtest", axis.key, setting->name()));
  }
  axis.setting = setting->name();
  for (const std::string& value : axis.values) {
    Config config = default_config();
    if (setting->set(config, *setting, value)) continue;
    return failure(fmt::format("--sweep {}: \"{}\" is not allowed: {}", axis.key, value, setting->allowed));
  }
  return axis;
}

}  // namespace

Result<std::vector<SweepAxis>, std::string> parse_sweep(const std::vector<std::string>& texts) {
  std::vector<SweepAxis> axes;
  std::size_t count = 1;
  for (const std::string& text : texts) {
    auto axis = parse_axis(text);
    if (!axis) return failure(axis.error());
    for (const SweepAxis& other : axes) {
      if (other.setting == axis->setting) return failure(fmt::format("--sweep {} is given twice", axis->key));
    }
    count *= axis->values.size();
    if (count > kMostCombinations) {
      return failure(fmt::format("--sweep: {} or more combinations; allowed: up to {}", count, kMostCombinations));
    }
    axes.push_back(std::move(*axis));
  }
  return axes;
}

std::vector<Combination> combinations(const std::vector<SweepAxis>& axes) {
  if (axes.empty()) return {};
  std::vector<Combination> all{{}};
  for (const SweepAxis& axis : axes) {
    std::vector<Combination> longer;
    for (const Combination& combination : all) {
      for (const std::string& value : axis.values) {
        longer.push_back(combination);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace arbees::app
