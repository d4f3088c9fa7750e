#pragma once
// The session's order group: a limit and a switch on the venue's side, in case that ours fail.
//
// All orders of a session belong to one group. The venue triggers it when more contracts of it trade within fifteen
// seconds than its limit allows, and we trigger it at a halt: it then cancels what rests of the group and refuses every
// order of it that arrives, also one that was under way, until it is reset. An order group lives on one shard; orders
// of other shards are outside. All calls may be repeated, so each is until the venue has answered. The id of the group
// stands in a file: a session that died leaves its group behind, and the next one removes it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/venue/gateway_rest.h"

namespace arbees::kalshi {

struct OrderGroupOptions {
  std::int64_t contracts = 0;  // 1 to 1,000,000; 0: no group
  int shard = 2;               // where crypto is traded
  std::string file;            // holds the id while the group exists; empty: nobody remembers it
};

class OrderGroup {
 public:
  // `on_change` is called whenever orders may go or may not go any more; `on_alarm` when the venue
  // triggered the group or will not make one: trading must halt.
  OrderGroup(GatewayRest& rest, OrderGroupOptions options, std::function<void()> on_change,
             std::function<void()> on_alarm);

  // What is wanted; step() does what it takes.
  void open(Timestamp now);
  void trigger(Timestamp now) { want(Wanted::Triggered, now); }
  void reset(Timestamp now) { want(Wanted::Active, now); }
  void remove(Timestamp now) { want(Wanted::Removed, now); }
  void step(Timestamp now);

  // A notice of the channel order_group_updates.
  void on_update(std::string_view event_type, std::string_view id);
  // An order was refused because of its group, or notices may have been missed.
  void on_refused();
  void on_stream_open() noexcept { own_triggers_ = 0; }

  // Whether an order on that shard may be sent now.
  [[nodiscard]] bool accepts(int shard) const noexcept;
  // What such an order must name; empty: nothing.
  [[nodiscard]] std::string_view id_for(int shard) const noexcept;
  // There is nothing left of it at the venue.
  [[nodiscard]] bool is_removed() const noexcept {
    return known_ == Known::Absent && left_behind_.empty() && !is_asked_;
  }
  [[nodiscard]] std::string_view state_name() const noexcept;
  [[nodiscard]] std::int64_t contracts() const noexcept { return options_.contracts; }
  [[nodiscard]] const std::string& last_trouble() const noexcept { return last_trouble_; }

 private:
  enum class Wanted : std::uint8_t { Nothing, Active, Triggered, Removed };
  enum class Known : std::uint8_t { Absent, Active, Triggered };

  void want(Wanted wanted, Timestamp now);
  void know(Known known);
  void create(Timestamp now);
  void on_not_made(const net::HttpAnswer& answer);
  void put(std::string_view action, Known then, Timestamp now);
  void erase(const std::string& id, Timestamp now);
  void ask(std::string method, const std::string& path, std::string body, GatewayRest::Done done);
  // False, with the reason, if the venue did not do it: it is asked again.
  [[nodiscard]] bool is_done(std::string_view what, const net::HttpAnswer& answer);
  void remember(const std::string& id);

  GatewayRest& rest_;
  OrderGroupOptions options_;
  std::function<void()> on_change_;
  std::function<void()> on_alarm_;
  Wanted wanted_ = Wanted::Nothing;
  Known known_ = Known::Absent;
  std::string id_;
  std::string left_behind_;  // of a session that died
  std::string last_trouble_;
  Timestamp ask_at_ = kNoTime;
  int own_triggers_ = 0;  // notices that are still to come of what we triggered
  bool is_asked_ = false;
  bool has_alarmed_ = false;  // since it was last wanted otherwise
};

}  // namespace arbees::kalshi
