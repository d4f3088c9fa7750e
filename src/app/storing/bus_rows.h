#pragma once
// Messages of the bus as rows: prices, and requests as opportunities and requests.
//
// Rows of the bus belong to ledger 0. A request that comes again changes nothing. Answers become no rows: they have
// sums, in which a purchase and its later sale cancel out. Orders and fills are told by the executor's ledger alone,
// which the executor itself copies.

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

  postgres::Writer& writer_;
  PriceFilter prices_;
  std::uint64_t unknown_ = 0;
};

}  // namespace arbees::app
