#pragma once
// A FlatTable that doubles when full: for the instruments and subscriptions of a feed, whose number
// nobody knows beforehand. Inserting may allocate and move every value; finding never does.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/base/flat_table.h"

namespace arbees {

template <class Value>
class GrowingTable {
 public:
  explicit GrowingTable(std::size_t limit) : table_(limit), limit_(limit) {}

  [[nodiscard]] Value* find(std::uint64_t key) noexcept { return table_.find(key); }

  // The value of the key, default-constructed if new.
  [[nodiscard]] Value& operator[](std::uint64_t key) {
    if (Value* found = table_.find(key)) return *found;
    if (table_.full()) grow();
    return *table_.insert(key);
  }
  void erase(std::uint64_t key) noexcept { table_.erase(key); }

  template <class Visit>
  void for_each(Visit&& visit) {
    table_.for_each(std::forward<Visit>(visit));
  }
  void clear() { table_ = FlatTable<Value>(limit_); }

 private:
  void grow() {
    limit_ *= 2;
    FlatTable<Value> larger(limit_);
    table_.for_each([&larger](std::uint64_t key, Value& value) { *larger.insert(key) = std::move(value); });
    table_ = std::move(larger);
  }

  FlatTable<Value> table_;
  std::size_t limit_;
};

}  // namespace arbees
