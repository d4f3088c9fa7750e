#pragma once
// The book of one pair at the subscribed depth, with what its checksum needs: the numbers as sent.
//
// Invariants: each side is sorted with the best level at the back and holds at most `depth` levels after
// truncate(); prices are unique. The venue never says which levels fall out at the end: truncate() does.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/order_book.h"
#include "core/market/values.h"

namespace arbees::kraken {

struct DepthLevel {
  SpotPrice price;
  SpotQuantity quantity;
  std::array<char, 47> sent;  // price and quantity as sent, without points and leading zeros
  std::uint8_t sent_length = 0;
};

// Decimals of a pair's prices and quantities; negative: unknown, numbers are taken as sent.
struct Precision {
  int price = -1;
  int quantity = -1;

  [[nodiscard]] bool is_known() const noexcept { return price >= 0 && quantity >= 0; }
};

class DepthBook {
 public:
  void clear() noexcept;
  // Sets a level from its numbers and their texts; a zero quantity removes it.
  void set(BookSide side, const DepthLevel& level);
  // Drops the worst level of the side if there are more than `depth`: its price, or zero if none was dropped.
  [[nodiscard]] SpotPrice drop_beyond(BookSide side, std::size_t depth) noexcept;
  [[nodiscard]] std::uint32_t checksum(Precision precision);
  [[nodiscard]] std::size_t level_count(BookSide side) const noexcept {
    return side == BookSide::Bid ? bids_.size() : asks_.size();
  }

 private:
  void append(const std::vector<DepthLevel>& levels, Precision precision);

  std::vector<DepthLevel> bids_;
  std::vector<DepthLevel> asks_;
  std::string text_;
};

// The level with its `sent` text; the texts are plain decimals.
[[nodiscard]] DepthLevel make_level(SpotPrice price, SpotQuantity quantity, std::string_view price_text,
                                    std::string_view quantity_text);

}  // namespace arbees::kraken
