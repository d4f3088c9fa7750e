#include "app/import/raw_frames.h"

#include <filesystem>

#include "adapters/store/text_file.h"
#include "app/import/csv.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

// "20260429T021043Z.jsonl.zst" → "20260429T021043Z.markets.jsonl" in the same folder.
fs::path markets_lines_path(const std::string& path) {
  const fs::path file(path);
  const std::string name = file.filename().string();
  return file.parent_path() / (name.substr(0, name.find('.')) + ".markets.jsonl");
}

// An up/down token of a window that settles on Chainlink's spot report (all recorded sets are older than
// the averages of August 2026). Its start value is not known, so it is not tradable.
ContractTerms up_down_terms(Asset asset, bool is_up, Timestamp opens_at, Timestamp closes_at) {
  ContractTerms terms;
  terms.venue = Venue::Polymarket;
  terms.asset = asset;
  terms.payoff = Payoff::UpDown;
  terms.comparator = is_up ? Comparator::GreaterOrEqual : Comparator::Less;
  terms.source = SettlementSource::ChainlinkSpot;
  terms.rounding_decimals = 255;
  terms.opens_at = opens_at;
  terms.closes_at = closes_at;
  terms.lot = Quantity::from_units(1);
  terms.minimum_order = Quantity::whole(5);
  terms.not_tradable = NotTradable::UnknownStrike;
  return terms;
}

std::uint32_t millionths(std::string_view text) {
  const auto rate = parse_decimal(text, 6, ExcessDigits::Ceil);
  return rate && *rate > 0 && *rate <= 1'000'000 ? static_cast<std::uint32_t>(*rate) : 0;
}

}  // namespace

std::string RawFrameImporter::import_file(const std::string& path, ImportSink& sink, ImportSummary& summary) {
  if (std::string error = load_tables(path); !error.empty()) return error;
  auto reader = LineReader::open(path);
  if (!reader) return path + ": " + std::string(read_error_text(reader.error()));
  for (auto& [key, connection] : connections_) connection.is_new = true;
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

bool RawFrameImporter::add_line(const std::string& path, std::uint64_t number, std::string_view line, ImportSink& sink,
                                ImportSummary& summary) {
  const RecordedFrame recorded = lines_.unwrap(line);
  if (!recorded.is_received) return true;
  if (!recorded.received_at) {
    note_bad_line(path, number, "no receive time", summary);
    return true;
  }
  Connection* connection = connection_of(recorded);
  if (connection == nullptr) {
    note_bad_line(path, number, "unknown source '" + std::string(recorded.source) + "'", summary);
    return true;
  }
  ++summary.frames;
  decoded_.clear();
  if (connection->is_new) {
    connection->is_new = false;
    connection->decoder->reset(*recorded.received_at, decoded_);
    if (!deliver(decoded_, sink)) return false;
    decoded_.clear();
  }
  connection->decoder->decode(recorded.frame, *recorded.received_at, decoded_);
  note_anomalies(decoded_, path, number, summary);
  return list_named(decoded_, sink) && deliver(decoded_, sink);
}

bool RawFrameImporter::list_named(const DecodedFrame& decoded, ImportSink& sink) {
  for (const Event& event : decoded.events) {
    const auto* named = std::get_if<InstrumentNamed>(&event.body);
    if (named == nullptr) continue;
    const auto listing = listings_.find(named->id);
    if (listing == listings_.end() || listing->second.is_written) continue;
    listing->second.is_written = true;
    if (!write_listing(sink, event.received_at, listing->second.symbol, listing->second.terms)) return false;
  }
  return true;
}

RawFrameImporter::Connection* RawFrameImporter::connection_of(const RecordedFrame& recorded) {
  const std::string_view source = recorded.source;
  Venue venue = venue_;
  if (!source.empty()) {
    const auto named = parse_venue(source.substr(0, source.find('_')));
    if (!named) return nullptr;
    venue = *named;
  }
  Connection& connection = connections_[{venue, recorded.connection}];
  if (connection.decoder == nullptr) connection.decoder = make_decoder(venue);
  return connection.decoder == nullptr ? nullptr : &connection;
}

std::string RawFrameImporter::load_tables(const std::string& path) {
  if (path == "-" || tables_ == Tables::None) return {};
  if (tables_ == Tables::MarketsJsonLines) return load_markets_lines(markets_lines_path(path).string());
  return load_polymarket_csv((fs::path(path).parent_path() / "markets.csv").string());
}

std::string RawFrameImporter::load_polymarket_csv(const std::string& path) {
  if (!listings_.empty() || !fs::exists(path)) return {};
  CsvTable table;
  if (std::string error = table.load(path); !error.empty()) return error;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    const auto start = parse_iso8601(table.cell(row, "window_start"));
    const std::string symbol(table.cell(row, "asset_id"));
    const std::string_view side = table.cell(row, "token_inferred");
    if (!start || symbol.empty() || (side != "up" && side != "down")) continue;
    ContractTerms terms = up_down_terms(Asset::BTC, side == "up", *start, *start + std::chrono::minutes(5));
    terms.event_group = hash64(table.cell(row, "condition_id"));
    listings_[instrument_id(Venue::Polymarket, symbol)] = Listing{symbol, terms};
  }
  return {};
}

std::string RawFrameImporter::load_markets_lines(const std::string& path) {
  if (!fs::exists(path)) return {};
  auto reader = LineReader::open(path);
  if (!reader) return path + ": " + std::string(read_error_text(reader.error()));
  std::string_view line;
  while (reader->next(line)) {
    if (!line.empty() && json_.parse(line)) add_market_line();
  }
  return {};
}

void RawFrameImporter::add_market_line() {
  const rapidjson::Value& market = json_.root();
  const auto asset = parse_asset(JsonLine::text(market, "asset"));
  const auto start = parse_unix_time(JsonLine::text(market, "start_ts"));
  const auto end = parse_unix_time(JsonLine::text(market, "end_ts"));
  const auto outcomes = market.FindMember("outcomes");
  if (!asset || !start || !end || outcomes == market.MemberEnd() || !outcomes->value.IsArray()) return;
  const auto tick = Price::parse(JsonLine::text(market, "tick_size"));
  const rapidjson::Value* fees = JsonLine::object(market, "fee_parameters");
  const rapidjson::Value* schedule = fees == nullptr ? nullptr : JsonLine::object(*fees, "raw_fee_config");
  for (const auto& outcome : outcomes->value.GetArray()) {
    const std::string symbol(JsonLine::text(outcome, "token_id"));
    if (symbol.empty()) continue;
    ContractTerms terms = up_down_terms(*asset, JsonLine::text(outcome, "outcome") == "Up", *start, *end);
    terms.event_group = hash64(JsonLine::text(market, "condition_id"));
    if (tick && tick->is_positive() && *tick < kPriceOne) terms.grid = PriceGrid::uniform(*tick);
    if (schedule != nullptr) {
      terms.fees.model = FeeModel::PolymarketCurve;
      terms.fees.taker_rate = millionths(JsonLine::text(*schedule, "rate"));
    }
    listings_[instrument_id(Venue::Polymarket, symbol)] = Listing{symbol, terms};
  }
}

}  // namespace arbees::app
