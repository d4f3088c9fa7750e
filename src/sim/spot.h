#pragma once
// The spot venues of the simulated world: what their servers show.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/market/contract.h"
#include "core/market/order_book.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees::sim {

struct SpotLevel {
  SpotPrice price;
  SpotQuantity quantity;
};

// Best first; at least 20 levels a side, never crossed.
struct SpotBookView {
  std::vector<SpotLevel> bids;
  std::vector<SpotLevel> asks;
  std::uint64_t update_id = 0;  // of the last change in it
};

struct SpotProduct {
  Venue venue = Venue::Unknown;  // Coinbase or Binance
  Asset asset = Asset::Unknown;
  std::string symbol;  // "BTC-USD", "BTCUSDT"
  SpotPrice tick;
  SpotQuantity step;
  int price_decimals = 2;
  int quantity_decimals = 8;
};

struct SpotLevelChange {
  BookSide side = BookSide::Bid;
  SpotPrice price;
  SpotQuantity quantity;        // the level's new size; 0: gone
  std::uint64_t update_id = 0;  // +1 for every change of this book
  Timestamp time = kNoTime;
};

struct SpotTradeReport {
  std::uint64_t trade_id = 0;  // +1 for every trade of this product
  SpotPrice price;
  SpotQuantity quantity;
  BookSide taker_side = BookSide::Bid;  // Bid: the taker bought
  Timestamp time = kNoTime;
};

struct SpotCandle {
  Timestamp opens_at = kNoTime;
  SpotPrice open;
  SpotPrice high;
  SpotPrice low;
  SpotPrice close;
  SpotQuantity volume;
  std::uint64_t trades = 0;
};

// Of the last 24 hours.
struct SpotDay {
  SpotPrice open;
  SpotPrice high;
  SpotPrice low;
  SpotPrice last;
  SpotQuantity volume;
};

// One print of a settlement reference.
struct IndexValue {
  Asset asset = Asset::Unknown;
  SettlementSource source = SettlementSource::Unknown;  // CfBenchmarksMean60: the index itself; ChainlinkTwap60
  SpotPrice value;
  SpotPrice mean60;  // of the sixty prints before this one (index only)
  Timestamp time = kNoTime;
};

}  // namespace arbees::sim
