#include "app/config/basis_text.h"

#include <algorithm>
#include <charconv>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

SettlementSource source_of(std::string_view name) {
  for (std::uint8_t i = 1; settlement_source_name(static_cast<SettlementSource>(i)) != "invalid"; ++i) {
    if (settlement_source_name(static_cast<SettlementSource>(i)) == name) return static_cast<SettlementSource>(i);
  }
  return SettlementSource::Unknown;
}

bool parse_dollars(std::string_view text, SpotPrice& out) {
  const bool is_negative = text.starts_with('-');
  const auto value = SpotPrice::parse(text.substr(is_negative ? 1 : 0));
  if (!value) return false;
  out = is_negative ? -*value : *value;
  return true;
}

// Asset and sources: the first three words.
bool parse_pair(const std::vector<std::string_view>& words, BasisBoundSet& bound) {
  const auto asset = parse_asset(words[0]);
  if (!asset) return false;
  bound.asset = *asset;
  bound.first = source_of(words[1]);
  bound.second = source_of(words[2]);
  return bound.first != SettlementSource::Unknown && bound.second != SettlementSource::Unknown &&
         bound.first != bound.second;
}

template <class ParseEntry>
std::optional<std::vector<BasisBoundSet>> parse_list(std::string_view text, std::size_t words_each,
                                                     ParseEntry&& parse_entry) {
  std::vector<BasisBoundSet> bounds;
  for (const std::string_view entry : split(text, ',')) {
    const auto words = split(entry, ' ');
    BasisBoundSet bound;
    if (words.size() != words_each || !parse_pair(words, bound) || !parse_entry(words, bound)) return std::nullopt;
    bounds.push_back(bound);
  }
  return bounds;
}

bool is_same_pair(const BasisBoundSet& a, const BasisBoundSet& b) {
  return a.asset == b.asset && a.first == b.first && a.second == b.second;
}

}  // namespace

std::optional<std::vector<BasisBoundSet>> parse_strict_bounds(std::string_view text) {
  return parse_list(text, 4, [](const std::vector<std::string_view>& words, BasisBoundSet& bound) {
    bound.has_strict = 1;
    return parse_dollars(words[3], bound.strict) && !bound.strict.is_negative();
  });
}

std::optional<std::vector<BasisBoundSet>> parse_statistical_bounds(std::string_view text) {
  return parse_list(text, 6, [](const std::vector<std::string_view>& words, BasisBoundSet& bound) {
    bound.has_statistical = 1;
    const std::string_view count = words[5];
    const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), bound.observations);
    return parse_dollars(words[3], bound.mean) && parse_dollars(words[4], bound.standard_deviation) &&
           bound.standard_deviation.is_positive() && error == std::errc() && end == count.data() + count.size();
  });
}

std::vector<BasisBoundSet> basis_bounds(std::string_view strict, std::string_view statistical) {
  std::vector<BasisBoundSet> bounds = parse_strict_bounds(strict).value_or(std::vector<BasisBoundSet>{});
  for (const BasisBoundSet& told : parse_statistical_bounds(statistical).value_or(std::vector<BasisBoundSet>{})) {
    const auto known =
        std::find_if(bounds.begin(), bounds.end(), [&](const BasisBoundSet& b) { return is_same_pair(b, told); });
    if (known == bounds.end()) {
      bounds.push_back(told);
      continue;
    }
    known->has_statistical = 1;
    known->mean = told.mean;
    known->standard_deviation = told.standard_deviation;
    known->observations = told.observations;
  }
  return bounds;
}

std::string statistical_bound_text(const BasisBoundSet& bound) {
  std::string text(asset_name(bound.asset));
  for (const SettlementSource source : {bound.first, bound.second})
    text += ' ' + std::string(settlement_source_name(source));
  return text + ' ' + to_short_text(bound.mean) + ' ' + to_short_text(bound.standard_deviation) + ' ' +
         std::to_string(bound.observations);
}

}  // namespace arbees::app
