#pragma once
// Turns a request of the bus into an offer: which instruments are meant, at which limits, how many of them.
//
// Limits are rounded down to the tick, quantities down to the lot. Without a stated number of contracts as many are
// bought as the stated dollars pay for, fees included, at the limit. On Polymarket buying No is buying the other
// token.

#include <functional>
#include <string>

#include "adapters/bus/request_message.h"
#include "adapters/venue/catalog_entry.h"
#include "app/roles/executor_engine.h"
#include "app/roles/executor_session.h"

namespace arbees::app {

// What the catalog says of an instrument; null if it is not known.
using FindEntry = std::function<const CatalogEntry*(Venue venue, const std::string& symbol)>;

struct OfferProblem {
  std::string reason;
  // Whether it may be otherwise in a moment: a market that is not known, a book that is not proven.
  bool may_pass = false;
};

// What found it, and so whose limits count: as its sender says in `signal_type` and `reason`; otherwise CrossVenue.
[[nodiscard]] Detector detector_of(const bus::BusRequest& request) noexcept;

class OfferMaker {
 public:
  OfferMaker(const ExecutorSession& session, FindEntry find_entry)
      : session_(session), find_entry_(std::move(find_entry)) {}

  [[nodiscard]] Result<Offer, OfferProblem> make(const bus::BusRequest& request, Timestamp now) const;
  // The symbol of a leg's instrument, for people.
  [[nodiscard]] std::string symbol_of(InstrumentId id) const;

 private:
  struct Meant {
    InstrumentId instrument;
    Outcome outcome = Outcome::Yes;
  };
  [[nodiscard]] Meant find(const bus::RequestLeg& leg) const;
  [[nodiscard]] Meant find_on(Venue venue, const bus::RequestLeg& leg) const;
  [[nodiscard]] Meant find_token(const bus::RequestLeg& leg) const;
  [[nodiscard]] Result<Leg, OfferProblem> make_leg(const bus::RequestLeg& wanted, const bus::BusRequest& request,
                                                   Timestamp now) const;

  const ExecutorSession& session_;
  FindEntry find_entry_;
};

}  // namespace arbees::app
