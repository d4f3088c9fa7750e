#pragma once
// Candles out of any of the venues' answers: arrays of arrays, or arrays of objects, wherever they lie.
//
// Rows of scalars are found by themselves: an array that is an element of an array, or an object that has the named
// keys. What else is in the answer is looked at only for an error the venue tells.

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/venue/candle.h"
#include "adapters/venue/json/json_walk.h"

namespace arbees {

class CandleRowReader final : private JsonHandler {
 public:
  static constexpr std::size_t kColumns = 8;
  struct Row {
    std::array<std::string_view, kColumns> cells;
    std::size_t count = 0;
  };

  // `keys` empty: rows are arrays, cells by position (further ones are not kept). Else rows are objects, cells by key.
  explicit CandleRowReader(std::vector<std::string_view> keys = {}) : keys_(std::move(keys)) {}

  // nullptr, or why this is no JSON. The rows live until the next call.
  [[nodiscard]] const char* read(std::string_view json);
  [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }
  // An array that could hold rows was there, even if it was empty.
  [[nodiscard]] bool has_list() const noexcept { return has_list_; }
  // What stands under "error", "message", "msg" or "code" outside of rows; empty if nothing.
  [[nodiscard]] const std::string& venue_error() const noexcept { return venue_error_; }

 private:
  enum class Context : std::uint8_t { Array, Object, Row };

  void begin_object(std::string_view key) override;
  void end_object() override;
  void begin_array(std::string_view key) override;
  void end_array() override { depth_ -= 1; }
  void scalar(std::string_view key, const JsonScalar& value) override;

  [[nodiscard]] bool is_in(Context context) const noexcept { return depth_ > 0 && stack_[depth_ - 1] == context; }
  void push(Context context) noexcept { stack_[depth_++] = context; }

  std::vector<std::string_view> keys_;
  JsonWalker walker_;
  std::vector<Row> rows_;
  std::string venue_error_;
  std::array<Context, JsonWalker::kMaxDepth + 1> stack_{};
  std::size_t depth_ = 0;
  bool is_error_list_ = false;  // Kraken: "error":["…"]
  bool has_list_ = false;
};

// Where a venue's rows have what, and how its times are counted.
struct CandleColumns {
  std::size_t time, open, high, low, close, volume;
  CandleOrder order = CandleOrder::OldestFirst;
  bool is_milliseconds = false;
};

[[nodiscard]] CandleAnswer read_candle_rows(CandleRowReader& reader, std::string_view json,
                                            const CandleColumns& columns, Timestamp now);

}  // namespace arbees
