#include "app/basis/basis_evidence.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

constexpr SettlementSource kKalshi = SettlementSource::CfBenchmarksMean60;
constexpr SettlementSource kChainlink = SettlementSource::ChainlinkTwap60;

class Evidence : public testing::Test {
 protected:
  void say(EventBody body) {
    Event event;
    event.body = body;
    evidence_.add(event);
  }
  void settle(SettlementSource source, std::int64_t closes_at_s, std::int64_t dollars, bool has_value = true) {
    ContractListed listed;
    listed.id = InstrumentId{++id_};
    listed.terms = ContractTerms{};
    listed.terms.asset = Asset::BTC;
    listed.terms.source = source;
    listed.terms.closes_at = from_unix_s(closes_at_s);
    say(listed);
    ContractSettled settled;
    settled.id = listed.id;
    settled.settled_value = SpotPrice::whole(dollars);
    settled.has_value = has_value ? 1 : 0;
    say(settled);
  }
  void print(std::int64_t at_s, std::int64_t dollars) {
    IndexPrint told;
    told.asset = Asset::BTC;
    told.source = kChainlink;
    told.index_time = from_unix_s(at_s);
    told.value = SpotPrice::whole(dollars);
    say(told);
  }

  BasisEvidence evidence_;
  std::uint64_t id_ = 0;
};

TEST_F(Evidence, MeasuresFirstMinusSecondWhereBothSettled) {
  settle(kKalshi, 900, 64'010);
  settle(kChainlink, 900, 64'000);
  settle(kKalshi, 1800, 64'020);
  print(1800, 64'040);
  print(1801, 70'000);
  settle(kKalshi, 2700, 65'000);
  const auto rows = evidence_.rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].bound.first, kKalshi);
  EXPECT_EQ(rows[0].bound.second, kChainlink);
  EXPECT_EQ(rows[0].bound.observations, 2u);
  EXPECT_EQ(rows[0].bound.mean, SpotPrice::whole(-5));
  EXPECT_EQ(rows[0].bound.standard_deviation.units() / 1'000'000, 2121) << "√450 = 21.21";
  EXPECT_EQ(rows[0].greatest, SpotPrice::whole(20));
  EXPECT_EQ(rows[0].first, from_unix_s(900));
  EXPECT_EQ(rows[0].last, from_unix_s(1800));
}

TEST_F(Evidence, AnUnpublishedValueIsNoObservation) {
  settle(kKalshi, 900, 64'010, false);
  settle(kChainlink, 900, 64'000);
  EXPECT_TRUE(evidence_.rows().empty());
}

}  // namespace
}  // namespace arbees::app
