#pragma once
// A vector whose capacity is part of its type: no allocation, never grows past its limit.
//
// Invariants: size() <= Capacity; elements are trivially copyable. push_back on a full vector is an
// assertion: callers that can meet the limit ask full() first and act on it.

#include <array>
#include <cstddef>
#include <type_traits>

#include "core/base/assert.h"

namespace arbees {

template <class T, std::size_t Capacity>
class BoundedVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Capacity; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr bool full() const noexcept { return size_ == Capacity; }

  constexpr void clear() noexcept { size_ = 0; }
  constexpr T& push_back(const T& value) noexcept {
    ARBEES_ASSERT(size_ < Capacity);
    return items_[size_++] = value;
  }
  constexpr void pop_back() noexcept {
    ARBEES_ASSERT(size_ > 0);
    --size_;
  }
  [[nodiscard]] constexpr T& operator[](std::size_t i) noexcept {
    ARBEES_ASSERT(i < size_);
    return items_[i];
  }
  [[nodiscard]] constexpr const T& operator[](std::size_t i) const noexcept {
    ARBEES_ASSERT(i < size_);
    return items_[i];
  }
  [[nodiscard]] constexpr T* begin() noexcept { return items_.data(); }
  [[nodiscard]] constexpr T* end() noexcept { return items_.data() + size_; }
  [[nodiscard]] constexpr const T* begin() const noexcept { return items_.data(); }
  [[nodiscard]] constexpr const T* end() const noexcept { return items_.data() + size_; }
  [[nodiscard]] constexpr T* data() noexcept { return items_.data(); }
  [[nodiscard]] constexpr const T* data() const noexcept { return items_.data(); }
  [[nodiscard]] constexpr T& back() noexcept { return (*this)[size_ - 1]; }
  [[nodiscard]] constexpr const T& back() const noexcept { return (*this)[size_ - 1]; }

 private:
  std::array<T, Capacity> items_;  // left uninitialised on purpose: clearing 64 reports an event would cost more
                                   // than handling it
  std::size_t size_ = 0;
};

}  // namespace arbees
