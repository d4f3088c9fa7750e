#include "app/discovery/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "adapters/telemetry/format.h"
#include "core/base/hash.h"

namespace arbees::app {
namespace {

constexpr std::uint8_t kNotRounded = 255;

std::string instant(Timestamp time) { return time == kNoTime ? std::string() : to_iso_ms(time); }

std::string value_text(const ContractTerms& terms) {
  std::string text(settlement_source_name(terms.source));
  if (terms.source == SettlementSource::Unknown) return text;
  return terms.rounding_decimals == kNotRounded ? text : fmt::format("{}, {} decimals", text, terms.rounding_decimals);
}

// What comes before what in the manifest, and which of two entries for one instrument is kept: the later one.
void sort_entries(std::vector<CatalogEntry>& entries) {
  std::map<std::uint64_t, std::size_t> last;
  for (std::size_t i = 0; i < entries.size(); ++i) last[entries[i].id().value] = i;
  std::vector<CatalogEntry> kept;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (last[entries[i].id().value] == i) kept.push_back(std::move(entries[i]));
  }
  std::sort(kept.begin(), kept.end(), [](const CatalogEntry& a, const CatalogEntry& b) {
    return std::tie(a.venue, a.terms.closes_at, a.symbol) < std::tie(b.venue, b.terms.closes_at, b.symbol);
  });
  entries = std::move(kept);
}

// Contracts that can pair at all: one asset and instant.
std::map<std::pair<Asset, Timestamp>, std::vector<std::size_t>> by_instant(const std::vector<CatalogEntry>& entries) {
  std::map<std::pair<Asset, Timestamp>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const ContractTerms& terms = entries[i].terms;
    if (!entries[i].family.empty() && terms.closes_at != kNoTime) {
      groups[{terms.asset, terms.closes_at}].push_back(i);
    }
  }
  return groups;
}

void add_pairs(const std::vector<CatalogEntry>& entries, Manifest& manifest) {
  for (const auto& [key, members] : by_instant(entries)) {
    for (const std::size_t a : members) {
      for (const std::size_t b : members) {
        if (entries[a].venue >= entries[b].venue) continue;
        const ContractMatch match = match_contracts(entries[a].terms, entries[b].terms);
        if (match.match == MatchClass::NoPair) continue;
        ManifestPair pair;
        pair.first = a;
        pair.second = b;
        pair.key = pair_key(entries[a].family, entries[b].family);
        pair.match = std::string(match_class_name(match.match));
        pair.differs_on_equality = match.differs_on_equality;
        pair.fingerprint =
            pair_fingerprint(manifest.contracts[a].fingerprint, manifest.contracts[b].fingerprint, match.match);
        manifest.pairs.push_back(std::move(pair));
      }
    }
  }
}

}  // namespace

ManifestContract manifest_contract(const CatalogEntry& entry) {
  const ContractTerms& terms = entry.terms;
  ManifestContract row;
  row.venue = std::string(venue_name(entry.venue));
  row.symbol = entry.symbol;
  row.outcome = entry.outcome;
  row.asset = terms.asset == Asset::Unknown ? std::string() : std::string(asset_name(terms.asset));
  row.family = entry.family;
  row.event = entry.event;
  row.market = entry.market;
  row.version = entry.version;
  row.payoff = payoff_text(terms);
  row.value = value_text(terms);
  row.opens_at = instant(terms.opens_at);
  row.closes_at = instant(terms.closes_at);
  row.grid = grid_text(terms.grid);
  row.sizes = fmt::format("lot {} minimum {}", to_short_text(terms.lot), to_short_text(terms.minimum_order));
  row.fees = fee_text(terms.fees);
  row.rules = entry.rules;
  row.phase = std::string(phase_name(entry.phase));
  row.reason = std::string(not_tradable_name(terms.not_tradable));
  row.why = entry.refusal_text();
  row.fingerprint = rules_fingerprint(entry);
  return row;
}

Manifest make_manifest(std::vector<CatalogEntry> entries) {
  sort_entries(entries);
  Manifest manifest;
  manifest.contracts.reserve(entries.size());
  for (const CatalogEntry& entry : entries) manifest.contracts.push_back(manifest_contract(entry));
  add_pairs(entries, manifest);
  return manifest;
}

std::string manifest_text(const Manifest& manifest) {
  std::string text = fmt::format("arbees manifest {}\n", kManifestVersion);
  for (const ManifestContract& row : manifest.contracts) {
    text += fmt::format("contract {} {} {} {} {} {} {} {}\n", row.venue, row.symbol, row.outcome, row.asset, row.family,
                        row.event, row.market, row.version);
    text += fmt::format(" {} | {} | {} to {} | {} | {} | {}\n", row.payoff, row.value, row.opens_at, row.closes_at,
                        row.grid, row.sizes, row.fees);
    text += fmt::format(" {} | {} | {} | {} | {}\n {} {}\n", row.rules.source, row.rules.condition, row.rules.instant,
                        row.rules.rounding, row.rules.tie, row.reason, row.why);
  }
  for (const ManifestPair& pair : manifest.pairs) {
    text += fmt::format("pair {} {} {} {} {}\n", pair.key, manifest.contracts[pair.first].symbol,
                        manifest.contracts[pair.second].symbol, pair.match,
                        pair.differs_on_equality ? "differs_on_equality" : "equal_on_equality");
  }
  return text;
}

std::uint64_t manifest_hash(const Manifest& manifest) { return hash64(manifest_text(manifest), kManifestVersion); }

std::string pair_key(std::string_view first_family, std::string_view second_family) {
  return std::string(first_family) + "~" + std::string(second_family);
}

std::uint64_t pair_fingerprint(std::uint64_t first, std::uint64_t second, MatchClass match) noexcept {
  return mix64(mix64(first, second), static_cast<std::uint64_t>(match) + 1);
}

}  // namespace arbees::app
