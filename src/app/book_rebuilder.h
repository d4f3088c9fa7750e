#pragma once
// Feeds recorded or typed frames to the decoder and books that trading uses, and reports what they make of them.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/telemetry/json.h"
#include "adapters/venue/frame.h"
#include "adapters/venue/recorded_line.h"
#include "core/market/market_state.h"
#include "core/market/spot_book.h"

namespace arbees::app {

class BookRebuilder {
 public:
  explicit BookRebuilder(Venue venue);

  // One line of input, counted from 1; blank lines count and are nothing.
  void add_line(std::uint64_t line_number, std::string_view line);
  // A line that could not even be read (too long).
  void add_malformed(std::uint64_t line_number, std::string_view detail);

  // The input ended: what still waited for later frames is judged.
  void finish(std::uint64_t last_line);

  // Whether any line was malformed, out of range or off the tick.
  [[nodiscard]] bool has_bad_input() const noexcept { return has_bad_input_; }
  // The document of the `books` command.
  void write(JsonWriter& json) const;

 private:
  struct LocatedAnomaly {
    std::uint64_t line;
    AnomalyKind kind;
    std::string symbol;
    std::string detail;
  };
  // A book of either kind, by symbol.
  struct Watched {
    InstrumentId id;
    bool was_crossed = false;
    bool has_book = false;           // of a contract: anything but its name was seen
    std::unique_ptr<SpotBook> spot;  // null: a contract, kept in market_
  };

  void take_decoded(std::uint64_t line_number);
  void apply(const Event& event, std::uint64_t line_number);
  void on_named(const InstrumentNamed& named);
  void note(std::uint64_t line, AnomalyKind kind, const std::string& symbol, const std::string& detail);
  void note_fault(std::uint64_t line, BookFault fault, InstrumentId id);
  void watch_crossing(std::uint64_t line, InstrumentId id, bool is_crossed);
  static void write_contract_book(JsonWriter& json, const std::string& symbol, const OrderBook& book);
  static void write_spot_book(JsonWriter& json, const std::string& symbol, const SpotBook& book);

  Venue venue_;
  std::map<std::uint32_t, std::unique_ptr<FrameDecoder>> decoders_;  // by connection
  RecordedLineReader lines_;
  DecodedFrame decoded_;
  MarketState market_;
  std::map<std::string, Watched> books_;  // by symbol: the order of the output
  std::map<InstrumentId, std::string> symbols_;
  std::vector<LocatedAnomaly> anomalies_;
  std::uint64_t frames_ = 0;
  std::uint64_t events_ = 0;
  bool has_bad_input_ = false;
};

}  // namespace arbees::app
