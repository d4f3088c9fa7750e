#include "app/calibration/journal_walk.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "app/calibration/formats.h"
#include "core/market/market_state.h"
#include "core/market/settlement_value.h"
#include "core/pricing/live_model.h"

namespace arbees::app {
namespace {

double as_double(Price price) { return static_cast<double>(price.units()) / Price::kScale; }
double as_double(SpotPrice value) { return static_cast<double>(value.units()) / SpotPrice::kScale; }

// Once per question: of two tokens the one that pays on "up".
bool is_scored(const ContractTerms& terms) {
  if (terms.payoff != Payoff::Threshold && terms.payoff != Payoff::UpDown && terms.payoff != Payoff::Range)
    return false;
  if (terms.pays_outside != 0) return false;
  return !terms.complement || terms.payoff == Payoff::Range || terms.comparator == Comparator::GreaterOrEqual ||
         terms.comparator == Comparator::Greater;
}

class Walk {
 public:
  explicit Walk(const JournalSettings& settings)
      : settings_(settings), market_(Capacity{}), model_(settings.parameters) {}

  [[nodiscard]] bool load_candles(std::string& mistake) {
    return app::load_candles(settings_.spot_files, candles_, mistake);
  }

  void take(const Event& event) {
    price_until(event.received_at);
    give_candles(event.received_at);
    name_pair(event);
    market_.apply(event);
    model_.on_event(event);
    now_ = event.received_at;
    if (const auto* listed = std::get_if<ContractListed>(&event.body)) schedule(listed->id);
    if (const auto* settled = std::get_if<ContractSettled>(&event.body)) settle(*settled);
  }

  [[nodiscard]] JournalSample finish() {
    for (const auto& [id, rows] : waiting_) sample_.evaluation.without_model += static_cast<std::int64_t>(rows.size());
    std::vector<Row>& rows = sample_.evaluation.rows;
    const bool any_market =
        std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !std::isnan(row.market); });
    if (any_market) {
      sample_.evaluation.without_market =
          static_cast<std::int64_t>(std::erase_if(rows, [](const Row& row) { return std::isnan(row.market); }));
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return std::tie(a.at, a.close, a.asset, a.lower, a.upper) < std::tie(b.at, b.close, b.asset, b.lower, b.upper);
    });
    reprice(rows, {});
    return std::move(sample_);
  }

 private:
  void schedule(InstrumentId id) {
    const Contract* contract = market_.find(id);
    if (contract == nullptr || !scheduled_.insert(id).second) return;
    for (const int seconds : settings_.horizons_s) {
      const Timestamp at = contract->terms.closes_at - std::chrono::seconds(seconds);
      if (at > now_ && at > contract->terms.opens_at) due_.emplace(at, id);
    }
  }

  // Prices what falls due before `limit`, with what is known at each instant.
  void price_until(Timestamp limit) {
    while (!due_.empty() && due_.begin()->first < limit) {
      const auto [at, id] = *due_.begin();
      due_.erase(due_.begin());
      const Contract* contract = market_.find(id);
      if (contract == nullptr || !is_scored(contract->terms)) continue;
      const auto prepared = model_.prepare(contract->terms, at);
      if (!prepared) {
        ++sample_.evaluation.without_model;
        continue;
      }
      waiting_[id].push_back(row_of(*contract, at, prepared->inputs));
    }
  }

  [[nodiscard]] Row row_of(const Contract& contract, Timestamp at, const PricingInputs& inputs) const {
    const ContractTerms& terms = contract.terms;
    Row row;
    row.asset = std::string(asset_name(terms.asset));
    row.at = at;
    row.newest_input = now_;
    row.close = terms.closes_at;
    row.inputs = inputs;
    row.is_range = terms.payoff == Payoff::Range;
    row.comparator = terms.comparator;
    row.lower = as_double(terms.lower);
    row.upper = as_double(terms.upper);
    const SettledValueLaw law(inputs);
    row.score = law.standard_score(row.lower > 0.0 ? row.lower : row.upper);
    const OrderBook& book = contract.book;
    const bool is_quoted = book.status() == BookStatus::Proven && book.has_bid() && book.has_ask();
    if (is_quoted) row.market = two_sided_mid(as_double(book.best_bid()), as_double(book.best_ask()));
    return row;
  }

  void settle(const ContractSettled& settled) {
    const Contract* contract = market_.find(settled.id);
    const bool is_clear = settled.payout == kPriceOne || settled.payout == kPriceZero;
    auto rows = waiting_.extract(settled.id);
    if (contract == nullptr || !is_clear || !is_scored(contract->terms)) return;
    const bool yes = settled.payout == kPriceOne;
    ++sample_.contracts;
    if (settled.has_value != 0 && contract->terms.has_lower != 0) {
      ++sample_.settlement_checked;
      sample_.settlement_reproduced += pays_yes(contract->terms, settled.settled_value) == yes ? 1 : 0;
    }
    if (rows.empty()) return;
    for (Row& row : rows.mapped()) {
      row.outcome = yes ? 1 : 0;
      sample_.evaluation.rows.push_back(std::move(row));
    }
  }

  // Candles stand in while no live price is heard: minutes are not measured twice.
  void give_candles(Timestamp now) {
    for (; next_candle_ < candles_.size() && candles_[next_candle_].end <= now; ++next_candle_) {
      const TimedCandle& known = candles_[next_candle_];
      if (known.end - last_live_ < std::chrono::minutes(2)) continue;
      Event event;
      event.received_at = known.end;
      SpotCandle candle;
      const auto units = [](double value) { return SpotPrice::from_units(std::llround(value * 1e8)); };
      candle.length = std::chrono::minutes(1);
      candle.opened_at = known.end - candle.length;
      candle.open = units(known.candle.open);
      candle.high = units(known.candle.high);
      candle.low = units(known.candle.low);
      candle.close = units(known.candle.close);
      candle.venue = Venue::Binance;
      candle.asset = Asset::BTC;
      event.body = candle;
      model_.on_event(event);
    }
  }

  // Imported recordings hold trades of pairs that nothing has named: dollars of the asset, if the id says so.
  void name_pair(const Event& event) {
    const auto* trade = std::get_if<SpotTrade>(&event.body);
    const auto* quote = std::get_if<SpotQuote>(&event.body);
    if (trade == nullptr && quote == nullptr) return;
    const InstrumentId id = trade != nullptr ? trade->id : quote->id;
    const Venue venue = trade != nullptr ? trade->venue : quote->venue;
    const Asset asset = trade != nullptr ? trade->asset : quote->asset;
    last_live_ = event.received_at;
    if (!named_.insert(id).second || model_.spots().market().find(id) != nullptr) return;
    const std::string symbol = std::string(asset_name(asset)) + "-USD";
    if (instrument_id(venue, symbol) != id) return;
    Event naming;
    naming.received_at = event.received_at;
    InstrumentNamed name;
    name.id = id;
    name.venue = venue;
    if (!set_symbol(name, symbol)) return;
    naming.body = name;
    model_.on_event(naming);
  }

  const JournalSettings& settings_;
  MarketState market_;
  LiveModel model_;
  std::vector<TimedCandle> candles_;
  std::size_t next_candle_ = 0;
  Timestamp last_live_ = kNoTime;
  Timestamp now_ = kNoTime;
  std::set<std::pair<Timestamp, InstrumentId>> due_;
  std::set<InstrumentId> scheduled_;
  std::set<InstrumentId> named_;
  std::map<InstrumentId, std::vector<Row>> waiting_;  // priced, not settled yet
  JournalSample sample_;
};

}  // namespace

Result<JournalSample, std::string> walk_journal(EventSource& journal, const JournalSettings& settings) {
  Walk walk(settings);
  std::string mistake;
  if (!walk.load_candles(mistake)) return failure(std::move(mistake));
  Event event;
  while (journal.poll(event)) walk.take(event);
  return walk.finish();
}

}  // namespace arbees::app
