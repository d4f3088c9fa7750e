#include "adapters/venue/kraken/depth_book.h"

#include <algorithm>

#include "adapters/venue/kraken/checksum.h"

namespace arbees::kraken {

DepthLevel make_level(SpotPrice price, SpotQuantity quantity, std::string_view price_text,
                      std::string_view quantity_text) {
  DepthLevel level{price, quantity, {}, 0};
  for (const std::string_view number : {price_text, quantity_text}) {
    bool is_leading = true;
    for (const char c : number) {
      if (c == '.' || (is_leading && c == '0')) continue;
      is_leading = false;
      if (level.sent_length < level.sent.size()) level.sent[level.sent_length++] = c;
    }
  }
  return level;
}

void DepthBook::clear() noexcept {
  bids_.clear();
  asks_.clear();
}

void DepthBook::set(BookSide side, const DepthLevel& level) {
  const bool is_bid = side == BookSide::Bid;
  std::vector<DepthLevel>& levels = is_bid ? bids_ : asks_;
  const auto place = std::lower_bound(levels.begin(), levels.end(), level.price,
                                      [is_bid](const DepthLevel& other, SpotPrice wanted) noexcept {
                                        return is_bid ? other.price < wanted : other.price > wanted;
                                      });
  const bool exists = place != levels.end() && place->price == level.price;
  if (level.quantity.is_zero()) {
    if (exists) levels.erase(place);
  } else if (exists) {
    *place = level;
  } else {
    levels.insert(place, level);
  }
}

SpotPrice DepthBook::drop_beyond(BookSide side, std::size_t depth) noexcept {
  std::vector<DepthLevel>& levels = side == BookSide::Bid ? bids_ : asks_;
  if (levels.size() <= depth) return SpotPrice();
  const SpotPrice dropped = levels.front().price;
  levels.erase(levels.begin());
  return dropped;
}

void DepthBook::append(const std::vector<DepthLevel>& levels, Precision precision) {
  const std::size_t count = std::min(levels.size(), kChecksumLevels);
  for (std::size_t i = 0; i < count; ++i) {
    const DepthLevel& level = levels[levels.size() - 1 - i];
    if (precision.is_known()) {
      append_digits(text_, level.price.units(), precision.price);
      append_digits(text_, level.quantity.units(), precision.quantity);
    } else {
      text_.append(level.sent.data(), level.sent_length);
    }
  }
}

std::uint32_t DepthBook::checksum(Precision precision) {
  text_.clear();
  append(asks_, precision);
  append(bids_, precision);
  return crc32(text_);
}

}  // namespace arbees::kraken
