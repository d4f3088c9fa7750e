#include "core/pricing/model_watch.h"

#include <algorithm>
#include <cmath>

#include "core/market/fees.h"

namespace arbees {
namespace {

constexpr Duration kPass = std::chrono::milliseconds(100);
constexpr Duration kRetry = std::chrono::seconds(1);            // of what has no price
constexpr Duration kSettling = std::chrono::milliseconds(500);  // spot moves this soon after a quote are in it
constexpr std::int64_t kPartOfRest = 1000;  // a contract is compiled anew after this part of what is left
constexpr double kPriceScale = static_cast<double>(Price::kScale);

double as_double(SpotPrice price) noexcept { return static_cast<double>(price.units()) / SpotPrice::kScale; }
double as_double(Price price) noexcept { return static_cast<double>(price.units()) / kPriceScale; }

// Sources that are priced with one spot have one name.
SettlementSource family_of(SettlementSource source) noexcept {
  switch (source) {
    case SettlementSource::ChainlinkTwap30:
    case SettlementSource::ChainlinkTwap60: return SettlementSource::ChainlinkSpot;
    case SettlementSource::BinanceCandle1h: return SettlementSource::BinanceCandle1m;
    default: return source;
  }
}

bool can_be_watched(const ContractTerms& terms) noexcept {
  const bool has_law = terms.payoff == Payoff::Threshold || terms.payoff == Payoff::Range ||
                       (terms.payoff == Payoff::UpDown && terms.has_lower != 0);
  return has_law && terms.not_tradable == NotTradable::None && judge_terms(terms) == NotTradable::None;
}

}  // namespace

ModelWatch::ModelWatch(std::size_t instruments, LiveModel& model) : model_(model), index_(instruments) {}

std::uint32_t ModelWatch::group_of(const ContractTerms& terms) {
  const SettlementSource source = family_of(terms.source);
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].asset == terms.asset && groups_[i].source == source) return static_cast<std::uint32_t>(i);
  }
  Group& group = groups_.emplace_back();
  group.asset = terms.asset;
  group.source = source;
  const double reference = as_double(std::max(terms.lower, terms.upper));
  group.laws[0] = std::make_unique<LawWatch>(FairValueSettings{}.law, reference);
  group.laws[1] = std::make_unique<LawWatch>(MoveLaw{ReturnModel::Lognormal}, reference);
  return static_cast<std::uint32_t>(groups_.size() - 1);
}

void ModelWatch::list(InstrumentId id, const ContractTerms& terms, Timestamp now) {
  remove(id);
  if (!can_be_watched(terms)) return;
  std::uint32_t* slot = index_.insert(id.value);
  if (slot == nullptr) return;
  if (free_rows_.empty()) {
    rows_.emplace_back();
    free_rows_.reserve(rows_.capacity());
    candidates_.reserve(rows_.capacity());
    free_rows_.push_back(static_cast<std::uint32_t>(rows_.size() - 1));
  }
  *slot = free_rows_.back();
  free_rows_.pop_back();
  Row& row = rows_[*slot];
  row = Row{};
  row.id = id;
  row.terms = terms;
  row.is_used = true;
  row.group = group_of(terms);
  Group& group = groups_[row.group];
  if (group.free_places.empty()) {
    group.rows.push_back(0);
    group.free_places.reserve(group.rows.capacity());
    for (auto& law : group.laws) {
      law->watch.reserve(group.rows.capacity());
      static_cast<void>(law->watch.add({}, {}));
    }
    group.free_places.push_back(static_cast<std::uint32_t>(group.rows.size() - 1));
  }
  row.place = group.free_places.back();
  group.free_places.pop_back();
  group.rows[row.place] = *slot;
  row.due = now;
}

void ModelWatch::remove(InstrumentId id) noexcept {
  const std::uint32_t* slot = index_.find(id.value);
  if (slot == nullptr) return;
  Row& row = rows_[*slot];
  silence(row);
  groups_[row.group].free_places.push_back(row.place);
  row.is_used = false;
  free_rows_.push_back(*slot);
  index_.erase(id.value);
}

void ModelWatch::silence(Row& row) noexcept {
  row.is_priced = false;
  for (auto& law : groups_[row.group].laws) {
    law->watch.set(row.place, {}, {});
    law->watch.refresh(law->batch.law(), row.place, 0.0);
  }
}

double ModelWatch::cost_of(const ContractTerms& terms, Price price) const noexcept {
  const auto fee = fee_per_contract(fee_terms(terms.fees, Role::Taker), price);
  if (!fee || !is_contract_price(price)) return 2.0;  // never
  const double cost = as_double(price) + static_cast<double>(*fee) * 1e-12 + as_double(model_.parameters().slippage);
  return cost * (1.0 + min_edge_);
}

double ModelWatch::probability_at(const Row& row, double spot) noexcept {
  const LawWatch& law = law_of(row);
  const double p = exact_probability(law.batch.law(), row.compiled, law.batch.coordinate(spot));
  return row.terms.pays_outside != 0 ? 1.0 - p : p;
}

EdgeLevels ModelWatch::levels_of(const Row& row) noexcept {
  EdgeLevels levels;
  if (!(row.quoted_spot > 0.0)) return levels;
  const double before = probability_at(row, row.quoted_spot);
  const double mid = 0.5 * (as_double(row.bid) + as_double(row.ask));
  const double yes = cost_of(row.terms, row.ask);
  levels.buy_yes_from = std::max(yes, before + (yes - mid));
  // The No of a token is the other token's Yes, and never bought here.
  if (!row.terms.complement) {
    const double no = cost_of(row.terms, complement(row.bid));
    levels.buy_no_to = std::min(1.0 - no, before - (no - (1.0 - mid)));
  }
  if (row.terms.pays_outside == 0) return levels;
  return {1.0 - levels.buy_no_to, 1.0 - levels.buy_yes_from};
}

void ModelWatch::mute(const Row& row) noexcept {
  if (!row.is_priced) return;
  LawWatch& law = law_of(row);
  law.watch.set(row.place, row.compiled, {});
  law.watch.refresh(law.batch.law(), row.place, 0.0);
}

void ModelWatch::compile(Row& row, Timestamp now) noexcept {
  const auto prepared = model_.prepare(row.terms, now);
  if (!prepared) {
    if (row.is_priced) silence(row);
    row.why = prepared.error();
    row.due = now + kRetry;
    return;
  }
  row.due = now + std::max<Duration>(kPass, (row.terms.closes_at - now) / kPartOfRest);
  const std::size_t law = prepared->inputs.law.model == ReturnModel::Lognormal ? 1 : 0;
  if (row.is_priced && law != row.law) silence(row);
  row.law = law;
  row.is_priced = true;
  const FairValueBatch& batch = law_of(row).batch;
  row.compiled = row.terms.payoff == Payoff::Range
                     ? batch.compile_range(prepared->inputs, as_double(row.terms.lower), as_double(row.terms.upper),
                                           row.terms.includes_upper != 0)
                     : batch.compile_threshold(prepared->inputs, row.terms.comparator, as_double(row.terms.lower));
  const bool is_two_sided = is_contract_price(row.bid) && is_contract_price(row.ask) && row.bid < row.ask;
  if (!(row.quoted_spot > 0.0) && is_two_sided && now - row.quoted_at >= kSettling) {
    row.quoted_spot = prepared->inputs.spot;
  }
  LawWatch& watched = law_of(row);
  watched.watch.set(row.place, row.compiled, levels_of(row));
  watched.watch.refresh(batch.law(), row.place, batch.coordinate(prepared->inputs.spot));
}

void ModelWatch::note(const Row& row, Edge edge) noexcept {
  if (edge == Edge::None || candidates_.size() == candidates_.capacity()) return;
  const bool is_yes = (edge == Edge::BuyYes) == (row.terms.pays_outside == 0);
  candidates_.push_back({row.id, is_yes ? Outcome::Yes : Outcome::No});
}

bool ModelWatch::on_book(InstrumentId id, Price bid, Price ask, Timestamp now) noexcept {
  const std::uint32_t* slot = index_.find(id.value);
  if (slot == nullptr || !model_.parameters().trades) return false;
  Row& row = rows_[*slot];
  const bool is_other = bid != row.bid || ask != row.ask;
  if (is_other) {
    row.bid = bid;
    row.ask = ask;
    row.quoted_at = now;
    row.quoted_spot = 0.0;
    row.due = std::min(row.due, now + kSettling);
    mute(row);
  }
  if (row.is_priced) note(row, law_of(row).watch.edges()[row.place]);
  return is_other;
}

ModelWatch::Counts ModelWatch::count() const noexcept {
  Counts counts;
  for (const Row& row : rows_) {
    if (!row.is_used) continue;
    ++(row.is_priced ? counts.priced : counts.unavailable[static_cast<std::size_t>(row.why)]);
  }
  return counts;
}

void ModelWatch::on_spot(Asset asset, Timestamp now) noexcept {
  if (!model_.parameters().trades) return;
  for (Group& group : groups_) {
    if (group.asset != asset || group.rows.size() == group.free_places.size()) continue;
    const auto estimate = model_.spot(asset, group.source, now);
    if (!estimate) continue;
    const double spot = as_double(estimate->value);
    for (auto& law : group.laws) {
      static_cast<void>(law->watch.tick(law->batch.law(), law->batch.coordinate(spot)));
      if (!law->watch.has_edges()) continue;
      for (std::size_t place = 0; place < group.rows.size(); ++place) {
        note(rows_[group.rows[place]], law->watch.edges()[place]);
      }
    }
  }
}

void ModelWatch::on_time(Timestamp now) noexcept {
  if (now < next_pass_ || !model_.parameters().trades) return;
  next_pass_ = now + kPass;
  for (Row& row : rows_) {
    if (!row.is_used || row.due > now) continue;
    compile(row, now);
    if (row.is_priced) note(row, law_of(row).watch.edges()[row.place]);
  }
}

ModelOpinion ModelWatch::opinion(const ModelCandidate& candidate, Timestamp now) noexcept {
  ModelOpinion opinion;
  const std::uint32_t* slot = index_.find(candidate.id.value);
  if (slot == nullptr) return opinion;
  Row& row = rows_[*slot];
  opinion.quoted_at = row.quoted_at;
  opinion.value = model_.value(row.terms, now);
  const auto estimate = model_.spot(row.terms.asset, row.terms.source, now);
  if (!opinion.value || !estimate || !(row.quoted_spot > 0.0) || !row.is_priced) return opinion;
  const double moved = probability_at(row, as_double(estimate->value)) - probability_at(row, row.quoted_spot);
  const double mid = 0.5 * (as_double(row.bid) + as_double(row.ask));
  const double yes_by_quote = mid + moved;
  const double yes_by_model = opinion.value->probability;
  opinion.probability = candidate.outcome == Outcome::Yes ? std::min(yes_by_quote, yes_by_model)
                                                          : std::min(1.0 - yes_by_quote, 1.0 - yes_by_model);
  return opinion;
}

}  // namespace arbees
