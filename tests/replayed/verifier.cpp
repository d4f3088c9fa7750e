#include "tests/replayed/verifier.h"

#include <algorithm>
#include <set>

#include "core/base/wide_int.h"
#include "tests/recorded/recorded_data.h"

namespace arbees {
namespace {

using Wide = Int128;

constexpr std::int64_t kOne = 100'000'000;  // of naive books

// The text of a JSON number or string behind the key; empty if there is none.
std::string_view value_of(std::string_view line, std::string_view key) {
  const std::string pattern = "\"" + std::string(key) + "\":";
  const std::size_t start = line.find(pattern);
  if (start == std::string_view::npos) return {};
  line.remove_prefix(start + pattern.size());
  return line.substr(0, line.find_first_of(",}"));
}

struct Fill {
  std::int64_t price_e4;
  std::int64_t contracts;
};

// Fees in long hand. Price p in 10^-4, so p(1 − p) is in 10^-8; rates in 10^-6.
Wide fee_micro(const FeeSchedule& fees, const Fill& fill) {
  const Wide spread = static_cast<Wide>(fill.price_e4) * (10'000 - fill.price_e4);
  Wide exact = static_cast<Wide>(fees.taker_rate) * fill.contracts;
  if (fees.model == FeeModel::None) return 0;
  if (fees.model == FeeModel::KalshiQuadratic) {
    // Multiplier in 10^-4: 10^-18 dollars; up to the next 10^-4 dollars.
    exact *= spread * fees.multiplier;
    const Wide step = 100'000'000'000'000;
    return (exact + step - 1) / step * 100;
  }
  // 10^-(6 + 8·exponent) dollars; half to even at 10^-5 dollars.
  Wide step = 10;
  for (int i = 0; i < fees.exponent; ++i) {
    exact *= spread;
    step *= 100'000'000;
  }
  Wide whole = exact / step;
  const Wide rest = exact % step;
  if (2 * rest > step || (2 * rest == step && whole % 2 != 0)) ++whole;
  return whole * 10;
}

bool pays_yes(const ContractTerms& terms, std::int64_t value) {
  const std::int64_t strike = terms.lower.units();
  switch (terms.comparator) {
    case Comparator::GreaterOrEqual: return value >= strike;
    case Comparator::Greater: return value > strike;
    case Comparator::LessOrEqual: return value <= strike;
    case Comparator::Less: return value < strike;
    case Comparator::Unknown: break;
  }
  return false;
}

}  // namespace

Timestamp time_of_line(std::string_view line) {
  for (const std::string_view key : {"recv_ns", "recv_ts", "recv_ms"}) {
    const auto time = parse_unix_time(value_of(line, key));
    if (time) return *time;
  }
  return kNoTime;
}

void Verifier::note(const Event& event) {
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) terms_[listed->id.value] = listed->terms;
  if (const auto* updated = std::get_if<StrikeUpdated>(&event.body)) terms_[updated->id.value].lower = updated->lower;
  if (const auto* position = std::get_if<PositionSnapshot>(&event.body)) {
    held_[{position->id.value, position->outcome}] = position->quantity;
  }
}

Timestamp Verifier::next_time() const {
  return next_line_ < lines_.size() ? time_of_line(lines_[next_line_]) : Timestamp::max();
}

void Verifier::take_line() {
  const std::string& line = lines_[next_line_++];
  if (format_ != LineFormat::PolymarketBooks) kalshi_.add(line);
  if (format_ == LineFormat::KalshiSession) return;
  const std::string_view source = quoted_value(line, "src");
  if (source.empty() || source.starts_with("polymarket")) polymarket_.add(line);
}

std::string Verifier::fault_in(const Opportunity& opportunity, Timestamp at) {
  while (next_time() < at) take_line();
  std::string fault = check(opportunity);
  while (!fault.empty() && next_time() == at) {
    take_line();
    fault = check(opportunity);
  }
  return fault;
}

const naive::Levels* Verifier::book_of(InstrumentId id, Venue venue) const {
  const naive::Books& books = venue == Venue::Kalshi ? kalshi_.books : polymarket_.books;
  const auto known = names_.find(id.value);
  if (known != names_.end()) return &books.at(known->second);
  for (const auto& [name, levels] : books) {
    if (instrument_id(venue, name) != id) continue;
    names_[id.value] = name;
    return &levels;
  }
  return nullptr;
}

std::string Verifier::check_leg(const Leg& leg) const {
  const naive::Levels* book = book_of(leg.instrument, leg.venue);
  if (book == nullptr) return "a leg without a book";
  std::vector<Fill> displayed;  // whole contracts, best first
  const auto add = [&](std::int64_t price, std::int64_t size) {
    displayed.push_back({price / (kOne / 10'000), size / kOne});
  };
  if (leg.outcome == Outcome::Yes) {
    for (const auto& [price, size] : book->asks) add(price, size);
  } else {
    for (auto level = book->bids.rbegin(); level != book->bids.rend(); ++level) add(kOne - level->first, level->second);
  }
  std::int64_t rest = leg.quantity.units() / 100;
  Wide cost = 0;
  Wide fee = 0;
  const FeeSchedule& fees = terms_.at(leg.instrument.value).fees;
  for (const Fill& level : displayed) {
    const Fill fill{level.price_e4, std::min(rest, level.contracts)};
    if (fill.contracts == 0) continue;
    if (fill.price_e4 > leg.price.units()) break;
    rest -= fill.contracts;
    cost += static_cast<Wide>(fill.price_e4) * 100 * fill.contracts;
    fee += fee_micro(fees, fill);
  }
  if (rest > 0) return "less is displayed at the leg's price than it takes";
  // What a limit has cut takes the same share of every level: dearer than the best of the book, and never cheaper.
  if (cost > leg.cost.units()) return "a higher cost";
  if (cost == leg.cost.units() && fee != leg.fee.units()) return "another fee";
  if (cost + fee > leg.cost.units() + leg.fee.units()) return "a higher cost with fees";
  return {};
}

// The least that what is held in the group pays over all settled values, with the opportunity's legs or without.
Money Verifier::least_payout(const Opportunity* opportunity, std::uint64_t group_of) const {
  const ContractTerms& group = terms_.at(group_of);
  std::map<std::pair<std::uint64_t, Outcome>, std::int64_t> units;
  for (const auto& [key, quantity] : held_) {
    const ContractTerms& terms = terms_.at(key.first);
    if (terms.asset == group.asset && terms.closes_at == group.closes_at) units[key] += quantity.units();
  }
  if (opportunity != nullptr) {
    for (const Leg& leg : opportunity->legs) units[{leg.instrument.value, leg.outcome}] += leg.quantity.units();
  }
  // Each source's value is its own; just below and at every strike is where payouts change.
  std::map<SettlementSource, std::set<std::int64_t>> values;
  for (const auto& [key, quantity] : units) {
    const ContractTerms& terms = terms_.at(key.first);
    for (const int step : {-1, 0, 1}) values[terms.source].insert(terms.lower.units() + step);
  }
  std::int64_t total = 0;
  for (const auto& [source, candidates] : values) {
    std::int64_t least = INT64_MAX;
    for (const std::int64_t value : candidates) {
      std::int64_t paid = 0;
      for (const auto& [key, quantity] : units) {
        const ContractTerms& terms = terms_.at(key.first);
        if (terms.source != source) continue;
        if (pays_yes(terms, value) == (key.second == Outcome::Yes)) paid += quantity;
      }
      least = std::min(least, paid);
    }
    total += least;
  }
  return Money::from_units(total * 10'000);
}

std::string Verifier::check(const Opportunity& opportunity) const {
  if (opportunity.legs.empty()) return "no legs";
  Money outlay;
  for (const Leg& leg : opportunity.legs) {
    if (std::string fault = check_leg(leg); !fault.empty()) return fault;
    outlay += leg.cost + leg.fee;
  }
  if (outlay != opportunity.outlay) return "another outlay";
  const std::uint64_t group = opportunity.legs[0].instrument.value;
  if (opportunity.guaranteed != least_payout(&opportunity, group) - least_payout(nullptr, group)) {
    return "another guaranteed payout";
  }
  if (opportunity.guaranteed <= outlay) return "no profit";
  return {};
}

}  // namespace arbees
