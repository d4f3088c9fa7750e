#include "sim/coinbase_control.h"

#include <rapidjson/document.h>

#include "sim/coinbase_advanced.h"
#include "sim/coinbase_exchange.h"

namespace arbees::sim::coinbase {
namespace {

using rapidjson::Value;

constexpr const char* kFailed = "Failed to subscribe";

std::string text_of(const Value& object, const char* key) {
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::vector<std::string> texts_of(const Value& object, const char* key) {
  std::vector<std::string> texts;
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsArray()) return texts;
  for (const Value& item : found->value.GetArray()) {
    if (item.IsString()) texts.emplace_back(item.GetString(), item.GetStringLength());
  }
  return texts;
}

// A channel is its name, or an object with products of its own.
Command::Channel channel_of(const Value& item, const std::vector<std::string>& products) {
  if (item.IsString()) return {{item.GetString(), item.GetStringLength()}, products};
  if (!item.IsObject()) return {};
  Command::Channel channel{text_of(item, "name"), texts_of(item, "product_ids")};
  if (channel.products.empty()) channel.products = products;
  return channel;
}

}  // namespace

Result<Command, std::string> parse_command(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return failure(exchange::error("Malformed JSON", {}));

  Command command;
  const std::string type = text_of(document, "type");
  const bool is_advanced = document.HasMember("channel");
  if (type != "subscribe" && type != "unsubscribe") {
    return failure(is_advanced ? advanced::error("type must be subscribe or unsubscribe")
                               : exchange::error(kFailed, "Type has to be either subscribe or unsubscribe"));
  }
  command.subscribes = type == "subscribe";
  const std::vector<std::string> products = texts_of(document, "product_ids");
  if (is_advanced) {
    command.feed = Feed::Advanced;
    command.channels.push_back({text_of(document, "channel"), products});
    return command;
  }
  const auto channels = document.FindMember("channels");
  if (channels == document.MemberEnd() || !channels->value.IsArray() || channels->value.Empty()) {
    return failure(exchange::error(kFailed, "No channels provided"));
  }
  for (const Value& item : channels->value.GetArray()) command.channels.push_back(channel_of(item, products));
  return command;
}

}  // namespace arbees::sim::coinbase
