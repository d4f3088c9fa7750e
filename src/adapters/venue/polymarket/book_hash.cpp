#include "adapters/venue/polymarket/book_hash.h"

#include <algorithm>
#include <cstring>

namespace arbees::polymarket {
namespace {

constexpr std::string_view kPriceKey = "{\"price\":\"";
constexpr std::string_view kSizeKey = "\",\"size\":\"";
constexpr std::string_view kLevelEnd = "\"}";

bool write_level(SummaryLevel& level, std::string_view price_text, std::string_view size_text) noexcept {
  const std::size_t length =
      kPriceKey.size() + price_text.size() + kSizeKey.size() + size_text.size() + kLevelEnd.size();
  if (length > level.text.size()) return false;
  char* end = level.text.data();
  for (const std::string_view part : {kPriceKey, price_text, kSizeKey, size_text, kLevelEnd}) {
    std::memcpy(end, part.data(), part.size());
    end += part.size();
  }
  level.length = static_cast<std::uint8_t>(length);
  return true;
}

// Where the price is or belongs in a side whose best is last.
template <class Levels>
auto find_place(Levels& levels, BookSide side, Price price) noexcept {
  return std::lower_bound(levels.begin(), levels.end(), price,
                          [side](const SummaryLevel& level, Price wanted) noexcept {
                            return side == BookSide::Bid ? level.price < wanted : level.price > wanted;
                          });
}

void append_levels(std::string& text, const std::vector<SummaryLevel>& levels) {
  for (const SummaryLevel& level : levels) {
    text += level.view();
    text += ',';
  }
  if (!levels.empty()) text.pop_back();
}

// The end of the summary from last_trade_price on, without allocation.
class Ending {
 public:
  explicit Ending(const SummaryFields& fields) noexcept : version_(fields.version) {}

  std::string_view with_price(std::string_view price) noexcept {
    length_ = 0;
    append(",\"last_trade_price\":\"");
    append(price);
    append("\"");
    return close();
  }
  std::string_view without_price() noexcept {
    length_ = 0;
    return close();
  }

 private:
  void append(std::string_view part) noexcept {
    const std::size_t count = std::min(part.size(), text_.size() - length_);
    std::memcpy(text_.data() + length_, part.data(), count);
    length_ += count;
  }
  std::string_view close() noexcept {
    if (!version_.empty()) {
      append(",\"version\":\"");
      append(version_);
      append("\"");
    }
    append("}");
    return {text_.data(), length_};
  }

  std::array<char, 128> text_;
  std::size_t length_ = 0;
  std::string_view version_;
};

// "0.000" … "1.000"
std::array<char, 5> thousandths(int value) noexcept {
  const auto digit = [](int d) noexcept { return static_cast<char>('0' + d); };
  return {digit(value / 1000), '.', digit(value / 100 % 10), digit(value / 10 % 10), digit(value % 10)};
}

bool find_last_trade_price(const Sha1Prefix& prefix, SummaryFields& fields, const Sha1Digest& hash) {
  Ending ending(fields);
  if (fields.has_last_trade_price) {
    if (prefix.with(ending.with_price(fields.last_trade_price)) == hash) return true;
  } else if (prefix.with(ending.without_price()) == hash) {
    return true;
  }
  const auto keep = [&](std::string_view price, bool has_price) {
    fields.last_trade_price = price;
    fields.has_last_trade_price = has_price;
    return true;
  };
  if (prefix.with(ending.with_price("")) == hash) return keep("", true);
  if (prefix.with(ending.without_price()) == hash) return keep("", false);
  for (int value = 0; value <= 1000; ++value) {
    const auto price = thousandths(value);
    const std::string_view view(price.data(), price.size());
    if (prefix.with(ending.with_price(view)) == hash) return keep(view, true);
  }
  return false;
}

}  // namespace

void SummaryLevels::clear() noexcept {
  bids_.clear();
  asks_.clear();
}

SummaryLevel SummaryLevels::at(BookSide side, Price price) const noexcept {
  const std::vector<SummaryLevel>& levels = side == BookSide::Bid ? bids_ : asks_;
  const auto place = find_place(levels, side, price);
  if (place != levels.end() && place->price == price) return *place;
  SummaryLevel none;
  none.price = price;
  return none;
}

void SummaryLevels::restore(BookSide side, const SummaryLevel& level) {
  std::vector<SummaryLevel>& levels = side == BookSide::Bid ? bids_ : asks_;
  const auto place = find_place(levels, side, level.price);
  const bool exists = place != levels.end() && place->price == level.price;
  if (level.length == 0) {
    if (exists) levels.erase(place);
  } else if (exists) {
    *place = level;
  } else {
    levels.insert(place, level);
  }
}

bool SummaryLevels::set(BookSide side, Price price, std::string_view price_text, std::string_view size_text,
                        bool is_removed) {
  SummaryLevel level;
  level.price = price;
  const bool fits = is_removed || write_level(level, price_text, size_text);
  restore(side, level);
  return fits;
}

void BookHasher::write_summary(const SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp) {
  text_.assign("{\"market\":\"").append(fields.market);
  text_.append("\",\"asset_id\":\"").append(fields.asset_id);
  text_.append("\",\"timestamp\":\"").append(timestamp);
  text_.append("\",\"hash\":\"\",\"bids\":[");
  append_levels(text_, levels.bids());
  text_.append("],\"asks\":[");
  append_levels(text_, levels.asks());
  text_.append("],\"min_order_size\":\"").append(fields.min_order_size);
  text_.append("\",\"tick_size\":\"").append(fields.tick_size);
  text_.append("\",\"neg_risk\":").append(fields.neg_risk ? "true" : "false");
}

bool BookHasher::verify(SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp,
                        const Sha1Digest& hash) {
  write_summary(fields, levels, timestamp);
  return find_last_trade_price(Sha1Prefix(text_), fields, hash);
}

bool BookHasher::matches(const SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp,
                         const Sha1Digest& hash, std::string_view other_last_trade_price) {
  write_summary(fields, levels, timestamp);
  const Sha1Prefix prefix(text_);
  Ending ending(fields);
  if (!fields.has_last_trade_price) return prefix.with(ending.without_price()) == hash;
  return prefix.with(ending.with_price(fields.last_trade_price)) == hash ||
         prefix.with(ending.with_price(other_last_trade_price)) == hash;
}

bool BookHasher::find_fields(SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp,
                             const Sha1Digest& hash, bool tick_is_known) {
  if (!fields.tick_size.empty() && verify(fields, levels, timestamp, hash)) return true;
  const std::string stated_tick = fields.tick_size;
  const bool stated_neg_risk = fields.neg_risk;
  static constexpr std::array<std::string_view, 6> kTicks = {"0.01", "0.001", "0.005", "0.0025", "0.0001", "0.1"};
  for (const bool neg_risk : {stated_neg_risk, !stated_neg_risk}) {
    fields.neg_risk = neg_risk;
    for (const std::string_view tick : kTicks) {
      if (tick_is_known && tick != stated_tick) continue;
      fields.tick_size = tick;
      if (verify(fields, levels, timestamp, hash)) return true;
    }
  }
  fields.tick_size = stated_tick;
  fields.neg_risk = stated_neg_risk;
  return false;
}

}  // namespace arbees::polymarket
