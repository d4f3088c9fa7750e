#pragma once
// Whether two contracts are one bet: by their terms, never by a title.
//
// Two contracts pair if they are about the same asset, settle at the same instant, have the same window where they
// measure a change, and pay on the same side of the same strikes. The value may come from different sources: then
// they differ by the sources' basis, which is a statistical bound and never zero, and by what happens at the strike
// itself. Everything else (another instant, another strike, another payoff) is no pair, however alike it reads;
// ladders of one source are related by the payoff graph, which needs no pairs.

#include <cstdint>
#include <string_view>

#include "core/market/contract.h"

namespace arbees {

enum class MatchClass : std::uint8_t {
  Identical,   // the same rule and source: the same settled value
  IndexBasis,  // the same instant and predicate, another source: equal but for the basis
  NoPair,
};

enum class MismatchReason : std::uint8_t {
  None,
  UnknownTerms,
  OtherAsset,
  OtherInstant,  // they settle at different instants
  OtherWindow,   // their start values are of different instants
  OtherPayoff,   // above against range, Up against Down …
  OtherStrike,
};

struct ContractMatch {
  MatchClass match = MatchClass::NoPair;
  MismatchReason reason = MismatchReason::UnknownTerms;
  bool differs_on_equality = false;  // one pays at the strike itself, the other not
};

// "identical", "index_basis", "no_pair"; "", "asset", "instant" …
[[nodiscard]] std::string_view match_class_name(MatchClass match) noexcept;
[[nodiscard]] std::string_view mismatch_name(MismatchReason reason) noexcept;

// Symmetric. Up/down contracts pair before their start values are known, for each has its own.
[[nodiscard]] ContractMatch match_contracts(const ContractTerms& a, const ContractTerms& b) noexcept;

}  // namespace arbees
