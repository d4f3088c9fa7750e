#pragma once
// Stands between a process and the venues that it trades on: passes every byte on, and knows what it is about.
//
// It counts the steps of orders: a request to the venue, its answer, and what the user stream tells; each before and
// after it is passed on. At a step that was asked for it kills the process: before it, the other side never hears of
// the message. What orders were sent, by the ids that they bear, and when the latest cancel came, is remembered.
// It also does what no venue can be asked for: breaks all connections to a venue the moment a leg is filled there and
// lets none in for a while, loses and doubles what the user stream tells of orders, and doubles answers to orders.
// One thread of its own.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace arbees::live {

// Sends a text to a port of 127.0.0.1 and waits for the end of the answer.
void post_to(std::uint16_t port, const std::string& text);

enum class Step : std::uint8_t { RequestSeen, RequestPassed, AnswerSeen, AnswerPassed, NewsSeen, NewsPassed };
[[nodiscard]] std::string_view step_name(Step step) noexcept;

// What goes wrong on the wire, in so many of a thousand.
struct WireFaults {
  unsigned lost_news = 0;       // frames of user streams about orders
  unsigned double_news = 0;     // likewise
  unsigned double_answers = 0;  // to orders
};

// When a venue is cut off.
enum class Cut : std::uint8_t {
  AfterAnswer,        // when it has said that an order was filled
  BeforeAnswer,       // … and that is lost as well
  BeforeSecondOrder,  // when a second order is on its way there, which never arrives
};

class Relay {
 public:
  using Clock = std::chrono::steady_clock;

  // A port of its own for each of these ports, all on 127.0.0.1.
  explicit Relay(const std::vector<std::uint16_t>& targets);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  [[nodiscard]] const std::vector<std::uint16_t>& ports() const noexcept { return ports_; }

  // Kills the process at the count-th step from now, or so much later (steps that are passed on only).
  void aim(pid_t process, unsigned count, std::chrono::microseconds later);
  // The step at which that was done.
  [[nodiscard]] std::optional<Step> shot() const;

  void set_faults(const WireFaults& faults, std::uint64_t seed);

  // All connections to a venue break, and for so long none gets through. A length of zero ends the wish.
  void cut(Cut when, std::chrono::milliseconds length);
  [[nodiscard]] bool is_cut() const;
  [[nodiscard]] unsigned cuts() const;

  // While held, answers to orders that can be cancelled by their own id, and what the user stream tells of them, wait
  // here: for the process these orders are out.
  void hold(bool is_held);

  // Of the next orders that bear a client order id, those for other markets than the first one's are answered with this
  // and not passed on, until `count` are; zero ends it.
  void refuse(unsigned count, std::string answer);
  // When that last happened.
  [[nodiscard]] std::optional<Clock::time_point> refused_at() const;

  // The next answer that tells of a fill on Kalshi says that there was none.
  void hide_next_fill();
  [[nodiscard]] bool is_fill_hidden() const;

  // While lost, heartbeats do not arrive, and break their connection.
  void lose_heartbeats(bool are_lost);
  // When one was last answered.
  [[nodiscard]] std::optional<Clock::time_point> heartbeat_at() const;
  // When an answer to an order or news of one was last passed on.
  [[nodiscard]] std::optional<Clock::time_point> told_at() const;

  // How often each order was sent.
  [[nodiscard]] std::map<std::string, int> orders() const;
  // When the first request to cancel came after `since`.
  [[nodiscard]] std::optional<Clock::time_point> first_cancel(Clock::time_point since) const;
  // Whether an order that can be cancelled by its own id has been without an answer for at least so long.
  [[nodiscard]] bool is_waiting_for(std::chrono::milliseconds time) const;
  // When the latest of them came.
  [[nodiscard]] std::optional<Clock::time_point> latest_cancel() const;
  // When the latest order was sent.
  [[nodiscard]] std::optional<Clock::time_point> latest_order() const;

 private:
  struct Link;

  void serve();
  [[nodiscard]] bool is_over();
  void accept_at(std::size_t listener);
  [[nodiscard]] bool is_struck(unsigned WireFaults::* fault);
  // Whether the connection is cut before the answer is passed on.
  bool cut_if_filled(std::size_t target, std::string_view answer);
  // Whether the order is cut off before it gets there.
  bool cut_if_second(std::size_t target);
  void begin_cut(std::size_t target);
  [[nodiscard]] bool is_cut_off(std::size_t target) const;
  void serve_side(Link& link, bool is_process, short events);
  void from_process(Link& link, std::string_view bytes);
  void from_venue(Link& link, std::string_view bytes);
  // Whether the process was killed.
  bool step(Step step);
  void shoot(Step step);
  void note_request(Link& link);
  [[nodiscard]] bool is_held() const;
  // Whether this order was refused here.
  bool refuse_if_wanted(Link& link, std::string_view request);
  // Whether this heartbeat is lost.
  bool note_heartbeat(Link& link);
  void note_told(Link& link);
  [[nodiscard]] std::string without_fill(std::string_view answer);
  void answered(const Link& link);

  std::vector<std::uint16_t> targets_;
  std::vector<std::uint16_t> ports_;
  std::vector<int> listeners_;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<char> buffer_ = std::vector<char>(1 << 16);
  mutable std::mutex mutex_;  // of all below
  pid_t process_ = 0;
  unsigned left_ = 0;
  std::chrono::microseconds later_{};
  Step aimed_ = Step::RequestSeen;
  std::optional<Clock::time_point> shoot_at_;
  std::optional<Step> shot_;
  std::map<std::string, int> orders_;
  std::vector<Clock::time_point> cancels_;
  std::optional<Clock::time_point> latest_order_;
  std::map<const Link*, Clock::time_point> unanswered_;
  WireFaults faults_;
  std::mt19937_64 random_;
  std::chrono::milliseconds cut_length_{};
  Cut cut_when_ = Cut::AfterAnswer;
  std::map<std::size_t, unsigned> orders_to_;  // since the wish
  std::optional<std::size_t> cut_target_;
  Clock::time_point cut_until_;
  unsigned cuts_ = 0;
  bool is_held_ = false;
  unsigned refusals_ = 0;
  std::string unrefused_;  // the market of the first
  std::string refusal_;
  std::optional<Clock::time_point> refused_at_;
  enum class Hiding : std::uint8_t { None, Wanted, Done } hiding_ = Hiding::None;
  bool are_beats_lost_ = false;
  std::optional<Clock::time_point> heartbeat_at_;
  std::optional<Clock::time_point> told_at_;
  bool is_stopping_ = false;
  std::thread thread_;  // last: ends before all of it
};

}  // namespace arbees::live
