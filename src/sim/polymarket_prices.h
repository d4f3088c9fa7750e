#pragma once
// The venue's stream of reference prices (RTDS): Chainlink's spot price and its 60-second TWAP.
//
//   {"action":"subscribe","subscriptions":[{"topic":"crypto_prices_twap_sixty","type":"update",
//                                           "filters":"{\"symbol\":\"btc/usd\"}"}]}
//
// As on the venue: a Chainlink subscription is first answered with the last minute under the label `crypto_prices`; one
// unknown topic kills the whole batch; a full-accuracy value is an integer of 10^-18; PING gets no answer. A TWAP
// subscription is first answered with the newest value.

#include <memory>
#include <set>
#include <string>

#include "adapters/net/http_server.h"
#include "sim/faults.h"
#include "sim/servers.h"

namespace arbees::sim {

class PolymarketPrices {
 public:
  explicit PolymarketPrices(const ServerContext& context) noexcept : context_(context) {}
  ~PolymarketPrices();

  [[nodiscard]] std::unique_ptr<net::ServerSocketHandler> accept();
  void on_index(const IndexValue& value);

 private:
  class Connection;

  [[nodiscard]] std::string update(const IndexValue& value) const;
  // The last minute of the spot price.
  [[nodiscard]] std::string history(Asset asset) const;
  [[nodiscard]] Timestamp stated(Timestamp time) const;

  ServerContext context_;
  std::set<Connection*> connections_;
};

}  // namespace arbees::sim
