#include "app/running/reason_body.h"

#include <rapidjson/document.h>

namespace arbees::app {
namespace {

constexpr std::size_t kMostBytes = 500;

}  // namespace

std::string reason_in(const std::string& body) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document.HasParseError() || !document.IsObject()) return {};
  const auto reason = document.FindMember("reason");
  if (reason == document.MemberEnd() || !reason->value.IsString()) return {};
  const std::string text(reason->value.GetString(), reason->value.GetStringLength());
  return text.find_first_not_of(" \t\r\n") == std::string::npos ? std::string() : text.substr(0, kMostBytes);
}

}  // namespace arbees::app
