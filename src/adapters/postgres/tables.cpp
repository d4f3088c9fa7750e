#include "adapters/postgres/tables.h"

#include <array>
#include <charconv>
#include <chrono>

#include "adapters/postgres/connection.h"
#include "core/base/assert.h"
#include "core/base/fixed_point.h"

namespace arbees::postgres {
namespace {

constexpr std::int64_t kNsPerDay = 86'400'000'000'000;
constexpr int kSpotDecimals = SpotPrice::kDecimals;

constexpr std::array<TableForm, kTableCount> kForms = {{
    {"crypto_prices", "time, received_ns, exchange_ns, asset, venue, kind, price_usd, bid, ask, quantity", true, false},
    {"market_prices",
     "time, received_ns, exchange_ns, venue, market_id, symbol, asset, yes_bid, yes_ask, yes_bid_size, yes_ask_size, "
     "status",
     true, false},
    {"audit", "time, at_ns, process, kind, detail", false, false},
    {"instruments", "ledger, instrument, venue, symbol", false, true},
    {"opportunities",
     "ledger, opportunity, session, sequence, event_group, detector, verdict, started_at_ns, ended_at_ns, "
     "best_profit_micro, best_outlay_micro, best_size_centi, judgements, request",
     false, true},
    {"requests",
     "ledger, request, session, opportunity, detector, created_at_ns, deadline_ns, outlay_micro, guaranteed_micro, "
     "name",
     false, true},
    {"request_legs",
     "ledger, request, leg, instrument, venue, asset, outcome, price_e4, quantity_centi, cost_micro, fee_micro", false,
     true},
    {"orders",
     "ledger, order_id, request, leg, session, instrument, venue, asset, outcome, side, time_in_force, limit_e4, "
     "quantity_centi, submitted_at_ns, deadline_ns, state, reason, ended_at_ns, ended_filled_centi",
     false, true},
    {"fills", "ledger, fill_id, order_id, venue, venue_fill_id, price_e4, quantity_centi, fee_micro, at_ns", false,
     true},
}};

void append_integer(std::string& lines, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  lines.append(digits.data(), end);
}

void append_padded(std::string& lines, std::int64_t value, std::int64_t place) {
  for (; place > 0; place /= 10) lines += static_cast<char>('0' + value / place % 10);
}

void append_day(std::string& lines, std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  append_padded(lines, int{date.year()}, 1000);
  lines += '-';
  append_padded(lines, unsigned{date.month()}, 10);
  lines += '-';
  append_padded(lines, unsigned{date.day()}, 10);
}

void append_times(std::string& lines, const PriceRow& row) {
  append_time(lines, row.received_ns);
  lines += '\t';
  append_integer(lines, row.received_ns);
  lines += '\t';
  if (row.exchange_ns == 0) {
    lines += "\\N";
  } else {
    append_integer(lines, row.exchange_ns);
  }
  lines += '\t';
}

void append_optional(std::string& lines, bool is_there, std::int64_t units, int decimals) {
  if (is_there) {
    append_units(lines, units, decimals);
  } else {
    lines += "\\N";
  }
}

std::string_view kind_name(PriceRow::Kind kind) noexcept {
  if (kind == PriceRow::Kind::SpotTrade) return "trade";
  return kind == PriceRow::Kind::Index ? "index" : "quote";
}

}  // namespace

const TableForm& table_form(Table table) noexcept {
  const auto index = static_cast<std::size_t>(table);
  ARBEES_ASSERT(index < kForms.size());
  return kForms[index];
}

void append_units(std::string& lines, std::int64_t units, int decimals) {
  const std::int64_t scale = power_of_ten(decimals);
  // The digits of the least value have no positive counterpart, so the sign goes by the parts.
  if (units < 0) lines += '-';
  const std::int64_t whole = units / scale;
  const std::int64_t fraction = units % scale;
  append_integer(lines, whole < 0 ? -whole : whole);
  if (decimals == 0) return;
  lines += '.';
  append_padded(lines, fraction < 0 ? -fraction : fraction, scale / 10);
}

std::int32_t day_of(std::int64_t ns) noexcept {
  return static_cast<std::int32_t>(ns / kNsPerDay - (ns % kNsPerDay < 0 ? 1 : 0));
}

std::string day_text(std::int32_t day) {
  std::string text;
  append_day(text, day);
  return text;
}

void append_time(std::string& lines, std::int64_t ns) {
  const std::int32_t day = day_of(ns);
  std::int64_t rest = (ns - day * kNsPerDay) / 1000;
  append_day(lines, day);
  lines += ' ';
  append_padded(lines, rest / 3'600'000'000, 10);
  lines += ':';
  append_padded(lines, rest / 60'000'000 % 60, 10);
  lines += ':';
  append_padded(lines, rest / 1'000'000 % 60, 10);
  lines += '.';
  append_padded(lines, rest % 1'000'000, 100'000);
  lines += "+00";
}

void append_spot_row(std::string& lines, const PriceRow& row) {
  append_times(lines, row);
  lines += asset_name(row.asset);
  lines += '\t';
  lines += row.venue == Venue::Unknown ? std::string_view("index") : venue_name(row.venue);
  lines += '\t';
  lines += kind_name(row.kind);
  lines += '\t';
  const bool is_quote = row.kind == PriceRow::Kind::SpotQuote;
  append_units(lines, is_quote ? row.bid + (row.ask - row.bid) / 2 : row.bid, kSpotDecimals);
  lines += '\t';
  append_optional(lines, is_quote, row.bid, kSpotDecimals);
  lines += '\t';
  append_optional(lines, is_quote, row.ask, kSpotDecimals);
  lines += '\t';
  append_optional(lines, !is_quote && row.bid_quantity > 0, row.bid_quantity, SpotQuantity::kDecimals);
  lines += '\n';
}

void append_market_row(std::string& lines, const PriceRow& row, const MarketNames& names) {
  append_times(lines, row);
  lines += venue_name(row.venue);
  lines += '\t';
  append_copy_text(lines, names.market_id);
  lines += '\t';
  append_copy_text(lines, names.symbol);
  lines += '\t';
  lines += asset_name(row.asset);
  lines += '\t';
  append_optional(lines, row.has_bid, row.bid, Price::kDecimals);
  lines += '\t';
  append_optional(lines, row.has_ask, row.ask, Price::kDecimals);
  lines += '\t';
  append_optional(lines, row.has_bid, row.bid_quantity, Quantity::kDecimals);
  lines += '\t';
  append_optional(lines, row.has_ask, row.ask_quantity, Quantity::kDecimals);
  lines += '\t';
  lines += book_status_name(row.status);
  lines += '\n';
}

void append_audit_row(std::string& lines, Timestamp at, std::string_view process, std::string_view kind,
                      std::string_view detail) {
  append_time(lines, unix_ns(at));
  lines += '\t';
  append_integer(lines, unix_ns(at));
  for (const std::string_view text : {process, kind, detail}) {
    lines += '\t';
    append_copy_text(lines, text);
  }
  lines += '\n';
}

}  // namespace arbees::postgres
