#pragma once
// Reading the JSON of the bus: every byte is somebody else's until it is checked.
//
// A document is at most kMaxBody bytes of valid UTF-8 and kMaxDepth deep. Fields are asked for by name and type; the
// first one that is missing, of another type or out of range is remembered in the errors, and its value is then
// meaningless. Numbers are finite: JSON has no others, and one too large for a double is an error. An absent field
// and a null are the same. Only this folder's .cpp files include this header.

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::bus {

inline constexpr int kMaxDepth = 16;

// The document, or what is wrong with it.
[[nodiscard]] Result<rapidjson::Document, std::string> parse_json(std::string_view text);

class JsonReader {
 public:
  // `where` stands before the names of fields in errors: "payload.".
  JsonReader(const rapidjson::Value& object, std::string where, std::string& error);

  // Required.
  [[nodiscard]] std::string_view text(const char* name);
  [[nodiscard]] double number(const char* name);
  [[nodiscard]] std::uint64_t count(const char* name);
  [[nodiscard]] std::int64_t whole(const char* name);
  // RFC 3339, or milliseconds since 1970 as an integer.
  [[nodiscard]] Timestamp time(const char* name);
  // Optional: empty, nothing, the fallback.
  [[nodiscard]] std::string_view optional_text(const char* name);
  [[nodiscard]] std::optional<double> optional_number(const char* name);
  [[nodiscard]] std::optional<std::uint64_t> optional_count(const char* name);
  [[nodiscard]] Timestamp optional_time(const char* name);  // kNoTime
  [[nodiscard]] bool flag(const char* name, bool fallback);
  // Null if there is none.
  [[nodiscard]] const rapidjson::Value* object(const char* name);
  [[nodiscard]] const rapidjson::Value* array(const char* name);

  void fail(const char* name, std::string_view what);
  [[nodiscard]] bool failed() const noexcept { return !error_.empty(); }

 private:
  [[nodiscard]] const rapidjson::Value* find(const char* name) const;
  [[nodiscard]] const rapidjson::Value* require(const char* name);

  const rapidjson::Value* object_;
  std::string where_;
  std::string& error_;
};

}  // namespace arbees::bus
