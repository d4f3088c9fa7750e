#include "adapters/venue/kalshi/terms.h"

#include <algorithm>

#include "adapters/venue/rule_text.h"
#include "adapters/venue/symbol.h"
#include "core/base/hash.h"

namespace arbees::kalshi {
namespace {

constexpr std::uint8_t kNotRounded = 255;
constexpr Duration kWindow = std::chrono::minutes(15);

// ---- The known rules, from the first word to the last ----

constexpr std::string_view kUpDownRule =
    "If the simple average of the sixty seconds of CF Benchmarks' {} before {} on {} is at least the simple average of "
    "the sixty seconds of CF Benchmarks' {} before {} on {}, then the market resolves to Yes.";
constexpr std::string_view kStatedStartRule =
    "If the simple average of the sixty seconds of CF Benchmarks' {} before {} on {} is at least {}, then the market "
    "resolves to Yes.";
constexpr std::string_view kAboveRule =
    "If the simple average of the sixty seconds of CF Benchmarks' {} before {} is above {} at {} on {}, then the "
    "market resolves to Yes.";
constexpr std::string_view kBelowRule =
    "If the simple average of the sixty seconds of CF Benchmarks' {} before {} is below {} at {} on {}, then the "
    "market resolves to Yes.";
constexpr std::string_view kBetweenRule =
    "If the simple average of the sixty seconds of CF Benchmarks' {} before {} is between {}-{} at {} on {}, then the "
    "market resolves to Yes.";
constexpr std::string_view kRoundedTo = "rounded to the nearest ";

// Everything that is read while one market is judged.
struct Reading {
  JsonView market;
  const Family& family;
  CatalogEntry& entry;
  std::string rules;
  std::vector<std::string_view> parts;

  ContractTerms& terms() { return entry.terms; }
  void refuse(std::string text) { entry.refuse(NotTradable::TermsRefused, std::move(text)); }
};

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::optional<Timestamp> read_time(const JsonView& value) { return parse_iso8601(value.text()); }

// A strike is a JSON number whose digits are exact decimals; anything else is none.
std::optional<Strike> read_strike(const JsonView& value) {
  if (!value.is_number()) return std::nullopt;
  const auto strike = Strike::parse(value.text());
  return strike && strike->is_positive() ? strike : std::nullopt;
}

ContractPhase phase_of(std::string_view status) noexcept {
  if (status == "initialized") return ContractPhase::Initialized;
  if (status == "inactive") return ContractPhase::Paused;
  if (status == "active") return ContractPhase::Active;
  if (status == "closed") return ContractPhase::Closed;
  if (status == "determined" || status == "disputed" || status == "amended") return ContractPhase::Determined;
  if (status == "finalized") return ContractPhase::Settled;
  return ContractPhase::Unknown;
}

void read_phase(Reading& reading) {
  CatalogEntry& entry = reading.entry;
  const std::string_view status = reading.market["status"].text();
  entry.phase = phase_of(status);
  entry.accepts_orders = status == "active";
  if (entry.phase == ContractPhase::Unknown) reading.refuse("unknown status " + quoted(status));
  if (entry.phase != ContractPhase::Determined && entry.phase != ContractPhase::Settled) return;
  if (status == "disputed" || status == "amended") return;
  const std::string_view result = reading.market["result"].text();
  if (result == "yes") entry.payout = kPriceOne;
  if (result == "no") entry.payout = kPriceZero;
  if (result == "scalar") entry.payout = Price::parse(reading.market["settlement_value_dollars"].text());
  // Seen with thousands separators and, rarely, as words.
  entry.settled_value = read_plain_number(reading.market["expiration_value"].text());
}

void read_grid(Reading& reading) {
  PriceGrid grid;
  std::size_t count = 0;
  std::int64_t end = 0;
  bool is_good = true;
  reading.market["price_ranges"].for_each([&](const JsonView& range) {
    const auto from = Price::parse(range["start"].text());
    const auto to = Price::parse(range["end"].text());
    const auto step = Price::parse(range["step"].text());
    const bool fits = from && to && step && count < grid.bands.size() && from->units() == end && step->is_positive() &&
                      *to > *from && *to <= kPriceOne && (to->units() - from->units()) % step->units() == 0;
    is_good = is_good && fits;
    if (!is_good) return;
    grid.bands[count++] =
        PriceBand{static_cast<std::uint16_t>(from->units()), static_cast<std::uint16_t>(step->units())};
    end = to->units();
  });
  if (is_good && end == kPriceOne.units()) {
    reading.terms().grid = grid;
  } else {
    reading.entry.refuse(NotTradable::UnknownTick, "price_ranges missing or not understood");
  }
}

// ---- Instants ----

void read_window(Reading& reading) {
  ContractTerms& terms = reading.terms();
  const auto close = read_time(reading.market["close_time"]);
  const auto open = read_time(reading.market["open_time"]);
  if (!close) {
    reading.entry.refuse(NotTradable::UnknownSettlement, "close_time missing");
    return;
  }
  terms.closes_at = *close;
  terms.opens_at = reading.family.product == Product::UpDown15m ? *close - kWindow : open.value_or(kNoTime);
  const auto named = ticker_time(reading.entry.event);
  if (!named || !from_eastern(*named).contains(*close)) {
    reading.entry.refuse(NotTradable::UnknownSettlement, "the time in the ticker " + quoted(reading.entry.event) +
                                                             " is not the close " +
                                                             std::string(reading.market["close_time"].text()));
  }
}

bool is_instant(Reading& reading, std::string_view clock, std::string_view date, Timestamp instant) {
  if (names_instant(clock, date, instant)) return true;
  reading.entry.refuse(NotTradable::UnknownSettlement,
                       "the rules name " + quoted(clock) + " on " + quoted(date) + ", the fields another instant");
  return false;
}

// ---- Rounding ----

std::optional<int> stated_decimals(const std::string& rules) {
  const std::size_t at = rules.find(kRoundedTo);
  if (at == std::string::npos) return std::nullopt;
  const std::string_view rest = std::string_view(rules).substr(at + kRoundedTo.size());
  const std::size_t space = rest.find(' ');
  if (space == std::string_view::npos || !rest.substr(space).starts_with(" decimal place")) return -1;
  return read_small_number(rest.substr(0, space)).value_or(-1);
}

void read_rounding(Reading& reading) {
  ContractTerms& terms = reading.terms();
  terms.rounding_decimals = reading.family.published_decimals.value_or(kNotRounded);
  reading.entry.rules.rounding = reading.family.published_decimals ? "published decimals" : "not stated: not rounded";
  const auto in_text = stated_decimals(normalise_rule_text(reading.market["rules_secondary"].text()));
  const JsonView digits = reading.market["custom_strike"]["round_digits"];
  const auto in_field =
      digits.has_value() ? std::optional<int>(read_small_number(digits.text()).value_or(-1)) : std::optional<int>();
  const auto is_bad = [](std::optional<int> value) { return value && (*value < 0 || *value > Strike::kDecimals); };
  if (is_bad(in_text) || is_bad(in_field) || (in_text && in_field && *in_text != *in_field)) {
    reading.refuse("rounding of the settled value not understood");
    return;
  }
  if (!in_text && !in_field) return;
  terms.rounding_decimals = static_cast<std::uint8_t>(in_field ? *in_field : *in_text);
  reading.entry.rules.rounding = "rounded to " + std::to_string(terms.rounding_decimals) + " decimals";
}

// ---- Payoffs ----

bool is_known_index(Reading& reading, std::string_view name) {
  if (is_index_name(reading.family, name)) return true;
  reading.entry.refuse(NotTradable::UnknownSettlement, "unknown index " + quoted(name));
  return false;
}

bool is_strike(Reading& reading, std::string_view text, const std::optional<Strike>& strike) {
  if (strike && read_plain_number(text) == strike) return true;
  reading.entry.refuse(NotTradable::UnknownStrike, "the rules say " + quoted(text) + ", the fields another strike");
  return false;
}

void read_up_down(Reading& reading) {
  ContractTerms& terms = reading.terms();
  const std::string_view type = reading.market["strike_type"].text();
  if (type != "greater_or_equal") return reading.refuse("strike_type " + quoted(type) + " in an up/down series");
  terms.payoff = Payoff::UpDown;
  terms.comparator = Comparator::GreaterOrEqual;
  if (const auto strike = read_strike(reading.market["floor_strike"])) {
    terms.lower = *strike;
    terms.has_lower = 1;
  }
  reading.entry.rules.condition = "at least the average before the open";
  auto& parts = reading.parts;
  if (match_rule(kUpDownRule, reading.rules, parts)) {
    if (!is_known_index(reading, parts[0]) || !is_known_index(reading, parts[3])) return;
    if (!is_instant(reading, parts[1], parts[2], terms.closes_at)) return;
    is_instant(reading, parts[4], parts[5], terms.opens_at);
  } else if (match_rule(kStatedStartRule, reading.rules, parts)) {
    if (!is_known_index(reading, parts[0]) || !is_instant(reading, parts[1], parts[2], terms.closes_at)) return;
    is_strike(reading, parts[3], terms.has_lower != 0 ? std::optional<Strike>(terms.lower) : std::nullopt);
  } else {
    reading.refuse("rules text outside the known forms");
  }
}

// "above", "below" and "between" of the ladders; the clock stands twice in each.
void read_threshold(Reading& reading, std::string_view rule, std::string_view strike_field, Comparator comparator) {
  ContractTerms& terms = reading.terms();
  terms.payoff = Payoff::Threshold;
  terms.comparator = comparator;
  const auto strike = read_strike(reading.market[strike_field]);
  if (!strike) return reading.entry.refuse(NotTradable::UnknownStrike, std::string(strike_field) + " missing");
  terms.lower = *strike;
  terms.has_lower = 1;
  reading.entry.rules.condition = comparator == Comparator::Greater ? "strictly above the strike" : "below the strike";
  auto& parts = reading.parts;
  if (!match_rule(rule, reading.rules, parts) || parts[1] != parts[3]) {
    return reading.refuse("rules text outside the known forms");
  }
  if (is_known_index(reading, parts[0]) && is_strike(reading, parts[2], strike)) {
    is_instant(reading, parts[3], parts[4], terms.closes_at);
  }
}

void read_between(Reading& reading) {
  ContractTerms& terms = reading.terms();
  terms.payoff = Payoff::Range;
  terms.includes_upper = 1;
  const auto floor = read_strike(reading.market["floor_strike"]);
  const auto cap = read_strike(reading.market["cap_strike"]);
  if (!floor || !cap || *cap <= *floor) {
    return reading.entry.refuse(NotTradable::UnknownStrike, "floor_strike and cap_strike make no range");
  }
  terms.lower = *floor;
  terms.upper = *cap;
  terms.has_lower = 1;
  reading.entry.rules.condition = "between the strikes, both included";
  auto& parts = reading.parts;
  if (!match_rule(kBetweenRule, reading.rules, parts) || parts[1] != parts[4]) {
    return reading.refuse("rules text outside the known forms");
  }
  if (is_known_index(reading, parts[0]) && is_strike(reading, parts[2], floor) && is_strike(reading, parts[3], cap)) {
    is_instant(reading, parts[4], parts[5], terms.closes_at);
  }
}

void read_payoff(Reading& reading) {
  const std::string_view type = reading.market["strike_type"].text();
  if (reading.family.product == Product::UpDown15m) return read_up_down(reading);
  if (type == "greater") return read_threshold(reading, kAboveRule, "floor_strike", Comparator::Greater);
  if (reading.family.product == Product::Range) {
    if (type == "less") return read_threshold(reading, kBelowRule, "cap_strike", Comparator::Less);
    if (type == "between") return read_between(reading);
  }
  reading.refuse("strike_type " + quoted(type) + " in series " + std::string(reading.family.series));
}

// "-T71799.99" is the strike, "-B53250" lies inside the band, "-00" is the minute of the close.
void check_suffix(Reading& reading) {
  std::string_view suffix = reading.entry.symbol;
  suffix.remove_prefix(std::min(suffix.size(), reading.entry.event.size()));
  const ContractTerms& terms = reading.terms();
  if (reading.family.product == Product::UpDown15m) {
    const auto minute = suffix.starts_with('-') ? read_small_number(suffix.substr(1)) : std::nullopt;
    const auto named = ticker_time(reading.entry.event);
    if (!minute || !named || *minute != named->minute) reading.refuse("ticker suffix " + quoted(suffix));
    return;
  }
  const bool is_band = suffix.starts_with("-B");
  const auto number = is_band || suffix.starts_with("-T") ? read_plain_number(suffix.substr(2)) : std::nullopt;
  const bool agrees = number && terms.has_lower != 0 &&
                      (is_band ? *number > terms.lower && *number < terms.upper : *number == terms.lower);
  if (!agrees || is_band != (terms.payoff == Payoff::Range)) {
    reading.refuse("the ticker's strike " + quoted(suffix) + " is not that of the fields");
  }
}

void check_rest(Reading& reading) {
  const JsonView& market = reading.market;
  if (market["market_type"].text() != "binary") reading.refuse("market_type " + quoted(market["market_type"].text()));
  const JsonView payout = market["notional_value_dollars"];
  if (payout.has_value() && Price::parse(payout.text()) != kPriceOne) {
    reading.refuse("a contract pays " + quoted(payout.text()) + " dollars");
  }
  const JsonView bounds = market["settlement_bounds_type"];
  if (bounds.has_value() && bounds.text() != "default") reading.refuse("settlement bounds " + quoted(bounds.text()));
}

void read_terms(Reading& reading) {
  ContractTerms& terms = reading.terms();
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.lot = Quantity::from_units(1);
  terms.minimum_order = Quantity::from_units(1);
  reading.rules = normalise_rule_text(reading.market["rules_primary"].text());
  reading.entry.rules.source = "simple average of the sixty seconds of the CF Benchmarks index before the close";
  reading.entry.rules.instant = "close_time; Eastern time in the ticker and in the rules";
  reading.entry.rules.tie =
      reading.family.product == Product::UpDown15m ? "equal resolves Yes; no data resolves No" : "no data resolves No";
  read_window(reading);
  read_rounding(reading);
  read_payoff(reading);
  if (reading.entry.refusals.empty()) check_suffix(reading);
  check_rest(reading);
  read_grid(reading);
  if (terms.payoff == Payoff::UpDown && terms.has_lower == 0) {
    reading.entry.refuse(NotTradable::UnknownStrike, "the start value is known only after the open");
  }
}

}  // namespace

std::optional<CivilTime> ticker_time(std::string_view event_ticker) noexcept {
  const std::size_t dash = event_ticker.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view text = event_ticker.substr(dash + 1);
  if (text.size() != 9 && text.size() != 11) return std::nullopt;
  const auto year = read_small_number(text.substr(0, 2));
  const auto month = read_month(text.substr(2, 3));
  const auto day = read_small_number(text.substr(5, 2));
  const auto hour = read_small_number(text.substr(7, 2));
  const auto minute = text.size() == 11 ? read_small_number(text.substr(9, 2)) : std::optional<int>(0);
  if (!year || !month || !day || !hour || !minute) return std::nullopt;
  const CivilTime time{2000 + *year, *month, *day, *hour, *minute};
  if (!is_date(time.year, time.month, time.day) || time.hour > 23 || time.minute > 59) return std::nullopt;
  return time;
}

bool read_market(const JsonView& market, CatalogEntry& entry, std::string& problem) {
  const std::string_view ticker = market["ticker"].text();
  const std::string_view event = market["event_ticker"].text();
  if (!is_symbol(ticker)) {
    problem = "a market without a ticker";
    return false;
  }
  entry.venue = Venue::Kalshi;
  entry.symbol = entry.market = std::string(ticker);
  entry.event = std::string(event);
  entry.outcome = "Yes";
  entry.title = std::string(market["title"].text());
  entry.terms.venue = Venue::Kalshi;
  entry.terms.event_group = hash64(event);
  if (const JsonView shard = market["exchange_index"]; shard.is_number()) {
    entry.exchange_index = read_small_number(shard.text()).value_or(-1);
  }
  const std::string_view series = series_of(ticker);
  const Family* family = find_family(series);
  entry.terms.asset = asset_of_series(series).value_or(Asset::Unknown);
  Reading reading{market, family == nullptr ? families().front() : *family, entry, {}, {}};
  read_phase(reading);
  if (family == nullptr) {
    entry.refuse(NotTradable::UnknownPayoff, "series " + quoted(series) + " is not in the table of families");
    return true;
  }
  entry.family = "kalshi:" + std::string(series);
  if (!ticker.starts_with(event) || series_of(event) != series) {
    entry.refuse(NotTradable::TermsRefused, "the event " + quoted(event) + " is not that of the ticker");
    return true;
  }
  read_terms(reading);
  return true;
}

}  // namespace arbees::kalshi
