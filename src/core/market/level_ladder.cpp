#include "core/market/level_ladder.h"

#include <bit>
#include <numeric>

namespace arbees {

Quantity LevelLadder::quantity_at(Price price) const noexcept {
  if (quantities_.empty() || price.units() % step_ != 0) return Quantity{};
  return quantities_[static_cast<std::size_t>(price.units() / step_)];
}

void LevelLadder::prepare(Price step) {
  // A step that divides no dollar (no venue has one) is refined until it does.
  const std::int64_t dividing = std::gcd(step.units(), kPriceOne.units());
  if (quantities_.empty()) {
    step_ = dividing;
    refine(dividing);
  } else if (dividing % step_ != 0) {
    refine(std::gcd(step_, dividing));
  }
}

void LevelLadder::set(Price price, Quantity quantity) noexcept {
  ARBEES_ASSERT(price >= kPriceZero && price <= kPriceOne);
  ARBEES_ASSERT(!quantity.is_negative());
  if (quantities_.empty() || price.units() % step_ != 0) [[unlikely]] {
    if (quantity.is_zero()) return;
    refine(std::gcd(step_, price.units()));
  }
  ++revision_;
  last_changed_ = price;
  const auto index = static_cast<std::size_t>(price.units() / step_);
  const bool was_occupied = !quantities_[index].is_zero();
  quantities_[index] = quantity;
  const std::uint64_t bit = std::uint64_t{1} << (index % 64);
  if (!quantity.is_zero()) {
    if (was_occupied) return;
    occupied_[index / 64] |= bit;
    if (level_count_++ == 0) {
      highest_ = lowest_ = index;
    } else {
      if (index > highest_) highest_ = index;
      if (index < lowest_) lowest_ = index;
    }
    return;
  }
  if (!was_occupied) return;
  occupied_[index / 64] &= ~bit;
  if (--level_count_ == 0) return;
  if (index == highest_) highest_ = previous_occupied(index);
  if (index == lowest_) lowest_ = next_occupied(index);
}

void LevelLadder::clear() noexcept {
  if (empty()) return;
  for (std::size_t word = lowest_ / 64; word <= highest_ / 64; ++word) {
    for (std::uint64_t bits = occupied_[word]; bits != 0; bits &= bits - 1) {
      quantities_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))] = Quantity{};
    }
    occupied_[word] = 0;
  }
  level_count_ = 0;
  revision_ += 2;  // more than any single change
}

std::size_t LevelLadder::previous_occupied(std::size_t index) const noexcept {
  std::size_t word = index / 64;
  std::uint64_t bits = occupied_[word] & ((std::uint64_t{1} << (index % 64)) - 1);
  while (bits == 0) {
    ARBEES_ASSERT(word > 0);
    bits = occupied_[--word];
  }
  return word * 64 + 63 - static_cast<std::size_t>(std::countl_zero(bits));
}

std::size_t LevelLadder::next_occupied(std::size_t index) const noexcept {
  std::size_t word = index / 64;
  std::uint64_t bits = occupied_[word] & ~((std::uint64_t{2} << (index % 64)) - 1);
  while (bits == 0) {
    ++word;
    ARBEES_ASSERT(word < occupied_.size());
    bits = occupied_[word];
  }
  return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
}

void LevelLadder::refine(std::int64_t step) {
  ARBEES_ASSERT(step > 0 && kPriceOne.units() % step == 0);
  const auto size = static_cast<std::size_t>(kPriceOne.units() / step) + 1;
  std::vector<Quantity> quantities(size);
  std::vector<std::uint64_t> occupied(size / 64 + 1);
  const auto factor = static_cast<std::size_t>(step_ / step);
  for (std::size_t i = 0; i < quantities_.size(); ++i) {
    if (quantities_[i].is_zero()) continue;
    quantities[i * factor] = quantities_[i];
    occupied[i * factor / 64] |= std::uint64_t{1} << (i * factor % 64);
  }
  quantities_ = std::move(quantities);
  occupied_ = std::move(occupied);
  highest_ *= factor;
  lowest_ *= factor;
  step_ = step;
}

}  // namespace arbees
