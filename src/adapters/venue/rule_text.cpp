#include "adapters/venue/rule_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace arbees {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

struct Replacement {
  std::string_view from;
  char to;
};
// UTF-8 of the quotes and spaces that editors put in place of the plain ones.
constexpr std::array<Replacement, 6> kReplacements = {
    Replacement{"\xE2\x80\x9C", '"'},  Replacement{"\xE2\x80\x9D", '"'}, Replacement{"\xE2\x80\x98", '\''},
    Replacement{"\xE2\x80\x99", '\''}, Replacement{"\xC2\xA0", ' '},     Replacement{"\xE2\x80\xAF", ' '}};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

char lower(char c) noexcept { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Digits, in groups of three where there is a comma at all.
bool is_grouped(std::string_view whole) noexcept {
  std::size_t group = 0;
  bool has_comma = false;
  for (const char c : whole) {
    if (c == ',') {
      if (group == 0 || group > 3 || (has_comma && group != 3)) return false;
      has_comma = true;
      group = 0;
    } else if (is_digit(c)) {
      ++group;
    } else {
      return false;
    }
  }
  return has_comma ? group == 3 : group > 0;
}

// The number without its commas, in a buffer of the caller; empty if it is none.
std::string_view plain_digits(std::string_view text, std::array<char, 32>& buffer) noexcept {
  const std::size_t point = std::min(text.find('.'), text.size());
  const bool has_fraction = point < text.size();
  if (!is_grouped(text.substr(0, point)) || text.size() > buffer.size()) return {};
  if (has_fraction && point + 1 == text.size()) return {};
  std::size_t size = 0;
  for (const char c : text) {
    if (c != ',') buffer[size++] = c;
  }
  return {buffer.data(), size};
}

}  // namespace

std::string normalise_rule_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  const auto append = [&result](char c) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    if (c == ' ' && (result.empty() || result.back() == ' ')) return;
    result.push_back(c);
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto found = std::find_if(kReplacements.begin(), kReplacements.end(),
                                    [&](const Replacement& r) { return text.substr(i).starts_with(r.from); });
    append(found == kReplacements.end() ? text[i] : found->to);
    i += found == kReplacements.end() ? 1 : found->from.size();
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

bool match_rule(std::string_view pattern, std::string_view text, std::vector<std::string_view>& captures) {
  captures.clear();
  while (true) {
    const std::size_t hole = pattern.find('{');
    const std::string_view literal = pattern.substr(0, hole);
    if (!text.starts_with(literal)) return false;
    text.remove_prefix(literal.size());
    if (hole == std::string_view::npos) return text.empty();
    if (pattern.substr(hole) == "{*}") return true;
    pattern.remove_prefix(hole + 2);
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const std::size_t end = next.empty() ? text.size() : text.find(next);
    if (end == std::string_view::npos || end == 0) return false;
    captures.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<Strike> read_plain_number(std::string_view text) noexcept {
  std::array<char, 32> buffer{};
  const std::string_view digits = plain_digits(text, buffer);
  return digits.empty() ? std::nullopt : Strike::parse(digits);
}

std::optional<Strike> read_dollar_price(std::string_view text) noexcept {
  if (!text.starts_with('$') || text.size() < 2) return std::nullopt;
  text.remove_prefix(1);
  std::int64_t factor = 1;
  const char suffix = lower(text.back());
  if (suffix == 'k' || suffix == 'm') {
    factor = suffix == 'k' ? 1'000 : 1'000'000;
    text.remove_suffix(1);
  }
  const auto value = read_plain_number(text);
  std::int64_t units = 0;
  if (!value || __builtin_mul_overflow(value->units(), factor, &units)) return std::nullopt;
  return Strike::from_units(units);
}

std::optional<int> read_month(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    const bool is_long_enough = text.size() == 3 || text.size() == kMonths[i].size();
    const bool is_same = is_long_enough && std::equal(text.begin(), text.end(), kMonths[i].begin(),
                                                      [](char a, char b) { return lower(a) == b; });
    if (is_same) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

std::optional<int> read_small_number(std::string_view text) noexcept {
  if (text.empty() || text.size() > 9) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<CivilTime> read_written_date(std::string_view text) noexcept {
  const std::size_t space = text.find(' ');
  const std::size_t comma = text.find(", ");
  if (space == std::string_view::npos || comma == std::string_view::npos || comma < space) return std::nullopt;
  const auto month = read_month(text.substr(0, space));
  const auto day = read_small_number(text.substr(space + 1, comma - space - 1));
  const auto year = read_small_number(text.substr(comma + 2));
  if (!month || !day || !year || !is_date(*year, *month, *day)) return std::nullopt;
  return CivilTime{*year, *month, *day};
}

bool read_written_clock(std::string_view text, CivilTime& time, EasternZone& zone) noexcept {
  const std::size_t first = text.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second == std::string_view::npos) return false;
  const std::string_view half = text.substr(first + 1, second - first - 1);
  const std::string_view letters = text.substr(second + 1);
  const std::string_view clock = text.substr(0, first);
  const std::size_t colon = std::min(clock.find(':'), clock.size());
  const auto hour = read_small_number(clock.substr(0, colon));
  const auto minute = colon == clock.size() ? std::optional<int>(0) : read_small_number(clock.substr(colon + 1));
  if (!hour || !minute || *hour < 1 || *hour > 12 || *minute > 59) return false;
  if (half != "AM" && half != "PM") return false;
  if (letters != "ET" && letters != "EST" && letters != "EDT") return false;
  time.hour = *hour % 12 + (half == "PM" ? 12 : 0);
  time.minute = *minute;
  zone = letters == "ET" ? EasternZone::Either : (letters == "EDT" ? EasternZone::Daylight : EasternZone::Standard);
  return true;
}

bool names_instant(std::string_view clock, std::string_view date, Timestamp instant) noexcept {
  auto time = read_written_date(date);
  EasternZone zone = EasternZone::Either;
  if (!time || !read_written_clock(clock, *time, zone)) return false;
  if (zone != EasternZone::Either && (zone == EasternZone::Daylight) != is_daylight_time(instant)) return false;
  return from_eastern(*time).contains(instant);
}

}  // namespace arbees
