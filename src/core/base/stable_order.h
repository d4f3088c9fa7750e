#pragma once
// Sorting that keeps the order of equal items.
//
// std::stable_sort of this library uses a temporary buffer that clang calls deprecated, in every user.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace arbees {

template <class Item, class Less>
void sort_stably(std::vector<Item>& items, Less less) {
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (less(items[a], items[b])) return true;
    return !less(items[b], items[a]) && a < b;
  });
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const std::size_t place : order) sorted.push_back(std::move(items[place]));
  items = std::move(sorted);
}

}  // namespace arbees
