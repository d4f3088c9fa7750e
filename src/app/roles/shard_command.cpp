#include "app/roles/shard_command.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>

#include "adapters/bus/topics.h"

namespace arbees::app {
namespace {

constexpr std::size_t kLongest = 64 * 1024;

constexpr std::array kOrders = {ShardOrder::AddEvent, ShardOrder::RemoveEvent, ShardOrder::Pause,   ShardOrder::Resume,
                                ShardOrder::Reload,   ShardOrder::Snapshot,    ShardOrder::Shutdown};

std::string text_at(const rapidjson::Value& object, const char* name) {
  if (!object.IsObject()) return {};
  const auto it = object.FindMember(name);
  return it != object.MemberEnd() && it->value.IsString() ? std::string(it->value.GetString()) : std::string();
}

// "crypto" in {"market_type":{"type":"crypto"}} or {"market_type":"crypto"}; empty if not stated.
std::string kind_of(const rapidjson::Value& object) {
  const auto it = object.FindMember("market_type");
  if (it == object.MemberEnd()) return {};
  return it->value.IsString() ? std::string(it->value.GetString()) : text_at(it->value, "type");
}

std::string asset_of(const rapidjson::Value& object) {
  std::string asset = text_at(object, "asset");
  const auto it = object.FindMember("market_type");
  if (asset.empty() && it != object.MemberEnd()) asset = text_at(it->value, "asset");
  return asset;
}

// Empty, or why this is no event of ours.
std::string read_event(const rapidjson::Value& object, ShardCommand& command) {
  const std::string kind = kind_of(object);
  if (!kind.empty() && kind != "crypto") {
    return fmt::format("{} events do not belong here: this shard trades crypto; send them to the shard of their kind",
                       kind);
  }
  if (object.HasMember("sport")) return "sports events belong to a game shard (game_shard); this shard trades crypto";
  command.event_id = text_at(object, "event_id");
  const std::size_t colon = command.event_id.find(':');
  const auto venue = parse_venue(command.event_id.substr(0, std::min(colon, command.event_id.size())));
  if (colon == std::string::npos || !venue || !is_prediction_venue(*venue)) {
    return "event_id must be kalshi:TICKER or polymarket:CONDITION_ID";
  }
  command.venue = *venue;
  command.market = command.event_id.substr(colon + 1);
  if (!bus::is_topic_part(command.market)) return "event_id names no market";
  const std::string asset = asset_of(object);
  const auto known = parse_asset(asset);
  if (!asset.empty() && !known) return fmt::format("asset {} is none that is known here", asset);
  command.asset = known.value_or(Asset::Unknown);
  return {};
}

}  // namespace

std::string_view shard_order_name(ShardOrder order) noexcept {
  switch (order) {
    case ShardOrder::AddEvent: return "add_event";
    case ShardOrder::RemoveEvent: return "remove_event";
    case ShardOrder::Pause: return "pause";
    case ShardOrder::Resume: return "resume";
    case ShardOrder::Reload: return "reload";
    case ShardOrder::Snapshot: return "snapshot";
    case ShardOrder::Shutdown: return "shutdown";
  }
  return "snapshot";
}

Result<ShardCommand, ShardCommandRefusal> parse_shard_command(std::string_view text) {
  ShardCommandRefusal refusal;
  if (text.size() > kLongest) {
    refusal.reason = "malformed: longer than 64 KiB";
    return failure(std::move(refusal));
  }
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) {
    refusal.reason = "malformed: not a JSON object";
    return failure(std::move(refusal));
  }
  refusal.type = text_at(document, "type");
  refusal.id = text_at(document, "command_id");
  const auto order = std::find_if(kOrders.begin(), kOrders.end(),
                                  [&](ShardOrder candidate) { return shard_order_name(candidate) == refusal.type; });
  if (order == kOrders.end()) {
    const bool is_game = refusal.type == "add_game" || refusal.type == "remove_game";
    refusal.reason = is_game ? "games belong to a game shard (game_shard); this shard trades crypto"
                     : refusal.type.empty()
                         ? "malformed: type is missing"
                         : fmt::format("malformed: {:.60} is no command of this shard", refusal.type);
    return failure(std::move(refusal));
  }
  ShardCommand command;
  command.order = *order;
  command.id = refusal.id;
  if (*order == ShardOrder::AddEvent || *order == ShardOrder::RemoveEvent)
    refusal.reason = read_event(document, command);
  if (!refusal.reason.empty()) return failure(std::move(refusal));
  return command;
}

}  // namespace arbees::app
