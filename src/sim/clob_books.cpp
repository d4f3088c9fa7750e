#include "sim/clob_books.h"

#include "adapters/telemetry/format.h"
#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/sha1.h"

namespace arbees::sim {
namespace {

void append_levels(std::string& text, const std::vector<polymarket::SummaryLevel>& levels) {
  text += '[';
  for (const polymarket::SummaryLevel& level : levels) {
    if (text.back() != '[') text += ',';
    text += level.view();
  }
  text += ']';
}

BookSide opposite(BookSide side) noexcept { return side == BookSide::Bid ? BookSide::Ask : BookSide::Bid; }

void set_level(std::array<polymarket::SummaryLevels, 2>& tokens, const BookChange& change) {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const ShownChange shown = ClobBooks::shown(change, outcome);
    const Price price = outcome == Outcome::Yes ? change.price : complement(change.price);
    tokens[index_of(outcome)].set(shown.side, price, shown.price, shown.size, change.quantity.is_zero());
  }
}

}  // namespace

std::string unix_ms_text(Timestamp time) { return std::to_string(unix_ns(time) / 1'000'000); }

std::string last_trade_text(const Market& market) {
  return market.last_price.is_zero() ? std::string() : format_decimal(market.last_price.units() / 10, 3);
}

std::string tick_text(const Market& market) { return to_short_text(market.grid.finest_tick()); }

std::size_t index_of(Outcome outcome) noexcept { return outcome == Outcome::Yes ? 0 : 1; }

const std::string& token_of(const Market& market, Outcome outcome) noexcept {
  return market.token_ids[index_of(outcome)];
}

const std::string& outcome_name(const Market& market, Outcome outcome) noexcept {
  return outcome == Outcome::Yes ? market.yes_sub_title : market.no_sub_title;
}

ShownChange ClobBooks::shown(const BookChange& change, Outcome outcome) {
  const bool is_yes = outcome == Outcome::Yes;
  return {is_yes ? change.side : opposite(change.side), to_short_text(is_yes ? change.price : complement(change.price)),
          to_short_text(change.quantity)};
}

void ClobBooks::reset(const Market& market, Timestamp stated_at) {
  Book& book = books_[market.id];
  for (polymarket::SummaryLevels& token : book.tokens) token.clear();
  for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
    for (const BookLevel& level : world_.levels(market.id, side)) {
      BookChange change;
      change.side = side;
      change.price = level.price;
      change.quantity = level.quantity;
      set_level(book.tokens, change);
    }
  }
  book.timestamp = unix_ms_text(stated_at);
}

void ClobBooks::apply(const Market& market, const BookChange& change, Timestamp stated_at) {
  const auto found = books_.find(market.id);
  if (found == books_.end()) return;
  set_level(found->second.tokens, change);
  found->second.timestamp = unix_ms_text(stated_at);
}

ClobBooks::Book& ClobBooks::book_of(const Market& market) {
  const auto found = books_.find(market.id);
  if (found != books_.end()) return found->second;
  reset(market, world_.now());
  return books_[market.id];
}

const polymarket::SummaryLevels& ClobBooks::levels(const Market& market, Outcome outcome) {
  return book_of(market).tokens[index_of(outcome)];
}

std::string ClobBooks::write_summary(const Market& market, Outcome outcome, std::string_view hash) {
  const Book& book = book_of(market);
  const polymarket::SummaryLevels& levels = book.tokens[index_of(outcome)];
  std::string text = "{\"market\":\"" + market.condition_id + "\",\"asset_id\":\"" + token_of(market, outcome) +
                     "\",\"timestamp\":\"" + book.timestamp + "\",\"hash\":\"";
  text += hash;
  text += "\",\"bids\":";
  append_levels(text, levels.bids());
  text += ",\"asks\":";
  append_levels(text, levels.asks());
  text += ",\"min_order_size\":\"" + to_short_text(market.minimum_order) + "\",\"tick_size\":\"" + tick_text(market) +
          "\",\"neg_risk\":" + (market.neg_risk ? "true" : "false") + ",\"last_trade_price\":\"" +
          last_trade_text(market) + "\"}";
  return text;
}

std::string ClobBooks::hash(const Market& market, Outcome outcome) {
  const polymarket::Sha1Prefix text(write_summary(market, outcome, {}));
  return to_hex_text(text.with({})).substr(2);
}

std::string ClobBooks::summary(const Market& market, Outcome outcome) {
  return write_summary(market, outcome, hash(market, outcome));
}

std::string ClobBooks::event(const Market& market, Outcome outcome) {
  const Book& book = book_of(market);
  const polymarket::SummaryLevels& levels = book.tokens[index_of(outcome)];
  std::string text = "{\"market\":\"" + market.condition_id + "\",\"asset_id\":\"" + token_of(market, outcome) +
                     "\",\"timestamp\":\"" + book.timestamp + "\",\"hash\":\"" + hash(market, outcome) + "\",\"bids\":";
  append_levels(text, levels.bids());
  text += ",\"asks\":";
  append_levels(text, levels.asks());
  text += ",\"tick_size\":\"" + tick_text(market) + "\",\"event_type\":\"book\",\"last_trade_price\":\"" +
          last_trade_text(market) + "\"}";
  return text;
}

std::string ClobBooks::best_bid(const Market& market, Outcome outcome) {
  return to_short_text(levels(market, outcome).best_bid());
}

std::string ClobBooks::best_ask(const Market& market, Outcome outcome) {
  return to_short_text(levels(market, outcome).best_ask());
}

}  // namespace arbees::sim
