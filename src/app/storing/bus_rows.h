#pragma once
// Messages of the bus as rows: prices, requests as opportunities and requests, answers as orders and fills.
//
// Rows of the bus belong to ledger 0. A request or an answer that comes again changes nothing. An answer has the sum of
// an order's fills, so an order has one row in fills: its price is the average, rounded up to the unit of prices.

#include <string>
#include <string_view>

#include "adapters/postgres/writer.h"
#include "app/storing/price_filter.h"

namespace arbees::app {

class BusRows {
 public:
  BusRows(postgres::Writer& writer, Duration price_interval);

  // Whatever is no message of a known topic is left out.
  void take(std::string_view topic, const std::string& body, Timestamp received_at);
  void tick(Timestamp now, bool is_last = false) { prices_.flush(now, is_last); }

  [[nodiscard]] std::uint64_t unknown() const noexcept { return unknown_; }

 private:
  bool take_market(const std::string& body);
  bool take_spot(const std::string& body);
  bool take_print(const std::string& body);
  bool take_request(std::string_view topic, const std::string& body, Timestamp received_at);
  bool take_result(const std::string& body);

  postgres::Writer& writer_;
  PriceFilter prices_;
  std::uint64_t unknown_ = 0;
};

}  // namespace arbees::app
