#include "app/roles/offer_maker.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

Detector detector(const std::string& signal_type, const std::string& reason) {
  bus::BusRequest request;
  request.signal_type = signal_type;
  request.reason = reason;
  return detector_of(request);
}

TEST(OfferMaker, ARequestKeepsTheDetectorThatFoundIt) {
  EXPECT_EQ(detector("Arbitrage", "same_market"), Detector::SameMarket);
  EXPECT_EQ(detector("Arbitrage", "ladder"), Detector::Ladder);
  EXPECT_EQ(detector("Arbitrage", "basis"), Detector::Basis);
  EXPECT_EQ(detector("Arbitrage", "completion"), Detector::Completion);
  EXPECT_EQ(detector("ModelEdge", "model_edge"), Detector::ModelEdge);
}

TEST(OfferMaker, OfOtherSendersItIsWhatHasTheOrdinaryLimits) {
  EXPECT_EQ(detector("Arbitrage", "saw something"), Detector::CrossVenue);
  EXPECT_EQ(detector("", ""), Detector::CrossVenue);
  EXPECT_EQ(detector("Arbitrage", "model_edge"), Detector::CrossVenue) << "the signal type says whether it is one";
}

}  // namespace
}  // namespace arbees::app
