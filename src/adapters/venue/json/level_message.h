#pragma once
// A message of a few named values and lists of levels, as most spot venues send them, read in one pass.
//
// The layout names what is looked for, at the root and in one nested object ("data") alike; everything else
// is passed over. A list holds rows of one to three scalars ([price, quantity], [side, price, quantity]).
// The views point into the reader and live until its next frame.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/venue/json/json_walk.h"

namespace arbees {

struct LevelRow {
  static constexpr std::size_t kMaxCells = 3;

  std::array<JsonScalar, kMaxCells> cells;
  std::uint8_t cell_count = 0;  // further cells are not kept
  std::uint8_t list = 0;        // its place in the layout
};

class LevelMessageReader final : private JsonHandler {
 public:
  struct Layout {
    std::span<const std::string_view> fields;
    std::span<const std::string_view> lists;
    std::string_view envelope;
  };

  // `layout` outlives the reader.
  explicit LevelMessageReader(const Layout& layout);

  // nullptr, or why this is not JSON; what came before the error can be read nevertheless.
  [[nodiscard]] const char* read(std::string_view frame);

  // By its place in the layout; of kind Absent if it was not sent or is no scalar.
  [[nodiscard]] const JsonScalar& field(std::size_t place) const noexcept { return fields_[place]; }
  [[nodiscard]] bool has_list(std::size_t place) const noexcept { return (seen_ >> place & 1U) != 0; }
  // Whether anything but rows of scalars was in the list.
  [[nodiscard]] bool is_list_broken(std::size_t place) const noexcept { return (broken_ >> place & 1U) != 0; }
  // Of all lists, in the order sent.
  [[nodiscard]] std::span<const LevelRow> rows() const noexcept { return rows_; }

 private:
  enum class Context : std::uint8_t { Outside, Named, List, Row, Ignored };

  void begin_object(std::string_view key) override;
  void end_object() override { pop(); }
  void begin_array(std::string_view key) override;
  void end_array() override { pop(); }
  void scalar(std::string_view key, const JsonScalar& value) override;

  void begin_list(std::string_view key);
  void push(Context context) noexcept { stack_[depth_++] = context; }
  void pop() noexcept { --depth_; }
  [[nodiscard]] Context context() const noexcept { return depth_ == 0 ? Context::Outside : stack_[depth_ - 1]; }
  void spoil_list() noexcept { broken_ |= 1U << list_; }

  const Layout& layout_;
  JsonWalker walker_;
  std::vector<JsonScalar> fields_;
  std::vector<LevelRow> rows_;
  std::array<Context, JsonWalker::kMaxDepth + 1> stack_{};
  std::size_t depth_ = 0;
  std::size_t list_ = 0;  // the one being read
  std::uint32_t seen_ = 0;
  std::uint32_t broken_ = 0;
};

}  // namespace arbees
