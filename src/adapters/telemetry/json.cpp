#include "adapters/telemetry/json.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "core/base/assert.h"

namespace arbees {

// Both layouts share one code path: the pretty writer with an empty indent would still break lines,
// so the compact one is its base class and the calls are dispatched here.
struct JsonWriter::Implementation {
  explicit Implementation(Layout chosen) : layout(chosen), compact(buffer), pretty(buffer) { pretty.SetIndent(' ', 2); }

  template <class Call>
  void with_writer(Call&& call) {
    if (layout == Layout::Pretty) {
      call(pretty);
    } else {
      call(compact);
    }
  }

  Layout layout;
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> compact;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> pretty;
};

namespace {

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

}  // namespace

JsonWriter::JsonWriter(Layout layout) : implementation_(std::make_unique<Implementation>(layout)) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  implementation_->with_writer([](auto& writer) { writer.StartObject(); });
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  implementation_->with_writer([](auto& writer) { writer.EndObject(); });
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  implementation_->with_writer([](auto& writer) { writer.StartArray(); });
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  implementation_->with_writer([](auto& writer) { writer.EndArray(); });
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  implementation_->with_writer([&](auto& writer) { writer.Key(name.data(), size_of(name)); });
  return *this;
}
JsonWriter& JsonWriter::value(std::string_view text) {
  implementation_->with_writer([&](auto& writer) { writer.String(text.data(), size_of(text)); });
  return *this;
}
JsonWriter& JsonWriter::value(bool flag) {
  implementation_->with_writer([&](auto& writer) { writer.Bool(flag); });
  return *this;
}
JsonWriter& JsonWriter::value(double number) {
  ARBEES_ASSERT(std::isfinite(number));
  implementation_->with_writer([&](auto& writer) { writer.Double(number); });
  return *this;
}
JsonWriter& JsonWriter::value(std::int64_t number) {
  implementation_->with_writer([&](auto& writer) { writer.Int64(number); });
  return *this;
}
JsonWriter& JsonWriter::value(std::uint64_t number) {
  implementation_->with_writer([&](auto& writer) { writer.Uint64(number); });
  return *this;
}
JsonWriter& JsonWriter::null() {
  implementation_->with_writer([](auto& writer) { writer.Null(); });
  return *this;
}
JsonWriter& JsonWriter::raw(std::string_view json) {
  implementation_->with_writer(
      [&](auto& writer) { writer.RawValue(json.data(), json.size(), rapidjson::kObjectType); });
  return *this;
}

std::string JsonWriter::take() {
  std::string text(implementation_->buffer.GetString(), implementation_->buffer.GetSize());
  const Layout layout = implementation_->layout;
  implementation_ = std::make_unique<Implementation>(layout);
  return text;
}

std::string error_document(std::string_view code, std::string_view message) {
  JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.field("code", code).field("message", message);
  json.end_object().end_object();
  return json.take();
}

}  // namespace arbees
