#include "sim/kalshi_command.h"

#include <rapidjson/document.h>

#include <utility>

namespace arbees::sim {
namespace {

using rapidjson::Value;

const Value* find(const Value& object, const char* name) {
  const auto it = object.FindMember(name);
  return it == object.MemberEnd() || it->value.IsNull() ? nullptr : &it->value;
}

std::string text_of(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

class ParameterReader {
 public:
  ParameterReader(const Value& params, KalshiCommand& command) : params_(params), command_(command) {}

  [[nodiscard]] std::optional<std::vector<std::string>> list(const char* name) {
    const Value* value = find(params_, name);
    if (value == nullptr) return std::nullopt;
    std::vector<std::string> items;
    if (!value->IsArray()) {
      command_.is_malformed = true;
      return items;
    }
    for (const Value& item : value->GetArray()) {
      if (item.IsString()) {
        items.push_back(text_of(item));
      } else {
        command_.is_malformed = true;
      }
    }
    return items;
  }
  // "market_ticker" xor "market_tickers".
  [[nodiscard]] std::vector<std::string> one_or_many(const char* one, const char* many) {
    std::vector<std::string> items = list(many).value_or(std::vector<std::string>{});
    const Value* single = find(params_, one);
    if (single == nullptr) return items;
    if (!single->IsString() || !items.empty()) {
      command_.is_malformed = true;
      return items;
    }
    return {text_of(*single)};
  }
  [[nodiscard]] bool flag(const char* name) {
    const Value* value = find(params_, name);
    if (value == nullptr) return false;
    if (!value->IsBool()) command_.is_malformed = true;
    return value->IsBool() && value->GetBool();
  }
  [[nodiscard]] std::string text(const char* name) {
    const Value* value = find(params_, name);
    if (value == nullptr) return {};
    if (!value->IsString()) command_.is_malformed = true;
    return value->IsString() ? text_of(*value) : std::string();
  }
  void read_sids() {
    const Value* sid = find(params_, "sid");
    const Value* sids = find(params_, "sids");
    command_.has_sid_and_sids = sid != nullptr && sids != nullptr;
    if (sid != nullptr) add_sid(*sid);
    if (sids == nullptr) return;
    if (!sids->IsArray()) {
      command_.is_malformed = true;
      return;
    }
    for (const Value& item : sids->GetArray()) add_sid(item);
  }

 private:
  void add_sid(const Value& value) {
    if (!value.IsInt64()) {
      command_.is_malformed = true;
      return;
    }
    command_.sids.push_back(value.GetInt64());
  }

  const Value& params_;
  KalshiCommand& command_;
};

}  // namespace

KalshiCommand read_kalshi_command(std::string_view text) {
  KalshiCommand command;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return command;
  command.is_readable = true;
  if (const Value* id = find(document, "id"); id != nullptr && id->IsInt64()) command.id = id->GetInt64();
  if (const Value* name = find(document, "cmd"); name != nullptr && name->IsString()) command.name = text_of(*name);
  const Value* params = find(document, "params");
  if (params == nullptr || !params->IsObject()) return command;
  command.has_params = true;
  ParameterReader reader(*params, command);
  command.channels = reader.list("channels");
  command.tickers = reader.one_or_many("market_ticker", "market_tickers");
  command.market_ids = reader.one_or_many("market_id", "market_ids");
  command.index_ids = reader.list("index_ids");
  command.action = reader.text("action");
  command.use_yes_price = reader.flag("use_yes_price");
  command.send_initial_snapshot = reader.flag("send_initial_snapshot");
  command.skip_ticker_ack = reader.flag("skip_ticker_ack");
  reader.read_sids();
  return command;
}

}  // namespace arbees::sim
