#pragma once
// Which prices are worth a row: those that differ from the last one, and of fast changes the latest of an interval.
//
// By one thread; it never waits for the database, unless it was told to rather wait than lose a row. Allocates when a
// market is seen for the first time only.

#include <array>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/writer.h"

namespace arbees::app {

class PriceFilter {
 public:
  enum class WhenFull : std::uint8_t { Drop, Wait };

  explicit PriceFilter(Duration interval, WhenFull when_full = WhenFull::Drop)
      : interval_(interval), when_full_(when_full) {}
  // Rows go here from now on; before, they are forgotten. Outlives this.
  void start(postgres::Writer& writer);

  void offer(const postgres::PriceRow& row);
  // Puts what was held back for long enough; to be called now and then. Everything, if there will be no other call.
  void flush(Timestamp now, bool is_last = false);

 private:
  struct Entry {
    postgres::PriceRow row;      // the last one put, or held back
    std::int64_t put_at_ns = 0;  // 0: never
    bool is_held = false;
  };
  [[nodiscard]] Entry& entry_of(const postgres::PriceRow& row);
  void put(Entry& entry);

  static constexpr std::size_t kSpotKinds = 3;

  Duration interval_;
  WhenFull when_full_;
  postgres::Writer* writer_ = nullptr;
  std::unordered_map<std::uint64_t, Entry> markets_;
  std::array<Entry, kSpotKinds * kVenueCount * kAssetCount> spot_{};
  std::vector<Entry*> held_;
};

}  // namespace arbees::app
