#include "adapters/bus/topics.h"

#include <algorithm>

namespace arbees::bus {
namespace {

// Room for the longest prefix, so that every topic made here stays within kMaxTopic.
constexpr std::size_t kMaxPart = 200;

std::string joined(std::string_view prefix, std::string_view part) {
  std::string topic(prefix);
  topic += part;
  return topic;
}

}  // namespace

std::string spot_topic(Asset asset) { return joined(kSpotPrefix, asset_name(asset)); }

std::string index_topic(Asset asset) { return joined(kIndexPrefix, asset_name(asset)); }

std::string market_topic(Venue venue, std::string_view market) {
  if (!is_topic_part(market)) return {};
  if (venue == Venue::Kalshi) return joined(kKalshiPrefix, market);
  return venue == Venue::Polymarket ? joined(kPolymarketPrefix, market) : std::string();
}

std::string crypto_request_topic(std::string_view request_id) { return joined(kCryptoRequestPrefix, request_id); }

std::string result_topic(std::string_view kind, std::string_view request_id) {
  return joined(joined(kResultPrefix, kind) + ".", request_id);
}

bool is_topic_part(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxPart &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string_view request_id_of(std::string_view topic) noexcept {
  for (const std::string_view prefix : {kCryptoRequestPrefix, kOtherRequestPrefix}) {
    if (!topic.starts_with(prefix)) continue;
    const std::string_view id = topic.substr(prefix.size());
    return is_topic_part(id) ? id : std::string_view();
  }
  return {};
}

}  // namespace arbees::bus
