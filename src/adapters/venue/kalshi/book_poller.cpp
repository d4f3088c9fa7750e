#include "adapters/venue/kalshi/book_poller.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/venue/feed_limits.h"

namespace arbees::kalshi {
namespace {

using std::chrono::seconds;

}  // namespace

// By REST the No side always comes in No prices.
BookPoller::BookPoller(net::IoLoop& loop, const net::Url& rest, const net::HttpClientOptions& http, FeedSink& sink)
    : client_(loop, rest, http),
      rate_(rest_limits("kalshi_public").requests_per_second, rest_limits("kalshi_public").burst),
      sink_(sink),
      decoder_(DecoderOptions{.use_yes_price = false}) {
  health_.venue = Venue::Kalshi;
  health_.is_polled = true;
}

void BookPoller::subscribe(std::span<const std::string> symbols) {
  for (const std::string& symbol : symbols) books_.try_emplace(symbol);
}

void BookPoller::unsubscribe(std::span<const std::string> symbols) {
  for (const std::string& symbol : symbols) {
    const auto found = books_.find(symbol);
    if (found == books_.end()) continue;
    fault(symbol, found->second);
    books_.erase(found);
  }
}

void BookPoller::tick(Timestamp now) {
  now_ = std::max(now, now_);
  if (!is_started_) return;
  bool is_any_proven = false;
  for (auto& [ticker, polled] : books_) {
    if (polled.is_proven && now_ - polled.refreshed_at > kFreshFor) fault(ticker, polled);
    is_any_proven = is_any_proven || polled.is_proven;
  }
  update_state(is_any_proven ? FeedState::Live : FeedState::Down);
  if (now_ < paused_until_) return;
  // Once around, beginning behind the book asked for last.
  auto at = books_.upper_bound(last_asked_);
  for (std::size_t i = 0; i < books_.size(); ++i, ++at) {
    if (at == books_.end()) at = books_.begin();
    if (at->second.is_asked || now_ < at->second.next_at) continue;
    if (!rate_.try_take(1, now_)) return;
    at->second.is_asked = true;
    at->second.next_at = now_ + kInterval;
    last_asked_ = at->first;
    ask(at->first);
  }
}

void BookPoller::ask(const std::string& ticker) {
  net::HttpRequest request;
  request.target = net::join(client_.base(), "/markets/" + ticker + "/orderbook").target;
  client_.send(std::move(request), [this, ticker](const net::HttpAnswer& answer) { on_answer(ticker, answer); });
}

void BookPoller::on_answer(const std::string& ticker, const net::HttpAnswer& answer) {
  if (answer) {
    now_ = std::max(now_, answer->received_at);
    ++health_.frames;
    health_.last_frame_at = now_;
    if (const auto date = parse_http_date(answer->header("date"))) {
      clock_.on_reply(*date, seconds(1), answer->sent_at, answer->received_at);
    }
  }
  const auto found = books_.find(ticker);
  if (found == books_.end()) return;
  found->second.is_asked = false;
  if (!answer) {
    health_.last_trouble = fmt::format("{}: {}", ticker, answer.error().reason);
    return;
  }
  if (answer->status != 200) return on_refusal(ticker, found->second, answer->status);
  on_book(ticker, found->second, *answer);
}

void BookPoller::on_book(const std::string& ticker, Polled& polled, const net::HttpResponse& response) {
  decoded_.clear();
  decoder_.decode_rest_orderbook(ticker, response.body, response.received_at, decoded_);
  for (const Anomaly& anomaly : decoded_.anomalies) {
    ++health_.malformed;
    sink_.on_anomaly(Venue::Kalshi, anomaly, response.received_at);
  }
  if (decoded_.events.empty()) return;
  polled.is_proven = decoded_.anomalies.empty();
  polled.refreshed_at = now_;
  health_.last_data_at = now_;
  sink_.on_raw(Venue::Kalshi, 0, response.body, response.received_at);
  update_state(FeedState::Live);
  for (const Event& event : decoded_.events) sink_.on_event(event);
}

void BookPoller::on_refusal(const std::string& ticker, Polled& polled, int status) {
  health_.last_trouble = fmt::format("{}: HTTP {}", ticker, status);
  if (status == 429) {
    ++health_.throttled;
    rate_.drain(now_);
    paused_until_ = now_ + kThrottledPause;
    return;
  }
  polled.next_at = now_ + kRefusedPause;
  if (status == 401 || status == 403) {
    health_.last_trouble += ": the venue wants an API key for its books";
    paused_until_ = now_ + kRefusedPause;
  }
}

void BookPoller::fault(const std::string& ticker, Polled& polled) {
  if (!polled.is_proven) return;
  polled.is_proven = false;
  BookFaulted faulted;
  faulted.id = instrument_id(Venue::Kalshi, ticker);
  faulted.fault = BookFault::Disconnected;
  sink_.on_event(Event{now_, kNoTime, 0, faulted});
}

void BookPoller::update_state(FeedState state) {
  if (is_state_told_ && state == health_.state) return;
  is_state_told_ = true;
  health_.state = state;
  FeedStatus status;
  status.venue = Venue::Kalshi;
  status.state = state;
  sink_.on_event(Event{now_, kNoTime, 0, status});
}

FeedHealth BookPoller::health(Timestamp) const {
  FeedHealth health = health_;
  if (const auto skew = clock_.estimate()) {
    health.clock_skew = *skew;
    health.has_clock_skew = true;
  }
  return health;
}

void BookPoller::stop() {
  is_started_ = false;
  for (auto& [ticker, polled] : books_) fault(ticker, polled);
  update_state(FeedState::Down);
}

}  // namespace arbees::kalshi
