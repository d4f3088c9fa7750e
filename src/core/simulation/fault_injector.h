#pragma once
// What goes wrong between the venues and us, in virtual time: a source of events that spoils another one.
//
// It sits behind the simulated exchange, so the exchange knows the truth and we do not. Lost changes are noticed at
// the next change of that book, as sequence numbers do it; a faulty book is silent until its next snapshot. Listings,
// phases and settlements always arrive, for they come by another way. Every fault heals, every answer arrives in the
// end. Seeded: the same seed and source give the same events. At the end of the source nothing is held back.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/random.h"
#include "core/market/market_state.h"
#include "core/market/ports.h"

namespace arbees {

enum class InjectedFault : std::uint8_t {
  Drop,       // a change of a book is lost
  Duplicate,  // a change comes twice
  Delay,      // a book is late
  Book,       // a book is found to be wrong
  Feed,       // a venue's feed is down
  Unknown,    // nobody knows for a while what became of an order
  Late,       // the answers to an order are late
  Repeat,     // an answer comes twice
  Halt,       // somebody halts trading for a while
};
inline constexpr std::size_t kInjectedFaultCount = 9;
// "drop", "duplicate", …
[[nodiscard]] std::string_view injected_fault_name(InjectedFault fault) noexcept;

// Chances in millionths, of each change of a book or of each answer.
struct FaultRates {
  std::array<std::uint32_t, kInjectedFaultCount> per_million{};

  [[nodiscard]] std::uint32_t& of(InjectedFault fault) noexcept { return per_million[static_cast<std::size_t>(fault)]; }
};

// Everything, often enough that all of it happens within a minute of a generated market.
[[nodiscard]] FaultRates all_faults() noexcept;

class FaultInjector final : public EventSource {
 public:
  FaultInjector(EventSource& source, const FaultRates& rates, const Capacity& capacity, std::uint64_t seed);

  bool poll(Event& event) override;

  // How often each fault has struck.
  [[nodiscard]] std::uint64_t count(InjectedFault fault) const noexcept {
    return counts_[static_cast<std::size_t>(fault)];
  }

 private:
  // An event that comes later than it should. `key`: what it must not be overtaken by (instrument or order).
  struct Held {
    Timestamp due;
    std::uint64_t key = 0;
    Event event;
  };
  // A book that is silent until its next snapshot.
  struct Broken {
    InstrumentId id;
    Timestamp resync_at;
    bool is_noticed = false;
  };
  struct Outage {
    Venue venue = Venue::Unknown;
    Timestamp ends_at;
  };

  [[nodiscard]] bool strikes(InjectedFault fault) noexcept;
  [[nodiscard]] Timestamp after(std::int64_t least_ms, std::int64_t most_ms) noexcept;
  void put(const EventBody& body);
  void hold(const Event& event, std::uint64_t key, Timestamp due);
  [[nodiscard]] bool is_held(std::uint64_t key) const noexcept;

  // What is due until now_, before the event that comes next.
  void release();
  void take(const Event& event);
  void take(const Event& event, const BookUpdate& update);
  void take(const Event& event, const OrderUpdate& update);
  void begin_change(const BookUpdate& update, Venue venue);
  [[nodiscard]] Broken* find_broken(InstrumentId id) noexcept;
  [[nodiscard]] bool is_down(Venue venue) const noexcept;
  [[nodiscard]] Venue venue_of(InstrumentId id) const noexcept;
  void put_snapshot(const Contract& contract);
  void put_snapshots(Venue venue);
  void forget(InstrumentId id);

  EventSource& source_;
  FaultRates rates_;
  Random random_;
  MarketState truth_;
  std::vector<Event> queue_;  // to be given out at now_
  std::size_t next_ = 0;
  std::vector<Held> held_;  // in the order in which they were held
  std::vector<Broken> broken_;
  std::vector<Outage> outages_;
  Timestamp now_ = kNoTime;
  Timestamp halted_until_ = kNoTime;
  bool in_change_ = false;       // between the first record of a change and its last
  bool doubles_change_ = false;  // of the change in work
  std::array<std::uint64_t, kInjectedFaultCount> counts_{};
};

}  // namespace arbees
