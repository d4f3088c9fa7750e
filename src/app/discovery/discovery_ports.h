#pragma once
// The two doors of discovery: where its questions go, and where what it learns goes.

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/frame.h"
#include "core/base/time.h"
#include "core/market/event.h"

namespace arbees::app {

// REST servers that discovery asks; targets are paths and queries behind the configured address.
enum class Catalogue : std::uint8_t { Kalshi, Gamma, Clob };
inline constexpr std::size_t kCatalogueCount = 3;

struct FetchAnswer {
  int status = 0;    // HTTP status; 0: no answer came
  std::string body;  // or why there is no answer
};

class CatalogueTransport {
 public:
  virtual ~CatalogueTransport() = default;
  // Sends GET; `done` is called exactly once, later, in the same thread, unless the transport is destroyed first.
  virtual void get(Catalogue catalogue, const std::string& target, std::function<void(FetchAnswer)> done) = 0;
};

class DiscoverySink {
 public:
  virtual ~DiscoverySink() = default;
  // What the catalog says of a contract, just before its first event.
  virtual void on_contract(const CatalogEntry&) {}
  // InstrumentNamed before ContractListed before anything else of a contract. received_at is set.
  virtual void on_event(const Event& event) = 0;
  // What the venue's feed should stream from now on, or no longer.
  virtual void on_subscribe(Venue venue, std::span<const std::string> symbols) = 0;
  virtual void on_unsubscribe(Venue venue, std::span<const std::string> symbols) = 0;
  virtual void on_anomaly(Venue venue, const Anomaly& anomaly, Timestamp at) = 0;
};

}  // namespace arbees::app
