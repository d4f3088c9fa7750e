#pragma once
// The ledger: every decision, order, fill and settlement in one SQLite file, kept by double entry.
//
// Fed with the core's reports in order; the same session's report a second time is ignored, so a journal
// may be replayed into the ledger that it came from. Everything recorded since the last commit() is one
// transaction: what the caller shows as done must have been committed before. Each entry's postings sum
// to zero, in micro-dollars. After the first error everything answers false and error() says why.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/market/event.h"
#include "core/market/outputs.h"

namespace arbees {

// Exposure limits in force; `position` limits one buy order (cost plus fees).
struct LedgerLimits {
  Money position;
  Money asset;
  Money total;

  bool operator==(const LedgerLimits&) const = default;
};

// Contracts that came or went outside our orders, as a person accepted it.
struct PositionAdjustment {
  InstrumentNamed contract;
  Quantity quantity;  // negative: they went
  Money cost;         // of those that came; those that went take theirs with them
  Outcome outcome = Outcome::Yes;
  Asset asset = Asset::Unknown;
};

// What a listing says of a contract: for people, and for contracts that came from outside, of which nothing was known.
struct ContractDescription {
  InstrumentNamed contract;
  Asset asset = Asset::Unknown;
  std::string title;
};

class Ledger {
 public:
  enum class Durability : std::uint8_t {
    Full,    // a commit survives the death of the machine
    Normal,  // a commit survives the death of the process: for replays and tests of speed
  };

  // Opens or makes the file. Errors are texts for people: a corrupt or foreign file, a later schema.
  [[nodiscard]] static Result<std::unique_ptr<Ledger>, std::string> open(const std::string& path,
                                                                         Durability durability = Durability::Full);
  // Commits what is left.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // A number that no session of this ledger has had.
  [[nodiscard]] std::uint64_t next_session();
  // Whether any session traded on paper, or live: the two never share a ledger.
  [[nodiscard]] bool has_paper_sessions();
  [[nodiscard]] bool has_live_sessions();
  // All that follows belongs to this session. `mode` is "paper", "live", "replay" or "backtest".
  [[nodiscard]] bool begin_session(std::uint64_t session, std::string_view mode, Timestamp started_at);
  // The limits that orders from now on obey; recorded only when they differ from those before.
  [[nodiscard]] bool set_limits(const LedgerLimits& limits);

  [[nodiscard]] bool record(const InstrumentNamed& named);
  // What is not stated stays as it was.
  [[nodiscard]] bool describe(const ContractDescription& description);
  [[nodiscard]] bool record(const ExecutionRequest& request);
  [[nodiscard]] bool record(const Report& report);
  // The venue's own text for a fill, for comparing with the venue's records; may come before the fill.
  [[nodiscard]] bool name_fill(OrderId order, std::uint64_t venue_fill_id, std::string_view name);
  // What a person accepts of an account that differs from the books, and why: money that came (or went, if negative)
  // from outside, and contracts. Entries of the session begun.
  [[nodiscard]] bool transfer(Venue venue, Money amount, std::string_view reason, Timestamp at);
  [[nodiscard]] bool adjust(const PositionAdjustment& adjustment, std::string_view reason, Timestamp at);
  // All that one event brings.
  [[nodiscard]] bool record(const Event& cause, const Outputs& outputs);

  // Makes everything recorded so far durable.
  [[nodiscard]] bool commit();

  [[nodiscard]] bool failed() const noexcept;
  [[nodiscard]] const std::string& error() const noexcept;
  // Fills that came again and were left out, since this object was made.
  [[nodiscard]] std::uint64_t ignored_duplicates() const noexcept;
  // Reports left out because this session had recorded them before.
  [[nodiscard]] std::uint64_t ignored_reports() const noexcept;
  // Cash of a venue by the books, with what is not yet committed.
  [[nodiscard]] Money cash(Venue venue) const noexcept;

 private:
  struct Books;
  explicit Ledger(std::unique_ptr<Books> books);

  std::unique_ptr<Books> books_;
};

}  // namespace arbees
