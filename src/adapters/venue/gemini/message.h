#pragma once
// What is looked for in Gemini's frames: the Fast API's single letters, and the names of v2 market data.

#include <array>
#include <string_view>

#include "adapters/venue/json/level_message.h"

namespace arbees::gemini {

enum Field : std::size_t {
  kEvent,
  kEventTime,
  kFastSymbol,
  kFirstId,
  kLastId,
  kFastTradeId,
  kFastPrice,
  kFastQuantity,
  kBuyerIsMaker,
  kBid,
  kBidQuantity,
  kAsk,
  kAskQuantity,
  kStatus,
  kType,
  kSymbol,
  kEventId,
  kTimestamp,
  kPrice,
  kQuantity,
  kSide,
  kFieldCount
};
inline constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "e", "E", "s",      "U",    "u",      "t",        "p",         "q",     "m",        "b",   "B",
    "a", "A", "status", "type", "symbol", "event_id", "timestamp", "price", "quantity", "side"};

enum List : std::size_t { kFastBids, kFastAsks, kChanges, kTrades, kListCount };
inline constexpr std::array<std::string_view, kListCount> kListNames = {"b", "a", "changes", "trades"};

inline constexpr LevelMessageReader::Layout kLayout = {kFieldNames, kListNames, {}};

}  // namespace arbees::gemini
