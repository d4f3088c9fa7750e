#pragma once
// Tells the open WebSocket sessions what happens in the world.
//
// Deltas, trades, orders and fills go out as they happen, quotes of the ticker channel once per instant of the world
// and only if they changed. A fill that the faults hold back is told, and listed by REST, that much later.

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/net/io_loop.h"
#include "sim/kalshi_candles.h"
#include "sim/kalshi_group_routes.h"
#include "sim/kalshi_index_feed.h"
#include "sim/kalshi_messages.h"
#include "sim/kalshi_orders.h"
#include "sim/kalshi_portfolio.h"
#include "sim/kalshi_session.h"

namespace arbees::sim {

class KalshiPublisher final : public WorldListener, public KalshiSessionHost {
 public:
  // The parts that the publisher reads and, for groups and late fills, tells.
  struct Parts {
    const KalshiShared& shared;
    KalshiGroups& groups;
    KalshiPortfolio& portfolio;
    const KalshiOrders& orders;
  };
  explicit KalshiPublisher(const Parts& parts);
  ~KalshiPublisher();
  KalshiPublisher(const KalshiPublisher&) = delete;
  KalshiPublisher& operator=(const KalshiPublisher&) = delete;

  [[nodiscard]] const KalshiCandles& candles() const noexcept { return candles_; }
  // Groups that fills have triggered since the last call: their orders must be cancelled.
  [[nodiscard]] std::vector<std::string> take_triggered() { return std::exchange(triggered_, {}); }
  void publish_group(std::string_view event_type, std::string_view id, std::optional<Quantity> limit);
  // Tells what is due by now of what was held back.
  void release_late_fills(Timestamp now);

  void add_session(KalshiSession& session) override { sessions_.push_back(&session); }
  void remove_session(KalshiSession& session) override { std::erase(sessions_, &session); }
  [[nodiscard]] std::string current_ticker(const Market& market) const override;
  [[nodiscard]] std::vector<std::string> index_ids() const override { return KalshiIndexFeed::index_ids(); }

  void on_event_created(const Event& event) override;
  void on_market_created(const Market& market) override;
  void on_strike(const Market& market) override;
  void on_grid(const Market& market, const PriceGrid& old_grid) override;
  void on_determined(const Market& market) override;
  void on_settled(const Market& market) override;
  void on_book_change(const Market& market, const BookChange& change) override;
  void on_trade(const Market& market, const MarketTrade& trade) override;
  void on_order(const Order& order) override;
  void on_fill(const Fill& fill) override;
  void on_index(const IndexValue& print) override;
  void on_step(Timestamp now) override;

 private:
  struct LateFill {
    Timestamp due;
    Fill fill;
  };
  struct Quote {
    Price bid;
    Price ask;
    Quantity bid_size;
    Quantity ask_size;
    Quantity volume;

    constexpr bool operator==(const Quote&) const noexcept = default;
  };

  [[nodiscard]] bool is_wanted(KalshiChannel channel, std::string_view ticker) const;
  void publish(KalshiChannel channel, std::string_view ticker, std::string_view type, std::string_view body);
  void publish_lifecycle(std::string_view type, std::string_view body);
  void publish_position(MarketId market);
  void tell_fill(const Fill& fill);
  void publish_quote(const Market& market, Timestamp now);

  Parts parts_;
  const KalshiShared& shared_;
  std::vector<KalshiSession*> sessions_;
  KalshiIndexFeed index_;
  KalshiCandles candles_;
  std::map<MarketId, KalshiTradeTotals> totals_;
  std::map<MarketId, Quantity> user_volume_;
  std::set<MarketId> touched_;  // in this instant
  std::map<MarketId, Quote> quotes_;
  std::deque<LateFill> late_fills_;
  std::vector<std::string> triggered_;
};

}  // namespace arbees::sim
