#include "app/storing/price_filter.h"

#include <algorithm>
#include <thread>

namespace arbees::app {
namespace {

using postgres::PriceRow;

bool is_same(const PriceRow& a, const PriceRow& b) noexcept {
  return a.bid == b.bid && a.ask == b.ask && a.bid_quantity == b.bid_quantity && a.ask_quantity == b.ask_quantity &&
         a.has_bid == b.has_bid && a.has_ask == b.has_ask && a.status == b.status;
}

}  // namespace

void PriceFilter::start(postgres::Writer& writer) {
  constexpr std::size_t kMarkets = 8192;
  writer_ = &writer;
  markets_.reserve(kMarkets);
  held_.reserve(kMarkets);
}

PriceFilter::Entry& PriceFilter::entry_of(const PriceRow& row) {
  if (row.kind == PriceRow::Kind::Market) return markets_[row.instrument.value];
  const std::size_t kind = static_cast<std::size_t>(row.kind);
  const std::size_t place = kind * kVenueCount + static_cast<std::size_t>(row.venue);
  return spot_[place * kAssetCount + static_cast<std::size_t>(row.asset)];
}

void PriceFilter::put(Entry& entry) {
  entry.put_at_ns = entry.row.received_ns;
  entry.is_held = false;
  while (when_full_ == WhenFull::Wait && !writer_->has_room()) std::this_thread::yield();
  (void)writer_->put(entry.row);  // counted there
}

void PriceFilter::offer(const PriceRow& row) {
  if (writer_ == nullptr) return;
  Entry& entry = entry_of(row);
  const bool is_trade = row.kind == PriceRow::Kind::SpotTrade;
  if (entry.put_at_ns != 0 && !is_trade && is_same(entry.row, row)) return;
  const bool is_due = entry.put_at_ns == 0 || row.received_ns - entry.put_at_ns >= interval_.count();
  entry.row = row;
  if (is_due) {
    put(entry);
  } else if (!entry.is_held) {
    entry.is_held = true;
    held_.push_back(&entry);
  }
}

void PriceFilter::flush(Timestamp now, bool is_last) {
  if (writer_ == nullptr || held_.empty()) return;
  std::erase_if(held_, [&](Entry* entry) {
    // An entry that became due has been put in the meantime.
    if (!entry->is_held) return true;
    if (!is_last && unix_ns(now) - entry->put_at_ns < interval_.count()) return false;
    put(*entry);
    return true;
  });
}

}  // namespace arbees::app
