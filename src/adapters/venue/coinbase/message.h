#pragma once
// One Coinbase frame, taken apart: what both of its feeds (and its REST books) have in common.
//
// The Exchange feed is flat and marked by `type`; Advanced Trade wraps lists in `events` and is marked
// by `channel`. Either way a frame is rows (trades, tickers) and book changes (levels of a product).
// Everything is collected before anything is interpreted, so the order of keys does not matter.
// Texts are valid until the reader's next frame.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/venue/json/json_walk.h"
#include "core/market/order_book.h"
#include "core/market/values.h"

namespace arbees::coinbase {

enum class Field : std::uint8_t {
  Type,
  ProductId,
  Price,
  Size,
  LastSize,
  Side,
  TradeId,
  Time,
  BestBid,
  BestBidSize,
  BestAsk,
  BestAskSize,
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::BestAskSize) + 1;

// One flat object: a trade, a ticker, or the frame itself.
class Row {
 public:
  [[nodiscard]] const JsonScalar& operator[](Field field) const noexcept {
    return fields_[static_cast<std::size_t>(field)];
  }
  void set(Field field, const JsonScalar& value) noexcept { fields_[static_cast<std::size_t>(field)] = value; }

 private:
  std::array<JsonScalar, kFieldCount> fields_{};
};

enum class LevelProblem : std::uint8_t { None, Malformed, OffTick, OutOfRange };

struct Level {
  SpotPrice price;
  SpotQuantity quantity;  // absolute; 0 removes
  BookSide side = BookSide::Bid;
};

// The levels of one product in one message: `levels[first, first + count)` of the message.
struct BookChange {
  JsonScalar type;     // "snapshot" or "update", where stated
  JsonScalar product;  // where stated
  std::size_t first = 0;
  std::size_t count = 0;
  LevelProblem problem = LevelProblem::None;
  bool has_levels = false;  // whether there was a list of levels at all
};

struct Message {
  Row top;
  JsonScalar channel;
  JsonScalar sequence;           // `sequence_num` of Advanced Trade
  std::vector<Row> rows;         // Advanced Trade's trades and tickers
  std::vector<bool> row_is_old;  // whether the row came in a list of what had been before
  std::vector<BookChange> changes;
  std::vector<Level> levels;
  BookChange flat;        // Exchange: levels beside the top's fields
  bool has_book = false;  // REST: bids and asks, in a `pricebook` or not

  void clear() noexcept;
};

class MessageReader final : private JsonHandler {
 public:
  // nullptr, or why this is not JSON. The message then holds what could be read before the error.
  [[nodiscard]] const char* read(std::string_view frame, Message& message);

 private:
  enum class Context : std::uint8_t {
    Outside,
    Top,
    Events,
    Event,
    Updates,
    Update,
    Rows,
    Row,
    Sides,  // Exchange and REST: all bids or all asks
    Changes,
    Pair,
    LevelObject,
    Ignored,
  };

  void begin_object(std::string_view key) override;
  void end_object() override;
  void begin_array(std::string_view key) override;
  void end_array() override;
  void scalar(std::string_view key, const JsonScalar& value) override;

  void begin_top_array(std::string_view key);
  void begin_event_array(std::string_view key);
  void pair_scalar(const JsonScalar& value);
  void end_level();
  void spoil_levels(LevelProblem problem) noexcept;

  void push(Context context) noexcept { stack_[depth_++] = context; }
  [[nodiscard]] Context context() const noexcept { return depth_ == 0 ? Context::Outside : stack_[depth_ - 1]; }

  JsonWalker walker_;
  Message* message_ = nullptr;
  std::array<Context, JsonWalker::kMaxDepth + 1> stack_{};
  std::size_t depth_ = 0;

  // The event and level being read. Rows do not know their event's type until it ends.
  BookChange event_;
  std::size_t event_first_row_ = 0;
  BookSide list_side_ = BookSide::Bid;
  int pair_size_ = 0;
  JsonScalar level_side_;
  JsonScalar level_price_;
  JsonScalar level_size_;
};

// A price of a level or trade: positive. OffTick: finer than 10^-8.
[[nodiscard]] LevelProblem read_price(const JsonScalar& value, SpotPrice& price) noexcept;
// A size: not negative; digits finer than 10^-8 are cut, so that we never see more than there is.
[[nodiscard]] LevelProblem read_size(const JsonScalar& value, SpotQuantity& quantity) noexcept;

}  // namespace arbees::coinbase
