#include "sim/kalshi_text.h"

#include <algorithm>

#include "adapters/telemetry/format.h"

namespace arbees::sim {
namespace {

// The space of seeded_uuid() that market ids live in.
constexpr std::uint64_t kMarketUuids = 0x4b4d;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

Timestamp KalshiShared::now() const noexcept { return std::max(net::IoLoop::now(), context.world.now()); }

Timestamp KalshiShared::stated(Timestamp time) const noexcept {
  return time == kNoTime ? time : time + context.faults.clock_skew(now());
}

std::int64_t KalshiShared::stated_ms(Timestamp time) const noexcept { return unix_milliseconds(stated(time)); }

std::string KalshiShared::stated_text(Timestamp time) const { return kalshi_time(stated(time)); }

std::string KalshiShared::market_uuid(MarketId market) const { return seeded_uuid(context.seed, kMarketUuids, market); }

std::string kalshi_time(Timestamp time) {
  std::string text = to_iso_ns(time);  // …:43.762565123Z
  text.resize(text.size() - 4);        // microseconds
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + 'Z';
}

std::string kalshi_balance(Money money) { return format_decimal(floor_divide(money.units(), 100), 4); }

std::int64_t kalshi_cents(Money money) noexcept { return floor_divide(money.units(), 10'000); }

}  // namespace arbees::sim
