#include "adapters/venue/book_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "adapters/venue/feed_supervisor.h"

namespace arbees {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// An answer that is not a book (a market just closed, say) says nothing; the next book is checked.
constexpr int kOk = 200;
constexpr int kTooManyRequests = 429;
constexpr Duration kWatchInterval = std::chrono::milliseconds(250);

}  // namespace

BookChecker::BookChecker(FeedSink& sink, RestBook& rest, std::unique_ptr<net::HttpClient> client,
                         const RestLimits& limits)
    : sink_(sink),
      rest_(rest),
      client_(std::move(client)),
      rate_(limits.requests_per_second, limits.burst),
      interval_(limits.checks_per_minute > 0 ? Duration(minutes(1)) / limits.checks_per_minute : Duration{0}) {}

BookChecker::~BookChecker() = default;

void BookChecker::forget(InstrumentId id) noexcept {
  if (auto* book = books_.find(id.value)) book->reset();
  books_.erase(id.value);
  if (id == checked_) {
    check_.on_fault();
    checked_ = InstrumentId{};
  }
}

void BookChecker::on_event(const Event& event) {
  sink_.on_event(event);
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    if (event.exchange_at != kNoTime) clock_.on_message(event.exchange_at, event.received_at);
    return on_book_update(*update, event.received_at);
  }
  if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) {
    if (faulted->id == checked_) check_.on_fault();
    if (const auto* book = books_.find(faulted->id.value)) (*book)->book.fault();
    return;
  }
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    auto& book = books_[named->id.value];
    if (!book) book = std::make_unique<Mirrored>();
    book->symbol = named->symbol_view();
  }
}

void BookChecker::on_book_update(const BookUpdate& update, Timestamp at) {
  const auto* found = books_.find(update.id.value);
  if (found == nullptr) return;
  Mirrored& book = **found;
  if (!book.book.apply(update)) {
    if (book.book.is_proven()) supervisor_->fault(update.id, BookFault::NegativeLevel);
    return;
  }
  if (!update.is_last()) return;
  if (!book.book.is_crossed()) {
    book.crossed_since = kNoTime;
  } else if (book.crossed_since == kNoTime) {
    book.crossed_since = at;
  }
  if (update.id == checked_) check_.on_streamed(book.book.digest());
}

void BookChecker::tick(Timestamp now) {
  now_ = std::max(now, now_);
  watch_crossings();
  if (interval_ == Duration{0} || !client_) return;
  if (!checked_) {
    if (now_ >= next_check_at_) begin_check();
    return;
  }
  const EqualityVerdict verdict = check_.verdict(now_);
  if (verdict == EqualityVerdict::AskAgain) return ask();
  if (verdict != EqualityVerdict::Pending) finish_check(verdict);
}

void BookChecker::watch_crossings() {
  if (now_ - watched_at_ < kWatchInterval) return;
  watched_at_ = now_;
  std::vector<InstrumentId> lost;
  books_.for_each([&](std::uint64_t key, const std::unique_ptr<Mirrored>& book) {
    if (book->crossed_since == kNoTime || !book->book.is_proven()) return;
    if (now_ - book->crossed_since > kCrossedLimit) lost.push_back(InstrumentId{key});
  });
  for (const InstrumentId id : lost) {
    (*books_.find(id.value))->crossed_since = kNoTime;
    supervisor_->note_trouble(fmt::format("{}: crossed for too long", (*books_.find(id.value))->symbol));
    supervisor_->fault(id, BookFault::SequenceGap);
  }
}

// The proven book whose check lies longest back.
void BookChecker::begin_check() {
  next_check_at_ = now_ + interval_;
  Mirrored* oldest = nullptr;
  std::uint64_t oldest_key = 0;
  books_.for_each([&](std::uint64_t key, const std::unique_ptr<Mirrored>& book) {
    if (!book->book.is_proven() || (oldest != nullptr && oldest->checked_at <= book->checked_at)) return;
    oldest = book.get();
    oldest_key = key;
  });
  if (oldest == nullptr) return;
  if (oldest->checked_at != kNoTime && now_ - oldest->checked_at < repeat_interval_) return;
  if (!rate_.try_take(1, now_)) return;
  oldest->checked_at = now_;
  checked_ = InstrumentId{oldest_key};
  check_.begin(oldest->book.digest(), now_);
  ask();
}

void BookChecker::ask() {
  const InstrumentId id = checked_;
  const std::string& symbol = (*books_.find(id.value))->symbol;
  client_->send(rest_.request(symbol, now_), [this, id](const net::HttpAnswer& answer) { on_answer(id, answer); });
}

void BookChecker::on_answer(InstrumentId id, const net::HttpAnswer& answer) {
  if (!answer) {
    trouble_ = "equality check: " + answer.error().reason;
    if (id == checked_) check_.on_no_answer();
    return;
  }
  now_ = std::max(now_, answer->received_at);
  if (const auto date = parse_http_date(answer->header("date"))) {
    clock_.on_reply(*date, seconds(1), answer->sent_at, answer->received_at);
  }
  if (id != checked_) return;
  decoded_.clear();
  if (answer->status == kOk) {
    rest_.decode((*books_.find(id.value))->symbol, answer->body, answer->received_at, decoded_);
  }
  if (answer->status == kTooManyRequests) {
    rate_.drain(now_);
    ++throttled_;
  }
  rest_book_ = BookMirror();
  for (const Event& event : decoded_.events) {
    if (const auto* update = std::get_if<BookUpdate>(&event.body)) rest_book_.apply(*update);
  }
  if (!rest_book_.is_proven()) return check_.on_no_answer();
  check_.on_answer(rest_book_.digest(), now_);
}

void BookChecker::finish_check(EqualityVerdict verdict) {
  const InstrumentId id = std::exchange(checked_, InstrumentId{});
  if (verdict == EqualityVerdict::Void) return;
  ++checks_;
  if (verdict == EqualityVerdict::Equal) return;
  ++failures_;
  Mirrored& book = **books_.find(id.value);
  trouble_ = fmt::format("{} differs from REST: {}", book.symbol, first_difference(book.book, rest_book_));
  supervisor_->note_trouble(trouble_);
  supervisor_->fault(id, BookFault::HashMismatch);
}

void BookChecker::add_to(FeedHealth& health) const {
  health.equality_checks += checks_;
  health.equality_failures += failures_;
  health.throttled += throttled_;
  if (health.last_trouble.empty()) health.last_trouble = trouble_;
  if (const auto skew = clock_.estimate()) {
    health.clock_skew = *skew;
    health.has_clock_skew = true;
  }
}

const BookMirror* BookChecker::mirror(InstrumentId id) noexcept {
  const auto* book = books_.find(id.value);
  return book == nullptr ? nullptr : &(*book)->book;
}

}  // namespace arbees
