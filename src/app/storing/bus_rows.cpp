#include "app/storing/bus_rows.h"

#include "adapters/bus/envelope.h"
#include "adapters/bus/index_message.h"
#include "adapters/bus/price_message.h"
#include "adapters/bus/request_message.h"
#include "adapters/bus/topics.h"
#include "adapters/store/ledger_names.h"

namespace arbees::app {
namespace {

using postgres::PriceRow;
using postgres::Table;

// Signed as the ledger keeps its identifiers; positive, so that people can read them.
std::int64_t identifier(std::string_view text) { return static_cast<std::int64_t>(hash64(text) >> 1); }

BookStatus status_of(std::string_view name) noexcept {
  for (const BookStatus status : {BookStatus::Proven, BookStatus::Stale, BookStatus::Gap, BookStatus::Crossed}) {
    if (book_status_name(status) == name) return status;
  }
  return BookStatus::Unproven;
}

// A row in COPY's text form: texts are escaped, numbers are not.
class RowLine {
 public:
  RowLine& add(std::string_view text) {
    separate();
    postgres::append_copy_text(line_, text);
    return *this;
  }
  RowLine& add(std::int64_t number) {
    separate();
    line_ += std::to_string(number);
    return *this;
  }
  [[nodiscard]] std::string take() {
    line_ += '\n';
    return std::move(line_);
  }

 private:
  void separate() {
    if (!line_.empty()) line_ += '\t';
  }
  std::string line_;
};

constexpr std::int64_t kBusLedger = 0;

void store_opportunity(postgres::Writer& writer, const bus::BusRequest& request) {
  std::int64_t size = 0;
  for (const bus::RequestLeg& leg : request.legs) {
    if (leg.contracts) size = std::max(size, leg.contracts->units());
  }
  const std::int64_t id = identifier(request.request_id);
  const std::string_view detector = request.signal_type.empty() ? "unstated" : std::string_view(request.signal_type);
  const Money outlay = request.outlay.units() > 0 ? request.outlay : request.size;
  const std::int64_t profit = request.guaranteed.units() > 0 ? (request.guaranteed - outlay).units() : 0;
  const std::int64_t created = unix_ns(request.created_at);
  RowLine row;
  row.add(kBusLedger).add(id).add(std::int64_t{0}).add(std::int64_t{0}).add(identifier(request.event_id));
  row.add(detector).add("accepted").add(created).add(created).add(profit).add(outlay.units()).add(size);
  row.add(std::int64_t{1}).add(id);
  writer.put_line(Table::Opportunities, row.take());
  RowLine line;
  line.add(kBusLedger).add(id).add(std::int64_t{0}).add(id).add(detector).add(created);
  line.add(request.deadline == kNoTime ? created : unix_ns(request.deadline)).add(outlay.units());
  line.add(request.guaranteed.units()).add(request.request_id);
  writer.put_line(Table::Requests, line.take());
}

void store_legs(postgres::Writer& writer, const bus::BusRequest& request) {
  std::int64_t index = 0;
  for (const bus::RequestLeg& leg : request.legs) {
    const Venue venue = parse_venue(leg.platform).value_or(Venue::Unknown);
    const std::string& symbol = leg.token_id.empty() ? leg.market_id : leg.token_id;
    const auto instrument = static_cast<std::int64_t>(instrument_id(venue, symbol).value);
    writer.put_line(Table::Instruments, RowLine().add(kBusLedger).add(instrument).add(leg.platform).add(symbol).take());
    const Quantity contracts = leg.contracts.value_or(Quantity{});
    RowLine row;
    row.add(kBusLedger).add(identifier(request.request_id)).add(index++).add(instrument).add(leg.platform);
    row.add(request.asset).add(outcome_name(leg.outcome)).add(leg.limit.units()).add(contracts.units());
    row.add((leg.limit * contracts).units()).add(std::int64_t{0});
    writer.put_line(Table::RequestLegs, row.take());
  }
}

}  // namespace

BusRows::BusRows(postgres::Writer& writer, Duration price_interval) : writer_(writer), prices_(price_interval) {
  prices_.start(writer);
}

void BusRows::take(std::string_view topic, const std::string& body, Timestamp received_at) {
  bool is_known = false;
  if (topic.starts_with(bus::kSpotPrefix)) {
    is_known = take_spot(body);
  } else if (topic.starts_with(bus::kIndexPrefix)) {
    is_known = take_print(body);
  } else if (topic.starts_with(bus::kKalshiPrefix) || topic.starts_with(bus::kPolymarketPrefix)) {
    is_known = take_market(body);
  } else if (topic.starts_with(bus::kCryptoRequestPrefix) || topic.starts_with(bus::kOtherRequestPrefix)) {
    is_known = take_request(topic, body, received_at);
  } else if (topic.starts_with(bus::kResultPrefix)) {
    is_known = bus::decode_envelope(body).has_value();  // known, and not stored
  }
  if (!is_known) ++unknown_;
}

bool BusRows::take_market(const std::string& body) {
  const auto price = bus::decode_contract_price(body);
  if (!price) return false;
  PriceRow row;
  row.kind = PriceRow::Kind::Market;
  row.received_ns = unix_ns(price->received_at);
  if (price->exchange_at != kNoTime) row.exchange_ns = unix_ns(price->exchange_at);
  row.instrument = instrument_id(price->venue, price->symbol);
  row.venue = price->venue;
  row.asset = price->asset;
  row.status = status_of(price->status);
  row.has_bid = !price->bids.empty();
  row.has_ask = !price->asks.empty();
  if (row.has_bid) {
    row.bid = price->bids.front().price.units();
    row.bid_quantity = price->bids.front().quantity.units();
  }
  if (row.has_ask) {
    row.ask = price->asks.front().price.units();
    row.ask_quantity = price->asks.front().quantity.units();
  }
  writer_.name(row.instrument, {price->market_id, price->symbol});
  prices_.offer(row);
  return true;
}

bool BusRows::take_spot(const std::string& body) {
  const auto price = bus::decode_spot_price(body);
  if (!price) return false;
  PriceRow row;
  row.kind = PriceRow::Kind::SpotQuote;
  row.received_ns = unix_ns(price->received_at);
  if (price->exchange_at != kNoTime) row.exchange_ns = unix_ns(price->exchange_at);
  row.venue = price->venue;
  row.asset = price->asset;
  row.bid = price->bid.units();
  row.ask = price->ask.units();
  row.has_bid = row.has_ask = true;
  prices_.offer(row);
  return true;
}

bool BusRows::take_print(const std::string& body) {
  const auto print = bus::decode_index_print(body);
  if (!print) return false;
  PriceRow row;
  row.kind = PriceRow::Kind::Index;
  row.received_ns = unix_ns(print->received_at);
  row.exchange_ns = unix_ns(print->index_time);
  row.asset = print->asset;
  row.bid = print->value.units();
  prices_.offer(row);
  return true;
}

bool BusRows::take_request(std::string_view topic, const std::string& body, Timestamp received_at) {
  const auto request = bus::decode_request(topic, body, received_at);
  if (!request) return false;
  store_opportunity(writer_, *request);
  store_legs(writer_, *request);
  return true;
}

}  // namespace arbees::app
