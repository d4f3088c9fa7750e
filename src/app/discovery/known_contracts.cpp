#include "app/discovery/known_contracts.h"

#include <algorithm>

namespace arbees::app {
namespace {

bool is_over(ContractPhase phase) noexcept {
  return phase == ContractPhase::Closed || phase == ContractPhase::Determined || phase == ContractPhase::Settled;
}

// The terms without what may be completed or may move while a contract lives.
ContractTerms lasting_terms(ContractTerms terms, const ContractTerms& before) noexcept {
  terms.grid = PriceGrid{};
  terms.not_tradable = NotTradable::None;
  if (before.has_lower == 0) {
    terms.lower = Strike();
    terms.has_lower = 0;
  }
  if (before.fees.model == FeeModel::Unknown) terms.fees = FeeSchedule{};
  return terms;
}

bool has_changed_terms(const ContractTerms& before, const ContractTerms& after) noexcept {
  return lasting_terms(before, before) != lasting_terms(after, before);
}

// Understood before, and now something in it is not: a rule has been rewritten.
bool has_lost_meaning(NotTradable before, NotTradable after) noexcept {
  const bool was_understood =
      before == NotTradable::None || before == NotTradable::UnknownStrike || before == NotTradable::UnknownFee;
  return was_understood && (after == NotTradable::TermsRefused || after == NotTradable::UnknownSettlement ||
                            after == NotTradable::UnknownPayoff);
}

// A phase is never taken back from what the clock or the venue has closed.
ContractPhase later_phase(ContractPhase before, ContractPhase after) noexcept {
  return is_over(before) && !is_over(after) ? before : after;
}

}  // namespace

KnownContracts::KnownContracts(KnownSettings settings, Approvals& approvals, DiscoverySink& sink)
    : settings_(settings), approvals_(approvals), sink_(sink) {}

void KnownContracts::take(CatalogEntry entry, Timestamp now) {
  const std::uint64_t id = entry.id().value;
  const auto known = contracts_.find(id);
  if (known != contracts_.end()) return update(known->second, std::move(entry), now);
  const bool is_kept = kept_.erase(entry.symbol) > 0;
  const bool is_far = entry.terms.closes_at == kNoTime || entry.terms.closes_at > now + settings_.horizon;
  const bool is_past = entry.phase == ContractPhase::Settled || entry.terms.closes_at < now - std::chrono::hours(1);
  if (!is_kept && (entry.family.empty() || is_far || is_past)) return;
  KnownContract fresh;
  fresh.is_checked = entry.venue != Venue::Polymarket || is_over(entry.phase);
  fresh.is_kept = is_kept;
  fresh.entry = std::move(entry);
  KnownContract& added = contracts_.emplace(id, std::move(fresh)).first->second;
  has_changed_ = true;
  observe_approval(added.entry, now);
  if (is_kept) tell(added, now);
  tell_verdict(added, now);
}

void KnownContracts::update(KnownContract& known, CatalogEntry entry, Timestamp now) {
  const ContractTerms before = terms_to_tell(known);
  const ContractPhase phase = known.entry.phase;
  const bool has_new_terms = has_changed_terms(known.entry.terms, entry.terms) ||
                             has_lost_meaning(known.entry.terms.not_tradable, entry.terms.not_tradable);
  if (!known.has_changed && has_new_terms) {
    known.has_changed = true;
    sink_.on_anomaly(entry.venue, {AnomalyKind::OutOfOrder, entry.symbol, "its terms changed after it was listed"},
                     now);
  }
  entry.phase = later_phase(phase, entry.phase);
  // A start value, once known, is not lost because one answer lacks it.
  if (known.entry.terms.has_lower != 0 && entry.terms.has_lower == 0) {
    entry.terms = known.entry.terms;
    entry.refusals = known.entry.refusals;
  }
  // Polymarket's tick is the CLOB's, and then the stream's: Gamma lags behind both.
  if (entry.venue == Venue::Polymarket && known.is_checked) entry.terms.grid = known.entry.terms.grid;
  known.entry = std::move(entry);
  for (const Refusal& refusal : known.contradictions) known.entry.refusals.push_back(refusal);
  if (known.has_changed) known.entry.refuse(NotTradable::TermsRefused, "its terms changed after it was listed");
  if (known.has_changed || !known.contradictions.empty()) known.entry.conclude();
  observe_approval(known.entry, now);
  tell_differences(known, before, now);
  if (known.is_told && known.entry.phase != phase) tell_phase(known, now);
  tell_verdict(known, now);
}

void KnownContracts::confirm(const std::string& market, const std::vector<CatalogEntry>& checked, Timestamp now) {
  for (auto& [id, known] : contracts_) {
    if (known.entry.venue != Venue::Polymarket || known.entry.market != market) continue;
    const auto found = std::find_if(checked.begin(), checked.end(),
                                    [&](const CatalogEntry& one) { return one.symbol == known.entry.symbol; });
    if (found == checked.end()) continue;
    const ContractTerms before = terms_to_tell(known);
    known.is_checked = true;
    known.entry.terms.grid = found->terms.grid;
    const std::vector<Refusal> old = known.entry.refusals;
    for (const Refusal& refusal : found->refusals) {
      const auto is_same = [&](const Refusal& one) { return one.text == refusal.text; };
      if (std::any_of(old.begin(), old.end(), is_same)) continue;
      known.entry.refusals.push_back(refusal);
      known.contradictions.push_back(refusal);
    }
    known.entry.conclude();
    has_changed_ = true;
    tell_differences(known, before, now);
  }
}

void KnownContracts::set_approvals(Approvals approvals, Timestamp now) {
  std::vector<std::pair<KnownContract*, ContractTerms>> before;
  before.reserve(contracts_.size());
  for (auto& [id, known] : contracts_) before.emplace_back(&known, terms_to_tell(known));
  approvals_ = std::move(approvals);
  for (auto& [known, terms] : before) {
    observe_approval(known->entry, now);
    tell_differences(*known, terms, now);
  }
}

void KnownContracts::keep(Venue venue, const std::string& symbol) {
  const auto known = contracts_.find(instrument_id(venue, symbol).value);
  if (known != contracts_.end()) {
    known->second.is_kept = true;
  } else {
    kept_[symbol] = venue;
  }
}

// What may be traded is decided here and nowhere else: the venue's terms, the CLOB's word, and the approval.
ContractTerms KnownContracts::terms_to_tell(const KnownContract& known) const {
  ContractTerms terms = known.entry.terms;
  const bool may_trade = terms.not_tradable == NotTradable::None || terms.not_tradable == NotTradable::UnknownStrike;
  if (!may_trade) return terms;
  if (!known.is_checked) terms.not_tradable = NotTradable::NotOpen;
  const std::uint64_t fingerprint = rules_fingerprint(known.entry);
  if (settings_.needs_approval && !approvals_.is_approved(known.entry.family, fingerprint)) {
    terms.not_tradable = NotTradable::NotApproved;
  }
  return terms;
}

void KnownContracts::observe_approval(const CatalogEntry& entry, Timestamp now) {
  if (entry.family.empty() || entry.terms.fees.model == FeeModel::Unknown) return;
  if (!approvals_.observe(entry.family, rules_fingerprint(entry), now)) return;
  has_changed_ = has_revoked_ = true;
  sink_.on_anomaly(entry.venue,
                   {AnomalyKind::OutOfOrder, entry.symbol, "rules changed: approval of " + entry.family + " revoked"},
                   now);
}

void KnownContracts::tell(KnownContract& known, Timestamp now) {
  if (known.is_told) return;
  InstrumentNamed named;
  named.id = known.entry.id();
  named.venue = known.entry.venue;
  if (!set_symbol(named, known.entry.symbol)) return;
  known.is_told = true;
  ++told_;
  sink_.on_contract(known.entry);
  emit(named, now);
  emit(ContractListed{named.id, terms_to_tell(known)}, now);
  tell_phase(known, now);
}

void KnownContracts::tell_phase(const KnownContract& known, Timestamp now) {
  ContractPhaseChanged changed;
  changed.id = known.entry.id();
  changed.phase = known.entry.phase;
  emit(changed, now);
}

void KnownContracts::tell_verdict(KnownContract& known, Timestamp now) {
  if (!known.entry.payout || known.settled_at != kNoTime) return;
  known.settled_at = now;
  if (!known.is_told) return;
  ContractSettled settled;
  settled.id = known.entry.id();
  settled.payout = *known.entry.payout;
  if (known.entry.settled_value) {
    settled.settled_value = *known.entry.settled_value;
    settled.has_value = 1;
  }
  emit(settled, now);
}

// The smallest event that brings what was told up to date.
void KnownContracts::tell_differences(KnownContract& known, const ContractTerms& before, Timestamp now) {
  const ContractTerms after = terms_to_tell(known);
  if (after == before) return;
  has_changed_ = true;
  if (!known.is_told) return;
  ContractTerms with_grid = before;
  with_grid.grid = after.grid;
  if (with_grid == after) return emit(PriceGridChanged{known.entry.id(), after.grid}, now);
  ContractTerms with_start = before;
  with_start.lower = after.lower;
  with_start.has_lower = after.has_lower;
  if (with_start.not_tradable == NotTradable::UnknownStrike) with_start.not_tradable = NotTradable::None;
  if (with_start == after && after.has_lower != 0) {
    StrikeUpdated updated;
    updated.id = known.entry.id();
    updated.lower = after.lower;
    updated.has_lower = 1;
    return emit(updated, now);
  }
  emit(ContractListed{known.entry.id(), after}, now);
}

void KnownContracts::tick(Timestamp now) {
  for (auto& [id, known] : contracts_) {
    CatalogEntry& entry = known.entry;
    const ContractPhase before = entry.phase;
    const bool opens = entry.venue == Venue::Kalshi && before == ContractPhase::Initialized &&
                       entry.terms.opens_at != kNoTime && now >= entry.terms.opens_at;
    if (opens) entry.phase = ContractPhase::Active;
    if (!is_over(entry.phase) && now >= entry.terms.closes_at) entry.phase = ContractPhase::Closed;
    if (known.is_told && entry.phase != before) tell_phase(known, now);
    if (known.is_kept) tell(known, now);
  }
  subscribe_due(now);
  for (auto it = contracts_.begin(); it != contracts_.end();) {
    const KnownContract& known = it->second;
    const bool is_settled = known.settled_at != kNoTime && now > known.settled_at + settings_.memory;
    const Duration patience = known.is_told ? Duration(std::chrono::hours(24)) : settings_.memory;
    const bool is_lost = now > known.entry.terms.closes_at + patience && !known.is_kept;
    if (is_settled || is_lost) {
      if (known.is_told) --told_;
      it = contracts_.erase(it);
      has_changed_ = true;
    } else {
      ++it;
    }
  }
}

// The next to close first, as many as there is room for.
void KnownContracts::subscribe_due(Timestamp now) {
  std::vector<KnownContract*> due;
  std::map<Venue, std::vector<std::string>> begin;
  std::map<Venue, std::vector<std::string>> end;
  for (auto& [id, known] : contracts_) {
    const ContractTerms& terms = known.entry.terms;
    const bool is_near = now >= terms.opens_at - settings_.lead && now < terms.closes_at + settings_.linger;
    if (is_near && !known.is_subscribed && !is_over(known.entry.phase)) due.push_back(&known);
    if (!is_near && known.is_subscribed) {
      known.is_subscribed = false;
      end[known.entry.venue].push_back(known.entry.symbol);
    }
  }
  std::sort(due.begin(), due.end(), [](const KnownContract* a, const KnownContract* b) {
    return a->entry.terms.closes_at != b->entry.terms.closes_at ? a->entry.terms.closes_at < b->entry.terms.closes_at
                                                                : a->entry.symbol < b->entry.symbol;
  });
  for (KnownContract* known : due) {
    if (!known->is_told && told_ >= settings_.largest && !known->is_kept) continue;
    tell(*known, now);
    if (!known->is_told) continue;
    known->is_subscribed = true;
    begin[known->entry.venue].push_back(known->entry.symbol);
  }
  for (const auto& [venue, symbols] : end) sink_.on_unsubscribe(venue, symbols);
  for (const auto& [venue, symbols] : begin) sink_.on_subscribe(venue, symbols);
}

void KnownContracts::emit(const EventBody& body, Timestamp now) {
  Event event;
  event.received_at = now;
  event.body = body;
  sink_.on_event(event);
}

const KnownContract* KnownContracts::find(Venue venue, std::string_view symbol) const {
  const auto found = contracts_.find(instrument_id(venue, symbol).value);
  return found == contracts_.end() ? nullptr : &found->second;
}

std::vector<CatalogEntry> KnownContracts::entries() const {
  std::vector<CatalogEntry> all;
  all.reserve(contracts_.size());
  for (const auto& [id, known] : contracts_) {
    all.push_back(known.entry);
    const NotTradable told = terms_to_tell(known).not_tradable;
    if (told == all.back().terms.not_tradable) continue;
    all.back().terms.not_tradable = told;
    all.back().refusals.push_back(
        {told, told == NotTradable::NotApproved ? "not approved" : "not confirmed by the CLOB"});
  }
  return all;
}

std::size_t KnownContracts::tradable() const {
  return static_cast<std::size_t>(std::count_if(contracts_.begin(), contracts_.end(), [&](const auto& item) {
    return item.second.is_told && terms_to_tell(item.second).not_tradable == NotTradable::None;
  }));
}

std::vector<std::string> KnownContracts::unknown_kept(Venue venue) const {
  std::vector<std::string> symbols;
  for (const auto& [symbol, owner] : kept_) {
    if (owner == venue) symbols.push_back(symbol);
  }
  return symbols;
}

}  // namespace arbees::app
