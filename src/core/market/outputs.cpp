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
  }
  return "halted";
}

}  // namespace arbees
