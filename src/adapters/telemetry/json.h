#pragma once
// Writing JSON documents: a thin front of RapidJSON's writer, so that commands compile fast.
//
// Keys come out in the order written. Money, prices and quantities go in as decimal strings (format.h).

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace arbees {

class JsonWriter {
 public:
  enum class Layout : std::uint8_t { Compact, Pretty };

  explicit JsonWriter(Layout layout = Layout::Compact);
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(double number);  // must be finite
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
  JsonWriter& null();
  // The text must be one JSON value; it is written as it is.
  JsonWriter& raw(std::string_view json);

  template <class Value>
  JsonWriter& field(std::string_view name, const Value& v) {
    key(name);
    return value(v);
  }

  // The document so far, and start anew.
  [[nodiscard]] std::string take();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// {"error":{"code":"…","message":"…"}}: what batch commands print in place of a bad line's answer.
[[nodiscard]] std::string error_document(std::string_view code, std::string_view message);

}  // namespace arbees
