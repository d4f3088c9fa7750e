#include "sim/kalshi_query.h"

#include <algorithm>
#include <charconv>

#include "sim/kalshi_error.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::string> KalshiQuery::list(std::string_view name) const {
  std::vector<std::string> items;
  for (const std::string& value : request_.parameters(name)) {
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (comma > 0) items.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return items;
}

bool KalshiQuery::flag(std::string_view name) const {
  const std::string value = text(name);
  return value == "true" || value == "1" || value == "True";
}

std::optional<std::int64_t> KalshiQuery::number(std::string_view name) {
  const std::string value = text(name);
  if (value.empty()) return std::nullopt;
  const auto parsed = parse_number<std::int64_t>(value);
  if (!parsed) fail(name, "number");
  return parsed;
}

std::size_t KalshiQuery::limit(std::size_t otherwise, std::size_t most, std::size_t least) {
  const auto asked = number("limit");
  if (!asked) return otherwise;
  if (*asked < static_cast<std::int64_t>(least)) fail("limit", "gte");
  if (*asked > static_cast<std::int64_t>(most)) fail("limit", "lte");
  return mistake_.empty() ? static_cast<std::size_t>(*asked) : otherwise;
}

bool KalshiQuery::is_within(std::string_view name, Timestamp time) {
  const auto from = number("min_" + std::string(name));
  const auto until = number("max_" + std::string(name));
  if (!from && !until) return true;
  if (time == kNoTime) return false;
  const std::int64_t seconds = unix_seconds(time);
  return (!from || seconds >= *from) && (!until || seconds <= *until);
}

std::optional<std::uint64_t> KalshiQuery::cursor() const { return parse_number<std::uint64_t>(text("cursor")); }

std::optional<net::ServerResponse> KalshiQuery::mistake() const {
  if (mistake_.empty()) return std::nullopt;
  return kalshi_bad_parameter(mistake_);
}

void KalshiQuery::fail(std::string_view name, std::string_view rule) {
  if (!mistake_.empty()) return;
  mistake_ = "Parameter validation failed for " + std::string(operation_) + ": Field validation for '" +
             std::string(name) + "' failed on the '" + std::string(rule) + "' tag";
}

bool KalshiPage::take(std::uint64_t number) {
  if (has_more_ || (below_ && number >= *below_)) return false;
  if (taken_ == limit_) {
    has_more_ = true;
    return false;
  }
  ++taken_;
  last_ = number;
  return true;
}

std::string KalshiPage::next_cursor() const { return has_more_ ? std::to_string(last_) : std::string(); }

}  // namespace arbees::sim
