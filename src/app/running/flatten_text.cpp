#include "app/running/flatten_text.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace arbees::app {
namespace {

std::string text_of(const rapidjson::Value& object, const char* key) {
  if (!object.IsObject()) return {};
  const auto it = object.FindMember(key);
  if (it == object.MemberEnd()) return {};
  if (it->value.IsUint64()) return std::to_string(it->value.GetUint64());
  return it->value.IsString() ? it->value.GetString() : "";
}

}  // namespace

bool is_reducing(const std::string& status) {
  rapidjson::Document document;
  document.Parse(status.data(), status.size());
  return !document.HasParseError() && text_of(document, "trading_state") == "reducing";
}

std::vector<std::string> flatten_lines(const std::string& status) {
  rapidjson::Document document;
  document.Parse(status.data(), status.size());
  if (document.HasParseError() || !document.IsObject()) return {};
  const auto told = document.FindMember("flatten");
  if (told == document.MemberEnd() || !told->value.IsObject()) return {};
  const rapidjson::Value& flatten = told->value;
  const auto done = flatten.FindMember("done");
  const bool is_done = done != flatten.MemberEnd() && done->value.IsTrue();
  const auto left = flatten.FindMember("left");
  const bool has_left = left != flatten.MemberEnd() && left->value.IsArray() && !left->value.Empty();
  std::vector<std::string> lines = {fmt::format("flattening: {} sold for ${}, which had cost ${}; {}",
                                                text_of(flatten, "sold"), text_of(flatten, "proceeds"),
                                                text_of(flatten, "cost"),
                                                !is_done   ? "sales are under way"
                                                : has_left ? "nothing more can be sold now"
                                                           : "nothing is left")};
  if (!has_left) return lines;
  for (const rapidjson::Value& one : left->value.GetArray()) {
    const std::string title = text_of(one, "title");
    lines.push_back(fmt::format("  left: {} {} of {}{} on {}: {}", text_of(one, "quantity"), text_of(one, "outcome"),
                                text_of(one, "symbol"), title.empty() ? "" : " (" + title + ")", text_of(one, "venue"),
                                text_of(one, "reason")));
  }
  return lines;
}

std::string stopped_by_halt(const std::string& status) {
  rapidjson::Document document;
  document.Parse(status.data(), status.size());
  if (document.HasParseError() || !document.IsObject()) return status;
  const auto flatten = document.FindMember("flatten");
  if (flatten == document.MemberEnd() || !flatten->value.IsObject()) return status;
  const auto left = flatten->value.FindMember("left");
  if (left == flatten->value.MemberEnd() || !left->value.IsArray()) return status;
  for (rapidjson::Value& one : left->value.GetArray()) {
    if (!one.IsObject()) continue;
    one.RemoveMember("reason");
    one.AddMember("reason", "halted", document.GetAllocator());
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace arbees::app
