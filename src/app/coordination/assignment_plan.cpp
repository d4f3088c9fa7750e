#include "app/coordination/assignment_plan.h"

#include <algorithm>

namespace arbees::app {
namespace {

using Loads = std::map<std::string, std::size_t>;

bool has_fewer(const Loads::value_type& a, const Loads::value_type& b) { return a.second < b.second; }

}  // namespace

Assignments plan_assignments(const std::vector<std::string>& assets, const std::vector<std::string>& live_shards,
                             const Assignments& present) {
  Loads loads;
  for (const std::string& shard : live_shards) loads[shard] = 0;
  if (loads.empty()) return {};
  Assignments plan;
  std::vector<std::string> homeless;
  for (const std::string& asset : assets) {
    const auto it = present.find(asset);
    const auto load = it == present.end() ? loads.end() : loads.find(it->second);
    if (load == loads.end()) {
      homeless.push_back(asset);
      continue;
    }
    plan[asset] = load->first;
    ++load->second;
  }
  for (const std::string& asset : homeless) {
    const auto emptiest = std::min_element(loads.begin(), loads.end(), has_fewer);
    plan[asset] = emptiest->first;
    ++emptiest->second;
  }
  for (;;) {
    const auto [emptiest, fullest] = std::minmax_element(loads.begin(), loads.end(), has_fewer);
    if (fullest->second <= emptiest->second + 1) return plan;
    const auto moved =
        std::find_if(plan.begin(), plan.end(), [&](const auto& row) { return row.second == fullest->first; });
    moved->second = emptiest->first;
    --fullest->second;
    ++emptiest->second;
  }
}

}  // namespace arbees::app
