#pragma once
// Invents a market: a spot price that wanders, and on each venue a ladder of contracts on it whose quotes
// follow their fair value with noise, lag and now and then a dislocation.
//
// Seeded and in virtual time: the same seed gives the same events on every machine. Everything is
// integer arithmetic; the "fair value" is a clamped linear ramp around the strike, which is all that
// a market for exercising the engine needs. Windows roll over; each settles by the spot at its end.

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/market/event.h"
#include "core/market/ports.h"

namespace arbees {

struct GeneratorSettings {
  std::uint64_t seed = 1;
  Timestamp starts_at = from_unix_s(1'780'000'000);
  Duration length = std::chrono::seconds(60);
  Duration window = std::chrono::seconds(20);     // from opening to settlement of a contract
  Duration step = std::chrono::milliseconds(25);  // time between quote changes
  std::int64_t dislocations_per_thousand = 15;    // of quote changes
  // Some are over before an order can arrive.
  Duration shortest_dislocation = std::chrono::milliseconds(100);
  Duration longest_dislocation = std::chrono::milliseconds(4000);
};

class MarketGenerator final : public EventSource {
 public:
  explicit MarketGenerator(const GeneratorSettings& settings);

  bool poll(Event& event) override;

 private:
  struct Listed {
    InstrumentId id;
    ContractTerms terms;
    Price bid;  // quotes as last sent; 0 and 1: none
    Price ask;
    Timestamp dislocated_until = kNoTime;
  };
  // What to list: the terms that differ between the contracts of a window.
  struct Listing {
    Venue venue = Venue::Unknown;
    Payoff payoff = Payoff::Unknown;
    Comparator comparator = Comparator::GreaterOrEqual;
    Strike lower;
    Strike upper;
  };
  struct Underlying {
    Asset asset = Asset::Unknown;
    SpotPrice spot;
    std::vector<Listed> contracts;
    std::uint64_t windows = 0;
  };

  void queue(EventBody body);
  void open_window(Underlying& underlying);
  void settle_window(Underlying& underlying);
  void list(Underlying& underlying, const Listing& listing, std::uint64_t number);
  void move_spot(Underlying& underlying);
  void move_quote(Underlying& underlying);
  void send_quote(Listed& contract, Price bid, Price ask);
  void change_depth(const Listed& contract);
  [[nodiscard]] Price fair_price(const Underlying& underlying, const ContractTerms& terms) const noexcept;
  [[nodiscard]] static bool pays(const ContractTerms& terms, SpotPrice value) noexcept;

  GeneratorSettings settings_;
  Random random_;
  std::array<Underlying, 3> underlyings_;
  std::vector<Event> queue_;  // events of the present instant, in order
  std::size_t next_queued_ = 0;
  Timestamp now_;
  Timestamp window_ends_;
  bool is_over_ = false;
};

}  // namespace arbees
