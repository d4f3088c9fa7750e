// Sets kept as JSON lines: sessions of Kalshi's fifteen-minute BTC books with Coinbase trades (quotes from the ticker
// channel), and Polymarket's five-minute ladder.

#include <rapidjson/document.h>

#include <filesystem>
#include <set>

#include "app/calibration/csv.h"
#include "app/calibration/formats.h"

namespace arbees::app {
namespace {

struct SettledMarket {
  Timestamp close = kNoTime;
  double strike = 0.0;
  bool is_up = false;
};
using Markets = std::map<std::string, SettledMarket, std::less<>>;

bool load_markets(const std::string& file, Sample& sample, Markets& markets) {
  auto csv = CsvReader::open(file);
  if (!csv || !csv->has_column("market_ticker")) return false;
  while (csv->next()) {
    const auto close = parse_iso8601(csv->text("close_time"));
    const auto strike = csv->number("strike");
    const std::string_view result = csv->text("result");
    if (!close || !strike || (result != "yes" && result != "no")) continue;  // not known how it ended
    const bool is_up = result == "yes";
    if (const auto value = csv->number("settlement_value")) {
      ++sample.settlement_checked;
      sample.settlement_reproduced += (*value >= *strike) == is_up ? 1 : 0;
    }
    markets[std::string(csv->text("market_ticker"))] = {*close, *strike, is_up};
  }
  return true;
}

std::string_view text_of(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

// Prices come as numbers or as decimal strings.
std::optional<double> number_of(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member != object.MemberEnd() && member->value.IsNumber()) return member->value.GetDouble();
  return parse_number(text_of(object, name));
}

// One quote a market every this many seconds is enough: neighbours say the same.
constexpr auto kBetweenQuotes = std::chrono::seconds(10);

class SessionReader {
 public:
  SessionReader(Sample& sample, const Markets& markets) : asset_(sample.assets["BTC"]), markets_(markets) {}

  // False for a line that is not understood.
  bool add(std::string_view line) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
    if (document.HasParseError() || !document.IsObject()) return false;
    const auto received = document.FindMember("recv_ns");
    const auto message = document.FindMember("msg");
    if (received == document.MemberEnd() || !received->value.IsInt64() || received->value.GetInt64() <= 0) return false;
    if (message == document.MemberEnd() || !message->value.IsObject()) return false;
    const Timestamp at = from_unix_ns(received->value.GetInt64());
    const std::string_view type = text_of(document, "type");
    if (type == "match" || type == "last_match") return add_trade(at, message->value);
    if (type == "ticker") return add_ticker(at, message->value);
    return true;
  }

 private:
  bool add_trade(Timestamp at, const rapidjson::Value& message) {
    const auto price = number_of(message, "price");
    if (!price || !(*price > 0.0)) return false;
    if (text_of(message, "product_id") == "BTC-USD") asset_.spots.add(at, {{*price, *price, *price, *price}, 0.0});
    return true;
  }
  bool add_ticker(Timestamp at, const rapidjson::Value& message) {
    const auto market = markets_.find(text_of(message, "market_ticker"));
    const auto bid = number_of(message, "yes_bid_dollars");
    const auto ask = number_of(message, "yes_ask_dollars");
    if (!bid || !ask) return false;
    if (market == markets_.end() || at < last_quote_ + kBetweenQuotes || at >= market->second.close) return true;
    last_quote_ = at;
    Instant instant;
    instant.at = at;
    instant.close = market->second.close;
    instant.lower = market->second.strike;
    instant.outcome = market->second.is_up;
    instant.market = two_sided_mid(*bid, *ask);
    asset_.instants.push_back(instant);
    return true;
  }

  AssetSample& asset_;
  const Markets& markets_;
  Timestamp last_quote_ = kNoTime;
};

// One window of the five-minute ladder: quotes, spot and start price at a few instants before the close.
bool add_ladder_window(std::string_view line, Sample& sample) {
  rapidjson::Document window;
  window.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
  if (window.HasParseError() || !window.IsObject()) return false;
  const auto start = number_of(window, "window_ts");
  const auto open = number_of(window, "open_px");
  const std::string_view winner = text_of(window, "winner");
  const auto samples = window.FindMember("samples");
  if (!start || !open || samples == window.MemberEnd() || !samples->value.IsArray()) return false;
  if (winner != "UP" && winner != "DOWN" && winner != "up" && winner != "down") return false;
  AssetSample& asset = sample.assets["BTC"];
  const Timestamp opened = from_unix_s(static_cast<std::int64_t>(*start));
  asset.spots.add(opened, {{*open, *open, *open, *open}, 0.0});
  for (const rapidjson::Value& taken : samples->value.GetArray()) {
    if (!taken.IsObject()) return false;
    const auto spot = number_of(taken, "spot");
    const auto relative_s = number_of(taken, "t");
    const auto quote = taken.FindMember("up");
    if (!spot || !relative_s || *relative_s >= 0.0) continue;
    Instant instant;
    instant.close = opened + std::chrono::minutes(5);
    instant.at = instant.close + std::chrono::milliseconds(static_cast<std::int64_t>(*relative_s * 1000.0));
    instant.lower = *open;
    instant.spot = *spot;
    instant.outcome = winner == "UP" || winner == "up";
    if (quote != taken.MemberEnd() && quote->value.IsObject()) {
      const auto bid = number_of(quote->value, "bid");
      const auto ask = number_of(quote->value, "ask");
      if (bid && ask) instant.market = two_sided_mid(*bid, *ask);
    }
    asset.spots.add(instant.at, {{*spot, *spot, *spot, *spot}, 0.0});
    asset.instants.push_back(instant);
  }
  return true;
}

}  // namespace

bool load_five_minute_ladder(const std::string& file, Sample& sample) {
  auto lines = LineReader::open(file);
  if (!lines) return false;
  std::string_view line;
  while (lines->next(line)) sample.bad_lines += add_ladder_window(line, sample) ? 0 : 1;
  return true;
}

bool load_fifteen_minute_l2(const SampleFiles& files, Sample& sample, std::string& mistake) {
  sample.rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  sample.spot_error = 1e-4;
  sample.largest_spot_age_s = 10.0;
  // markets.csv may be given, or lies beside the sessions.
  std::set<std::string> tables;
  std::set<std::string> sessions;
  for (const std::string& file : files.files) {
    const std::filesystem::path path(file);
    if (path.extension() == ".csv") {
      if (path.filename() == "markets.csv") tables.insert(file);
      continue;
    }
    sessions.insert(file);
    tables.insert((path.parent_path() / "markets.csv").string());
  }
  Markets markets;
  for (const std::string& table : tables) {
    if (load_markets(table, sample, markets)) continue;
    mistake = table + ": no table of market_ticker, close_time, strike, result";
    return false;
  }
  for (const std::string& session : sessions) {
    auto lines = LineReader::open(session);
    if (!lines) {
      mistake = session + ": " + std::string(read_error_text(lines.error()));
      return false;
    }
    SessionReader reader(sample, markets);
    std::string_view line;
    while (lines->next(line)) sample.bad_lines += reader.add(line) ? 0 : 1;
  }
  std::vector<TimedCandle> candles;
  if (!load_candles(files.spot_files, candles, mistake)) return false;
  for (const TimedCandle& candle : candles) sample.assets["BTC"].spots.add(candle.end, {candle.candle, 60.0, true});
  sample.notes.emplace_back("Market: mids of the ticker channel, one each ten seconds. Spot: Coinbase trades.");
  return true;
}

}  // namespace arbees::app
