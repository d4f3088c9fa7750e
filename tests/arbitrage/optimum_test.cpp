// The circulation against the linear programme it replaces: the same optimum, in whole lots, and every
// certificate checked state by state.

#include <glpk.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "random_market.h"

namespace arbees {
namespace {

// Sanitizers make GLPK's driver twenty times slower: they see a part of the markets.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::size_t kShare = 20;
#else
constexpr std::size_t kShare = 1;
#endif
#else
constexpr std::size_t kShare = 1;
#endif
constexpr std::size_t kMarkets = 20'000 / kShare;
constexpr std::size_t kHistories = 1'000 / kShare;
constexpr std::uint64_t kSeed = 20261122;

double cost_per_contract(const RandomContract& contract, Price price) {
  return static_cast<double>(price.units()) / 1e4 +
         static_cast<double>(fee_per_contract(contract.fees, price).value()) / 1e12;
}

// What one contract pays in each state, weighted by quantities of its outcomes.
std::int64_t held_payout(const RandomMarket& market, const std::vector<std::int64_t>& state) {
  std::int64_t sum = 0;
  for (const RandomContract& contract : market.contracts) {
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      sum += contract.held[static_cast<std::size_t>(outcome)].units() * contract.payout(outcome, state[contract.axis]);
    }
  }
  return sum;
}

std::int64_t least_held_payout(const RandomMarket& market) {
  std::int64_t least = INT64_MAX;
  for (const auto& state : market.states()) least = std::min(least, held_payout(market, state));
  return least;
}

// Maximises t − Σ cost·x with payout + held ≥ t in every state, 0 ≤ x ≤ depth: the optimum in dollars.
class LinearProgramme {
 public:
  explicit LinearProgramme(const RandomMarket& market) : problem_(glp_create_prob()) {
    glp_set_obj_dir(problem_, GLP_MAX);
    glp_add_cols(problem_, 1);
    glp_set_col_bnds(problem_, 1, GLP_FR, 0, 0);
    glp_set_obj_coef(problem_, 1, 1);
    for (const RandomContract& contract : market.contracts) {
      for (const auto& asks : contract.asks) {
        for (const QuoteLevel& ask : asks) {
          const int column = glp_add_cols(problem_, 1);
          glp_set_col_bnds(problem_, column, GLP_DB, 0, static_cast<double>(ask.quantity.units()) / 100);
          glp_set_obj_coef(problem_, column, -cost_per_contract(contract, ask.price));
        }
      }
    }
    std::set<std::vector<std::int64_t>> seen;
    for (const auto& state : market.states()) add_state(market, state, seen);
  }
  ~LinearProgramme() { glp_delete_prob(problem_); }
  LinearProgramme(const LinearProgramme&) = delete;
  LinearProgramme& operator=(const LinearProgramme&) = delete;

  double optimum() {
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    EXPECT_EQ(glp_simplex(problem_, &parameters), 0);
    EXPECT_EQ(glp_get_status(problem_), GLP_OPT);
    return glp_get_obj_val(problem_);
  }

 private:
  void add_state(const RandomMarket& market, const std::vector<std::int64_t>& state,
                 std::set<std::vector<std::int64_t>>& seen) {
    std::vector<int> columns{0, 1};
    std::vector<double> values{0, -1};
    std::vector<std::int64_t> signature;
    int column = 1;
    for (const RandomContract& contract : market.contracts) {
      for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
        const std::int64_t payout = contract.payout(outcome, state[contract.axis]);
        signature.push_back(payout);
        for (std::size_t i = 0; i < contract.asks[static_cast<std::size_t>(outcome)].size(); ++i) {
          ++column;
          if (payout == 0) continue;
          columns.push_back(column);
          values.push_back(1);
        }
      }
    }
    if (!seen.insert(signature).second) return;
    const int row = glp_add_rows(problem_, 1);
    glp_set_row_bnds(problem_, row, GLP_LO, -static_cast<double>(held_payout(market, state)) / 100, 0);
    glp_set_mat_row(problem_, row, static_cast<int>(columns.size()) - 1, columns.data(), values.data());
  }

  glp_prob* problem_;
};

// Everything a certificate claims, recomputed from the market alone.
void check_certificate(const RandomMarket& market, const Certificate& certificate) {
  Money outlay;
  Money fees;
  std::map<std::pair<ContractIndex, Outcome>, std::size_t> next_level;
  for (const CertificateLeg& leg : certificate.legs) {
    const RandomContract& contract = market.contracts[leg.contract];
    const auto& asks = contract.asks[static_cast<std::size_t>(leg.outcome)];
    const std::size_t level = next_level[{leg.contract, leg.outcome}]++;
    ASSERT_LT(level, asks.size());
    EXPECT_EQ(leg.price, asks[level].price);
    EXPECT_LE(leg.quantity, asks[level].quantity);
    EXPECT_GT(leg.quantity, Quantity{});
    EXPECT_EQ(leg.quantity.units() % market.lot.units(), 0);
    EXPECT_EQ(leg.cost, leg.price * leg.quantity);
    const Decimal price{static_cast<std::uint64_t>(leg.price.units()), 4};
    const Decimal quantity{static_cast<std::uint64_t>(leg.quantity.units()), 2};
    EXPECT_EQ(leg.fee, fee(contract.fees, price, quantity));
    outlay += leg.cost + leg.fee;
    fees += leg.fee;
  }
  EXPECT_EQ(certificate.outlay, outlay);
  EXPECT_EQ(certificate.fees, fees);
  std::int64_t least = INT64_MAX;
  for (const auto& state : market.states()) {
    std::int64_t payout = held_payout(market, state);
    for (const CertificateLeg& leg : certificate.legs) {
      const RandomContract& contract = market.contracts[leg.contract];
      payout += leg.quantity.units() * contract.payout(leg.outcome, state[contract.axis]);
    }
    least = std::min(least, payout);
  }
  EXPECT_EQ(certificate.guaranteed.units(), (least - least_held_payout(market)) * 10'000);
  EXPECT_GT(certificate.profit(), Money{});
}

TEST(PayoffGraphOptimum, AgreesWithModelOnRandomLadders) {
  std::size_t profitable = 0;
  std::size_t certified = 0;
  for (std::size_t i = 0; i < kMarkets; ++i) {
    SCOPED_TRACE("seed " + std::to_string(kSeed + i));
    Random random(kSeed + i);
    const RandomMarket market = random_market(random);
    PayoffGraph graph({.contracts = 10, .axes = 3, .levels = 3, .lot = market.lot});
    list_market(market, graph);

    const double held = static_cast<double>(least_held_payout(market)) / 100;
    const double optimum = LinearProgramme(market).optimum() - held;
    const bool detected = graph.has_arbitrage();
    const Certificate* found = graph.find(SIZE_MAX);
    const double ours = static_cast<double>(graph.unrounded_profit()) / 1e12;
    ASSERT_NEAR(ours, optimum, 1e-6);
    ASSERT_EQ(detected, ours > 0);  // ours is exact; the other is rounded to about 1e-9
    if (detected) ++profitable;
    if (found == nullptr) {
      // Nothing but rounding may stand between an optimum and a certificate: 10^-4 for each price level.
      ASSERT_LT(optimum, 1e-4 * 2 * 3 * static_cast<double>(market.contracts.size()));
      continue;
    }
    ++certified;
    check_certificate(market, *found);
    ASSERT_FALSE(HasFailure());
    const double exact = static_cast<double>(found->profit().units()) / 1e6;
    ASSERT_LE(exact, optimum + 1e-5 * static_cast<double>(found->legs.size()) + 1e-9);
    ASSERT_GE(exact, optimum - 1e-4 * static_cast<double>(2 * found->legs.size() + 2));
  }
  RecordProperty("profitable", static_cast<int>(profitable));
  RecordProperty("certified", static_cast<int>(certified));
  // The generator must exercise both answers.
  EXPECT_GT(profitable, kMarkets / 5);
  EXPECT_GT(kMarkets - profitable, kMarkets / 20);
  EXPECT_GT(certified, kMarkets / 5);
}

TEST(PayoffGraphOptimum, IsTheSameAfterAnyHistoryOfQuotes) {
  for (std::size_t i = 0; i < kHistories; ++i) {
    SCOPED_TRACE("seed " + std::to_string(kSeed + i));
    Random random(kSeed + i);
    RandomMarket market = random_market(random);
    PayoffGraph graph({.contracts = 10, .axes = 3, .levels = 3, .lot = market.lot});
    list_market(market, graph);
    for (int change = 0; change < 10; ++change) {
      const auto index = static_cast<ContractIndex>(random.below(market.contracts.size()));
      RandomContract& contract = market.contracts[index];
      const std::size_t outcome = random.below(2);
      const double fair = fair_probability(contract);
      contract.asks[outcome] = random_asks(random, outcome == 0 ? fair : 1 - fair, market.lot);
      graph.set_quotes(index, static_cast<Outcome>(outcome), contract.asks[outcome]);
      const double held = static_cast<double>(least_held_payout(market)) / 100;
      const double optimum = LinearProgramme(market).optimum() - held;
      const bool detected = graph.has_arbitrage();
      (void)graph.find(SIZE_MAX);
      const double ours = static_cast<double>(graph.unrounded_profit()) / 1e12;
      ASSERT_EQ(detected, ours > 0);
      ASSERT_NEAR(ours, optimum, 1e-6);
    }
  }
}

}  // namespace
}  // namespace arbees
