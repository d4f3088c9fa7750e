#include "app/basis/basis_evidence.h"

#include <algorithm>
#include <cmath>

namespace arbees::app {
namespace {

SpotPrice absolute(SpotPrice value) { return value.is_negative() ? -value : value; }

// Mean and sample standard deviation, the latter rounded up.
void summarise(const std::vector<SpotPrice>& differences, BasisBoundSet& bound) {
  long double sum = 0;
  for (const SpotPrice d : differences) sum += static_cast<long double>(d.units());
  const auto n = static_cast<long double>(differences.size());
  const long double mean = sum / n;
  long double squares = 0;
  for (const SpotPrice d : differences) {
    const long double off = static_cast<long double>(d.units()) - mean;
    squares += off * off;
  }
  bound.mean = SpotPrice::from_units(std::llround(mean));
  if (differences.size() > 1) {
    bound.standard_deviation =
        SpotPrice::from_units(static_cast<std::int64_t>(std::ceil(std::sqrt(squares / (n - 1)))));
  }
  bound.has_statistical = 1;
  bound.observations = static_cast<std::uint32_t>(differences.size());
}

}  // namespace

void BasisEvidence::add(const Event& event) {
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) {
    terms_[listed->id.value] = listed->terms;
    if (listed->terms.source == SettlementSource::Unknown || listed->terms.payoff == Payoff::Category) return;
    settled_[{listed->terms.asset, listed->terms.closes_at}];
  }
  if (const auto* ended = std::get_if<ContractSettled>(&event.body)) {
    const auto terms = terms_.find(ended->id.value);
    if (terms == terms_.end() || ended->has_value == 0) return;
    settled_[{terms->second.asset, terms->second.closes_at}][terms->second.source] = ended->settled_value;
  }
  // A print of the index that contracts settle on the mean of is not their settled value.
  const auto* print = std::get_if<IndexPrint>(&event.body);
  if (print != nullptr && print->source != SettlementSource::CfBenchmarksMean60) {
    prints_[{{print->asset, print->index_time}, print->source}] = print->value;
  }
}

std::vector<BasisObservations> BasisEvidence::rows() const {
  std::map<std::tuple<Asset, SettlementSource, SettlementSource>, BasisObservations> rows;
  std::map<std::tuple<Asset, SettlementSource, SettlementSource>, std::vector<SpotPrice>> differences;
  for (const auto& [instant, published] : settled_) {
    std::map<SettlementSource, SpotPrice> values = published;
    for (std::uint8_t i = 1; settlement_source_name(static_cast<SettlementSource>(i)) != "invalid"; ++i) {
      const auto print = prints_.find({instant, static_cast<SettlementSource>(i)});
      if (print != prints_.end()) values.emplace(static_cast<SettlementSource>(i), print->second);
    }
    for (auto a = values.begin(); a != values.end(); ++a) {
      for (auto b = std::next(a); b != values.end(); ++b) {
        const std::tuple key{instant.asset, a->first, b->first};
        const SpotPrice difference = a->second - b->second;
        differences[key].push_back(difference);
        BasisObservations& row = rows[key];
        row.bound.asset = instant.asset;
        row.bound.first = a->first;
        row.bound.second = b->first;
        row.greatest = std::max(row.greatest, absolute(difference));
        if (row.first == kNoTime) row.first = instant.at;
        row.last = instant.at;
      }
    }
  }
  std::vector<BasisObservations> result;
  for (auto& [key, row] : rows) {
    summarise(differences.at(key), row.bound);
    result.push_back(row);
  }
  return result;
}

}  // namespace arbees::app
