#pragma once
// Recordings that are raw frames with a receive time: `polymarket-btc5m-book`, `binance-spot-ws-raw` and
// `multivenue-raw-frames`.
//
// Contracts are listed from the tables beside the recordings as far as those tell the terms: the start
// value and (for the older set) the fee of the window are not in them, so those contracts are watched
// and not tradable.

#include <map>
#include <memory>
#include <string>

#include "adapters/venue/recorded_line.h"
#include "app/import/importer.h"
#include "app/import/json_line.h"

namespace arbees::app {

class RawFrameImporter final : public Importer {
 public:
  enum class Tables : std::uint8_t {
    None,
    PolymarketCsv,    // markets.csv: one row a slug and token
    MarketsJsonLines  // NAME.markets.jsonl beside NAME.jsonl.zst
  };

  // Lines that do not name their source belong to `venue`.
  RawFrameImporter(Venue venue, Tables tables) : venue_(venue), tables_(tables) {}
  [[nodiscard]] std::string import_file(const std::string& path, ImportSink& sink, ImportSummary& summary) override;

 private:
  struct Connection {
    std::unique_ptr<FrameDecoder> decoder;
    bool is_new = true;  // the decoder is told before the next frame
  };
  struct Listing {
    std::string symbol;
    ContractTerms terms;
    bool is_written = false;
  };

  [[nodiscard]] std::string load_tables(const std::string& path);
  [[nodiscard]] std::string load_polymarket_csv(const std::string& path);
  [[nodiscard]] std::string load_markets_lines(const std::string& path);
  void add_market_line();
  bool add_line(const std::string& path, std::uint64_t number, std::string_view line, ImportSink& sink,
                ImportSummary& summary);
  // Lists the contracts that the frame's events name for the first time.
  bool list_named(const DecodedFrame& decoded, ImportSink& sink);
  [[nodiscard]] Connection* connection_of(const RecordedFrame& recorded);

  Venue venue_;
  Tables tables_;
  std::map<std::pair<Venue, std::uint32_t>, Connection> connections_;
  std::map<InstrumentId, Listing> listings_;
  RecordedLineReader lines_;
  DecodedFrame decoded_;
  JsonLine json_;
};

}  // namespace arbees::app
