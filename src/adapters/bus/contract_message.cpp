#include "adapters/bus/contract_message.h"

#include <charconv>

#include "adapters/bus/envelope_reader.h"
#include "adapters/bus/json_number.h"
#include "adapters/bus/topics.h"

namespace arbees::bus {
namespace {

constexpr double kMostStrike = 1e9;
constexpr double kMostQuantity = 1e9;

void write_fees(JsonWriter& json, const FeeSchedule& fees) {
  json.key("fees").begin_object().field("model", fee_model_name(fees.model));
  json.key("taker_rate").raw(format_decimal_short(fees.taker_rate, 6));
  json.key("maker_rate").raw(format_decimal_short(fees.maker_rate, 6));
  json.key("multiplier").raw(format_decimal_short(fees.multiplier, 4));
  json.field("exponent", static_cast<unsigned>(fees.exponent)).end_object();
}

void write_grid(JsonWriter& json, const PriceGrid& grid) {
  json.key("ticks").begin_array();
  for (const PriceBand& band : grid.bands) {
    if (band.step == 0) continue;
    json.begin_array().raw(to_short_text(Price::from_units(band.from)));
    json.raw(to_short_text(Price::from_units(band.step))).end_array();
  }
  json.end_array();
}

void write_terms(JsonWriter& json, const ContractTerms& terms) {
  json.field("payoff", payoff_name(terms.payoff)).field("comparator", comparator_name(terms.comparator));
  if (terms.has_lower != 0) {
    write_number(json, "lower", terms.lower);
  } else {
    json.key("lower").null();
  }
  write_number(json, "upper", terms.upper);
  json.field("includes_upper", terms.includes_upper != 0).field("pays_outside", terms.pays_outside != 0);
  json.field("settlement_source", settlement_source_name(terms.source));
  json.field("rounding_decimals", static_cast<unsigned>(terms.rounding_decimals));
  json.field("opens_at", to_iso_ms(terms.opens_at)).field("opens_ns", unix_ns(terms.opens_at));
  json.field("closes_at", to_iso_ms(terms.closes_at)).field("closes_ns", unix_ns(terms.closes_at));
  json.field("event_group", to_hex(terms.event_group)).field("complement", to_hex(terms.complement.value));
  write_number(json, "lot", terms.lot);
  write_number(json, "minimum_order", terms.minimum_order);
  write_grid(json, terms.grid);
  write_fees(json, terms.fees);
  json.field("not_tradable", not_tradable_name(terms.not_tradable));
}

// The value whose name it is; nothing if none has it.
template <class Kind>
std::optional<Kind> named(std::string_view text, std::string_view (*name)(Kind), std::uint8_t count) {
  for (std::uint8_t i = 0; i < count; ++i) {
    if (name(static_cast<Kind>(i)) == text) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

template <class Value>
Value read(JsonReader& reader, const char* name, double most) {
  const auto value = read_number<Value>(reader.number(name), most);
  if (!value) reader.fail(name, "out of range");
  return value.value_or(Value{});
}

std::uint64_t read_hex(JsonReader& reader, const char* name) {
  const std::string_view text = reader.text(name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) reader.fail(name, "must be hex digits");
  return value;
}

std::uint8_t read_small(JsonReader& reader, const char* name) {
  const std::uint64_t value = reader.count(name);
  if (value > 255) reader.fail(name, "out of range");
  return static_cast<std::uint8_t>(value);
}

std::uint32_t read_rate(JsonReader& reader, const char* name, int decimals) {
  using Rate = FixedPoint<struct RateTag, 6>;
  const Rate rate = read<Rate>(reader, name, 1'000);
  return static_cast<std::uint32_t>(decimals == 6 ? rate.units() : rate.units() / 100);
}

void read_grid(JsonReader& reader, const rapidjson::Value* rows, PriceGrid& grid) {
  if (rows == nullptr) return;
  if (rows->Size() > grid.bands.size()) return reader.fail("ticks", "at most four bands are known");
  for (rapidjson::SizeType i = 0; i < rows->Size(); ++i) {
    const auto& row = (*rows)[i];
    const bool is_pair = row.IsArray() && row.Size() == 2 && row[0].IsNumber() && row[1].IsNumber();
    if (!is_pair) return reader.fail("ticks", "each band is [from, tick]");
    const auto from = read_number<Price>(row[0].GetDouble(), 1);
    const auto step = read_number<Price>(row[1].GetDouble(), 1);
    if (!from || !step || !step->is_positive()) return reader.fail("ticks", "a band is out of range");
    grid.bands[i] = {static_cast<std::uint16_t>(from->units()), static_cast<std::uint16_t>(step->units())};
  }
}

void read_fees(const rapidjson::Value* object, FeeSchedule& fees, std::string& error) {
  if (object == nullptr) return;
  JsonReader reader(*object, "payload.fees.", error);
  fees.model = named(reader.text("model"), &fee_model_name, 4).value_or(FeeModel::Unknown);
  fees.taker_rate = read_rate(reader, "taker_rate", 6);
  fees.maker_rate = read_rate(reader, "maker_rate", 6);
  fees.multiplier = read_rate(reader, "multiplier", 4);
  fees.exponent = read_small(reader, "exponent");
}

Timestamp read_ns(JsonReader& reader, const char* name) { return from_unix_ns(reader.whole(name)); }

void read_terms(JsonReader& reader, ContractTerms& terms, std::string& error) {
  terms.payoff = named(reader.text("payoff"), &payoff_name, 6).value_or(Payoff::Unknown);
  terms.comparator = named(reader.text("comparator"), &comparator_name, 5).value_or(Comparator::Unknown);
  terms.source =
      named(reader.text("settlement_source"), &settlement_source_name, 7).value_or(SettlementSource::Unknown);
  if (reader.optional_number("lower")) {
    terms.lower = read<SpotPrice>(reader, "lower", kMostStrike);
    terms.has_lower = 1;
  }
  terms.upper = read<SpotPrice>(reader, "upper", kMostStrike);
  terms.includes_upper = reader.flag("includes_upper", false) ? 1 : 0;
  terms.pays_outside = reader.flag("pays_outside", false) ? 1 : 0;
  terms.rounding_decimals = read_small(reader, "rounding_decimals");
  terms.opens_at = read_ns(reader, "opens_ns");
  terms.closes_at = read_ns(reader, "closes_ns");
  terms.event_group = read_hex(reader, "event_group");
  terms.complement = InstrumentId{read_hex(reader, "complement")};
  terms.lot = read<Quantity>(reader, "lot", kMostQuantity);
  terms.minimum_order = read<Quantity>(reader, "minimum_order", kMostQuantity);
  read_grid(reader, reader.array("ticks"), terms.grid);
  read_fees(reader.object("fees"), terms.fees, error);
  // A reason that is not known here is a reason all the same.
  terms.not_tradable = named(reader.text("not_tradable"), &not_tradable_name, 11).value_or(NotTradable::TermsRefused);
}

}  // namespace

std::string encode_contract(const ContractMessage& contract) {
  JsonWriter json;
  json.begin_object().field("kind", "contract").field("platform", venue_name(contract.terms.venue));
  json.field("symbol", contract.symbol).field("market_id", contract.market_id);
  if (!contract.other.empty()) json.field("other_symbol", contract.other);
  json.field("asset", asset_name(contract.terms.asset)).field("event", contract.event);
  json.field("family", contract.family).field("outcome", contract.outcome).field("title", contract.title);
  json.field("phase", contract.phase);
  write_terms(json, contract.terms);
  if (contract.payout) write_number(json, "payout", *contract.payout);
  if (contract.settled_value) write_number(json, "settled_value", *contract.settled_value);
  json.end_object();
  return json.take();
}

Result<ContractMessage, std::string> decode_contract(std::string_view message) {
  const auto opened = open_message(message);
  if (!opened) return failure(opened.error());
  std::string error;
  JsonReader reader(opened->payload(), "payload.", error);
  ContractMessage contract;
  const auto venue = parse_venue(reader.text("platform"));
  if (!venue || !is_prediction_venue(*venue)) reader.fail("platform", "not a venue of contracts");
  const auto asset = parse_asset(reader.text("asset"));
  if (!asset) reader.fail("asset", "not a known asset");
  contract.symbol = std::string(reader.text("symbol"));
  if (!is_topic_part(contract.symbol)) reader.fail("symbol", "must be printable, without spaces, at most 200");
  contract.market_id = std::string(reader.text("market_id"));
  contract.other = std::string(reader.optional_text("other_symbol"));
  contract.event = std::string(reader.optional_text("event"));
  contract.family = std::string(reader.optional_text("family"));
  contract.outcome = std::string(reader.optional_text("outcome"));
  contract.title = std::string(reader.optional_text("title"));
  contract.phase = std::string(reader.text("phase"));
  contract.terms.venue = venue.value_or(Venue::Unknown);
  contract.terms.asset = asset.value_or(Asset::Unknown);
  read_terms(reader, contract.terms, error);
  if (reader.optional_number("payout")) contract.payout = read<Price>(reader, "payout", 1);
  if (reader.optional_number("settled_value")) {
    contract.settled_value = read<SpotPrice>(reader, "settled_value", kMostStrike);
  }
  if (!error.empty()) return failure(std::move(error));
  return contract;
}

std::string contract_topic(Venue venue, std::string_view symbol) {
  if (!is_topic_part(symbol)) return {};
  return std::string(kContractPrefix) + std::string(venue_name(venue)) + "." + std::string(symbol);
}

}  // namespace arbees::bus
