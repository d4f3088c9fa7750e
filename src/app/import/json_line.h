#pragma once
// Small reads from one line of JSON whose numbers keep their text: for the rare lines of recordings that
// are the recorder's own, not the venue's.

#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace arbees::app {

class JsonLine {
 public:
  // False if the text is not one JSON object.
  bool parse(std::string_view text) {
    // Iterative: however deeply a line is nested, it must not exhaust the stack.
    document_.Parse<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag>(text.data(), text.size());
    return !document_.HasParseError() && document_.IsObject();
  }

  [[nodiscard]] const rapidjson::Value& root() const { return document_; }

  // A string or number of an object as text; empty if absent or of another type.
  [[nodiscard]] static std::string_view text(const rapidjson::Value& object, const char* key) {
    if (!object.IsObject()) return {};
    const auto found = object.FindMember(key);
    if (found == object.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
  }
  // An object within an object; null if absent or of another type.
  [[nodiscard]] static const rapidjson::Value* object(const rapidjson::Value& parent, const char* key) {
    if (!parent.IsObject()) return nullptr;
    const auto found = parent.FindMember(key);
    return found != parent.MemberEnd() && found->value.IsObject() ? &found->value : nullptr;
  }

 private:
  rapidjson::Document document_;
};

}  // namespace arbees::app
