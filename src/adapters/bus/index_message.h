#pragma once
// The IndexPrint payload: one value of an index that contracts settle by.
//
// Every print counts (an averaging window is made of them), so none is left out and none is merged with another; who
// hears one again knows it by its `index_time`.

#include <string>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/contract.h"
#include "core/market/venue.h"

namespace arbees::bus {

struct IndexPrintMessage {
  Asset asset = Asset::Unknown;
  SettlementSource source = SettlementSource::Unknown;  // whose prints these are
  SpotPrice value;
  Timestamp index_time = kNoTime;  // the instant the print is for
  Timestamp received_at = kNoTime;
};

[[nodiscard]] std::string encode_index_print(const IndexPrintMessage& print);

// Of a whole message. The error says which field is wrong.
[[nodiscard]] Result<IndexPrintMessage, std::string> decode_index_print(std::string_view message);

}  // namespace arbees::bus
