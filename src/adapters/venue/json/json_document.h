#pragma once
// A whole JSON document to look around in: for the rare, small documents of REST catalogs, never for frames.
//
// Strings are unescaped, numbers are the digits sent. Whatever is looked up and not there is an absent value,
// so that readers need one check where they use it. Views live until the next parse of their document.

#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/venue/frame.h"
#include "adapters/venue/json/json_walk.h"

namespace arbees {

class JsonDocument;

class JsonView {
 public:
  enum class Kind : std::uint8_t { Absent, Null, False, True, Number, String, Array, Object };

  JsonView() = default;

  [[nodiscard]] Kind kind() const noexcept;
  [[nodiscard]] bool is_object() const noexcept { return kind() == Kind::Object; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == Kind::Array; }
  [[nodiscard]] bool is_string() const noexcept { return kind() == Kind::String; }
  [[nodiscard]] bool is_number() const noexcept { return kind() == Kind::Number; }
  [[nodiscard]] bool is_true() const noexcept { return kind() == Kind::True; }
  [[nodiscard]] bool is_false() const noexcept { return kind() == Kind::False; }
  // Absent and null are the same to every venue we know.
  [[nodiscard]] bool has_value() const noexcept { return kind() != Kind::Absent && kind() != Kind::Null; }
  // Of a string or number, else empty.
  [[nodiscard]] std::string_view text() const noexcept;
  // The member of an object (the first of that name), else absent.
  [[nodiscard]] JsonView operator[](std::string_view key) const noexcept;

  // Elements of an array; nothing for anything else.
  template <class Visit>
  void for_each(Visit&& visit) const {
    if (!is_array()) return;
    for (JsonView child = first_child(); child.document_ != nullptr; child = child.next()) visit(child);
  }

 private:
  friend class JsonDocument;
  JsonView(const JsonDocument* document, std::uint32_t node) : document_(document), node_(node) {}
  [[nodiscard]] JsonView first_child() const noexcept;
  [[nodiscard]] JsonView next() const noexcept;

  const JsonDocument* document_ = nullptr;
  std::uint32_t node_ = 0;
};

class JsonDocument final : private JsonHandler {
 public:
  JsonDocument() = default;
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  // nullptr, or what is wrong; the root is absent then.
  [[nodiscard]] const char* parse(std::string_view text);
  [[nodiscard]] JsonView root() const noexcept;

 private:
  friend class JsonView;
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Node {
    std::string_view key;
    std::string_view text;
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::uint32_t next = kNone;
    JsonView::Kind kind = JsonView::Kind::Null;
  };

  void begin_object(std::string_view key) override;
  void end_object() override;
  void begin_array(std::string_view key) override;
  void end_array() override;
  void scalar(std::string_view key, const JsonScalar& value) override;
  std::uint32_t add(std::string_view key, JsonView::Kind kind, std::string_view text);

  JsonWalker walker_;
  FrameBuffer buffer_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> open_;
};

}  // namespace arbees
