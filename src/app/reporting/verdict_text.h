#pragma once
// What each verdict means, what to do about it, and how far an opportunity that got it had come.
//
// The table of reasons itself is Verdict (core/market/outputs.h); docs/arbitrage.md explains it at length.

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/market/outputs.h"

namespace arbees::app {

// The way of an opportunity; each stage includes those before it.
enum class FunnelStage : std::uint8_t { Seen, AfterFees, Executable, AfterRisk, Sent, Filled, Settled };
inline constexpr std::size_t kFunnelStages = 7;
// "seen", "after_fees", "executable", …
[[nodiscard]] std::string_view funnel_stage_name(FunnelStage stage) noexcept;

struct VerdictText {
  FunnelStage reached = FunnelStage::Seen;
  std::string_view meaning;
  std::string_view remedy;
};
[[nodiscard]] VerdictText verdict_text(Verdict verdict) noexcept;

// The verdict of this name; none if there is no such.
[[nodiscard]] std::optional<Verdict> parse_verdict(std::string_view name) noexcept;

}  // namespace arbees::app
