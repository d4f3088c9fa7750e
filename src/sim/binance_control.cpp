#include "sim/binance_control.h"

#include <rapidjson/document.h>

#include <algorithm>

#include "adapters/telemetry/json.h"

namespace arbees::sim::binance {
namespace {

constexpr std::size_t kMaxTextId = 36;

// The codes of the venue's answers to wrong commands.
enum class Wrong : std::uint8_t { UnknownProperty, WrongType, InvalidRequest, InvalidJson };

std::string error(Wrong code, std::string_view message, std::string_view id) {
  JsonWriter json;
  json.begin_object().field("code", static_cast<unsigned>(code)).field("msg", message);
  if (!id.empty()) json.key("id").raw(id);
  return json.end_object().take();
}

std::string result(std::string_view value, std::string_view id) {
  JsonWriter json;
  json.begin_object().key("result").raw(value).key("id").raw(id.empty() ? "null" : id);
  return json.end_object().take();
}

bool is_path_of(std::string_view path, std::string_view root) noexcept {
  return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

}  // namespace

struct Subscriptions::Command {
  std::string method;
  std::vector<std::string> texts;  // parameters that are strings, in order
  bool has_other_params = false;   // one that is not a string
  bool flag = false;               // the last boolean parameter
  bool has_flag = false;
  std::string id;  // as JSON; empty if there was none

  // The answer if it is no command at all; empty otherwise.
  [[nodiscard]] std::string read(std::string_view text);

 private:
  [[nodiscard]] bool read_id(const rapidjson::Value& value);
  void read_params(const rapidjson::Value& value);
};

bool Subscriptions::Command::read_id(const rapidjson::Value& value) {
  JsonWriter json;
  if (value.IsNull()) {
    json.null();
  } else if (value.IsInt64()) {
    json.value(value.GetInt64());
  } else if (value.IsString() && value.GetStringLength() <= kMaxTextId) {
    json.value(std::string_view(value.GetString(), value.GetStringLength()));
  } else {
    return false;
  }
  id = json.take();
  return true;
}

void Subscriptions::Command::read_params(const rapidjson::Value& value) {
  for (const rapidjson::Value& item : value.GetArray()) {
    if (item.IsString()) {
      texts.emplace_back(item.GetString(), item.GetStringLength());
    } else if (item.IsBool()) {
      flag = item.GetBool();
      has_flag = true;
    } else {
      has_other_params = true;
    }
  }
}

std::string Subscriptions::Command::read(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError()) return error(Wrong::InvalidJson, "Invalid JSON: expected value", {});
  if (!document.IsObject()) return error(Wrong::InvalidRequest, "Invalid request: not an object", {});

  const auto found_id = document.FindMember("id");
  if (found_id != document.MemberEnd() && !read_id(found_id->value)) {
    return error(Wrong::InvalidRequest, "Invalid request: request ID must be an unsigned integer or a string", {});
  }
  const auto found_method = document.FindMember("method");
  if (found_method == document.MemberEnd() || !found_method->value.IsString()) {
    return error(Wrong::InvalidRequest, "Invalid request: missing field `method`", id);
  }
  method = found_method->value.GetString();
  const auto found_params = document.FindMember("params");
  if (found_params == document.MemberEnd()) return {};
  if (!found_params->value.IsArray()) {
    return error(Wrong::InvalidRequest, "Invalid request: `params` must be an array", id);
  }
  read_params(found_params->value);
  return {};
}

Subscriptions::Subscriptions(std::string_view path, std::string_view streams)
    : is_combined_(is_path_of(path, "/stream")) {
  const std::string_view names = path.substr(std::min(path.size(), std::string_view("/ws/").size()));
  add_all(is_combined_ ? streams : names);
}

void Subscriptions::add_all(std::string_view names) {
  while (!names.empty()) {
    const std::size_t end = names.find('/');
    const std::string_view name = names.substr(0, end);
    const bool is_stream = name.find('@') != std::string_view::npos;
    if (is_stream && !add(name)) return;
    names = end == std::string_view::npos ? std::string_view() : names.substr(end + 1);
  }
}

std::string Subscriptions::answer(std::string_view text) {
  Command command;
  const std::string wrong = command.read(text);
  return wrong.empty() ? apply(command) : wrong;
}

std::string Subscriptions::apply(const Command& command) {
  if (command.method == "LIST_SUBSCRIPTIONS") {
    JsonWriter json;
    json.begin_array();
    for (const std::string& stream : streams_) json.value(stream);
    return result(json.end_array().take(), command.id);
  }
  if (command.method == "SET_PROPERTY" || command.method == "GET_PROPERTY") return property(command);
  const bool adds = command.method == "SUBSCRIBE";
  if (!adds && command.method != "UNSUBSCRIBE") {
    return error(Wrong::InvalidRequest,
                 "Invalid request: unknown variant, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, "
                 "`SET_PROPERTY`, `GET_PROPERTY`",
                 command.id);
  }
  if (command.texts.empty() || command.has_other_params || command.has_flag) {
    return error(Wrong::InvalidRequest, "Invalid request: `params` must be names of streams", command.id);
  }
  for (const std::string& stream : command.texts) {
    if (!adds) {
      std::erase(streams_, stream);
    } else if (!add(stream)) {
      return error(Wrong::InvalidRequest, "Invalid request: too many streams", command.id);
    }
  }
  return result("null", command.id);
}

std::string Subscriptions::property(const Command& command) {
  if (command.texts.empty() || command.texts.front() != "combined") {
    return error(Wrong::UnknownProperty, "Unknown property", command.id);
  }
  if (command.method == "GET_PROPERTY") return result(is_combined_ ? "true" : "false", command.id);
  if (!command.has_flag) return error(Wrong::WrongType, "Invalid value type: expected Boolean", command.id);
  is_combined_ = command.flag;
  return result("null", command.id);
}

bool Subscriptions::add(std::string_view stream) {
  if (stream.empty() || contains(stream)) return true;
  if (streams_.size() >= kMaxStreams) return false;
  streams_.emplace_back(stream);
  return true;
}

bool Subscriptions::contains(std::string_view stream) const noexcept {
  return std::find(streams_.begin(), streams_.end(), stream) != streams_.end();
}

bool is_stream_path(std::string_view path) noexcept { return is_path_of(path, "/ws") || is_path_of(path, "/stream"); }

}  // namespace arbees::sim::binance
