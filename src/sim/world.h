#pragma once
// The simulated world behind the loopback venues: spot markets, indices, two prediction markets with matched books,
// one funded account on each, and the dislocations that make riskless trades.
//
//   World world({.seed = 1, .starts_at = now});
//   world.add_listener(server);
//   world.advance(now);                       // every few ms from a timer, or in virtual time
//   auto placed = world.place(Venue::Kalshi, {.market = id, .price = ..., .quantity = ...});
//
// No socket, no clock, no thread. The same seed, start and calls give the same world on every machine (integers
// only). Time goes on in steps of 50 ms on an absolute grid, whatever the spacing of advance().
//
// Always listed: on Kalshi for BTC, ETH, SOL the running 15-minute up/down window and the next, and threshold ladders
// and ranges of the next two hours; on Polymarket up/down windows of 5 and 15 minutes with those after them, and the
// thresholds ("above") and neg-risk ranges of the next two days' noon in New York. Kalshi settles on the mean of the
// index prints T−60 … T−1, Polymarket's windows on the 60 s TWAP at the end against that at the start, its
// ladders on the Binance price at the end. Kalshi credits payouts when a market is settled. On Polymarket nothing moves
// then: winning tokens are redeemed for cash later, losing ones stay in the account.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "sim/market.h"
#include "sim/spot.h"
#include "sim/world_listener.h"

namespace arbees::sim {

inline constexpr Duration kNeverRedeemed = Duration::max();

struct WorldSettings {
  std::uint64_t seed = 1;
  Timestamp starts_at = kNoTime;              // of the world; advance() before it does nothing
  Money opening_cash = Money::whole(10'000);  // of the user, on each venue
  // When windows end: on the venues' own grid plus these. Whole minutes on Kalshi, whose tickers have no seconds.
  Duration kalshi_window_offset{0};
  Duration polymarket_window_offset{0};
  Duration kalshi_ladder = std::chrono::hours(1);          // from one ladder to the next; whole minutes
  Duration determination_delay = std::chrono::seconds(1);  // after the close
  Duration settlement_delay = std::chrono::seconds(2);     // after the determination
  // From the settlement until winning Polymarket tokens turn into cash. Zero: at once; kNeverRedeemed: they stay
  // tokens.
  Duration redeem_after = std::chrono::seconds(30);
  // Mean time between riskless trades of one asset; zero: none are made.
  Duration opportunity_every = std::chrono::seconds(2);
  Duration opportunity_shortest = std::chrono::milliseconds(1500);
  Duration opportunity_longest = std::chrono::milliseconds(4000);
  Duration opportunity_until = std::chrono::seconds(60);  // before the close; later ones are not made
  std::int64_t fleeting_per_thousand = 150;               // of dislocations: gone after 100 … 400 ms
};

struct PlacedOrder {
  Order order;  // as it is after matching
  std::vector<Fill> fills;
};
struct Amendment {
  Price price;        // of the outcome
  Quantity quantity;  // in total: already filled + wanted
  bool changes_expiry = false;
  Timestamp expires_at = kNoTime;  // kNoTime clears
  std::string new_client_id;       // empty: keep
};

class World {
 public:
  explicit World(const WorldSettings& settings);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Listeners outlive the world or are removed; both may be called at any time but from within a callback.
  void add_listener(WorldListener& listener);
  void remove_listener(WorldListener& listener);

  void advance(Timestamp now);
  [[nodiscard]] Timestamp now() const noexcept;  // the last step's instant
  [[nodiscard]] const WorldSettings& settings() const noexcept;

  // Listings. References stay valid for the world's life; settled markets stay listed.
  [[nodiscard]] std::size_t event_count() const noexcept;
  [[nodiscard]] const Event& event(EventId id) const noexcept;
  [[nodiscard]] std::size_t market_count() const noexcept;
  [[nodiscard]] const Market& market(MarketId id) const noexcept;
  // nullptr if there is none. By Kalshi ticker or Polymarket slug; by condition id; by token id.
  [[nodiscard]] const Event* find_event(Venue venue, std::string_view ticker) const;
  [[nodiscard]] const Market* find_market(Venue venue, std::string_view ticker) const;
  [[nodiscard]] const Market* find_condition(std::string_view condition_id) const;
  struct Token {
    const Market* market = nullptr;
    Outcome outcome = Outcome::Yes;
  };
  [[nodiscard]] Token find_token(std::string_view token_id) const;

  // Best first, Yes frame; empty for a market that is not active.
  [[nodiscard]] std::vector<BookLevel> levels(MarketId market, BookSide side) const;
  // 0 and 1 dollar: no bid, no ask.
  [[nodiscard]] Price best_bid(MarketId market) const noexcept;
  [[nodiscard]] Price best_ask(MarketId market) const noexcept;
  // The newest `limit` trades, newest first.
  [[nodiscard]] std::vector<MarketTrade> trades(MarketId market, std::size_t limit) const;

  // The user's trading; one account on each venue. Changes happen at `now`, never before the world's own time.
  [[nodiscard]] Result<PlacedOrder, Refusal> place(Venue venue, const NewOrder& order, Timestamp now);
  // Returns how much was taken away.
  [[nodiscard]] Result<Quantity, Refusal> cancel(Venue venue, std::string_view public_id, Timestamp now);
  [[nodiscard]] Result<Order, Refusal> decrease(Venue venue, std::string_view public_id, Quantity to_remaining,
                                                Timestamp now);
  [[nodiscard]] Result<PlacedOrder, Refusal> amend(Venue venue, std::string_view public_id, const Amendment& amendment,
                                                   Timestamp now);
  // All resting orders of the venue, or of one market.
  std::vector<Order> cancel_all(Venue venue, Timestamp now);
  std::vector<Order> cancel_all(Venue venue, MarketId market, Timestamp now);

  [[nodiscard]] const Order* find_order(Venue venue, std::string_view public_id) const;
  [[nodiscard]] const Order* find_client_order(Venue venue, std::string_view client_id) const;
  // Oldest first, ended ones included.
  [[nodiscard]] std::vector<const Order*> orders(Venue venue) const;
  [[nodiscard]] std::vector<const Fill*> fills(Venue venue) const;
  // Those with something held, or ever traded.
  [[nodiscard]] std::vector<Position> positions(Venue venue) const;
  [[nodiscard]] Position position(Venue venue, MarketId market) const;
  // What was paid: Kalshi's settlements, what was redeemed on Polymarket.
  [[nodiscard]] std::vector<Settlement> settlements(Venue venue) const;
  [[nodiscard]] Money cash(Venue venue) const noexcept;       // what is not in positions
  [[nodiscard]] Money available(Venue venue) const noexcept;  // without what resting orders reserve
  // Worth of all positions: at the best bid of what is held, at the payout once the market has its result.
  [[nodiscard]] Money position_value(Venue venue) const;
  // Contracts ahead of a resting order at its price.
  [[nodiscard]] Quantity queue_ahead(Venue venue, std::string_view public_id) const;

  // A trade that failed on chain: the user's cash, fee and tokens are as before it. False if unknown, already
  // reverted, or not reversible any more (market settled, tokens sold).
  bool revert_fill(Venue venue, std::uint64_t fill_number);
  // While paused place and amend are refused (ExchangePaused); cancels work; books stand still.
  void set_paused(Venue venue, bool paused);
  // Changes the grid of one active market of the venue (0.01 ↔ 0.001); nullptr if there is none.
  const Market* change_tick(Venue venue);

  // Spot.
  [[nodiscard]] std::vector<const SpotProduct*> products(Venue venue) const;
  [[nodiscard]] const SpotProduct* find_product(Venue venue, std::string_view symbol) const;
  [[nodiscard]] SpotBookView spot_book(const SpotProduct& product) const;
  // The newest `limit`, newest first.
  [[nodiscard]] std::vector<SpotTradeReport> spot_trades(const SpotProduct& product, std::size_t limit) const;
  // One-minute candles or multiples of them, oldest first, the running one last; at least four hours are known.
  [[nodiscard]] std::vector<SpotCandle> spot_candles(const SpotProduct& product, Duration length,
                                                     std::size_t limit) const;
  [[nodiscard]] SpotDay spot_day(const SpotProduct& product) const;
  // The last print of the index (CfBenchmarksMean60) or the TWAP (ChainlinkTwap60) at or before `time`; zero if not
  // known any more. At least the last hour is known.
  [[nodiscard]] IndexValue index_at(Asset asset, SettlementSource source, Timestamp time) const;

  // For tests: the sum of all cash, fees taken, dollars behind open pairs and unredeemed winnings of a venue never
  // changes.
  [[nodiscard]] Money total_money(Venue venue) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace arbees::sim
