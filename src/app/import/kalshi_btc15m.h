#pragma once
// Recordings in the form of `kalshi-btc15m-l2`: one line per message of Kalshi's WebSocket and of
// Coinbase's trades, with the recorder's own control lines; results in a markets.csv beside them.
//
// The recorder's `watch_market` lines list a contract (strike and close are in them; tick, fee and lot
// are those of the 15-minute series in the recorded weeks); a result known from markets.csv becomes a
// settlement five seconds after the close.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "adapters/venue/recorded_line.h"
#include "app/import/importer.h"
#include "app/import/json_line.h"

namespace arbees::app {

class KalshiBtc15mImporter final : public Importer {
 public:
  KalshiBtc15mImporter();
  [[nodiscard]] std::string import_file(const std::string& path, ImportSink& sink, ImportSummary& summary) override;

 private:
  struct MarketResult {
    bool yes_won = false;
    std::optional<SpotPrice> value;
  };

  [[nodiscard]] std::string load_results(const std::string& path);
  // These answer false only when the journal could not be written.
  bool add_line(const std::string& path, std::uint64_t number, std::string_view line, ImportSink& sink,
                ImportSummary& summary);
  bool add_control(const std::string& path, std::uint64_t number, Timestamp at, ImportSink& sink,
                   ImportSummary& summary);
  bool add_trade(const std::string& path, std::uint64_t number, const RecordedFrame& recorded, ImportSink& sink,
                 ImportSummary& summary);
  bool list(std::string_view ticker, const ContractTerms& terms, Timestamp at, ImportSink& sink);

  std::unique_ptr<FrameDecoder> decoder_;
  RecordedLineReader lines_;
  DecodedFrame decoded_;
  JsonLine json_;
  bool is_new_connection_ = true;  // before the next frame
  std::map<std::string, MarketResult, std::less<>> results_;
  std::set<std::string> settled_;  // scheduled already: a market can span two sessions
};

}  // namespace arbees::app
