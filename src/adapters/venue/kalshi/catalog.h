#pragma once
// Kalshi's catalog: REST documents of series, events and markets in, contracts with terms and fees out.
//
// Takes GET /series, /series/{s}, /events, /events/{e}, /markets and /markets/{t}, whichever it is given, told apart
// by what they contain. Fees: the market's own waiver changes nothing (we charge ourselves the full fee), then the
// event's override, then the series. A market whose series is unknown has an unknown fee. A row that cannot be read
// is an anomaly and the others go on.

#include <map>
#include <string>
#include <string_view>

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/json/json_document.h"

namespace arbees::kalshi {

class Catalog {
 public:
  // With `needs_events`, a fee is unknown until the event has been read too (it may override the series).
  explicit Catalog(bool needs_events = false) : needs_events_(needs_events) {}

  // Adds what the document says to what is known, and returns the markets in it.
  [[nodiscard]] CatalogPage add(std::string_view document);

  // Fees, and with them the conclusion, from all that is known now: for entries read before their series or event.
  void conclude(CatalogEntry& entry) const;

  [[nodiscard]] bool knows_series(std::string_view series) const;
  [[nodiscard]] bool knows_event(std::string_view event) const;

 private:
  struct Fees {
    std::string type;
    std::string multiplier;
  };

  void add_series(const JsonView& series, CatalogPage& page);
  void add_event(const JsonView& event, CatalogPage& page);
  void add_markets(const JsonView& markets, CatalogPage& page);
  void add_market(const JsonView& market, CatalogPage& page);
  [[nodiscard]] std::string read_fees(const CatalogEntry& entry, FeeSchedule& fees) const;

  JsonDocument json_;
  std::map<std::string, Fees, std::less<>> series_;
  std::map<std::string, Fees, std::less<>> events_;  // with empty texts where nothing is overridden
  bool needs_events_ = false;
};

}  // namespace arbees::kalshi
