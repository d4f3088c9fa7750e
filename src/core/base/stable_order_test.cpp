#include "core/base/stable_order.h"

#include <gtest/gtest.h>

#include <map>

#include "core/base/random.h"

namespace arbees {
namespace {

TEST(StableOrder, AgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    std::vector<std::pair<std::uint64_t, std::size_t>> items;
    std::multimap<std::uint64_t, std::size_t> model;  // keeps the order of equal keys
    for (std::size_t i = 0; i < random.below(40); ++i) {
      items.emplace_back(random.below(6), i);
      model.emplace(items.back());
    }
    sort_stably(items, [](const auto& a, const auto& b) { return a.first < b.first; });
    EXPECT_TRUE(std::equal(items.begin(), items.end(), model.begin(), model.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first && a.second == b.second; }));
  }
}

}  // namespace
}  // namespace arbees
