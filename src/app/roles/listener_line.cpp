#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "adapters/bus/envelope.h"
#include "app/roles/listener.h"

namespace arbees::app {
namespace {

// The body as one JSON value on one line. Valid messages without line breaks go through as they came.
std::string one_line(const std::string& body) {
  if (bus::decode_envelope(body)) {
    if (body.find_first_of("\r\n") == std::string::npos) return body;
    rapidjson::Document document;
    document.Parse(body.data(), body.size());
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    document.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
  }
  // No message: its printable characters, as a text.
  std::string text = body.substr(0, 4096);
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c == '\x7f'; }, '?');
  JsonWriter json;
  json.value(text);
  return json.take();
}

std::string indented(const std::string& line) {
  rapidjson::Document document;
  document.Parse(line.data(), line.size());
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

std::string listener_line(const std::string& format, const std::string& topic, const std::string& body) {
  const std::string message = one_line(body);
  if (format == "compact") {
    const auto envelope = bus::decode_envelope(body);
    if (!envelope) return fmt::format("{} (no message) {}\n", topic, message);
    const std::size_t payload = message.find("\"payload\":");
    const std::string_view shown = payload == std::string::npos
                                       ? std::string_view(message)
                                       : std::string_view(message).substr(payload + 10, message.size() - payload - 11);
    return fmt::format("{} #{} {} {}\n", topic, envelope->seq, envelope->source, shown);
  }
  JsonWriter json;
  json.begin_object().field("topic", topic).key("message").raw(message).end_object();
  const std::string line = json.take();
  return (format == "pretty" ? indented(line) : line) + "\n";
}

}  // namespace arbees::app
