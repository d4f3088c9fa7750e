#include "sim/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/fixed_point.h"

namespace arbees::sim {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kHighestChance = kMillion / 2;
constexpr Duration kShortest = std::chrono::milliseconds(1);
constexpr Duration kLongest = std::chrono::hours(1);

// What stands behind a fault's "=".
enum class Form : std::uint8_t { Chance, ChanceAndLength, EveryAndLength, Every, SignedLength, LengthOrNever };

struct Kind {
  std::string_view name;
  Form form;
};

constexpr std::array<Kind, kFaultCount> kKinds = {{
    {"drop", Form::Chance},
    {"duplicate", Form::Chance},
    {"delay", Form::ChanceAndLength},
    {"reorder", Form::Chance},
    {"gap", Form::Chance},
    {"silent", Form::EveryAndLength},
    {"disconnect", Form::Every},
    {"http429", Form::Chance},
    {"http5xx", Form::Chance},
    {"slow_ack", Form::ChanceAndLength},
    {"lost_ack", Form::Chance},
    {"late_fill", Form::ChanceAndLength},
    {"failed_settlement", Form::Chance},
    {"tick_change", Form::Every},
    {"clock_skew", Form::SignedLength},
    {"maintenance", Form::EveryAndLength},
    {"redemption", Form::LengthOrNever},
}};

constexpr std::string_view kChanceRange = "a chance from 0 to 0.5";
constexpr std::string_view kLengthRange = "a duration from 1ms to 1h, as 200ms, 5s or 2m";
constexpr std::string_view kNever = "never";
constexpr std::string_view kAtOnce = "0s";

std::optional<Duration> parse_length(std::string_view text) {
  std::int64_t unit = 0;
  const auto ends = [&](std::string_view suffix, Duration length) {
    if (unit != 0 || !text.ends_with(suffix)) return;
    unit = length.count();
    text.remove_suffix(suffix.size());
  };
  ends("ms", std::chrono::milliseconds(1));
  ends("s", std::chrono::seconds(1));
  ends("m", std::chrono::minutes(1));
  ends("h", std::chrono::hours(1));
  const auto thousandths = parse_decimal(text, 3);
  // An hour in milliseconds is the largest count that can be allowed.
  if (unit == 0 || !thousandths || *thousandths < 0 || *thousandths > 3'600'000'000) return std::nullopt;
  const Duration length(*thousandths * (unit / 1000));
  if (length < kShortest || length > kLongest) return std::nullopt;
  return length;
}

std::optional<std::uint32_t> parse_chance(std::string_view text) {
  const auto millionths = parse_decimal(text, 6);
  if (!millionths || *millionths < 0 || *millionths > kHighestChance) return std::nullopt;
  return static_cast<std::uint32_t>(*millionths);
}

std::string refusal(std::string_view key, std::string_view value, const std::string& wanted) {
  return fmt::format("fault {}: '{}' is not {}", key, value, wanted);
}

// Reads what stands behind "=" into `terms`; the error's text, or empty.
std::string read_terms(const Kind& kind, std::string_view value, FaultTerms& terms) {
  const std::size_t colon = value.find(':');
  const std::string_view first = value.substr(0, colon);
  const std::string_view second = colon == std::string_view::npos ? std::string_view() : value.substr(colon + 1);
  const bool wants_two = kind.form == Form::ChanceAndLength || kind.form == Form::EveryAndLength;
  const bool begins_with_chance = kind.form == Form::Chance || kind.form == Form::ChanceAndLength;
  std::string wanted(begins_with_chance ? kChanceRange : kLengthRange);
  if (wants_two) wanted += fmt::format(", a colon and {}", kLengthRange);
  if ((colon != std::string_view::npos) != wants_two) return refusal(kind.name, value, wanted);
  if (kind.form == Form::SignedLength) {
    const bool is_negative = first.starts_with('-');
    const auto length = parse_length(first.substr(is_negative ? 1 : 0));
    if (!length) return refusal(kind.name, value, wanted + ", perhaps with a minus sign");
    terms.length = is_negative ? -*length : *length;
    return {};
  }
  if (kind.form == Form::LengthOrNever) {
    const auto length = first == kNever    ? std::optional(Duration::max())
                        : first == kAtOnce ? std::optional(Duration{0})
                                           : parse_length(first);
    if (!length) return refusal(kind.name, value, fmt::format("{}, {} or {}", kLengthRange, kAtOnce, kNever));
    terms.length = *length;
    return {};
  }
  if (begins_with_chance) {
    const auto chance = parse_chance(first);
    if (!chance) return refusal(kind.name, value, wanted);
    terms.per_million = *chance;
  } else {
    const auto every = parse_length(first);
    if (!every) return refusal(kind.name, value, wanted);
    terms.every = *every;
  }
  if (!wants_two) return {};
  const auto length = parse_length(second);
  if (!length) return refusal(kind.name, value, wanted);
  terms.length = *length;
  if (kind.form == Form::EveryAndLength && terms.length >= terms.every) {
    return refusal(kind.name, value, "a period and a shorter length");
  }
  return {};
}

std::string known_faults() {
  std::string names;
  for (const Kind& kind : kKinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.name);
  return names;
}

}  // namespace

std::string_view fault_name(Fault fault) noexcept { return kKinds[static_cast<std::size_t>(fault)].name; }

bool FaultPlan::is_empty() const noexcept {
  return std::none_of(terms.begin(), terms.end(), [](const FaultTerms& fault) { return fault.is_on; });
}

Result<FaultPlan, std::string> parse_fault_plan(std::string_view text) {
  FaultPlan plan;
  if (text.empty() || text == "none") return plan;
  if (text == "all") text = kAllFaults;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const std::size_t equals = item.find('=');
    const std::string_view name = item.substr(0, equals);
    const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == name; });
    if (kind == kKinds.end()) {
      return failure(fmt::format("fault '{}' is unknown; allowed are none, all, {}", name, known_faults()));
    }
    FaultTerms& terms = plan.terms[static_cast<std::size_t>(kind - kKinds.begin())];
    if (terms.is_on) return failure(fmt::format("fault {} is given twice", name));
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
    if (std::string error = read_terms(*kind, value, terms); !error.empty()) return failure(std::move(error));
    terms.is_on = true;
  }
  return plan;
}

FaultInjector::FaultInjector(const FaultPlan& plan, std::uint64_t seed, Timestamp starts_at)
    : plan_(plan), random_(seed ^ 0xfa017), starts_at_(starts_at) {}

bool FaultInjector::strikes(Fault fault, Timestamp now) noexcept {
  const FaultTerms& terms = plan_.of(fault);
  if (!terms.is_on || is_healed(now) || !random_.chance(terms.per_million, kMillion)) return false;
  ++counts_[static_cast<std::size_t>(fault)];
  return true;
}

bool FaultInjector::is_in_phase(Fault fault, Timestamp now) noexcept {
  const FaultTerms& terms = plan_.of(fault);
  if (!terms.is_on || is_healed(now) || now < starts_at_) return false;
  // A phase stands at the end of each period, so that everything begins well.
  const Duration since = now - starts_at_;
  if (since % terms.every < terms.every - terms.length) return false;
  const std::int64_t phase = since / terms.every + 1;
  std::int64_t& last = last_phase_[static_cast<std::size_t>(fault)];
  if (last != phase) ++counts_[static_cast<std::size_t>(fault)];
  last = phase;
  return true;
}

bool FaultInjector::is_due(Fault fault, Timestamp& last, Timestamp now) noexcept {
  const FaultTerms& terms = plan_.of(fault);
  if (!terms.is_on || is_healed(now) || now - last < terms.every) return false;
  last = now;
  ++counts_[static_cast<std::size_t>(fault)];
  return true;
}

HttpFate FaultInjector::http_fate(bool is_order, Timestamp now) noexcept {
  HttpFate fate;
  if (strikes(Fault::Http429, now)) {
    fate.refuse_status = 429;
  } else if (strikes(Fault::Http5xx, now)) {
    fate.refuse_status = 503;
  } else if (is_order) {
    fate.loses_answer = strikes(Fault::LostAck, now);
    if (!fate.loses_answer && strikes(Fault::SlowAck, now)) fate.delay = plan_.of(Fault::SlowAck).length;
  }
  return fate;
}

Duration FaultInjector::fill_delay(Timestamp now) noexcept {
  return strikes(Fault::LateFill, now) ? plan_.of(Fault::LateFill).length : Duration{0};
}

Duration FaultInjector::clock_skew(Timestamp now) noexcept {
  const FaultTerms& terms = plan_.of(Fault::ClockSkew);
  return terms.is_on && !is_healed(now) ? terms.length : Duration{0};
}

}  // namespace arbees::sim
