#include "app/reporting/opportunity_report.h"

#include <algorithm>

namespace arbees::app {
namespace {

template <class Value>
Value median(std::vector<Value> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::size_t duration_class(Duration duration) noexcept {
  std::size_t i = 0;
  while (i < kDurationEnds.size() && duration >= kDurationEnds[i]) ++i;
  return i;
}

void add(Delayed& delayed, const std::optional<Money>& profit) noexcept {
  if (!profit) {
    ++delayed.gone;
    return;
  }
  delayed.blind += *profit;
  if (!profit->is_positive()) return;
  ++delayed.profitable;
  delayed.profit += *profit;
}

OpportunityFigures figures_of(std::string_view kind, const std::vector<const WatchedOpportunity*>& members) {
  OpportunityFigures figures;
  figures.kind = kind;
  figures.count = members.size();
  std::vector<Money> outlays;
  std::vector<Money> profits;
  std::vector<Quantity> sizes;
  for (const WatchedOpportunity* each : members) {
    outlays.push_back(each->outlay);
    profits.push_back(each->promised - each->outlay);
    sizes.push_back(each->size);
    if (each->is_requested) ++figures.requested;
    if (each->ended_at) {
      ++figures.durations[duration_class(*each->ended_at - each->started_at)];
    } else {
      ++figures.unended;
    }
    for (std::size_t i = 0; i < kDelays.size(); ++i) add(figures.delayed[i], each->profit[i]);
  }
  figures.largest_outlay = *std::max_element(outlays.begin(), outlays.end());
  figures.largest_profit = *std::max_element(profits.begin(), profits.end());
  figures.median_outlay = median(std::move(outlays));
  figures.median_profit = median(std::move(profits));
  figures.median_size = median(std::move(sizes));
  return figures;
}

}  // namespace

std::vector<OpportunityFigures> opportunity_figures(const std::vector<WatchedOpportunity>& all) {
  std::vector<OpportunityFigures> figures;
  std::vector<const WatchedOpportunity*> every;
  for (std::size_t i = 0; i < kDetectorCount; ++i) {
    std::vector<const WatchedOpportunity*> members;
    for (const WatchedOpportunity& each : all) {
      if (each.detector == static_cast<Detector>(i)) members.push_back(&each);
    }
    // What a completion gains was paid for before, by what is held: it adds to no sum.
    if (static_cast<Detector>(i) != Detector::Completion) every.insert(every.end(), members.begin(), members.end());
    if (!members.empty()) figures.push_back(figures_of(detector_name(static_cast<Detector>(i)), members));
  }
  if (!every.empty()) figures.push_back(figures_of("all", every));
  return figures;
}

}  // namespace arbees::app
