#pragma once
// The contracts that discovery knows, and what has been told about them: entries in, events and subscriptions out.
//
// An entry that comes again can complete what was not known (a start value, a fee), move the price grid and the phase,
// and bring the verdict. Anything else that differs is a changed term: the contract is refused from then on, and the
// approval of its family is revoked. Openings and closings happen by the clock, because venues do not announce them.
// Contracts are told `lead` before they open, so that the next window is subscribed while the present one runs, and
// forgotten a while after their verdict.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/venue/catalog_entry.h"
#include "app/discovery/approvals.h"
#include "app/discovery/discovery_ports.h"

namespace arbees::app {

struct KnownSettings {
  Duration lead = std::chrono::minutes(5);    // told and subscribed so long before the opening
  Duration horizon = std::chrono::hours(26);  // contracts that close later are not told
  Duration linger = std::chrono::seconds(5);  // subscribed so long after the close
  Duration memory = std::chrono::minutes(2);  // kept so long after the verdict
  std::size_t largest = 2000;                 // contracts told at once
  bool needs_approval = false;                // of the family, before a contract may be traded
};

struct KnownContract {
  CatalogEntry entry;
  Timestamp settled_at = kNoTime;
  bool is_told = false;
  bool is_subscribed = false;
  bool is_checked = true;    // false: the venue's matching engine has not confirmed it yet (Polymarket's CLOB)
  bool has_changed = false;  // a term changed after it was first read
  bool is_kept = false;      // a position is held: told whatever it is, until its verdict
  std::vector<Refusal> contradictions;  // of the CLOB: they stay, whatever Gamma says again
};

class KnownContracts {
 public:
  KnownContracts(KnownSettings settings, Approvals& approvals, DiscoverySink& sink);

  void take(CatalogEntry entry, Timestamp now);
  // The CLOB has confirmed (or contradicted) the market of these entries.
  void confirm(const std::string& market, const std::vector<CatalogEntry>& checked, Timestamp now);
  // Approvals as they are in the folder now; contracts that they change are told anew.
  void set_approvals(Approvals approvals, Timestamp now);
  // A position is held in it, listed or not.
  void keep(Venue venue, const std::string& symbol);
  // Openings, closings, new subscriptions and old ones, forgetting.
  void tick(Timestamp now);

  [[nodiscard]] const KnownContract* find(Venue venue, std::string_view symbol) const;
  [[nodiscard]] std::vector<CatalogEntry> entries() const;
  [[nodiscard]] std::size_t told() const noexcept { return told_; }
  [[nodiscard]] std::size_t tradable() const;
  // Kept symbols of which nothing is known.
  [[nodiscard]] std::vector<std::string> unknown_kept(Venue venue) const;
  // Whether terms changed, or approvals were revoked, since the last call.
  [[nodiscard]] bool take_changed() noexcept { return std::exchange(has_changed_, false); }
  [[nodiscard]] bool take_revoked() noexcept { return std::exchange(has_revoked_, false); }

  template <class Visit>
  void for_each(Visit&& visit) {
    for (auto& [id, known] : contracts_) visit(known);
  }

 private:
  [[nodiscard]] ContractTerms terms_to_tell(const KnownContract& known) const;
  void update(KnownContract& known, CatalogEntry entry, Timestamp now);
  void tell(KnownContract& known, Timestamp now);
  void tell_phase(const KnownContract& known, Timestamp now);
  void tell_verdict(KnownContract& known, Timestamp now);
  void tell_differences(KnownContract& known, const ContractTerms& before, Timestamp now);
  void subscribe_due(Timestamp now);
  void emit(const EventBody& body, Timestamp now);
  void observe_approval(const CatalogEntry& entry, Timestamp now);

  KnownSettings settings_;
  Approvals& approvals_;
  DiscoverySink& sink_;
  std::map<std::uint64_t, KnownContract> contracts_;  // by instrument id
  std::map<std::string, Venue> kept_;                 // symbols of held positions
  std::size_t told_ = 0;
  bool has_changed_ = false;
  bool has_revoked_ = false;
};

}  // namespace arbees::app
