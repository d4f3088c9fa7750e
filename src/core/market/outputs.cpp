#include "core/market/outputs.h"

namespace arbees {

std::string_view verdict_name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Accepted: return "accepted";
    case Verdict::Halted: return "halted";
    case Verdict::UnprovenBook: return "unproven_book";
    case Verdict::StaleBook: return "stale_book";
    case Verdict::NotTradable: return "not_tradable";
    case Verdict::EdgeTooSmall: return "edge_too_small";
    case Verdict::TooThin: return "too_thin";
    case Verdict::BelowMinimumOrder: return "below_minimum_order";
    case Verdict::PositionLimit: return "position_limit";
    case Verdict::AssetLimit: return "asset_limit";
    case Verdict::TotalLimit: return "total_limit";
    case Verdict::InsufficientCash: return "insufficient_cash";
    case Verdict::AlreadyRequested: return "already_requested";
    case Verdict::TooManyRequests: return "too_many_requests";
    case Verdict::ReturnTooLow: return "return_too_low";
    case Verdict::BasisLimit: return "basis_limit";
    case Verdict::PriceLimit: return "price_limit";
    case Verdict::VenueLimit: return "venue_limit";
    case Verdict::CloseLimit: return "close_limit";
    case Verdict::EventLossLimit: return "event_loss_limit";
    case Verdict::NakedLimit: return "naked_limit";
    case Verdict::ModelLimit: return "model_limit";
    case Verdict::LowConfidence: return "low_confidence";
    case Verdict::ModelUnavailable: return "model_unavailable";
  }
  return "halted";
}

std::string_view request_outcome_name(RequestOutcome outcome) noexcept {
  switch (outcome) {
    case RequestOutcome::Complete: return "complete";
    case RequestOutcome::Partial: return "partial";
    case RequestOutcome::Unwound: return "unwound";
    case RequestOutcome::Kept: return "kept";
    case RequestOutcome::Failed: return "failed";
  }
  return "failed";
}

}  // namespace arbees
