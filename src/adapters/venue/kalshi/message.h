#pragma once
// One Kalshi frame, taken apart: its type, its subscription and sequence, and the fields of its body.
//
// The reader knows field names and shapes, not what they mean; the decoder knows what they mean.
// Everything is collected before anything is interpreted, so the order of keys does not matter.
// Old names (integer cents, until 2026-03-12) and new ones (`_dollars`, `_fp`) are both collected.
// Texts are valid until the reader's next frame.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/venue/json/json_walk.h"
#include "core/market/price_grid.h"
#include "core/market/values.h"

namespace arbees::kalshi {

enum class MessageType : std::uint8_t {
  Absent,
  Unknown,
  OrderbookSnapshot,
  OrderbookDelta,
  Ticker,
  Trade,
  Fill,
  UserOrder,
  OrderGroupUpdate,
  MarketLifecycle,
  CfBenchmarksValue,
  CfBenchmarksValue5Hz,
  Subscribed,
  Unsubscribed,
  Ok,
  Error,
  Recognised,  // known, and of no use to us: RFQs, combos, positions, fee and event notices …
};

enum class Field : std::uint8_t {
  MarketTicker,
  Ticker,
  Price,
  PriceDollars,
  Delta,
  DeltaFp,
  Side,
  Time,
  TimeMs,
  YesBid,
  YesBidDollars,
  YesAsk,
  YesAskDollars,
  YesPrice,
  YesPriceDollars,
  NoPrice,
  NoPriceDollars,
  Count,
  CountFp,
  TakerSide,
  TakerOutcomeSide,
  TakerBookSide,
  IsBlockTrade,
  TradeId,
  OrderId,
  ClientOrderId,
  IsTaker,
  FeeCost,
  OutcomeSide,
  BookSide,
  PostPositionFp,
  Status,
  InitialCountFp,
  FillCountFp,
  RemainingCountFp,
  TakerFillCostDollars,
  MakerFillCostDollars,
  TakerFeesDollars,
  MakerFeesDollars,
  LastUpdateReason,
  LastUpdatedMs,
  CreatedMs,
  EventType,
  OrderGroupId,
  Result,
  SettlementValue,
  FloorStrike,
  CapStrike,
  IndexId,
  Data,
  ValueUsd,
  SourceTimeMs,
  Code,
  Text,            // the `msg` within an error's `msg`
  SubscriptionId,  // the `sid` within a reply's `msg`
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::SubscriptionId) + 1;
static_assert(kFieldCount <= 64);

// What is wrong with a run of levels, worst found first.
enum class LevelProblem : std::uint8_t { None, Malformed, OffTick, OutOfRange };

struct Level {
  Price price;  // of the side it is on
  Quantity quantity;
};

// The bids of one outcome. `rank` tells which of the venue's forms it was read from: the finest wins.
struct Levels {
  std::vector<Level> levels;
  std::uint8_t rank = 0;  // 0: the key was absent or null: an empty side
  LevelProblem problem = LevelProblem::None;

  void clear() noexcept {
    levels.clear();
    rank = 0;
    problem = LevelProblem::None;
  }
};

struct Message {
  MessageType type = MessageType::Absent;
  std::string_view type_text;
  JsonScalar sid;
  JsonScalar seq;
  Levels yes;
  Levels no;
  PriceGrid grid;  // of `price_ranges`; unknown if they do not fit our grid
  bool has_ranges = false;
  bool has_book = false;  // an `orderbook` or `orderbook_fp` object (REST)

  [[nodiscard]] const JsonScalar& operator[](Field field) const noexcept {
    static constexpr JsonScalar kAbsent;
    const auto index = static_cast<std::size_t>(field);
    return (present_ >> index & 1) != 0 ? fields_[index] : kAbsent;
  }
  void set(Field field, const JsonScalar& value) noexcept {
    const auto index = static_cast<std::size_t>(field);
    fields_[index] = value;
    present_ |= std::uint64_t{1} << index;
  }
  void clear() noexcept;

 private:
  std::array<JsonScalar, kFieldCount> fields_;
  std::uint64_t present_ = 0;
};

class MessageReader final : private JsonHandler {
 public:
  // nullptr, or why this is not JSON. The message then holds what could be read before the error.
  [[nodiscard]] const char* read(std::string_view frame, Message& message);

  // Fields of bodies and envelopes met so far that are in no specification we know.
  [[nodiscard]] std::uint64_t unknown_fields() const noexcept { return unknown_fields_; }

 private:
  enum class Context : std::uint8_t { Outside, Top, Body, Metadata, Levels, Pair, Ranges, Range, Ignored };

  void begin_object(std::string_view key) override;
  void end_object() override;
  void begin_array(std::string_view key) override;
  void end_array() override;
  void scalar(std::string_view key, const JsonScalar& value) override;

  void push(Context context) noexcept { stack_[depth_++] = context; }
  [[nodiscard]] Context context() const noexcept { return depth_ == 0 ? Context::Outside : stack_[depth_ - 1]; }
  void begin_levels(std::string_view key) noexcept;
  void refuse_levels(std::string_view key) noexcept;
  void level_scalar(const JsonScalar& value) noexcept;
  void end_pair() noexcept;
  void range_scalar(std::string_view key, const JsonScalar& value) noexcept;
  void end_range() noexcept;
  void end_ranges() noexcept;

  JsonWalker walker_;
  Message* message_ = nullptr;
  std::uint64_t unknown_fields_ = 0;
  std::array<Context, JsonWalker::kMaxDepth + 1> stack_{};
  std::size_t depth_ = 0;

  // The level being read.
  Levels* levels_ = nullptr;  // nullptr: a form coarser than one already read
  bool in_cents_ = false;
  int pair_size_ = 0;
  Level level_;
  LevelProblem pair_problem_ = LevelProblem::None;

  // The price range being read.
  struct PriceRange {
    std::optional<Price> start;
    std::optional<Price> end;
    std::optional<Price> step;
  };
  PriceRange range_;
  Price ranges_end_;
  std::size_t range_count_ = 0;
  bool ranges_valid_ = false;
};

// The text's message type by its name on the wire.
[[nodiscard]] MessageType message_type(std::string_view name) noexcept;

}  // namespace arbees::kalshi
