#pragma once
// The Price payload: what a market or an asset is worth now, always whole.
//
// One schema for spot and contracts, with the predecessor's fields; docs/bus-protocol.md says what each means and which
// were added. A contract's message carries the best kMaxLevels levels of both sides in the Yes frame with the book's
// status: whoever missed messages needs only the next one. `status` other than "proven" means that nothing may be
// traded on it.

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/bus/json_number.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees::bus {

inline constexpr std::size_t kMaxLevels = 20;

struct PriceLevel {
  Price price;
  Quantity quantity;

  bool operator==(const PriceLevel&) const = default;
};

struct ContractPrice {
  std::string market_id;  // ticker, or condition id
  std::string symbol;     // ticker, or the token that pays on Yes (Up)
  std::string other;      // the other outcome's token; empty on Kalshi
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::string status = "unproven";
  std::string phase;             // "active" …
  std::vector<PriceLevel> bids;  // best first
  std::vector<PriceLevel> asks;
  Quantity bid_depth;               // of all bids, not only those listed
  std::uint64_t sequence = 0;       // of the publisher's book; counts changes
  Timestamp received_at = kNoTime;  // of the last change
  Timestamp exchange_at = kNoTime;
};

struct SpotPriceMessage {
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  SpotPrice bid;
  SpotPrice ask;
  SpotPrice last;  // 0: no trade seen yet
  Timestamp received_at = kNoTime;
  Timestamp exchange_at = kNoTime;
};

[[nodiscard]] std::string encode_price(const ContractPrice& price);
[[nodiscard]] std::string encode_price(const SpotPriceMessage& price);

// Of a whole message. The error says which field is wrong.
[[nodiscard]] Result<ContractPrice, std::string> decode_contract_price(std::string_view message);
[[nodiscard]] Result<SpotPriceMessage, std::string> decode_spot_price(std::string_view message);

}  // namespace arbees::bus
