#include "app/reporting/verdict_text.h"

namespace arbees::app {

namespace {

// Of limits that are used up.
VerdictText limit_text(Verdict verdict) noexcept {
  using Stage = FunnelStage;
  switch (verdict) {
    case Verdict::PositionLimit:
      return {Stage::Executable, "an order would cost more than one order may", "limits.max_position_size"};
    case Verdict::AssetLimit:
      return {Stage::Executable, "the exposure in this asset is used up",
              "wait for settlements, or raise limits.max_asset_exposure"};
    case Verdict::TotalLimit:
      return {Stage::Executable, "the total exposure is used up",
              "wait for settlements, or raise limits.max_total_exposure"};
    case Verdict::InsufficientCash:
      return {Stage::Executable, "a venue has too little free cash", "move money to the venue that binds"};
    case Verdict::BasisLimit:
      return {Stage::Executable, "the exposure of trades on a statistical bound is used up",
              "wait for settlements of basis trades, or raise their limit"};
    case Verdict::PriceLimit:
      return {Stage::Executable, "a leg's price is outside what counts as sane", "look at the book: explain shows it"};
    case Verdict::VenueLimit:
      return {Stage::Executable, "the exposure on one venue is used up", "wait for settlements, or raise its limit"};
    case Verdict::CloseLimit:
      return {Stage::Executable, "the exposure that settles at one instant is used up",
              "wait for that settlement, or raise its limit"};
    case Verdict::EventLossLimit:
      return {Stage::Executable, "the worst case of one event would be beyond its limit",
              "wait for its settlement, or raise its limit"};
    case Verdict::NakedLimit:
      return {Stage::Executable, "one leg could lose too much while the others are not filled",
              "nothing, or raise the limit of naked loss"};
    case Verdict::ModelLimit:
      return {Stage::Executable, "the exposure of trades on the model's word is used up",
              "wait for settlements of model trades, or raise their limit"};
    default: return {Stage::Seen, "unknown", "unknown"};
  }
}

}  // namespace

std::string_view funnel_stage_name(FunnelStage stage) noexcept {
  switch (stage) {
    case FunnelStage::Seen: return "seen";
    case FunnelStage::AfterFees: return "after_fees";
    case FunnelStage::Executable: return "executable";
    case FunnelStage::AfterRisk: return "after_risk";
    case FunnelStage::Sent: return "sent";
    case FunnelStage::Filled: return "filled";
    case FunnelStage::Settled: return "settled";
  }
  return "seen";
}

VerdictText verdict_text(Verdict verdict) noexcept {
  using Stage = FunnelStage;
  switch (verdict) {
    case Verdict::Accepted: return {Stage::AfterRisk, "it became a request", "nothing to do"};
    case Verdict::Halted:
      return {Stage::Executable, "trading is halted or only reduces",
              "arbees status says why; arbees resume re-arms, but buys nothing on a day that has lost "
              "limits.max_daily_loss"};
    case Verdict::UnprovenBook:
      return {Stage::AfterFees, "a book of a leg cannot be believed (gap, crossing, no snapshot)",
              "it heals with the next snapshot; arbees status shows gaps and resyncs of the feed"};
    case Verdict::StaleBook:
      return {Stage::AfterFees, "a book of a leg is older than allowed",
              "look at the feed's age; limits.price_staleness_secs sets the age"};
    case Verdict::NotTradable:
      return {Stage::AfterFees, "a contract of a leg may not be traded now (closed, paused, unknown terms)",
              "arbees markets names the reason of each contract"};
    case Verdict::EdgeTooSmall:
      return {Stage::Seen, "the profit after all fees is below the least edge", "limits.min_edge_pct sets the edge"};
    case Verdict::TooThin:
      return {Stage::AfterFees, "the books allow less outlay than required", "limits.min_liquidity sets the outlay"};
    case Verdict::BelowMinimumOrder:
      return {Stage::AfterFees, "a leg is smaller than the venue's smallest order", "nothing: the depth is too small"};
    case Verdict::AlreadyRequested:
      return {Stage::AfterRisk, "this opportunity has its request already", "nothing: it is requested once only"};
    case Verdict::TooManyRequests:
      return {Stage::Executable, "as many requests are under way as may be", "limits.max_open_requests"};
    case Verdict::ReturnTooLow:
      return {Stage::Seen, "too little profit for each dollar and day that the money is bound",
              "nothing: the money has better uses until settlement"};
    case Verdict::LowConfidence:
      return {Stage::Seen, "the near end of the model's confidence band does not clear ask, fee and slippage",
              "nothing: the model is not sure enough"};
    case Verdict::ModelUnavailable:
      return {Stage::Seen, "there is no fair value (no fresh spot, no volatility yet, unknown terms)",
              "arbees status shows the spot feeds"};
    default: return limit_text(verdict);
  }
}

std::optional<Verdict> parse_verdict(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    if (verdict_name(static_cast<Verdict>(i)) == name) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

}  // namespace arbees::app
