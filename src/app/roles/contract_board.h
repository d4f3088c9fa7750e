#pragma once
// What the catalogs say, as messages: takes discovery's events, and publishes each contract that has changed, whole.
//
// Everything is said again when somebody subscribes, and every kRepeat in any case. A settled contract is told with its
// payout for kMemory, then forgotten.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/bus/contract_message.h"
#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/feed.h"

namespace arbees::app {

class ContractBoard final : public FeedSink {
 public:
  using Publish = std::function<bool(const std::string& topic, const std::string& payload, Timestamp now)>;
  // Null if it is not known any more.
  using FindEntry = std::function<const CatalogEntry*(Venue venue, const std::string& symbol)>;

  ContractBoard(Publish publish, FindEntry find_entry)
      : publish_(std::move(publish)), find_entry_(std::move(find_entry)) {}

  void on_event(const Event& event) override;
  // Publishes what has changed.
  void flush(Timestamp now);
  void repeat_all();
  void tick(Timestamp now);

  [[nodiscard]] std::size_t size() const noexcept { return contracts_.size(); }
  [[nodiscard]] std::uint64_t published() const noexcept { return published_; }

  static constexpr Duration kRepeat = std::chrono::seconds(5);
  static constexpr Duration kMemory = std::chrono::minutes(2);

 private:
  struct Contract {
    bus::ContractMessage message;
    Venue venue = Venue::Unknown;
    Timestamp forget_at = Timestamp::max();
    bool is_listed = false;
    bool is_changed = false;
  };
  Contract* change(InstrumentId id);
  void complete(Contract& contract) const;

  Publish publish_;
  FindEntry find_entry_;
  std::map<std::uint64_t, Contract> contracts_;  // by instrument
  std::vector<std::uint64_t> changed_;
  Timestamp next_repeat_ = kNoTime;
  std::uint64_t published_ = 0;
};

}  // namespace arbees::app
