#pragma once
// Where the orders of a live session go: to the gateway of their venue, once their intent is durable.
//
// Gateways tell what happened from inside the network loop, and sometimes from inside a submit; it waits here until
// flush() hands it on, so that the engine never sees an answer while it is still handling the question.

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/store/ledger.h"
#include "adapters/venue/order_gateway.h"
#include "core/market/ports.h"

namespace arbees::app {

class LiveGateways final : public GatewaySink, public OutputSink {
 public:
  LiveGateways() = default;
  LiveGateways(const LiveGateways&) = delete;
  LiveGateways& operator=(const LiveGateways&) = delete;

  void add(Venue venue, std::unique_ptr<OrderGateway> gateway);
  [[nodiscard]] OrderGateway* find(Venue venue) noexcept;

  void start();
  void tick(Timestamp now);
  void stop();
  // Whether the venues have answered what stop() asked of them.
  [[nodiscard]] bool is_stopped() const;
  // Names, terms and ticks, from feeds and catalogs.
  void learn(const Event& event);
  // The orders of these outputs, which are in the ledger already.
  void deliver(const Event& cause, const Outputs& outputs) override;
  // A halt: every resting order of ours at every venue; and its end.
  void cancel_all();
  void resume();

  // Hands on what the gateways have told, in order; fills are named in the ledger first. True if there was anything.
  bool flush(FeedSink& sink, Ledger* ledger);

  [[nodiscard]] bool has_news() const noexcept { return !told_.empty(); }

  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] std::size_t open_orders() const;
  [[nodiscard]] std::vector<GatewayHealth> health() const;

  // From the gateways.
  void on_event(const Event& event) override;
  void on_fill_named(OrderId order, std::uint64_t venue_fill_id, std::string_view name) override;

 private:
  struct FillName {
    OrderId order;
    std::uint64_t id = 0;
    std::string name;
  };
  struct Place {
    Venue venue = Venue::Unknown;
    std::unique_ptr<OrderGateway> gateway;
  };

  void refuse(const OrderCommand& command, Timestamp now);

  std::vector<std::variant<Event, FillName>> told_;
  std::vector<Place> gateways_;  // last: gone before what they call
};

}  // namespace arbees::app
