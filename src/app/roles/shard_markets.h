#pragma once
// The markets as a shard sees them: messages of the bus in, events for its engine out.
//
// Contracts come from the orchestrator's messages or from discovery of the process's own, in any mixture: what was told
// before is not told again. Books come from Price messages, which are whole; of a Polymarket market both tokens' books
// are made, the second one turned. A book is proven while its publisher says so, the message is young, and messages
// keep coming: silent for longer than kSilence, it is unproven until the next one. Only books of the assets that may be
// traded here are shown to the engine; the others are kept, unproven, so that a lease brings whole books at once.

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "adapters/bus/contract_message.h"
#include "adapters/bus/index_message.h"
#include "adapters/bus/price_message.h"
#include "adapters/venue/catalog_entry.h"
#include "core/market/event.h"

namespace arbees::app {

struct ShardMarketCounts {
  std::uint64_t prices = 0;     // messages taken
  std::uint64_t prints = 0;     // of an index, those heard before left out
  std::uint64_t old = 0;        // that were older than kOldest
  std::uint64_t unknown = 0;    // of contracts that are not known (yet)
  std::uint64_t malformed = 0;  //
  std::uint64_t silences = 0;   // books that lost their proof by silence
};

class ShardMarkets {
 public:
  using Emit = std::function<void(const EventBody& body, Timestamp now)>;
  using FindEntry = std::function<const CatalogEntry*(Venue venue, const std::string& symbol)>;

  struct Known {
    bus::ContractMessage contract;  // what the engine has been told
    Venue venue = Venue::Unknown;
    bus::ContractPrice price;       // the latest
    Timestamp priced_at = kNoTime;  // when it came; kNoTime: never, or fallen silent
    Timestamp shown_at = kNoTime;   // when the engine was last shown it
    bool is_proven = false;         // in the engine
    bool is_named = false;
    bool is_listed = false;
  };

  explicit ShardMarkets(Emit emit) : emit_(std::move(emit)) {}

  // Messages of the bus. `sent_at` is the envelope's time.
  void on_price(const bus::ContractPrice& price, Timestamp sent_at, Timestamp now);
  void on_price(const bus::SpotPriceMessage& price, Timestamp sent_at, Timestamp now);
  void on_print(const bus::IndexPrintMessage& print, Timestamp sent_at, Timestamp now);
  void on_contract(const bus::ContractMessage& contract, Timestamp now);
  void on_malformed() noexcept { ++counts_.malformed; }
  // Events of discovery; names of contracts are asked for.
  void on_event(const Event& event, const FindEntry& find_entry);

  // Which assets may be traded here.
  void set_traded(Asset asset, bool is_traded, Timestamp now);
  // Markets that are left out although their asset is traded, by ticker or condition id.
  void leave_out(const std::string& market_id, Timestamp now);
  void take_in(const std::string& market_id, Timestamp now);
  // Everything unproven, and what contracts are is to be told anew.
  void forget_books(Timestamp now);
  void tick(Timestamp now);

  // Null if it is not known.
  [[nodiscard]] const Known* find(InstrumentId id) const;
  [[nodiscard]] bool knows_market(std::string_view market_id) const;
  [[nodiscard]] std::size_t contract_count(Asset asset) const;
  [[nodiscard]] std::size_t proven_count() const;
  [[nodiscard]] const ShardMarketCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] const std::set<std::string>& left_out() const noexcept { return left_out_; }
  [[nodiscard]] Timestamp last_price_at() const noexcept { return last_price_at_; }

  static constexpr Duration kOldest = std::chrono::seconds(5);
  static constexpr Duration kSilence = std::chrono::seconds(6);
  // A book that does not change is shown again this often, so that its age stays true.
  static constexpr Duration kShowAgain = std::chrono::seconds(5);

 private:
  using Row = std::pair<const std::uint64_t, Known>;
  void name(Row& row, Venue venue, const std::string& symbol, Timestamp now);
  void list(Row& row, const ContractTerms& terms, Timestamp now);
  void set_phase(Row& row, const std::string& phase, Timestamp now);
  void show(Row& row, Timestamp now);
  void show_book(InstrumentId id, const bus::ContractPrice& price, bool is_turned, bool is_followed, Timestamp now);
  void fault(Row& row, BookFault fault, Timestamp now);
  [[nodiscard]] bool is_shown(const Known& known) const;
  [[nodiscard]] Row* other_of(const Known& known);

  Emit emit_;
  std::map<std::uint64_t, Known> known_;  // by instrument
  std::set<std::uint64_t> spot_pairs_;    // that were named: what has no name has no price
  std::set<std::string> left_out_;
  std::array<bool, kAssetCount> is_traded_{};
  std::map<std::pair<Asset, SettlementSource>, Timestamp> printed_;  // the latest print heard
  ShardMarketCounts counts_;
  Timestamp last_price_at_ = kNoTime;
  Timestamp next_look_ = kNoTime;
};

// The phase of this name; Unknown if there is none.
[[nodiscard]] ContractPhase parse_phase(std::string_view name) noexcept;

}  // namespace arbees::app
