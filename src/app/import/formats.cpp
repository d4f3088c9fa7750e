// The known recording formats and the decoders of venues: one table each.

#include "adapters/venue/binance/decoder.h"
#include "adapters/venue/bitstamp/decoder.h"
#include "adapters/venue/coinbase/decoder.h"
#include "adapters/venue/gemini/decoder.h"
#include "adapters/venue/kalshi/decoder.h"
#include "adapters/venue/kraken/decoder.h"
#include "adapters/venue/polymarket/decoder.h"
#include "app/import/importer.h"
#include "app/import/kalshi_btc15m.h"
#include "app/import/raw_frames.h"

namespace arbees::app {
namespace {

struct Format {
  std::string_view name;
  std::unique_ptr<Importer> (*make)();
};

using Tables = RawFrameImporter::Tables;

constexpr Format kFormats[] = {
    {"kalshi-btc15m-l2", []() -> std::unique_ptr<Importer> { return std::make_unique<KalshiBtc15mImporter>(); }},
    {"polymarket-btc5m-book",
     []() -> std::unique_ptr<Importer> {
       return std::make_unique<RawFrameImporter>(Venue::Polymarket, Tables::PolymarketCsv);
     }},
    {"binance-spot-ws-raw",
     []() -> std::unique_ptr<Importer> { return std::make_unique<RawFrameImporter>(Venue::Binance, Tables::None); }},
    {"multivenue-raw-frames",
     []() -> std::unique_ptr<Importer> {
       return std::make_unique<RawFrameImporter>(Venue::Unknown, Tables::MarketsJsonLines);
     }},
};

}  // namespace

std::unique_ptr<Importer> make_importer(std::string_view format) {
  for (const Format& known : kFormats) {
    if (known.name == format) return known.make();
  }
  return nullptr;
}

std::string importer_names() {
  std::string names;
  for (const Format& format : kFormats) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

std::unique_ptr<FrameDecoder> make_decoder(Venue venue) {
  switch (venue) {
    case Venue::Kalshi: return std::make_unique<kalshi::Decoder>();
    case Venue::Polymarket: return std::make_unique<polymarket::Decoder>();
    case Venue::Coinbase: return std::make_unique<coinbase::Decoder>();
    case Venue::Binance: return std::make_unique<binance::Decoder>();
    case Venue::Kraken: return std::make_unique<kraken::Decoder>();
    case Venue::Bitstamp: return std::make_unique<bitstamp::Decoder>();
    case Venue::Gemini: return std::make_unique<gemini::Decoder>();
    default: return nullptr;
  }
}

}  // namespace arbees::app
