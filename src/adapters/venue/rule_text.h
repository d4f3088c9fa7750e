#pragma once
// Strict reading of legal wording: a text is one of the known forms from its first word to its last, or it is refused.
//
// No search for keywords, no first number in a sentence: "$1.5k" is 1500, "$0.50" is 0.5, and the 2026 of
// "by 2026" is no price. All functions are pure; texts are normalised first.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/eastern_time.h"
#include "core/market/values.h"

namespace arbees {

// Curly quotes become straight ones, every run of white space one space, ends trimmed.
[[nodiscard]] std::string normalise_rule_text(std::string_view text);

// Whether the whole text has the form of the pattern, in which each "{}" stands for one or more characters up to the
// next literal part and a final "{*}" for any rest. What the "{}" stood for is in `captures`.
[[nodiscard]] bool match_rule(std::string_view pattern, std::string_view text, std::vector<std::string_view>& captures);

// "84,000", "53299.99", "0.0875": commas only where thousands are divided.
[[nodiscard]] std::optional<Strike> read_plain_number(std::string_view text) noexcept;
// "$84,000", "$1.5k", "$0.50", "$1m": the dollar sign is required, so that no year is a price.
[[nodiscard]] std::optional<Strike> read_dollar_price(std::string_view text) noexcept;
// A month by its full or three-letter English name, in any case: 1..12.
[[nodiscard]] std::optional<int> read_month(std::string_view text) noexcept;
// "Jul 10, 2026", "August 17, 2026".
[[nodiscard]] std::optional<CivilTime> read_written_date(std::string_view text) noexcept;
// "2 AM EDT", "1:30 AM EST", "12 PM ET": hour and minute into `time`; false if it is no such text.
enum class EasternZone : std::uint8_t { Either, Standard, Daylight };
[[nodiscard]] bool read_written_clock(std::string_view text, CivilTime& time, EasternZone& zone) noexcept;
// Whether clock and date name this instant, and the zone's letters agree with the season.
[[nodiscard]] bool names_instant(std::string_view clock, std::string_view date, Timestamp instant) noexcept;
// Digits only, at most nine.
[[nodiscard]] std::optional<int> read_small_number(std::string_view text) noexcept;

}  // namespace arbees
