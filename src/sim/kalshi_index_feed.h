#pragma once
// The settlement index as Kalshi rebroadcasts it: each print with the averages over the prints before it.

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kalshi_text.h"

namespace arbees::sim {

// "BRTI", "ETHUSD_RTI", …
[[nodiscard]] std::string kalshi_index_id(Asset asset);

class KalshiIndexFeed {
 public:
  explicit KalshiIndexFeed(const KalshiShared& shared) : shared_(shared) {}

  // Remembers the print; prints of other sources are ignored (false).
  bool add(const IndexValue& print);
  // Bodies of cfbenchmarks_value and cfbenchmarks_value_5hz for the print added last.
  [[nodiscard]] std::string value_body(const IndexValue& print) const;
  [[nodiscard]] std::string fast_body(const IndexValue& print) const;
  [[nodiscard]] static std::vector<std::string> index_ids();

 private:
  struct Print {
    Timestamp time;
    SpotPrice value;
  };
  // Mean of the prints with from < time ≤ until (or from ≤ time < until), rounded down, and how many there are.
  struct Mean {
    SpotPrice value;
    std::int64_t count = 0;
  };
  [[nodiscard]] Mean mean(Asset asset, Timestamp from, Timestamp until, bool includes_end) const;
  [[nodiscard]] std::string vendor_frame(const IndexValue& print) const;

  const KalshiShared& shared_;
  std::map<Asset, std::deque<Print>> prints_;
};

}  // namespace arbees::sim
