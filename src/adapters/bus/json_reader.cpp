#include "adapters/bus/json_reader.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>

#include <cmath>

#include "adapters/bus/topics.h"

namespace arbees::bus {
namespace {

// The parser itself has no limit: what is deeper than kMaxDepth never reaches it.
bool is_too_deep(std::string_view text) noexcept {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if ((c == '{' || c == '[') && ++depth > kMaxDepth) return true;
    if (c == '}' || c == ']') --depth;
  }
  return false;
}

}  // namespace

Result<rapidjson::Document, std::string> parse_json(std::string_view text) {
  if (text.size() > kMaxBody) return failure(fmt::format("{} bytes: over the {} allowed", text.size(), kMaxBody));
  if (is_too_deep(text)) return failure(fmt::format("nested deeper than {}", kMaxDepth));
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag>(text.data(), text.size());
  if (document.HasParseError()) {
    return failure(fmt::format("not JSON: {} (at byte {})", rapidjson::GetParseError_En(document.GetParseError()),
                               document.GetErrorOffset()));
  }
  if (!document.IsObject()) return failure(std::string("not a JSON object"));
  return document;
}

JsonReader::JsonReader(const rapidjson::Value& object, std::string where, std::string& error)
    : object_(&object), where_(std::move(where)), error_(error) {}

void JsonReader::fail(const char* name, std::string_view what) {
  if (error_.empty()) error_ = fmt::format("{}{}: {}", where_, name, what);
}

const rapidjson::Value* JsonReader::find(const char* name) const {
  const auto it = object_->FindMember(name);
  return it == object_->MemberEnd() || it->value.IsNull() ? nullptr : &it->value;
}

const rapidjson::Value* JsonReader::require(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr) fail(name, "missing");
  return value;
}

std::string_view JsonReader::text(const char* name) {
  return require(name) == nullptr ? std::string_view() : optional_text(name);
}

std::string_view JsonReader::optional_text(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr) return {};
  if (!value->IsString()) {
    fail(name, "must be a text");
    return {};
  }
  return {value->GetString(), value->GetStringLength()};
}

double JsonReader::number(const char* name) { return require(name) == nullptr ? 0 : optional_number(name).value_or(0); }

std::optional<double> JsonReader::optional_number(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->IsNumber() || !std::isfinite(value->GetDouble())) {
    fail(name, "must be a finite number");
    return std::nullopt;
  }
  return value->GetDouble();
}

std::uint64_t JsonReader::count(const char* name) {
  return require(name) == nullptr ? 0 : optional_count(name).value_or(0);
}

std::optional<std::uint64_t> JsonReader::optional_count(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->IsUint64()) {
    fail(name, "must be a whole number, not negative");
    return std::nullopt;
  }
  return value->GetUint64();
}

std::int64_t JsonReader::whole(const char* name) {
  const rapidjson::Value* value = require(name);
  if (value == nullptr) return 0;
  if (!value->IsInt64()) {
    fail(name, "must be a whole number");
    return 0;
  }
  return value->GetInt64();
}

Timestamp JsonReader::time(const char* name) { return require(name) == nullptr ? kNoTime : optional_time(name); }

Timestamp JsonReader::optional_time(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr) return kNoTime;
  if (value->IsString()) {
    const auto parsed = parse_iso8601({value->GetString(), value->GetStringLength()});
    if (parsed) return *parsed;
  } else if (value->IsInt64() && fits_unix_ms(value->GetInt64())) {
    return from_unix_ms(value->GetInt64());
  }
  fail(name, "must be a time: RFC 3339, or milliseconds since 1970");
  return kNoTime;
}

bool JsonReader::flag(const char* name, bool fallback) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr) return fallback;
  if (!value->IsBool()) {
    fail(name, "must be true or false");
    return fallback;
  }
  return value->GetBool();
}

const rapidjson::Value* JsonReader::object(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr || value->IsObject()) return value;
  fail(name, "must be an object");
  return nullptr;
}

const rapidjson::Value* JsonReader::array(const char* name) {
  const rapidjson::Value* value = find(name);
  if (value == nullptr || value->IsArray()) return value;
  fail(name, "must be a list");
  return nullptr;
}

}  // namespace arbees::bus
