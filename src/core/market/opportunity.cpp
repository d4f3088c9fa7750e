#include "core/market/opportunity.h"

namespace arbees {

std::string_view detector_name(Detector detector) noexcept {
  switch (detector) {
    case Detector::SameMarket: return "same_market";
    case Detector::Ladder: return "ladder";
    case Detector::CrossVenue: return "cross_venue";
    case Detector::Basis: return "basis";
    case Detector::ModelEdge: return "model_edge";
    case Detector::Completion: return "completion";
  }
  return "same_market";
}

}  // namespace arbees
