#include "tests/live/relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace arbees::live {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void must(bool holds) {
  if (!holds) std::abort();  // a test that has no sockets cannot go on
}

int listen_anywhere(std::uint16_t& port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  must(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  must(::listen(descriptor, 64) == 0);
  must(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  port = ntohs(address.sin_port);
  return descriptor;
}

void send_at_once(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

// Writes what can be written; false if the other side is gone.
bool flush(int descriptor, std::string& waiting) {
  while (!waiting.empty()) {
    const ssize_t count = ::send(descriptor, waiting.data(), waiting.size(), MSG_NOSIGNAL);
    if (count > 0) {
      waiting.erase(0, static_cast<std::size_t>(count));
      continue;
    }
    return errno == EAGAIN || errno == EINTR;
  }
  return true;
}

bool is_order(std::string_view request) {
  const std::string_view line = request.substr(0, request.find('\r'));
  const bool is_group = line.find("/order_groups") != std::string_view::npos;
  return line.starts_with("POST ") && line.find("/order") != std::string_view::npos && !is_group;
}

bool contains(std::string_view bytes, std::string_view mark) { return bytes.find(mark) != std::string_view::npos; }

// A frame of a user stream that is about an order: one that can be cancelled by its own id, or any. Frames of servers
// are not masked.
bool is_news_of_own_id(std::string_view bytes) {
  return contains(bytes, R"("event_type":"trade")") || contains(bytes, R"("event_type":"order")");
}
bool is_news(std::string_view bytes) {
  return contains(bytes, R"("type":"fill")") || contains(bytes, R"("type":"user_order")") || is_news_of_own_id(bytes);
}

// The value of a field of a JSON text, without quotes.
std::string field_of(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  std::size_t from = at + key.size();
  while (from < text.size() && (text[from] == ' ' || text[from] == '"' || text[from] == ':')) ++from;
  const std::size_t to = text.find_first_of("\",}", from);
  return std::string(text.substr(from, to - from));
}

// The answer says that something was bought or sold.
bool tells_fill(std::string_view answer) {
  if (answer.find(R"("status":"matched")") != std::string_view::npos) return true;
  return std::strtod(field_of(answer, "\"fill_count\"").c_str(), nullptr) > 0;
}

// Header and body, and nothing behind it.
bool is_whole_answer(std::string_view bytes) {
  const std::size_t body = bytes.find("\r\n\r\n");
  std::size_t at = bytes.find("Content-Length: ");
  if (at == std::string_view::npos) at = bytes.find("content-length: ");
  if (body == std::string_view::npos || at > body) return false;
  return bytes.size() == body + 4 + std::strtoul(std::string(bytes.substr(at + 16, 12)).c_str(), nullptr, 10);
}

// Frames of a server, which are not masked, from the first to the last byte.
bool are_whole_frames(std::string_view bytes) {
  while (bytes.size() >= 2) {
    std::size_t length = static_cast<unsigned char>(bytes[1]) & 0x7FU;
    const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (bytes.size() < 2 + more) return false;
    if (more != 0) length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8U | static_cast<unsigned char>(bytes[2 + i]);
    if (bytes.size() < 2 + more + length) return false;
    bytes.remove_prefix(2 + more + length);
  }
  return bytes.empty();
}

}  // namespace

void post_to(std::uint16_t port, const std::string& text) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  must(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  must(::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  std::array<char, 4096> answer{};
  while (::recv(descriptor, answer.data(), answer.size(), 0) > 0) {
  }
  ::close(descriptor);
}

std::string_view step_name(Step step) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {"before a request", "after a request", "before an answer",
                                                      "after an answer",  "before news",     "after news"};
  return kNames[static_cast<std::size_t>(step)];
}

struct Relay::Link {
  std::size_t target = 0;
  int process = -1;
  int venue = -1;
  std::string to_process;
  std::string to_venue;
  std::string request;      // an order whose answer has not come
  std::string held;         // what the venue has told of it meanwhile
  bool has_own_id = false;  // the order can be cancelled before it is answered
  bool is_heartbeat = false;
  bool is_closed = false;

  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() {
    if (process >= 0) ::close(process);
    if (venue >= 0) ::close(venue);
  }
};

Relay::Relay(const std::vector<std::uint16_t>& targets) : targets_(targets), ports_(targets.size()) {
  for (std::uint16_t& port : ports_) listeners_.push_back(listen_anywhere(port));
  thread_ = std::thread([this] { serve(); });
}

Relay::~Relay() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  thread_.join();
  for (const int listener : listeners_) ::close(listener);
}

void Relay::aim(pid_t process, unsigned count, std::chrono::microseconds later) {
  const std::lock_guard lock(mutex_);
  process_ = process;
  left_ = count;
  later_ = later;
  shot_.reset();
  shoot_at_.reset();
}

std::optional<Step> Relay::shot() const {
  const std::lock_guard lock(mutex_);
  return shot_;
}

void Relay::set_faults(const WireFaults& faults, std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  faults_ = faults;
  random_.seed(seed);
}

void Relay::cut(Cut when, std::chrono::milliseconds length) {
  const std::lock_guard lock(mutex_);
  cut_when_ = when;
  cut_length_ = length;
  orders_to_.clear();
}

void Relay::begin_cut(std::size_t target) {
  cut_target_ = target;
  cut_until_ = Clock::now() + cut_length_;
  cut_length_ = {};
  ++cuts_;
}

bool Relay::cut_if_second(std::size_t target) {
  const std::lock_guard lock(mutex_);
  const bool is_wanted = cut_length_.count() != 0 && cut_when_ == Cut::BeforeSecondOrder;
  if (!is_wanted || ++orders_to_[target] < 2) return false;
  begin_cut(target);
  return true;
}

bool Relay::is_cut() const {
  const std::lock_guard lock(mutex_);
  return cut_target_ && Clock::now() < cut_until_;
}

unsigned Relay::cuts() const {
  const std::lock_guard lock(mutex_);
  return cuts_;
}

bool Relay::is_struck(unsigned WireFaults::* fault) {
  const std::lock_guard lock(mutex_);
  return faults_.*fault != 0 && random_() % 1000 < faults_.*fault;
}

void Relay::hold(bool is_held) {
  const std::lock_guard lock(mutex_);
  is_held_ = is_held;
}

void Relay::refuse(unsigned count, std::string answer) {
  const std::lock_guard lock(mutex_);
  refusals_ = count;
  unrefused_.clear();
  refusal_ = std::move(answer);
}

std::optional<Relay::Clock::time_point> Relay::refused_at() const {
  const std::lock_guard lock(mutex_);
  return refused_at_;
}

void Relay::hide_next_fill() {
  const std::lock_guard lock(mutex_);
  hiding_ = Hiding::Wanted;
}

bool Relay::is_fill_hidden() const {
  const std::lock_guard lock(mutex_);
  return hiding_ == Hiding::Done;
}

// Zeros instead of digits: the length stays.
std::string Relay::without_fill(std::string_view answer) {
  const std::lock_guard lock(mutex_);
  std::string text(answer);
  const std::size_t at = text.find("\"fill_count\"");
  if (hiding_ != Hiding::Wanted || at == std::string::npos || !tells_fill(answer)) return text;
  for (std::size_t i = text.find(':', at); i < text.find_first_of(",}", at); ++i) {
    if (text[i] >= '1' && text[i] <= '9') text[i] = '0';
  }
  hiding_ = Hiding::Done;
  return text;
}

void Relay::lose_heartbeats(bool are_lost) {
  const std::lock_guard lock(mutex_);
  are_beats_lost_ = are_lost;
}

std::optional<Relay::Clock::time_point> Relay::heartbeat_at() const {
  const std::lock_guard lock(mutex_);
  return heartbeat_at_;
}

std::optional<Relay::Clock::time_point> Relay::told_at() const {
  const std::lock_guard lock(mutex_);
  return told_at_;
}

bool Relay::refuse_if_wanted(Link& link, std::string_view request) {
  const std::lock_guard lock(mutex_);
  if (refusals_ == 0 || request.find("\"client_order_id\"") == std::string_view::npos) return false;
  const std::string market = field_of(request, "\"ticker\"");
  if (unrefused_.empty()) unrefused_ = market;
  if (market == unrefused_) return false;
  --refusals_;
  refused_at_ = Clock::now();
  link.to_process.append(refusal_);
  link.is_closed = !flush(link.process, link.to_process) || link.is_closed;
  return true;
}

bool Relay::note_heartbeat(Link& link) {
  const std::lock_guard lock(mutex_);
  link.is_heartbeat = true;
  link.is_closed = are_beats_lost_;
  return are_beats_lost_;
}

void Relay::note_told(Link& link) {
  const std::lock_guard lock(mutex_);
  (link.is_heartbeat ? heartbeat_at_ : told_at_) = Clock::now();
  link.is_heartbeat = false;
}

bool Relay::is_held() const {
  const std::lock_guard lock(mutex_);
  return is_held_;
}

bool Relay::is_cut_off(std::size_t target) const {
  const std::lock_guard lock(mutex_);
  return cut_target_ == target && Clock::now() < cut_until_;
}

bool Relay::cut_if_filled(std::size_t target, std::string_view answer) {
  const std::lock_guard lock(mutex_);
  const bool is_wanted = cut_length_.count() != 0 && cut_when_ != Cut::BeforeSecondOrder;
  if (!is_wanted || !tells_fill(answer)) return false;
  begin_cut(target);
  return cut_when_ == Cut::BeforeAnswer;
}

std::map<std::string, int> Relay::orders() const {
  const std::lock_guard lock(mutex_);
  return orders_;
}

std::optional<Relay::Clock::time_point> Relay::first_cancel(Clock::time_point since) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(cancels_.begin(), cancels_.end(), [&](auto at) { return at >= since; });
  return found == cancels_.end() ? std::nullopt : std::optional(*found);
}

std::optional<Relay::Clock::time_point> Relay::latest_cancel() const {
  const std::lock_guard lock(mutex_);
  return cancels_.empty() ? std::nullopt : std::optional(cancels_.back());
}

std::optional<Relay::Clock::time_point> Relay::latest_order() const {
  const std::lock_guard lock(mutex_);
  return latest_order_;
}

void Relay::shoot(Step step) {
  ::kill(process_, SIGKILL);
  process_ = 0;
  left_ = 0;
  shoot_at_.reset();
  shot_ = step;
}

bool Relay::step(Step step) {
  const std::lock_guard lock(mutex_);
  if (process_ == 0 || left_ == 0 || --left_ != 0) return false;
  const bool is_passed = step == Step::RequestPassed || step == Step::AnswerPassed || step == Step::NewsPassed;
  if (is_passed && later_.count() > 0) {
    aimed_ = step;
    shoot_at_ = Clock::now() + later_;
    return false;
  }
  shoot(step);
  return true;
}

void Relay::note_request(Link& link) {
  const std::lock_guard lock(mutex_);
  std::string id = field_of(link.request, "\"client_order_id\"");
  latest_order_ = Clock::now();
  if (id.empty()) {
    id = field_of(link.request, "\"salt\"");
    link.has_own_id = true;
    unanswered_[&link] = *latest_order_;
  }
  if (!id.empty()) ++orders_[id];
}

void Relay::answered(const Link& link) {
  const std::lock_guard lock(mutex_);
  unanswered_.erase(&link);
}

bool Relay::is_waiting_for(std::chrono::milliseconds time) const {
  const std::lock_guard lock(mutex_);
  const auto since = Clock::now() - time;
  return std::any_of(unanswered_.begin(), unanswered_.end(), [&](const auto& item) { return item.second <= since; });
}

void Relay::from_process(Link& link, std::string_view bytes) {
  if (bytes.starts_with("DELETE ")) {
    const std::lock_guard lock(mutex_);
    cancels_.push_back(Clock::now());
  }
  if (bytes.starts_with("POST /v1/heartbeats") && note_heartbeat(link)) return;
  const bool begins = is_order(bytes);
  if (begins && refuse_if_wanted(link, bytes)) return;
  if (begins && (step(Step::RequestSeen) || cut_if_second(link.target))) {
    link.is_closed = true;
    return;
  }
  if (begins) link.request.clear();
  const bool continues = !link.request.empty();
  if (begins || continues) link.request.append(bytes);
  link.to_venue.append(bytes);
  link.is_closed = !flush(link.venue, link.to_venue) || link.is_closed;
  if (begins || continues) {
    if (link.request.find("\"client_order_id\"") != std::string::npos ||
        link.request.find("\"salt\"") != std::string::npos) {
      note_request(link);
      link.request = std::string("-");  // noted
    }
    (void)step(Step::RequestPassed);
  }
}

void Relay::from_venue(Link& link, std::string_view bytes) {
  const bool can_wait = !link.held.empty() || (!link.request.empty() && link.has_own_id) || is_news_of_own_id(bytes);
  if (can_wait && is_held()) {
    link.held.append(bytes);
    return;
  }
  const bool is_answer = !link.request.empty() && bytes.starts_with("HTTP/");
  const bool has_news = !is_answer && is_news(bytes);
  if ((is_answer && step(Step::AnswerSeen)) || (has_news && step(Step::NewsSeen)) ||
      (is_answer && cut_if_filled(link.target, bytes))) {
    link.is_closed = true;
    return;
  }
  const bool are_frames = has_news && are_whole_frames(bytes);
  if (are_frames && is_struck(&WireFaults::lost_news)) return;
  link.to_process.append(is_answer ? without_fill(bytes) : std::string(bytes));
  if (is_answer || has_news || link.is_heartbeat) note_told(link);
  const bool is_doubled = (are_frames && is_struck(&WireFaults::double_news)) ||
                          (is_answer && is_whole_answer(bytes) && is_struck(&WireFaults::double_answers));
  if (is_doubled) link.to_process.append(bytes);
  link.is_closed = !flush(link.process, link.to_process) || link.is_closed;
  if (is_answer) {
    link.request.clear();
    answered(link);
    (void)step(Step::AnswerPassed);
  }
  if (has_news) (void)step(Step::NewsPassed);
}

void Relay::accept_at(std::size_t listener) {
  const int process = ::accept4(listeners_[listener], nullptr, nullptr, SOCK_CLOEXEC);
  if (process < 0) return;
  if (is_cut_off(listener)) {
    ::close(process);
    return;
  }
  auto link = std::make_unique<Link>();
  link->target = listener;
  link->process = process;
  link->venue = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(targets_[listener]);
  if (::connect(link->venue, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  send_at_once(link->process);
  send_at_once(link->venue);
  links_.push_back(std::move(link));
}

// Reads from one side of a link, and writes what waits for it.
void Relay::serve_side(Link& link, bool is_process, short events) {
  const int descriptor = is_process ? link.process : link.venue;
  link.is_closed = !flush(descriptor, is_process ? link.to_process : link.to_venue);
  if ((events & (POLLIN | POLLHUP | POLLERR)) == 0) return;
  const ssize_t count = ::recv(descriptor, buffer_.data(), buffer_.size(), 0);
  if (count > 0) {
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(count));
    is_process ? from_process(link, bytes) : from_venue(link, bytes);
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    link.is_closed = true;
  }
}

bool Relay::is_over() {
  const std::lock_guard lock(mutex_);
  if (shoot_at_ && Clock::now() >= *shoot_at_) shoot(aimed_);
  return is_stopping_;
}

void Relay::serve() {
  const timespec most{0, 200'000};
  std::vector<pollfd> polled;
  const auto add = [&](int descriptor, const std::string& waiting) {
    polled.push_back({descriptor, static_cast<short>(waiting.empty() ? POLLIN : POLLIN | POLLOUT), 0});
  };
  while (!is_over()) {
    polled.clear();
    for (const auto& link : links_) {
      add(link->process, link->to_process);
      add(link->venue, link->to_venue);
    }
    const std::size_t sides = polled.size();
    for (const int listener : listeners_) add(listener, {});
    ::ppoll(polled.data(), polled.size(), &most, nullptr);
    for (std::size_t i = 0; i < sides; ++i) {
      Link& link = *links_[i / 2];
      if (polled[i].revents != 0 && !link.is_closed) serve_side(link, i % 2 == 0, polled[i].revents);
    }
    for (std::size_t i = sides; i < polled.size(); ++i) {
      if (polled[i].revents != 0) accept_at(i - sides);
    }
    for (const auto& link : links_) {
      if (!link->held.empty() && !is_held()) from_venue(*link, std::exchange(link->held, {}));
    }
    std::erase_if(links_, [this](const auto& link) {
      link->is_closed = link->is_closed || is_cut_off(link->target);
      if (link->is_closed) answered(*link);
      return link->is_closed;
    });
  }
}

}  // namespace arbees::live
