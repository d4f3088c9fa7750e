#pragma once
// The manifest: every contract that discovery knows, with its terms in words, and every pair across venues.
//
// Made from catalog entries, saved by whoever discovers, read by people and by `arbees markets`. Its hash covers terms
// and rules, not prices and not phases: two manifests with one hash list the same bets. Pairs are found by terms
// (core/arbitrage/contract_match.h), with the essentials of both rules side by side. A family's fingerprint stands for
// its rules and fees; an approval holds for one fingerprint (approvals.h).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/catalog_entry.h"
#include "core/arbitrage/contract_match.h"
#include "core/base/result.h"

namespace arbees::app {

// One contract, all in text; the order of fields is the order of the documents.
struct ManifestContract {
  std::string venue, symbol, outcome, asset, family, event, market, version;
  std::string payoff, value, opens_at, closes_at, grid, sizes, fees;
  RuleEssentials rules;
  std::string phase, reason, why;  // reason "none": tradable by its terms
  std::uint64_t fingerprint = 0;
};

struct ManifestPair {
  std::size_t first = 0;  // index of the contracts; the venue that comes first in Venue is first
  std::size_t second = 0;
  std::string key;    // "kalshi:KXBTC15M~polymarket:btc-updown-15m": the pair of families
  std::string match;  // "identical" or "index_basis"
  bool differs_on_equality = false;
  std::uint64_t fingerprint = 0;
};

struct Manifest {
  std::vector<ManifestContract> contracts;  // by venue, close and symbol
  std::vector<ManifestPair> pairs;
};

inline constexpr int kManifestVersion = 1;

[[nodiscard]] ManifestContract manifest_contract(const CatalogEntry& entry);
[[nodiscard]] Manifest make_manifest(std::vector<CatalogEntry> entries);

// The stable text that is hashed: one paragraph for each contract and pair.
[[nodiscard]] std::string manifest_text(const Manifest& manifest);
// Of that text, with the version of its form.
[[nodiscard]] std::uint64_t manifest_hash(const Manifest& manifest);

// "A~B", in the order of venues.
[[nodiscard]] std::string pair_key(std::string_view first_family, std::string_view second_family);
[[nodiscard]] std::uint64_t pair_fingerprint(std::uint64_t first, std::uint64_t second, MatchClass match) noexcept;

// "manifest.json" of a data folder, written whole or not at all. The error is a text for people; empty: done.
[[nodiscard]] std::string save_manifest(const std::string& folder, const Manifest& manifest);
[[nodiscard]] Result<Manifest, std::string> load_manifest(const std::string& folder);
[[nodiscard]] std::string manifest_path(const std::string& folder);

}  // namespace arbees::app
