#pragma once
// What is looked for in Bitstamp's frames and in its REST order book; the same names in both.

#include <array>
#include <string_view>

#include "adapters/venue/json/level_message.h"

namespace arbees::bitstamp {

enum Field : std::size_t { kEvent, kChannel, kMicrotimestamp, kId, kAmount, kPrice, kType, kFieldCount };
inline constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "event", "channel", "microtimestamp", "id", "amount_str", "price_str", "type"};

enum List : std::size_t { kBids, kAsks, kListCount };
inline constexpr std::array<std::string_view, kListCount> kListNames = {"bids", "asks"};

inline constexpr LevelMessageReader::Layout kLayout = {kFieldNames, kListNames, "data"};

}  // namespace arbees::bitstamp
