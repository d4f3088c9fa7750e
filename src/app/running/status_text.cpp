#include "app/running/status_text.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <iterator>

namespace arbees::app {
namespace {

constexpr Duration kBelieved = std::chrono::seconds(2);

std::string text_of(const rapidjson::Value& object, const char* key) {
  const auto it = object.FindMember(key);
  if (it == object.MemberEnd()) return {};
  if (it->value.IsString()) return it->value.GetString();
  if (it->value.IsBool()) return it->value.GetBool() ? "true" : "false";
  if (it->value.IsInt64()) return std::to_string(it->value.GetInt64());
  if (it->value.IsUint64()) return std::to_string(it->value.GetUint64());
  return {};
}

std::string describe(const rapidjson::Document& document) {
  std::string text = fmt::format("process {}, {} trading{}\n", text_of(document, "pid"), text_of(document, "mode"),
                                 text_of(document, "halted") == "true" ? ", HALTED" : "");
  const std::string reason = text_of(document, "halt_reason");
  if (!reason.empty()) text += fmt::format("halted: {}\n", reason);
  for (const auto& feed : document["feeds"].GetArray()) {
    text += fmt::format("  {:<12} {:<6} age {:>7} ms  frames {}  gaps {}  resyncs {}  {}\n", text_of(feed, "venue"),
                        text_of(feed, "status"), text_of(feed, "age_ms"), text_of(feed, "frames"),
                        text_of(feed, "gaps"), text_of(feed, "resyncs"), text_of(feed, "last_trouble"));
  }
  text += fmt::format("requests {}, fills {}, settled {}, events {}", text_of(document, "requests"),
                      text_of(document, "fills"), text_of(document, "settled"), text_of(document, "events"));
  return text;
}

}  // namespace

std::optional<StatusText> status_text(const std::string& document, Timestamp now) {
  rapidjson::Document parsed;
  parsed.Parse(document.data(), document.size());
  if (parsed.HasParseError() || !parsed.IsObject()) return std::nullopt;
  const auto feeds = parsed.FindMember("feeds");
  if (feeds == parsed.MemberEnd() || !feeds->value.IsArray()) return std::nullopt;
  const auto written = parse_iso8601(text_of(parsed, "written_at"));
  if (!written) return std::nullopt;
  if (now - *written > kBelieved) {
    for (auto& feed : feeds->value.GetArray()) {
      if (!feed.IsObject() || text_of(feed, "status") != "live") continue;
      feed["status"].SetString("stale");
    }
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  parsed.Accept(writer);
  return StatusText{{buffer.GetString(), buffer.GetSize()}, describe(parsed)};
}

}  // namespace arbees::app
