#pragma once
// Order books rebuilt in the plainest way from raw recorded lines, to compare our own books with: std::map
// and a JSON document for every line, no code shared with decoders or books. Slow and simple on purpose.
//
// Prices and sizes are integers in units of 10^-8.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::naive {

using Side = std::map<std::int64_t, std::int64_t>;  // size by price

struct Levels {
  Side bids;
  Side asks;

  bool operator==(const Levels&) const = default;
};

// By market, token or pair.
using Books = std::map<std::string, Levels>;

// "-12.5" → -1250000000. Digits beyond the eighth decimal are cut.
[[nodiscard]] std::int64_t to_units(std::string_view decimal);

// Lines of `kalshi-btc15m-l2`. A bid for No at p is an offer of Yes at 1 − p.
class KalshiBooks {
 public:
  void add(std::string_view line);

  Books books;
  std::uint64_t negative_levels = 0;
};

// Frames of Polymarket's market channel: books, and changes of books that are known.
class PolymarketBooks {
 public:
  // The frame itself, or the line that wraps it as `frame`, `payload` or (as text) `raw`.
  void add(std::string_view line);

  Books books;
};

// Lines "<time> <frame>" of Binance's combined stream with one REST snapshot among them.
class BinanceBook {
 public:
  explicit BinanceBook(std::string symbol) : symbol_(std::move(symbol)) {}
  void add(std::string_view line);

  Levels levels;
  bool is_live = false;

 private:
  struct Update {
    std::uint64_t first;
    std::uint64_t last;
    Levels changes;
  };
  void apply(const Update& update);

  std::string symbol_;
  std::vector<Update> waiting_;
  std::uint64_t last_id_ = 0;
};

}  // namespace arbees::naive
