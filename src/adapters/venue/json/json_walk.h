#pragma once
// One pass over one JSON document, every value handed to a handler in the order sent.
//
// Decoders never depend on the order of keys, and a document that is broken anywhere is refused as a
// whole, also in parts nobody looks at (simdjson's on-demand parser alone would not notice). Strings
// arrive unescaped, numbers as the digits sent, so that no decimal ever becomes a double.
// Nothing is allocated once the walker has seen the largest document.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace arbees {

enum class JsonKind : std::uint8_t { Absent, Null, False, True, Number, String };

// A value that is not an object or array. The text is valid until the walker's next document.
struct JsonScalar {
  std::string_view text;
  JsonKind kind = JsonKind::Absent;

  [[nodiscard]] bool is_string() const noexcept { return kind == JsonKind::String; }
  [[nodiscard]] bool is_number() const noexcept { return kind == JsonKind::Number; }
  [[nodiscard]] bool is_bool() const noexcept { return kind == JsonKind::True || kind == JsonKind::False; }
  // Absent and null are the same to every venue we know.
  [[nodiscard]] bool has_value() const noexcept { return kind != JsonKind::Absent && kind != JsonKind::Null; }
};

// `key` is empty in arrays and at the root.
class JsonHandler {
 public:
  virtual void begin_object(std::string_view key) = 0;
  virtual void end_object() = 0;
  virtual void begin_array(std::string_view key) = 0;
  virtual void end_array() = 0;
  virtual void scalar(std::string_view key, const JsonScalar& value) = 0;

 protected:
  ~JsonHandler() = default;
};

class JsonWalker {
 public:
  // Frames larger than this are refused; Kalshi's own message limit is 64 MiB.
  static constexpr std::size_t kMaxFrameSize = std::size_t{64} << 20;
  // No venue nests deeper than 8.
  static constexpr int kMaxDepth = 32;

  JsonWalker();
  ~JsonWalker();
  JsonWalker(JsonWalker&&) noexcept;
  JsonWalker& operator=(JsonWalker&&) noexcept;

  // `frame` is followed by kFramePadding readable bytes. Returns nullptr if the whole of it was one
  // object or array, else what is wrong; the handler has then seen the part before the error.
  [[nodiscard]] const char* walk(std::string_view frame, JsonHandler& handler);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace arbees
