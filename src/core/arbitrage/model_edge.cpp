#include "core/arbitrage/model_edge.h"

#include <algorithm>

#include "core/base/wide_int.h"
#include "core/market/fees.h"

namespace arbees {
namespace {

constexpr std::size_t kMostLevels = 16;

// Whole lots that this money buys, fees included; the last cents may stay unused.
Quantity affordable(const ContractTerms& terms, Price price, Money money) noexcept {
  const auto per_contract = fee_per_contract(fee_terms(terms.fees, Role::Taker), price);
  if (!per_contract || !money.is_positive()) return {};
  // In 10^-12 dollars; quantities are hundredths of a contract.
  const Int128 each = static_cast<Int128>(price.units()) * 100'000'000 + *per_contract;
  const Int128 hundredths = static_cast<Int128>(money.units()) * 100'000'000 / each;
  constexpr Int128 kMost = Int128{1} << 50;
  return Quantity::from_units(static_cast<std::int64_t>(std::min(hundredths, kMost)));
}

Quantity whole_lots(Quantity quantity, Quantity lot) noexcept {
  if (!lot.is_positive()) return quantity;
  return Quantity::from_units(quantity.units() / lot.units() * lot.units());
}

struct Offer {
  Price price;  // of the outcome that is bought
  Quantity quantity;
};

// What walking one side of a book has gathered.
struct Walk {
  Leg leg;
  Money displayed;  // cost of all that clears, whatever of it is taken
  Verdict first = Verdict::EdgeTooSmall;
  std::size_t levels = 0;
};

bool take_level(const Contract& contract, const ModelJudge& judge, const ModelEdgeLimits& limits, Offer level,
                Walk& walk) noexcept {
  const Verdict verdict = judge.judge(level.price, contract.terms.fees);
  if (walk.levels++ == 0) walk.first = verdict;
  if (verdict != Verdict::Accepted || walk.levels > kMostLevels) return false;
  walk.displayed += level.price * level.quantity;
  const Money most = std::min(judge.stake(level.price, contract.terms.fees, limits.bankroll), limits.room);
  const Money left = most - walk.leg.cost - walk.leg.fee;
  const Quantity wanted = std::min(level.quantity, affordable(contract.terms, level.price, left));
  const Quantity quantity = whole_lots(wanted, contract.terms.lot);
  if (!quantity.is_positive()) return true;  // the deeper levels still count as displayed
  const auto level_fee = fee(contract.terms.fees, Role::Taker, level.price, quantity);
  if (!level_fee) return false;
  walk.leg.price = level.price;
  walk.leg.quantity += quantity;
  walk.leg.cost += level.price * quantity;
  walk.leg.fee += *level_fee;
  return true;
}

}  // namespace

Verdict find_model_edge(const Contract& contract, Outcome outcome, const ModelJudge& judge,
                        const ModelEdgeLimits& limits, Opportunity& found) noexcept {
  Walk walk;
  walk.leg.instrument = contract.id;
  walk.leg.outcome = outcome;
  walk.leg.venue = contract.terms.venue;
  walk.leg.asset = contract.terms.asset;
  if (outcome == Outcome::Yes) {
    contract.book.asks().walk_up([&](Price price, Quantity quantity) noexcept {
      return take_level(contract, judge, limits, {price, quantity}, walk);
    });
  } else {
    contract.book.bids().walk_down([&](Price price, Quantity quantity) noexcept {
      return take_level(contract, judge, limits, {complement(price), quantity}, walk);
    });
  }
  found.detector = Detector::ModelEdge;
  found.legs.clear();
  found.legs.push_back(walk.leg);
  found.size = walk.leg.quantity;
  found.fees = walk.leg.fee;
  found.outlay = walk.leg.cost + walk.leg.fee;
  found.guaranteed = Money{};
  found.expected = judge.expected(walk.leg.quantity);
  if (walk.first != Verdict::Accepted) return walk.first;
  if (walk.displayed < limits.min_liquidity) return Verdict::TooThin;
  return walk.leg.quantity.is_positive() ? Verdict::Accepted : Verdict::BelowMinimumOrder;
}

}  // namespace arbees
