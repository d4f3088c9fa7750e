#pragma once
// A queue of fixed size between one thread that puts in and one that takes out; nobody ever waits.
//
// Invariants: at most `capacity` values (a power of two, given at construction); what was put in first comes out first.
// A full ring refuses: what that means is for the caller to define. No allocation after construction.

#include <atomic>
#include <bit>
#include <cstddef>
#include <vector>

namespace arbees {

template <class Value>
class SpscRing {
 public:
  // Rounded up to a power of two.
  explicit SpscRing(std::size_t capacity) : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

  // By the putting thread.
  [[nodiscard]] bool try_push(const Value& value) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - seen_head_ == slots_.size()) {
      seen_head_ = head_.load(std::memory_order_acquire);
      if (tail - seen_head_ == slots_.size()) return false;
    }
    slots_[tail & mask_] = value;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // By the taking thread.
  [[nodiscard]] bool try_pop(Value& value) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == seen_tail_) {
      seen_tail_ = tail_.load(std::memory_order_acquire);
      if (head == seen_tail_) return false;
    }
    value = slots_[head & mask_];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }
  // A number that was true a moment ago.
  [[nodiscard]] std::size_t size() const noexcept {
    const std::size_t head = head_.load(std::memory_order_acquire);
    return tail_.load(std::memory_order_acquire) - head;
  }

 private:
  // The two sides write to lines of memory of their own.
  static constexpr std::size_t kLine = 64;

  std::vector<Value> slots_;
  std::size_t mask_;
  alignas(kLine) std::atomic<std::size_t> head_ = 0;
  std::size_t seen_tail_ = 0;
  alignas(kLine) std::atomic<std::size_t> tail_ = 0;
  std::size_t seen_head_ = 0;
};

}  // namespace arbees
