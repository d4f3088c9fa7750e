#pragma once
// The tables that the writer fills, and how a row of each is written in COPY's text form.
//
// Rows of time series are only added. Rows with a key of their own (`is_keyed`) may come again: the first one stays.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/market/order_book.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees::postgres {

// Numbers are part of the format of spilled batches: appended to only.
enum class Table : std::uint8_t {
  CryptoPrices,
  MarketPrices,
  Audit,
  Instruments,
  Opportunities,
  Requests,
  RequestLegs,
  Orders,
  Fills
};
inline constexpr std::size_t kTableCount = 9;

struct TableForm {
  std::string_view name;
  std::string_view columns;     // as rows have them, separated by commas
  bool is_partitioned = false;  // by day: the partition is made before the rows come
  bool is_keyed = false;
};
[[nodiscard]] const TableForm& table_form(Table table) noexcept;

// One price, as the trading thread hands it over: trivially copyable, without text.
struct PriceRow {
  enum class Kind : std::uint8_t { SpotQuote, SpotTrade, Index, Market };

  std::int64_t received_ns = 0;
  std::int64_t exchange_ns = 0;  // 0: the venue states none
  InstrumentId instrument;       // Market: its names were told before
  std::int64_t bid = 0;          // spot: 1e-8 dollars; market: 1e-4
  std::int64_t ask = 0;
  std::int64_t bid_quantity = 0;  // market: 0.01 contracts; trade: the quantity, 1e-8
  std::int64_t ask_quantity = 0;
  Kind kind = Kind::SpotQuote;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  BookStatus status = BookStatus::Unproven;
  bool has_bid = false;
  bool has_ask = false;
};

// What a market is called; market_id is the symbol where nothing else is known.
struct MarketNames {
  std::string market_id;
  std::string symbol;
};

void append_spot_row(std::string& lines, const PriceRow& row);
void append_market_row(std::string& lines, const PriceRow& row, const MarketNames& names);
void append_audit_row(std::string& lines, Timestamp at, std::string_view process, std::string_view kind,
                      std::string_view detail);

// "2026-11-23 01:02:03.000004+00", cut to the microsecond.
void append_time(std::string& lines, std::int64_t ns);
// Units of 10^-decimals, exactly.
void append_units(std::string& lines, std::int64_t units, int decimals);
// Days since 1970 UTC.
[[nodiscard]] std::int32_t day_of(std::int64_t ns) noexcept;
// "2026-11-23".
[[nodiscard]] std::string day_text(std::int32_t day);

}  // namespace arbees::postgres
