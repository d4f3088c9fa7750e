#pragma once
// An open-addressing table from a 64-bit key to a value; linear probing, power-of-two slots.
//
// Invariants: at most `limit` entries (given at construction, slots = next power of two ≥ 2·limit, so
// probes stay short); key 0 is reserved for "empty". No allocation after construction. Pointers to
// values stay valid until their key is erased or another key is erased (erasing closes the gap).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/assert.h"

namespace arbees {

template <class Value>
class FlatTable {
 public:
  explicit FlatTable(std::size_t limit) : slots_(std::bit_ceil(limit * 2 + 2)), limit_(limit) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool full() const noexcept { return size_ == limit_; }
  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

  [[nodiscard]] Value* find(std::uint64_t key) noexcept {
    const std::size_t i = index_of(key);
    return slots_[i].first == key ? &slots_[i].second : nullptr;
  }
  [[nodiscard]] const Value* find(std::uint64_t key) const noexcept {
    const std::size_t i = index_of(key);
    return slots_[i].first == key ? &slots_[i].second : nullptr;
  }

  // The value of the key, default-constructed if new; nullptr when the table is full.
  [[nodiscard]] Value* insert(std::uint64_t key) noexcept {
    const std::size_t i = index_of(key);
    if (slots_[i].first == key) return &slots_[i].second;
    if (full()) return nullptr;
    slots_[i].first = key;
    slots_[i].second = Value{};
    ++size_;
    return &slots_[i].second;
  }

  bool erase(std::uint64_t key) noexcept {
    std::size_t hole = index_of(key);
    if (slots_[hole].first != key) return false;
    for (std::size_t i = next(hole); slots_[i].first != 0; i = next(i)) {
      // An entry may move into the hole unless its home lies cyclically after the hole.
      const std::size_t home = home_of(slots_[i].first);
      if (((i - home) & mask()) >= ((i - hole) & mask())) {
        slots_[hole] = std::move(slots_[i]);
        hole = i;
      }
    }
    slots_[hole].first = 0;
    --size_;
    return true;
  }

  // Calls visit(key, value) for every entry, in slot order (the same for the same history of keys).
  template <class Visit>
  void for_each(Visit&& visit) {
    for (auto& [key, value] : slots_) {
      if (key != 0) visit(key, value);
    }
  }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [key, value] : slots_) {
      if (key != 0) visit(key, value);
    }
  }

 private:
  [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
  [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask(); }
  [[nodiscard]] std::size_t home_of(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15ULL >> 20) & mask();
  }
  [[nodiscard]] std::size_t index_of(std::uint64_t key) const noexcept {
    ARBEES_ASSERT(key != 0);
    std::size_t i = home_of(key);
    while (slots_[i].first != 0 && slots_[i].first != key) i = next(i);
    return i;
  }

  std::vector<std::pair<std::uint64_t, Value>> slots_;
  std::size_t size_ = 0;
  std::size_t limit_;
};

}  // namespace arbees
