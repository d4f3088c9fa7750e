#include "adapters/venue/clock_skew.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace arbees {
namespace {

// Quartz clocks without discipline drift by less.
constexpr std::int64_t kDriftPerMillion = 100;

std::optional<int> digits(std::string_view text) noexcept {
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

void ClockSkew::on_reply(Timestamp server_time, Duration resolution, Timestamp sent_at,
                         Timestamp received_at) noexcept {
  if (received_at < sent_at) return;
  age(received_at);
  const Duration lower = server_time - received_at;
  const Duration upper = server_time + resolution - sent_at;
  const bool contradicts = (upper_ && lower > *upper_) || (lower_ && upper < *lower_);
  lower_ = lower_ && !contradicts ? std::max(*lower_, lower) : lower;
  upper_ = upper_ && !contradicts ? std::min(*upper_, upper) : upper;
}

void ClockSkew::on_message(Timestamp exchange_at, Timestamp received_at) noexcept {
  const Duration lower = exchange_at - received_at;
  if (lower_ && lower <= *lower_) return;
  age(received_at);
  if (upper_ && lower > *upper_) upper_.reset();
  lower_ = lower;
}

void ClockSkew::age(Timestamp now) noexcept {
  const Duration passed = aged_at_ == kNoTime ? Duration{0} : std::max(now - aged_at_, Duration{0});
  const Duration slack = passed * kDriftPerMillion / 1'000'000;
  if (lower_) *lower_ -= slack;
  if (upper_) *upper_ += slack;
  aged_at_ = std::max(aged_at_, now);
}

std::optional<Duration> ClockSkew::estimate() const noexcept {
  if (lower_ && upper_) return *lower_ + (*upper_ - *lower_) / 2;
  return lower_ ? lower_ : upper_;
}

std::optional<Duration> ClockSkew::uncertainty() const noexcept {
  if (!lower_ || !upper_) return std::nullopt;
  return (*upper_ - *lower_) / 2;
}

std::optional<Timestamp> parse_http_date(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // Www, DD Mmm YYYY HH:MM:SS GMT
  if (text.size() != 29 || text.substr(25) != " GMT" || text[19] != ':' || text[22] != ':') return std::nullopt;
  const auto* month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = digits(text.substr(5, 2));
  const auto year = digits(text.substr(12, 4));
  const auto hour = digits(text.substr(17, 2));
  const auto minute = digits(text.substr(20, 2));
  const auto second = digits(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970 || *year > 2261 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace arbees
