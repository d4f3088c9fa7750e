#include "app/running/verification.h"

#include <rapidjson/document.h>

#include <map>

#include "app/running/status_text.h"

namespace arbees::app {
namespace {

using rapidjson::Document;
using rapidjson::Value;

struct Reading {
  bool is_known = false;
  std::string role;
  std::map<std::string, std::uint64_t> frames;  // by venue
  std::map<std::string, bool> live;
  std::string own_trouble;
  bool listens = false;  // to the bus
  std::uint64_t heard = 0;
};

std::string text_of(const Value& object, const char* key) {
  const auto it = object.FindMember(key);
  return it != object.MemberEnd() && it->value.IsString() ? it->value.GetString() : "";
}

std::uint64_t count_of(const Value& object, const char* key) {
  const auto it = object.FindMember(key);
  return it != object.MemberEnd() && it->value.IsUint64() ? it->value.GetUint64() : 0;
}

// What a shard or a listener has heard on the bus.
void read_bus(const Document& document, Reading& reading) {
  const auto publishers = document.FindMember("publishers");
  const bool has_publishers = publishers != document.MemberEnd() && publishers->value.IsArray();
  const bool has_prices = document.HasMember("prices_received");
  reading.listens = has_publishers || has_prices;
  // Of a shard the prices count: contracts and answers alone are nothing to trade on.
  reading.heard = count_of(document, "prices_received");
  if (!has_publishers || has_prices) return;
  for (const Value& publisher : publishers->value.GetArray()) {
    if (publisher.IsObject()) reading.heard += count_of(publisher, "messages");
  }
}

Reading read(const std::string& text) {
  Reading reading;
  Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return reading;
  reading.is_known = true;
  reading.role = text_of(document, "role");
  if (reading.role.empty()) reading.role = "run";
  reading.own_trouble = state_trouble(text);
  read_bus(document, reading);
  const auto feeds = document.FindMember("feeds");
  if (feeds == document.MemberEnd() || !feeds->value.IsArray()) return reading;
  for (const Value& feed : feeds->value.GetArray()) {
    const std::string venue = text_of(feed, "venue");
    reading.frames[venue] = count_of(feed, "frames");
    reading.live[venue] = text_of(feed, "status") == "live";
  }
  return reading;
}

}  // namespace

Verification verify_flow(const std::string& before, const std::string& after) {
  const Reading first = read(before);
  const Reading second = read(after);
  Verification result;
  result.role = second.is_known ? second.role : first.role;
  result.feeds = second.live.size();
  if (!second.is_known) {
    result.trouble = first.is_known ? "has ended" : "tells nothing";
    return result;
  }
  std::size_t flowing = 0;
  for (const auto& [venue, frames] : second.frames) {
    const auto earlier = first.frames.find(venue);
    const std::uint64_t were = earlier == first.frames.end() ? 0 : earlier->second;
    const std::uint64_t more = frames > were ? frames - were : 0;
    result.messages += more;
    const bool is_live = second.live.at(venue);
    if (is_live) ++result.live;
    if (is_live && more > 0) ++flowing;
  }
  if (result.feeds == 0 && second.listens) {
    result.messages = second.heard > first.heard ? second.heard - first.heard : 0;
    if (result.messages == 0) result.trouble = "nothing is heard on the bus";
  }
  if (result.feeds > 0 && flowing == 0) result.trouble = result.live == 0 ? "no feed is live" : "no prices flow";
  if (!second.own_trouble.empty()) result.trouble = second.own_trouble;
  return result;
}

}  // namespace arbees::app
