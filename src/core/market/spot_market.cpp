#include "core/market/spot_market.h"

namespace arbees {

SpotMarket::SpotMarket() : index_(kMaxPairs) {
  pairs_.reserve(kMaxPairs);
  feeds_.fill(FeedState::Live);
}

const SpotMarketPair* SpotMarket::apply(const Event& event) noexcept {
  if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) return on(*update, event.received_at);
  if (const auto* quote = std::get_if<SpotQuote>(&event.body)) return on(*quote, event.received_at);
  if (const auto* trade = std::get_if<SpotTrade>(&event.body)) return on(*trade, event.received_at);
  if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) return on(*faulted);
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) on(*named);
  if (const auto* status = std::get_if<FeedStatus>(&event.body)) {
    feeds_[static_cast<std::size_t>(status->venue)] = status->state;
  }
  return nullptr;
}

const SpotMarketPair* SpotMarket::find(InstrumentId id) const noexcept {
  const std::uint32_t* place = id ? index_.find(id.value) : nullptr;
  return place == nullptr ? nullptr : &pairs_[*place];
}

SpotMarketPair* SpotMarket::known(InstrumentId id) noexcept {
  const std::uint32_t* place = id ? index_.find(id.value) : nullptr;
  return place == nullptr ? nullptr : &pairs_[*place];
}

void SpotMarket::on(const InstrumentNamed& named) noexcept {
  if (is_prediction_venue(named.venue) || find(named.id) != nullptr || pairs_.size() == kMaxPairs) return;
  const PairName name = read_pair_name(named.symbol_view());
  if (name.quote == QuoteCurrency::Other) return;
  const Asset asset = parse_asset(name.base()).value_or(Asset::Unknown);
  const bool is_leg = name.base() == "USDT" && name.quote == QuoteCurrency::Dollar;
  if (asset == Asset::Unknown && !is_leg) return;
  *index_.insert(named.id.value) = static_cast<std::uint32_t>(pairs_.size());
  SpotMarketPair& pair = pairs_.emplace_back();
  pair.id = named.id;
  pair.venue = named.venue;
  pair.asset = asset;
  pair.quote = name.quote;
  pair.is_tether_in_dollars = is_leg;
}

const SpotMarketPair* SpotMarket::on(const SpotBookUpdate& update, Timestamp now) noexcept {
  SpotMarketPair* pair = known(update.id);
  if (pair == nullptr) return nullptr;
  if (update.is_snapshot_start()) pair->book.begin_snapshot();
  pair->book.apply(update.action, update.side, update.price, update.quantity);
  if (!update.is_last()) return nullptr;
  if ((update.flags & BookUpdate::kSnapshot) != 0) pair->book.end_snapshot();
  pair->book.set_updated_at(now);
  const bool is_usable = pair->book.status() == BookStatus::Proven && pair->book.has_bid() && pair->book.has_ask();
  if (is_usable) {
    pair->top = SpotTop{pair->book.best_bid().price, pair->book.best_ask().price, now, TopSource::Book};
  } else if (pair->top.source == TopSource::Book) {
    pair->top = {};
  }
  return pair;
}

const SpotMarketPair* SpotMarket::on(const SpotQuote& quote, Timestamp now) noexcept {
  SpotMarketPair* pair = known(quote.id);
  if (pair == nullptr) return nullptr;
  pair->top = SpotTop{quote.bid, quote.ask, now, TopSource::Quote};
  return pair;
}

const SpotMarketPair* SpotMarket::on(const SpotTrade& trade, Timestamp now) noexcept {
  SpotMarketPair* pair = known(trade.id);
  if (pair == nullptr || pair->top.source > TopSource::Trade) return nullptr;
  pair->top = SpotTop{trade.price, trade.price, now, TopSource::Trade};
  return pair;
}

const SpotMarketPair* SpotMarket::on(const BookFaulted& faulted) noexcept {
  SpotMarketPair* pair = known(faulted.id);
  if (pair == nullptr) return nullptr;
  pair->book.mark(faulted.fault);
  if (pair->top.source == TopSource::Book) pair->top = {};
  return pair;
}

}  // namespace arbees
