#include "app/import/kalshi_btc15m.h"

#include <filesystem>

#include "adapters/store/text_file.h"
#include "app/import/csv.h"

namespace arbees::app {
namespace {

// The venue publishes the outcome a few seconds after the close.
constexpr Duration kSettlementDelay = std::chrono::seconds(5);
constexpr Duration kWindow = std::chrono::minutes(15);

// The asset of a "KX{ASSET}15M-…" ticker.
std::optional<Asset> asset_of(std::string_view ticker) {
  const std::size_t end = ticker.find("15M-");
  if (!ticker.starts_with("KX") || end == std::string_view::npos) return std::nullopt;
  return parse_asset(ticker.substr(2, end - 2));
}

// 15-minute up/down contracts of the recorded weeks: `quadratic` fees (taker 0.07, maker free), the
// tapered tick, 0.01 contracts, mean of sixty index prints rounded to cents, at least the strike.
ContractTerms terms_of(Asset asset, Timestamp closes_at, std::optional<Strike> strike) {
  ContractTerms terms;
  terms.venue = Venue::Kalshi;
  terms.asset = asset;
  terms.payoff = Payoff::UpDown;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.rounding_decimals = asset == Asset::BTC || asset == Asset::ETH ? 2 : 4;
  terms.opens_at = closes_at - kWindow;
  terms.closes_at = closes_at;
  terms.grid = PriceGrid::tapered_deci_cent();
  terms.fees.model = FeeModel::KalshiQuadratic;
  terms.fees.taker_rate = 70'000;
  terms.lot = Quantity::from_units(1);
  terms.minimum_order = Quantity::from_units(1);
  terms.not_tradable = NotTradable::None;
  if (strike) {
    terms.lower = *strike;
    terms.has_lower = 1;
  }
  return terms;
}

}  // namespace

KalshiBtc15mImporter::KalshiBtc15mImporter() : decoder_(make_decoder(Venue::Kalshi)) {}

std::string KalshiBtc15mImporter::import_file(const std::string& path, ImportSink& sink, ImportSummary& summary) {
  if (std::string error = load_results(path); !error.empty()) return error;
  auto reader = LineReader::open(path);
  if (!reader) return path + ": " + std::string(read_error_text(reader.error()));
  is_new_connection_ = true;
  std::string_view line;
  while (reader->next(line)) {
    ++summary.lines;
    if (reader->is_too_long()) {
      note_bad_line(path, reader->line_number(), "line too long", summary);
    } else if (!line.empty() && !add_line(path, reader->line_number(), line, sink, summary)) {
      return "the journal could not be written";
    }
  }
  if (reader->error() != ReadError::None) return path + ": " + std::string(read_error_text(reader->error()));
  return {};
}

bool KalshiBtc15mImporter::add_line(const std::string& path, std::uint64_t number, std::string_view line,
                                    ImportSink& sink, ImportSummary& summary) {
  const RecordedFrame recorded = lines_.unwrap(line);
  if (!recorded.received_at) {
    note_bad_line(path, number, "no receive time", summary);
    return true;
  }
  if (recorded.source == "coinbase") return add_trade(path, number, recorded, sink, summary);
  decoded_.clear();
  if (is_new_connection_) {
    is_new_connection_ = false;
    decoder_->reset(*recorded.received_at, decoded_);
    if (!deliver(decoded_, sink)) return false;
    decoded_.clear();
  }
  decoder_->decode(recorded.frame, *recorded.received_at, decoded_);
  const bool unknown = decoded_.anomalies.size() == 1 && decoded_.anomalies[0].kind == AnomalyKind::UnknownMessage;
  if (unknown && json_.parse(recorded.frame)) return add_control(path, number, *recorded.received_at, sink, summary);
  ++summary.frames;
  note_anomalies(decoded_, path, number, summary);
  return deliver(decoded_, sink);
}

bool KalshiBtc15mImporter::add_control(const std::string& path, std::uint64_t number, Timestamp at, ImportSink& sink,
                                       ImportSummary& summary) {
  const std::string_view type = JsonLine::text(json_.root(), "type");
  if (type == "ws_connected") {
    is_new_connection_ = true;
    return true;
  }
  if (type == "ws_subscribed" || type == "market_rotated") return true;
  if (type != "watch_market") {
    ++summary.frames;
    note_anomalies(decoded_, path, number, summary);
    return true;
  }
  const rapidjson::Value* message = JsonLine::object(json_.root(), "msg");
  const std::string_view ticker = message == nullptr ? std::string_view() : JsonLine::text(*message, "market_ticker");
  const auto asset = asset_of(ticker);
  const auto close = message == nullptr ? std::nullopt : parse_iso8601(JsonLine::text(*message, "close_time"));
  if (!asset || !close) {
    note_bad_line(path, number, "watch_market without a known market_ticker and close_time", summary);
    return true;
  }
  return list(ticker, terms_of(*asset, *close, Strike::parse(JsonLine::text(*message, "strike"))), at, sink);
}

bool KalshiBtc15mImporter::list(std::string_view ticker, const ContractTerms& terms, Timestamp at, ImportSink& sink) {
  if (!write_listing(sink, at, ticker, terms)) return false;
  const auto known = results_.find(ticker);
  if (known == results_.end() || !settled_.insert(std::string(ticker)).second) return true;
  ContractSettled settled;
  settled.id = instrument_id(Venue::Kalshi, ticker);
  settled.payout = known->second.yes_won ? kPriceOne : kPriceZero;
  if (known->second.value) {
    settled.settled_value = *known->second.value;
    settled.has_value = 1;
  }
  Event event;
  event.received_at = terms.closes_at + kSettlementDelay;
  event.exchange_at = terms.closes_at;
  event.body = settled;
  sink.schedule(event);
  return true;
}

bool KalshiBtc15mImporter::add_trade(const std::string& path, std::uint64_t number, const RecordedFrame& recorded,
                                     ImportSink& sink, ImportSummary& summary) {
  ++summary.frames;
  const rapidjson::Value* message = json_.parse(recorded.frame) ? JsonLine::object(json_.root(), "msg") : nullptr;
  if (message == nullptr) {
    note_bad_line(path, number, "a Coinbase line without msg", summary);
    return true;
  }
  const std::string_view product = JsonLine::text(*message, "product_id");
  const auto price = SpotPrice::parse(JsonLine::text(*message, "price"));
  const auto asset = parse_asset(product.substr(0, product.find('-')));
  if (!price || !price->is_positive() || product.empty()) {
    note_bad_line(path, number, "a Coinbase trade without product_id and price", summary);
    return true;
  }
  SpotTrade trade;
  trade.id = instrument_id(Venue::Coinbase, product);
  trade.price = *price;
  trade.trade_id = static_cast<std::uint64_t>(parse_decimal(JsonLine::text(*message, "trade_id"), 0).value_or(0));
  trade.venue = Venue::Coinbase;
  trade.asset = asset.value_or(Asset::Unknown);
  Event event;
  event.received_at = *recorded.received_at;
  event.exchange_at = parse_iso8601(JsonLine::text(*message, "time")).value_or(kNoTime);
  event.body = trade;
  return sink.write(event);
}

std::string KalshiBtc15mImporter::load_results(const std::string& path) {
  const std::filesystem::path table_path = std::filesystem::path(path).parent_path() / "markets.csv";
  if (path == "-" || !std::filesystem::exists(table_path)) return {};
  CsvTable table;
  if (std::string error = table.load(table_path.string()); !error.empty()) return error;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    const std::string_view result = table.cell(row, "result");
    if (result != "yes" && result != "no") continue;
    results_[std::string(table.cell(row, "market_ticker"))] =
        MarketResult{result == "yes", SpotPrice::parse(table.cell(row, "settlement_value"))};
  }
  return {};
}

}  // namespace arbees::app
