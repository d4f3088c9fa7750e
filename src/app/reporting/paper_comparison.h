#pragma once
// How near the paper venue comes to a real one: the orders of a recorded live session, answered a second time.
//
// The session's journal is replayed with the answers that it holds; every purchase that the engine sends is also given
// to a simulated exchange that sees the same markets. What became of it there is compared with what became of it in
// truth: filled or not, how much of it, at what price with fees, and how long the answer took. Sales are left out:
// what the simulated exchange holds depends on what it filled before.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/telemetry/latency_histogram.h"
#include "app/trading_run.h"

namespace arbees::app {

// One side of a comparison, for one venue.
struct FillFigures {
  std::uint64_t filled = 0;  // orders, in part at least
  Quantity quantity;
  Money cost;                // with fees
  LatencyHistogram latency;  // from the order to its first answer
};

struct VenueComparison {
  std::uint64_t orders = 0;
  std::uint64_t both_filled = 0;
  std::uint64_t neither_filled = 0;
  Quantity asked;
  FillFigures told;   // by the venue
  FillFigures paper;  // by the simulated exchange
  // Of orders that both filled: what a contract cost on paper less what it did in truth, weighted by the lesser fill.
  Money dearer_on_paper;
  Quantity compared;
};

// Of a journal that is cut short, orders whose end it does not tell are left out.
enum class JournalExtent : std::uint8_t { Whole, CutShort };

// Between a journal and a run that replays it.
class PaperComparison final : public EventSource, public RunObserver {
 public:
  // Both outlive it.
  PaperComparison(EventSource& source, SimulatedExchange& exchange) : source_(source), exchange_(exchange) {}

  bool poll(Event& event) override;
  void before(Timestamp, const TradingEngine&) override {}
  void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) override;

  // By venue; after the run has ended.
  [[nodiscard]] std::map<Venue, VenueComparison> result(JournalExtent extent = JournalExtent::Whole);

 private:
  struct Answers {
    std::map<std::uint64_t, OrderUpdate> fills;  // by the venue's id
    Timestamp first_at = kNoTime;
    bool has_ended = false;
  };
  struct Order {
    OrderRequest request;
    Timestamp sent_at = kNoTime;
    Answers told;
    Answers paper;
  };

  void take(const Event& answer, Answers Order::* side);
  void advance(Timestamp now);

  EventSource& source_;
  SimulatedExchange& exchange_;
  std::map<std::uint64_t, Order> orders_;
  Timestamp last_ = kNoTime;
};

}  // namespace arbees::app
