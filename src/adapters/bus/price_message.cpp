#include "adapters/bus/price_message.h"

#include <algorithm>

#include "adapters/bus/envelope_reader.h"

namespace arbees::bus {
namespace {

constexpr double kMostQuantity = 1e12;
constexpr double kMostSpot = 1e9;

void write_side(JsonWriter& json, const char* name, const std::vector<PriceLevel>& levels) {
  json.key(name).begin_array();
  for (std::size_t i = 0; i < std::min(levels.size(), kMaxLevels); ++i) {
    json.begin_array().raw(to_short_text(levels[i].price)).raw(to_short_text(levels[i].quantity)).end_array();
  }
  json.end_array();
}

void write_times(JsonWriter& json, Timestamp received_at, Timestamp exchange_at) {
  json.field("timestamp", to_iso_ms(received_at)).field("received_ns", unix_ns(received_at));
  if (exchange_at == kNoTime) {
    json.key("exchange_time").null();
  } else {
    json.field("exchange_time", to_iso_ms(exchange_at));
  }
}

template <class Value>
Value read(JsonReader& reader, const char* name, double most) {
  const auto value = read_number<Value>(reader.number(name), most);
  if (!value) reader.fail(name, "out of range");
  return value.value_or(Value{});
}

void read_side(JsonReader& reader, const char* name, std::vector<PriceLevel>& levels) {
  const rapidjson::Value* rows = reader.array(name);
  if (rows == nullptr) return;
  if (rows->Size() > kMaxLevels) return reader.fail(name, "too many levels");
  for (const auto& row : rows->GetArray()) {
    const bool is_pair = row.IsArray() && row.Size() == 2 && row[0].IsNumber() && row[1].IsNumber();
    if (!is_pair) return reader.fail(name, "each level is [price, quantity]");
    const auto price = read_number<Price>(row[0].GetDouble(), 1);
    const auto quantity = read_number<Quantity>(row[1].GetDouble(), kMostQuantity);
    if (!price || !is_contract_price(*price) || !quantity || !quantity->is_positive()) {
      return reader.fail(name, "a level is out of range");
    }
    levels.push_back({*price, *quantity});
  }
}

void read_times(JsonReader& reader, Timestamp& received_at, Timestamp& exchange_at) {
  received_at = reader.time("timestamp");
  if (const auto exact = reader.optional_count("received_ns")) {
    if (*exact <= static_cast<std::uint64_t>(INT64_MAX)) received_at = from_unix_ns(static_cast<std::int64_t>(*exact));
  }
  exchange_at = reader.optional_time("exchange_time");
}

Venue read_venue(JsonReader& reader, bool is_prediction) {
  const auto venue = parse_venue(reader.text("platform"));
  if (venue && is_prediction_venue(*venue) == is_prediction) return *venue;
  reader.fail("platform", "not a venue of such prices");
  return Venue::Unknown;
}

}  // namespace

std::string encode_price(const ContractPrice& price) {
  const Price bid = price.bids.empty() ? kPriceZero : price.bids.front().price;
  const Price ask = price.asks.empty() ? kPriceOne : price.asks.front().price;
  JsonWriter json;
  json.begin_object().field("market_id", price.market_id).field("platform", venue_name(price.venue));
  if (price.asset == Asset::Unknown) {
    json.key("asset").null();
  } else {
    json.field("asset", asset_name(price.asset));
  }
  write_number(json, "yes_bid", bid);
  write_number(json, "yes_ask", ask);
  // The middle of two prices of four decimals has five.
  json.key("mid_price").raw(format_decimal_short((bid.units() + ask.units()) * 5, Price::kDecimals + 1));
  write_number(json, "yes_bid_size", price.bids.empty() ? Quantity{} : price.bids.front().quantity);
  write_number(json, "yes_ask_size", price.asks.empty() ? Quantity{} : price.asks.front().quantity);
  write_number(json, "liquidity", price.bid_depth);
  write_times(json, price.received_at, price.exchange_at);
  json.field("kind", "contract").field("symbol", price.symbol);
  if (!price.other.empty()) json.field("other_symbol", price.other);
  json.field("status", price.status).field("phase", price.phase).field("book_seq", price.sequence);
  write_side(json, "bids", price.bids);
  write_side(json, "asks", price.asks);
  json.end_object();
  return json.take();
}

std::string encode_price(const SpotPriceMessage& price) {
  JsonWriter json;
  json.begin_object().field("market_id", "SPOT_" + std::string(asset_name(price.asset)) + "_USD");
  json.field("platform", venue_name(price.venue)).field("asset", asset_name(price.asset));
  write_number(json, "yes_bid", price.bid);
  write_number(json, "yes_ask", price.ask);
  // Half a unit of the last digit may be lost: the middle is for reading, bid and ask are exact.
  write_number(json, "mid_price", SpotPrice::from_units((price.bid.units() + price.ask.units()) / 2));
  json.key("yes_bid_size").null().key("yes_ask_size").null().key("liquidity").null();
  write_times(json, price.received_at, price.exchange_at);
  json.field("kind", "spot");
  if (price.last.is_zero()) {
    json.key("last_price").null();
  } else {
    write_number(json, "last_price", price.last);
  }
  json.end_object();
  return json.take();
}

Result<ContractPrice, std::string> decode_contract_price(std::string_view message) {
  const auto opened = open_message(message);
  if (!opened) return failure(opened.error());
  std::string error;
  JsonReader reader(opened->payload(), "payload.", error);
  ContractPrice price;
  price.market_id = std::string(reader.text("market_id"));
  price.venue = read_venue(reader, true);
  price.asset = parse_asset(reader.optional_text("asset")).value_or(Asset::Unknown);
  price.symbol = std::string(reader.text("symbol"));
  price.other = std::string(reader.optional_text("other_symbol"));
  price.status = std::string(reader.text("status"));
  price.phase = std::string(reader.optional_text("phase"));
  price.bid_depth = read<Quantity>(reader, "liquidity", kMostQuantity);
  price.sequence = reader.optional_count("book_seq").value_or(0);
  read_times(reader, price.received_at, price.exchange_at);
  read_side(reader, "bids", price.bids);
  read_side(reader, "asks", price.asks);
  if (!error.empty()) return failure(std::move(error));
  return price;
}

Result<SpotPriceMessage, std::string> decode_spot_price(std::string_view message) {
  const auto opened = open_message(message);
  if (!opened) return failure(opened.error());
  std::string error;
  JsonReader reader(opened->payload(), "payload.", error);
  SpotPriceMessage price;
  price.venue = read_venue(reader, false);
  price.asset = parse_asset(reader.text("asset")).value_or(Asset::Unknown);
  if (price.asset == Asset::Unknown) reader.fail("asset", "unknown");
  price.bid = read<SpotPrice>(reader, "yes_bid", kMostSpot);
  price.ask = read<SpotPrice>(reader, "yes_ask", kMostSpot);
  if (reader.optional_number("last_price")) price.last = read<SpotPrice>(reader, "last_price", kMostSpot);
  read_times(reader, price.received_at, price.exchange_at);
  if (!error.empty()) return failure(std::move(error));
  return price;
}

}  // namespace arbees::bus
