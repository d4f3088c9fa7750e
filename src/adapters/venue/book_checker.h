#pragma once
// Stands between a feed and its sink: mirrors every book, compares them in turn with REST, and watches for what no
// decoder can see (a level below zero, a crossing that lasts).
//
// One book is checked at a time, the one whose check lies longest back, as often as the venue's budget for checks
// allows (feed_limits.h), and none more often than wanted. A book found wrong is faulted through the supervisor, which
// asks for it anew.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/net/http_client.h"
#include "adapters/net/rate_limiter.h"
#include "adapters/venue/book_mirror.h"
#include "adapters/venue/clock_skew.h"
#include "adapters/venue/equality_check.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_limits.h"
#include "adapters/venue/growing_table.h"

namespace arbees {

class FeedSupervisor;

// How a venue's REST book is asked for and read.
class RestBook {
 public:
  virtual ~RestBook() = default;
  [[nodiscard]] virtual net::HttpRequest request(std::string_view symbol, Timestamp now) = 0;
  // The events of the snapshot; none, and anomalies, if `body` (as a frame) is no book.
  virtual void decode(std::string_view symbol, std::string_view body, Timestamp received_at, DecodedFrame& out) = 0;
};

class BookChecker final : public FeedSink {
 public:
  // A crossing that lasts longer is a loss (the venue's own books never stay crossed).
  static constexpr Duration kCrossedLimit = std::chrono::seconds(1);

  // `client` may be null: no comparison, mirrors only. All references outlive the checker.
  BookChecker(FeedSink& sink, RestBook& rest, std::unique_ptr<net::HttpClient> client, const RestLimits& limits);
  ~BookChecker() override;

  void attach(FeedSupervisor& supervisor) noexcept { supervisor_ = &supervisor; }
  // The same book is compared again after this at the earliest.
  void set_repeat_interval(Duration interval) noexcept { repeat_interval_ = interval; }
  void tick(Timestamp now);
  // The book is no longer streamed.
  void forget(InstrumentId id) noexcept;
  // Adds what it counted, and the clock.
  void add_to(FeedHealth& health) const;

  void on_event(const Event& event) override;
  void on_anomaly(Venue venue, const Anomaly& anomaly, Timestamp at) override { sink_.on_anomaly(venue, anomaly, at); }
  void on_raw(Venue venue, std::uint32_t connection, std::string_view frame, Timestamp received_at) override {
    sink_.on_raw(venue, connection, frame, received_at);
  }
  void on_marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at) override {
    sink_.on_marker(venue, connection, text, at);
  }
  void on_market_heard(Venue venue, std::string_view market) override { sink_.on_market_heard(venue, market); }
  // Answers of other requests to the same venue may tell the time too.
  [[nodiscard]] ClockSkew& clock() noexcept { return clock_; }
  [[nodiscard]] const BookMirror* mirror(InstrumentId id) noexcept;

 private:
  struct Mirrored {
    std::string symbol;
    BookMirror book;
    Timestamp crossed_since = kNoTime;
    Timestamp checked_at = kNoTime;
  };

  void on_book_update(const BookUpdate& update, Timestamp at);
  void watch_crossings();
  void begin_check();
  void ask();
  void on_answer(InstrumentId id, const net::HttpAnswer& answer);
  void finish_check(EqualityVerdict verdict);

  FeedSink& sink_;
  RestBook& rest_;
  std::unique_ptr<net::HttpClient> client_;
  FeedSupervisor* supervisor_ = nullptr;
  net::RateLimiter rate_;
  Duration interval_;            // between checks
  Duration repeat_interval_{0};  // between checks of one book
  GrowingTable<std::unique_ptr<Mirrored>> books_{256};
  ClockSkew clock_;

  EqualityCheck check_;
  InstrumentId checked_;  // none: no check runs
  BookMirror rest_book_;  // the last answer
  DecodedFrame decoded_;
  Timestamp now_ = kNoTime;
  Timestamp next_check_at_ = kNoTime;
  Timestamp watched_at_ = kNoTime;
  std::uint64_t checks_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t throttled_ = 0;
  std::string trouble_;
};

}  // namespace arbees
