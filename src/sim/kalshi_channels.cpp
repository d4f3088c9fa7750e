#include "sim/kalshi_channels.h"

#include <algorithm>
#include <array>

namespace arbees::sim {
namespace {

struct ChannelName {
  std::string_view name;
  KalshiChannel channel;
};
constexpr std::array<ChannelName, 13> kChannels = {{{"orderbook_delta", KalshiChannel::OrderbookDelta},
                                                    {"ticker", KalshiChannel::Ticker},
                                                    {"trade", KalshiChannel::Trade},
                                                    {"fill", KalshiChannel::Fill},
                                                    {"user_orders", KalshiChannel::UserOrders},
                                                    {"market_positions", KalshiChannel::MarketPositions},
                                                    {"market_lifecycle_v2", KalshiChannel::MarketLifecycle},
                                                    {"cfbenchmarks_value", KalshiChannel::IndexValue},
                                                    {"cfbenchmarks_value_5hz", KalshiChannel::IndexValue5Hz},
                                                    {"order_group_updates", KalshiChannel::OrderGroups},
                                                    {"communications", KalshiChannel::Silent},
                                                    {"multivariate_market_lifecycle", KalshiChannel::Silent},
                                                    {"pyth_value", KalshiChannel::Silent}}};

}  // namespace

std::optional<KalshiChannel> kalshi_channel(std::string_view name) {
  const auto it =
      std::find_if(kChannels.begin(), kChannels.end(), [&](const auto& known) { return known.name == name; });
  return it == kChannels.end() ? std::nullopt : std::optional(it->channel);
}

std::string_view kalshi_error_text(int code) noexcept {
  switch (code) {
    case kParamsRequired: return "Params required";
    case kChannelsRequired: return "Channels required";
    case kSidsRequired: return "Subscription IDs required";
    case kUnknownCommand: return "Unknown command";
    case kUnknownSid: return "Unknown subscription ID";
    case kUnknownChannel: return "Unknown channel name";
    case kInvalidParameter: return "Invalid parameter";
    case kExactlyOneSid: return "Exactly one subscription ID is required";
    case kUnsupportedAction: return "Unsupported action";
    case kTickerRequired: return "Market Ticker required";
    case kActionRequired: return "Action required";
    case kIndexIdsRequired: return "Index IDs required";
    case kTooManyCommands: return "Too many requests";
    default: return "Unable to process message";
  }
}

bool is_index_channel(KalshiChannel channel) noexcept {
  return channel == KalshiChannel::IndexValue || channel == KalshiChannel::IndexValue5Hz;
}

bool is_sequenced(KalshiChannel channel) noexcept {
  switch (channel) {
    case KalshiChannel::Ticker:
    case KalshiChannel::Fill:
    case KalshiChannel::UserOrders:
    case KalshiChannel::MarketPositions: return false;
    default: return true;
  }
}

}  // namespace arbees::sim
