#include "core/pricing/model_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "core/market/fees.h"
#include "core/pricing/model_judge.h"
#include "core/pricing/test_live_market.h"

namespace arbees {
namespace {

using testing_support::LiveMarket;
using namespace std::chrono_literals;

constexpr std::int64_t kMinEdge = 30'000;

double as_double(Price price) { return static_cast<double>(price.units()) / Price::kScale; }

double cost(const ContractTerms& terms, Price price) {
  const auto fee = fee_per_contract(fee_terms(terms.fees, Role::Taker), price);
  return (as_double(price) + static_cast<double>(*fee) * 1e-12 + 0.01) * 1.03;
}

struct NaiveQuote {
  ContractTerms terms;
  Price bid;
  Price ask;
  double spot_then = 0.0;
  double probability_then = 0.0;
};

// For how much, in probability, each outcome clears; both conditions.
double excess(const NaiveQuote& quote, Outcome outcome, double probability_now) {
  const double mid = 0.5 * (as_double(quote.bid) + as_double(quote.ask));
  const double moved = probability_now - quote.probability_then;
  if (outcome == Outcome::Yes) {
    return std::min(probability_now, mid + moved) - cost(quote.terms, quote.ask);
  }
  return std::min(1.0 - probability_now, 1.0 - mid - moved) - cost(quote.terms, complement(quote.bid));
}

// A watch beside a naive look at every contract.
class Both {
 public:
  explicit Both(std::uint64_t seed) : random(seed), watch_(256, market_.model) {
    market_.candles(24);
    market_.name_pairs();
    market_.spot(spot_);
    watch_.set_min_edge(kMinEdge);
  }

  [[nodiscard]] std::size_t size() const { return quotes_.size(); }
  [[nodiscard]] int fired() const { return fired_; }

  void list() {
    NaiveQuote quote;
    quote.terms = LiveMarket::threshold(64'000 + random.between(-400, 400), LiveMarket::kStart + 15min);
    if (random.chance(1, 3)) {
      quote.terms.payoff = Payoff::Range;
      quote.terms.upper = quote.terms.lower + SpotPrice::whole(200);
      quote.terms.pays_outside = random.chance(1, 2) ? 1 : 0;
    }
    const InstrumentId id{next_id_++};
    watch_.list(id, quote.terms, market_.now);
    watch_.on_time(market_.now += 100ms);
    market_.spot(spot_);
    quote.probability_then = probability(quote.terms);
    const auto mid = static_cast<std::int64_t>(std::clamp(quote.probability_then, 0.05, 0.95) * 100);
    quote.bid = Price::from_units((mid - 2) * 100);
    quote.ask = Price::from_units((mid + 2) * 100);
    show(id, quotes_[id.value] = quote);
  }

  void remove_first() {
    watch_.remove(InstrumentId{quotes_.begin()->first});
    quotes_.erase(quotes_.begin());
  }

  void requote() {
    auto it = quotes_.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(random.below(quotes_.size())));
    NaiveQuote& quote = it->second;
    const auto shift = Price::from_units(random.between(-3, 3) * 100);
    if (!is_contract_price(quote.bid + shift) || !is_contract_price(quote.ask + shift) || shift.is_zero()) return;
    quote.bid += shift;
    quote.ask += shift;
    show(InstrumentId{it->first}, quote);
  }

  // Empty, or where they differ by more than a hair.
  [[nodiscard]] std::string move_and_compare() {
    spot_ = std::clamp(spot_ + static_cast<double>(random.between(-25, 25)), 63'500.0, 64'500.0);
    market_.spot(spot_);
    watch_.clear_candidates();
    watch_.on_spot(Asset::BTC, market_.now);
    std::set<std::pair<std::uint64_t, Outcome>> found;
    for (const ModelCandidate& candidate : watch_.candidates()) found.insert({candidate.id.value, candidate.outcome});
    for (const auto& [id, quote] : quotes_) {
      for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
        const double margin = excess(quote, outcome, probability(quote.terms));
        if (std::fabs(margin) < 2e-3) continue;
        fired_ += margin > 0.0 ? 1 : 0;
        if (found.contains({id, outcome}) != (margin > 0.0)) {
          return "contract " + std::to_string(id) + " margin " + std::to_string(margin);
        }
      }
    }
    return {};
  }

  Random random;

 private:
  // A quote, and the time it takes to settle, in which the spot stands still.
  void show(InstrumentId id, NaiveQuote& quote) {
    watch_.on_book(id, quote.bid, quote.ask, market_.now);
    market_.quiet(spot_, 1200ms);  // every contract is compiled anew after it
    watch_.on_time(market_.now);
    for (auto& [other, standing] : quotes_) {
      // Time has passed: what the spot of then is worth changes, though the spot of then does not.
      if (other != id.value) standing.probability_then = probability_at(standing.terms, standing.spot_then);
    }
    quote.spot_then = spot_;
    quote.probability_then = probability(quote.terms);
  }
  [[nodiscard]] double probability_at(const ContractTerms& terms, double spot) {
    auto prepared = market_.model.prepare(terms, market_.now);
    EXPECT_TRUE(prepared);
    if (!prepared) return 0.0;
    prepared->inputs.spot_sd *= spot / prepared->inputs.spot;
    prepared->inputs.spot = spot;
    return value_with_band(terms, prepared->inputs, 0.0).probability;
  }
  [[nodiscard]] double probability(const ContractTerms& terms) {
    const auto value = market_.model.value(terms, market_.now);
    EXPECT_TRUE(value);
    return value ? value->probability : 0.0;
  }

  LiveMarket market_;
  ModelWatch watch_;
  std::map<std::uint64_t, NaiveQuote> quotes_;
  double spot_ = 64'000;
  std::uint64_t next_id_ = 1;
  int fired_ = 0;
};

class ModelWatchAgreesWithModel : public testing::TestWithParam<std::uint64_t> {};

// After any run of spot moves, quotes, listings and removals the candidates are those that a naive look at every
// contract finds, except where the naive form itself is within two thousandths of the level.
TEST_P(ModelWatchAgreesWithModel, InWhichContractsMayBeEdges) {
  Both both(GetParam());
  for (int step = 0; step < 1500; ++step) {
    const auto kind = both.random.below(100);
    if (kind < 3 || both.size() == 0) {
      both.list();
    } else if (kind < 4 && both.size() > 10) {
      both.remove_first();
    } else if (kind < 20) {
      both.requote();
    } else {
      ASSERT_EQ(both.move_and_compare(), "") << "seed " << GetParam() << " step " << step;
    }
  }
  EXPECT_GT(both.fired(), 20) << "the test is about edges";
}

INSTANTIATE_TEST_SUITE_P(Seeds, ModelWatchAgreesWithModel, testing::Values(1, 2, 3, 4));

TEST(ModelWatch, NeverBuysTheNoOfAToken) {
  LiveMarket market;
  market.candles(24);
  market.name_pairs();
  market.spot(64'000);
  ModelWatch watch(16, market.model);
  watch.set_min_edge(kMinEdge);
  ContractTerms terms = LiveMarket::threshold(64'000, LiveMarket::kStart + 15min);
  terms.complement = InstrumentId{2};
  watch.list(InstrumentId{1}, terms, market.now);
  watch.on_time(market.now += 100ms);
  watch.on_book(InstrumentId{1}, Price::from_units(4900), Price::from_units(5100), market.now);
  market.quiet(64'000, 600ms);
  watch.on_time(market.now);
  watch.clear_candidates();
  market.spot(63'850);
  watch.on_spot(Asset::BTC, market.now);
  EXPECT_TRUE(watch.candidates().empty());
  market.spot(64'150);
  watch.on_spot(Asset::BTC, market.now);
  ASSERT_EQ(watch.candidates().size(), 1u);
  EXPECT_EQ(watch.candidates()[0].outcome, Outcome::Yes);
}

FeeSchedule kalshi_fees() {
  FeeSchedule fees;
  fees.model = FeeModel::KalshiQuadratic;
  fees.taker_rate = 70'000;
  return fees;
}

ModelOpinion opinion(double probability, double sd) {
  ModelOpinion opinion;
  FairValue value;
  value.probability = probability;
  value.sd = sd;
  value.low = probability - 1.96 * sd;
  value.high = probability + 1.96 * sd;
  opinion.value = value;
  opinion.probability = probability;
  return opinion;
}

TEST(ModelJudge, ConfidenceIsOneHalfWhereTheCostIsTheProbability) {
  ModelParameters parameters;
  parameters.slippage = Price{};
  const FeeSchedule fees = kalshi_fees();
  // Price 0.50 and fee 0.0175.
  const ModelJudge judge(opinion(0.5175, 0.02), Outcome::Yes, parameters, 0, 1.0);
  EXPECT_NEAR(static_cast<double>(judge.confidence_millionths(Price::from_units(5000), fees)), 500'000, 2);
  EXPECT_EQ(judge.judge(Price::from_units(5000), fees), Verdict::LowConfidence);
  parameters.min_confidence_millionths = 400'000;
  EXPECT_EQ(judge.judge(Price::from_units(5000), fees), Verdict::Accepted);
  EXPECT_EQ(judge.judge(Price::from_units(5100), fees), Verdict::EdgeTooSmall);
}

// KAT of the fractional Kelly stake with parameter risk: p 0.56, q 0.52, cost 0.537472, f* 0.0487062404871, factor
// 0.360573282826 with an sd of 0.03.
TEST(ModelJudge, StakesTheShrunkKellyShare) {
  ModelParameters parameters;
  parameters.slippage = Price{};
  const FeeSchedule fees = kalshi_fees();
  const ModelJudge judge(opinion(0.56, 0.03), Outcome::Yes, parameters, 0, 1.0);
  const Money stake = judge.stake(Price::from_units(5200), fees, Money::whole(10'000));
  EXPECT_NEAR(static_cast<double>(stake.units()) * 1e-6, 0.25 * 0.0175621690266 * 10'000, 1e-5);
  const ModelJudge stormy(opinion(0.56, 0.03), Outcome::Yes, parameters, 0, 1.6);
  const Money less = stormy.stake(Price::from_units(5200), fees, Money::whole(10'000));
  EXPECT_NEAR(static_cast<double>(less.units()), 0.7 * static_cast<double>(stake.units()), 2.0);
}

TEST(ModelJudge, ExpectedPayoutIsRoundedDown) {
  const ModelParameters parameters;
  const ModelJudge judge(opinion(1.0 / 3.0, 0.01), Outcome::Yes, parameters, 0, 1.0);
  EXPECT_EQ(judge.expected(Quantity::whole(100)), Money::from_units(33'333'333));
}

TEST(ModelParameters, TableReadsAndWritesEveryRowWithinItsRange) {
  ModelParameters parameters;
  for (std::uint32_t row = 0; row < kModelParameterCount; ++row) {
    const ModelParameterRow& known = model_parameter_table()[row];
    EXPECT_TRUE(set_model_parameter(parameters, row, known.least)) << known.name;
    EXPECT_EQ(known.get(parameters), known.least) << known.name;
    EXPECT_TRUE(set_model_parameter(parameters, row, known.most));
    EXPECT_EQ(known.get(parameters), known.most) << known.name;
    EXPECT_FALSE(set_model_parameter(parameters, row, known.most + 1));
    EXPECT_FALSE(set_model_parameter(parameters, row, known.least - 1));
    EXPECT_EQ(known.get(parameters), known.most) << known.name;
  }
  EXPECT_FALSE(set_model_parameter(parameters, kModelParameterCount, 1));
}

}  // namespace
}  // namespace arbees
