#pragma once
// What Coinbase's Advanced Trade feed sends, as JSON text. Shapes: docs/venues/coinbase.md and its sources.
//
// A message is an envelope with a channel, the connection's next sequence_num and a list of events; the events are
// the same for every client. Trades come newest first. `side` is the maker's.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "sim/coinbase_exchange.h"
#include "sim/spot.h"

namespace arbees::sim::coinbase::advanced {

// `events` is the text of the list's only element.
[[nodiscard]] std::string envelope(std::string_view channel, Timestamp at, std::uint64_t sequence_num,
                                   std::string_view event);
[[nodiscard]] std::string error(std::string_view message);

[[nodiscard]] std::string subscriptions(const SubscriptionList& channels);
[[nodiscard]] std::string heartbeat(Timestamp at, std::uint64_t counter);
[[nodiscard]] std::string l2_snapshot(const SpotProduct& product, const SpotBookView& book);
[[nodiscard]] std::string l2_update(const SpotProduct& product, const std::vector<SpotLevelChange>& changes);

// Whether an event tells what was there before, or what is new.
enum class EventKind : std::uint8_t { Snapshot, Update };

// `trades` newest first.
[[nodiscard]] std::string market_trades(const SpotProduct& product, const std::vector<SpotTradeReport>& trades,
                                        EventKind kind);
// `has_quote`: the channel ticker_batch leaves the best prices out.
[[nodiscard]] std::string ticker(const SpotProduct& product, const Quote& quote, EventKind kind, bool has_quote);
// `candles` oldest first, as the world has them; told newest first.
[[nodiscard]] std::string candles(const SpotProduct& product, const std::vector<SpotCandle>& candles, EventKind kind);
[[nodiscard]] std::string status(const std::vector<const SpotProduct*>& products);

}  // namespace arbees::sim::coinbase::advanced
