#include "adapters/venue/kalshi/prepared_signatures.h"

#include "core/base/assert.h"

namespace arbees::kalshi {
namespace {

// ±10 s were seen to be accepted; more is never used.
constexpr std::int64_t kMostToleranceMs = 10'000;

// Numbers of timestamps are large and positive, so these states never look like one.
constexpr std::int64_t kEmpty = 0;
constexpr std::int64_t kFilling = -1;
constexpr std::int64_t kTaking = -2;

// Two windows' worth: a signature not yet stale is never overwritten by one for the far end of the future.
std::size_t slot_count(const PreparationPlan& plan) {
  ARBEES_ASSERT(plan.spacing_ms >= 1 && plan.spacing_ms <= plan.tolerance_ms);
  ARBEES_ASSERT(plan.tolerance_ms <= kMostToleranceMs);
  return static_cast<std::size_t>(2 * plan.tolerance_ms / plan.spacing_ms) + 2;
}

}  // namespace

PreparedSignatures::PreparedSignatures(PreparedSigner signer, std::string_view method, std::string_view path,
                                       PreparationPlan plan)
    : signer_(std::move(signer)), method_(method), path_(path), plan_(plan), slots_(slot_count(plan)) {}

std::size_t PreparedSignatures::fill(std::int64_t now_ms, std::size_t most) {
  ARBEES_ASSERT(now_ms > plan_.tolerance_ms);
  const std::int64_t last = (now_ms + plan_.tolerance_ms) / plan_.spacing_ms;
  std::size_t made = 0;
  for (std::int64_t number = now_ms / plan_.spacing_ms; number <= last && made < most; ++number) {
    Slot& slot = slot_of(number);
    if (slot.signed_number == number) continue;
    std::int64_t seen = slot.state.load(std::memory_order_relaxed);
    // While the other thread copies a stale signature out, this one is left for the next call.
    if (seen == kTaking || !slot.state.compare_exchange_strong(seen, kFilling, std::memory_order_acquire)) continue;
    slot.prepared.timestamp_ms = number * plan_.spacing_ms;
    const std::string text = presign_text(slot.prepared.timestamp_ms, method_, path_);
    const bool is_signed = signer_.sign(text, slot.prepared.signature);
    slot.state.store(is_signed ? number : kEmpty, std::memory_order_release);
    if (!is_signed) break;
    slot.signed_number = number;
    ++made;
  }
  return made;
}

bool PreparedSignatures::take(std::int64_t now_ms, PreparedSignature& out) noexcept {
  const std::int64_t oldest_ms = now_ms - plan_.tolerance_ms;
  if (oldest_ms <= 0) return false;
  const std::int64_t first = (oldest_ms + plan_.spacing_ms - 1) / plan_.spacing_ms;
  const std::int64_t last = (now_ms + plan_.tolerance_ms) / plan_.spacing_ms;
  for (std::int64_t number = first; number <= last; ++number) {
    Slot& slot = slot_of(number);
    std::int64_t ready = number;
    if (slot.state.load(std::memory_order_relaxed) != ready) continue;
    if (!slot.state.compare_exchange_strong(ready, kTaking, std::memory_order_acquire)) continue;
    out = slot.prepared;
    slot.state.store(kEmpty, std::memory_order_release);
    return true;
  }
  return false;
}

}  // namespace arbees::kalshi
