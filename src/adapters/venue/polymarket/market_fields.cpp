#include "adapters/venue/polymarket/market_fields.h"

#include <algorithm>

#include "adapters/venue/rule_text.h"
#include "core/market/fees.h"

namespace arbees::polymarket {
namespace {

constexpr std::size_t kLongestId = 78;  // decimal digits of 2^256

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_token_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kLongestId &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// `["Up", "Down"]` with plain strings.
std::optional<std::vector<std::string>> read_inner_list(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with('[') || !text.ends_with(']') || text.find('\\') != std::string_view::npos) return std::nullopt;
  text = trimmed(text.substr(1, text.size() - 2));
  std::vector<std::string> items;
  while (!text.empty()) {
    if (text.front() != '"') return std::nullopt;
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    items.emplace_back(text.substr(1, end - 1));
    text = trimmed(text.substr(end + 1));
    if (text.empty()) break;
    if (text.front() != ',') return std::nullopt;
    text = trimmed(text.substr(1));
    if (text.empty()) return std::nullopt;
  }
  return items;
}

}  // namespace

std::optional<std::vector<std::string>> read_list(const JsonView& value) {
  if (value.is_string()) return read_inner_list(value.text());
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> items;
  bool is_good = true;
  value.for_each([&](const JsonView& item) {
    is_good = is_good && item.is_string();
    items.emplace_back(item.text());
  });
  if (!is_good) return std::nullopt;
  return items;
}

std::optional<Tokens> read_tokens(const JsonView& market, std::string& problem) {
  Tokens tokens;
  tokens.version = std::string(market["version"].text());
  const auto outcomes = read_list(market["outcomes"]);
  const auto ids = read_list(market[tokens.version == "v2" ? "positionIds" : "clobTokenIds"]);
  if (!outcomes || outcomes->size() != 2) {
    problem = "not two outcomes";
    return std::nullopt;
  }
  if (!ids || ids->size() != 2 || !is_token_id((*ids)[0]) || !is_token_id((*ids)[1]) || (*ids)[0] == (*ids)[1]) {
    problem = "not two token ids";
    return std::nullopt;
  }
  tokens.outcomes = *outcomes;
  tokens.ids = *ids;
  if (tokens.version.empty()) tokens.refusal = "the market's protocol version is missing";
  if (!tokens.version.empty() && tokens.version != "v1" && tokens.version != "v2") {
    tokens.refusal = "protocol version '" + tokens.version + "' is unknown";
  }
  return tokens;
}

bool is_condition_id(std::string_view text) noexcept {
  if (!text.starts_with("0x")) return false;
  text.remove_prefix(2);
  return (text.size() == 62 || text.size() == 64) && std::all_of(text.begin(), text.end(), is_hex);
}

void read_state(const JsonView& market, std::size_t index, CatalogEntry& entry) {
  entry.accepts_orders = market["acceptingOrders"].is_true();
  const bool is_closed = market["closed"].is_true() || market["archived"].is_true();
  if (!is_closed) {
    if (!market["active"].is_true()) {
      entry.phase = ContractPhase::Initialized;
    } else {
      entry.phase = entry.accepts_orders ? ContractPhase::Active : ContractPhase::Paused;
    }
    return;
  }
  entry.phase = ContractPhase::Closed;
  entry.accepts_orders = false;
  const bool is_resolved =
      market["umaResolutionStatus"].text() == "resolved" || market["resolutionStatus"].text() == "resolved";
  const auto prices = read_list(market["outcomePrices"]);
  if (!is_resolved || !prices || prices->size() != 2) return;
  const auto first = Price::parse((*prices)[0]);
  const auto second = Price::parse((*prices)[1]);
  // A verdict pays the dollar out whole: 1 and 0, or half and half. Anything else is a last trade.
  if (!first || !second || *first + *second != kPriceOne) return;
  const bool is_verdict = *first == kPriceOne || *first == kPriceZero || *first == *second;
  if (!is_verdict) return;
  entry.phase = ContractPhase::Settled;
  entry.payout = index == 0 ? *first : *second;
}

bool read_fee_schedule(const JsonView& schedule, FeeSchedule& fees) {
  const auto pick = [&](std::string_view name, std::string_view short_name) {
    const JsonView value = schedule[name];
    return value.has_value() ? value : schedule[short_name];
  };
  const auto rate = parse_decimal(pick("rate", "r").text(), 6, ExcessDigits::Ceil);
  const auto exponent = read_small_number(pick("exponent", "e").text());
  const JsonView taker_only = pick("takerOnly", "to");
  if (!rate || *rate < 0 || *rate > 1'000'000 || !exponent || *exponent < 1 || *exponent > kMaxFeeExponent) {
    return false;
  }
  if (!taker_only.is_true() && !taker_only.is_false()) return false;
  fees = FeeSchedule{};
  fees.model = FeeModel::PolymarketCurve;
  fees.taker_rate = static_cast<std::uint32_t>(*rate);
  fees.maker_rate = taker_only.is_true() ? 0 : fees.taker_rate;
  fees.exponent = static_cast<std::uint8_t>(*exponent);
  return true;
}

void read_trading_fields(const JsonView& market, CatalogEntry& entry) {
  ContractTerms& terms = entry.terms;
  terms.lot = Quantity::from_units(1);
  const auto tick = Price::parse(market["orderPriceMinTickSize"].text());
  if (tick && tick->is_positive() && *tick < kPriceOne && kPriceOne.units() % tick->units() == 0) {
    terms.grid = PriceGrid::uniform(*tick);
  } else {
    entry.refuse(NotTradable::UnknownTick, "orderPriceMinTickSize missing or not understood");
  }
  const auto least = Quantity::parse(market["orderMinSize"].text());
  if (least && least->is_positive()) {
    terms.minimum_order = *least;
  } else {
    entry.refuse(NotTradable::TermsRefused, "orderMinSize missing or not understood");
  }
  if (market["feesEnabled"].is_false()) {
    terms.fees = FeeSchedule{};
    terms.fees.model = FeeModel::None;
  } else if (!market["feesEnabled"].is_true() || !read_fee_schedule(market["feeSchedule"], terms.fees)) {
    terms.fees = FeeSchedule{};
    entry.refuse(NotTradable::UnknownFee, "fees are charged, but no fee schedule is stated");
  }
  if (market["enableOrderBook"].is_false()) entry.refuse(NotTradable::TermsRefused, "the market has no order book");
  if (const JsonView delay = market["secondsDelay"]; delay.has_value() && delay.text() != "0") {
    entry.refuse(NotTradable::TermsRefused, "orders are delayed by seconds");
  }
}

}  // namespace arbees::polymarket
