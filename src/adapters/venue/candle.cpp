#include "adapters/venue/candle.h"

#include <algorithm>
#include <utility>

#include "adapters/venue/wire_decimal.h"

namespace arbees {
namespace {

using std::chrono::minutes;

Timestamp to_minute(Timestamp at) noexcept { return std::chrono::floor<minutes>(at); }

bool is_whole_number(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_possible(const Candle& bar) noexcept {
  return bar.high >= std::max(bar.open, bar.close) && bar.low <= std::min(bar.open, bar.close);
}

}  // namespace

Timestamp candle_time_s(std::string_view text) noexcept {
  const auto seconds = is_whole_number(text) ? parse_decimal(text, 0) : std::nullopt;
  return seconds && fits_unix_s(*seconds) ? from_unix_s(*seconds) : kNoTime;
}

Timestamp candle_time_ms(std::string_view text) noexcept {
  const auto ms = is_whole_number(text) ? parse_decimal(text, 0) : std::nullopt;
  return ms && fits_unix_ms(*ms) ? from_unix_ms(*ms) : kNoTime;
}

void CandleBuilder::add(Timestamp opened_at, const CandleText& text) {
  Candle bar;
  bar.opened_at = opened_at;
  const bool is_read = opened_at != kNoTime && to_minute(opened_at) == opened_at &&
                       read_spot_price(text.open, bar.open) == WireNumber::Ok &&
                       read_spot_price(text.high, bar.high) == WireNumber::Ok &&
                       read_spot_price(text.low, bar.low) == WireNumber::Ok &&
                       read_spot_price(text.close, bar.close) == WireNumber::Ok;
  if (!is_read || !is_possible(bar)) {
    ++series_.rejected;
    return;
  }
  const bool is_next = order_ == CandleOrder::OldestFirst ? opened_at > last_ : opened_at < last_;
  if (last_ != kNoTime && !is_next) {
    ++series_.rejected;
    return;
  }
  last_ = opened_at;
  if (opened_at + minutes(1) > now_) {
    ++series_.unfinished;
    return;
  }
  SpotQuantity volume;
  if (read_spot_quantity(text.volume, volume) == WireNumber::Ok && volume.is_zero()) {
    ++series_.empty;
    return;
  }
  series_.candles.push_back(bar);
}

CandleSeries CandleBuilder::take() {
  if (order_ == CandleOrder::NewestFirst) std::reverse(series_.candles.begin(), series_.candles.end());
  return std::move(series_);
}

std::size_t missing_minutes(std::span<const Candle> candles, Timestamp from, Timestamp to) noexcept {
  const Timestamp first = std::chrono::ceil<minutes>(from);
  const Timestamp end = to_minute(to);
  if (end <= first) return 0;
  const auto wanted = static_cast<std::size_t>((end - first) / minutes(1));
  const auto present = std::count_if(candles.begin(), candles.end(), [&](const Candle& candle) {
    return candle.opened_at >= first && candle.opened_at < end;
  });
  return wanted - std::min(wanted, static_cast<std::size_t>(present));
}

std::vector<CandleRange> split_range(const CandleRange& range, std::size_t rows) {
  std::vector<CandleRange> parts;
  const Timestamp end = to_minute(range.to);
  for (Timestamp from = to_minute(range.from); from < end; from += minutes(rows)) {
    parts.push_back({range.symbol, from, std::min(end, from + minutes(rows))});
  }
  return parts;
}

}  // namespace arbees
