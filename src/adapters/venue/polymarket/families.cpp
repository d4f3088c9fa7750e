#include "adapters/venue/polymarket/families.h"

#include <algorithm>
#include <array>

#include "adapters/venue/rule_text.h"

namespace arbees::polymarket {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array<Coin, 7> kCoins = {{
    {Asset::BTC, "btc", "bitcoin", "Bitcoin"},
    {Asset::ETH, "eth", "ethereum", "Ethereum"},
    {Asset::SOL, "sol", "solana", "Solana"},
    {Asset::XRP, "xrp", "xrp", "XRP"},
    {Asset::DOGE, "doge", "dogecoin", "Dogecoin"},
    {Asset::BNB, "bnb", "bnb", "BNB"},
    {Asset::HYPE, "hype", "hyperliquid", "Hyperliquid"},
}};

constexpr std::array<std::string_view, kProductCount> kProductNames = {
    "updown-5m",    "updown-15m",  "updown-4h", "up-or-down-hourly", "up-or-down-daily", "above-daily",
    "above-hourly", "range-daily", "hit"};

constexpr std::array<std::string_view, 12> kMonthSlugs = {"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};

// The rest of the text after the prefix, if it begins with it.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find('-'));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

// "8am": the hour of the day.
std::optional<int> read_slug_hour(std::string_view word) {
  const bool is_pm = word.ends_with("pm");
  if (word.size() < 3 || (!is_pm && !word.ends_with("am"))) return std::nullopt;
  const auto hour = read_small_number(word.substr(0, word.size() - 2));
  if (!hour || *hour < 1 || *hour > 12) return std::nullopt;
  return *hour % 12 + (is_pm ? 12 : 0);
}

// "october-6", "october-6-2026", "october-6-2026-12am-et".
bool read_slug_date(std::string_view text, SlugParts& parts) {
  const auto month = read_month(take_word(text));
  const auto day = read_small_number(take_word(text));
  if (!month || !day || *day < 1 || *day > 31) return false;
  parts.date.month = *month;
  parts.date.day = *day;
  std::string_view word = take_word(text);
  if (word.size() == 4) {
    const auto year = read_small_number(word);
    if (!year || !is_date(*year, *month, *day)) return false;
    parts.date.year = *year;
    word = take_word(text);
  }
  if (word.empty()) return text.empty();
  const auto hour = read_slug_hour(word);
  if (!hour || text != "et") return false;
  parts.date.hour = *hour;
  parts.has_hour = true;
  return true;
}

bool read_short_window(std::string_view text, SlugParts& parts) {
  if (!take(text, "updown-")) return false;
  const std::string_view length = take_word(text);
  if (length == "5m") {
    parts.product = Product::UpDown5m;
  } else if (length == "15m") {
    parts.product = Product::UpDown15m;
  } else if (length == "4h") {
    parts.product = Product::UpDown4h;
  } else {
    return false;
  }
  if (text.size() != 10) return false;
  const auto start = parse_unix_time(text);
  if (!start) return false;
  parts.start = *start;
  return true;
}

bool read_dated(std::string_view text, SlugParts& parts) {
  if (take(text, "up-or-down-on-")) {
    parts.product = Product::UpDownDaily;
    return read_slug_date(text, parts) && !parts.has_hour;
  }
  if (take(text, "up-or-down-")) {
    parts.product = Product::UpDownHourly;
    return read_slug_date(text, parts) && parts.has_hour;
  }
  if (take(text, "above-on-")) {
    if (!read_slug_date(text, parts)) return false;
    parts.product = parts.has_hour ? Product::AboveHourly : Product::AboveDaily;
    return true;
  }
  if (take(text, "price-on-")) {
    parts.product = Product::RangeDaily;
    return read_slug_date(text, parts) && !parts.has_hour;
  }
  return false;
}

std::string date_slug(const CivilTime& date) {
  return std::string(kMonthSlugs[static_cast<std::size_t>(date.month - 1)]) + "-" + std::to_string(date.day) + "-" +
         std::to_string(date.year);
}

std::string hour_slug(int hour) {
  const int shown = hour % 12 == 0 ? 12 : hour % 12;
  return std::to_string(shown) + (hour < 12 ? "am" : "pm") + "-et";
}

std::string dated_slug(Product product, const Coin& coin, const CivilTime& date) {
  const std::string name(coin.slug);
  switch (product) {
    case Product::UpDownHourly: return name + "-up-or-down-" + date_slug(date) + "-" + hour_slug(date.hour);
    case Product::AboveHourly: return name + "-above-on-" + date_slug(date) + "-" + hour_slug(date.hour);
    case Product::UpDownDaily: return name + "-up-or-down-on-" + date_slug(date);
    case Product::AboveDaily: return name + "-above-on-" + date_slug(date);
    case Product::RangeDaily: return name + "-price-on-" + date_slug(date);
    case Product::Hit: return "what-price-will-" + name + "-hit-on-" + date_slug(date);
    default: return {};
  }
}

// Four-hour windows begin at 0, 4, 8 … of the Eastern clock, the others at multiples of their length since 1970.
bool is_start(Product product, Timestamp time) {
  return product != Product::UpDown4h || to_eastern(time).hour % 4 == 0;
}

std::vector<std::string> short_slugs(Product product, const Coin& coin, Timestamp from, Timestamp until) {
  std::vector<std::string> slugs;
  const Duration step = product == Product::UpDown4h ? Duration(hours(1)) : window_of(product);
  const std::string prefix = std::string(coin.ticker) + "-" + std::string(product_name(product)) + "-";
  const Duration since_epoch = (from - window_of(product)).time_since_epoch();
  Timestamp start{since_epoch / step * step};
  for (; start < until; start += step) {
    if (start + window_of(product) <= from || !is_start(product, start)) continue;
    slugs.push_back(prefix + std::to_string(unix_ns(start) / 1'000'000'000));
  }
  return slugs;
}

}  // namespace

std::string_view product_name(Product product) noexcept { return kProductNames[static_cast<std::size_t>(product)]; }

std::span<const Coin> coins() noexcept { return kCoins; }

const Coin* find_coin(Asset asset) noexcept {
  const auto found = std::find_if(kCoins.begin(), kCoins.end(), [&](const Coin& coin) { return coin.asset == asset; });
  return found == kCoins.end() ? nullptr : &*found;
}

std::string SlugParts::family() const {
  return "polymarket:" + std::string(coin->ticker) + "-" + std::string(product_name(product));
}

std::optional<SlugParts> read_slug(std::string_view event_slug) {
  for (const Coin& coin : kCoins) {
    SlugParts parts;
    parts.coin = &coin;
    std::string_view rest = event_slug;
    if (take(rest, coin.ticker) && take(rest, "-") && read_short_window(rest, parts)) return parts;
    rest = event_slug;
    if (take(rest, coin.slug) && take(rest, "-") && read_dated(rest, parts)) return parts;
    rest = event_slug;
    if (take(rest, "what-price-will-") && take(rest, coin.slug) && take(rest, "-hit-")) {
      parts = SlugParts{};
      parts.coin = &coin;
      parts.product = Product::Hit;
      return parts;
    }
  }
  return std::nullopt;
}

Duration window_of(Product product) noexcept {
  switch (product) {
    case Product::UpDown5m: return minutes(5);
    case Product::UpDown15m: return minutes(15);
    case Product::UpDown4h: return hours(4);
    case Product::UpDownHourly: return hours(1);
    default: return Duration{0};
  }
}

std::vector<std::string> upcoming_slugs(Product product, const Coin& coin, Timestamp from, Timestamp until) {
  if (product == Product::UpDown5m || product == Product::UpDown15m || product == Product::UpDown4h) {
    return short_slugs(product, coin, from, until);
  }
  std::vector<std::string> slugs;
  // Hour by hour, in both seasons: the days of a year have 23, 24 or 25 of them.
  Timestamp at{from.time_since_epoch() / Duration(hours(1)) * Duration(hours(1))};
  for (; at < until; at += hours(1)) {
    std::string slug = dated_slug(product, coin, to_eastern(at));
    if (slugs.empty() || slugs.back() != slug) slugs.push_back(std::move(slug));
  }
  return slugs;
}

}  // namespace arbees::polymarket
