#include "adapters/redis/redis_link.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace arbees::redis {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(1);
// The subscription answers to a ping of its own; silent for so long, it is lost.
constexpr Duration kPingEvery = std::chrono::milliseconds(500);
constexpr Duration kSubscriptionSilence = std::chrono::milliseconds(1'500);

int wait_ms(Duration wait) {
  return static_cast<int>(std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(wait).count(), 0));
}

}  // namespace

// Shared with the thread, and with calls that wait in the loop, which may come after the link is gone.
struct LinkShared {
  struct Job {
    Words words;
    Link::Done done;
  };

  LinkShared(net::IoLoop& where, LinkListener told) : loop(&where), wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    listener = std::move(told);
  }
  ~LinkShared() { ::close(wake); }
  LinkShared(const LinkShared&) = delete;
  LinkShared& operator=(const LinkShared&) = delete;

  void wake_up() const {
    const std::uint64_t one = 1;
    (void)!::write(wake, &one, sizeof one);
  }

  // Guarded by the mutex.
  std::mutex mutex;
  net::IoLoop* loop;  // null once the link is gone
  std::deque<Job> jobs;
  std::vector<std::function<void()>> calls;  // for the loop's thread
  bool is_posted = false;
  bool must_stop = false;
  bool has_ended = false;
  std::condition_variable ended;

  // The loop's thread only.
  LinkListener listener;
  std::string trouble = "not connected yet";
  bool is_gone = false;
  bool is_up = false;

  const int wake;
};

namespace {

void hand_over(LinkShared& shared) {
  std::vector<std::function<void()>> calls;
  {
    const std::lock_guard lock(shared.mutex);
    calls.swap(shared.calls);
    shared.is_posted = false;
  }
  for (const auto& call : calls) {
    if (!shared.is_gone) call();
  }
}

// What the thread does; all its own but for the shared state.
class Worker {
 public:
  Worker(std::shared_ptr<LinkShared> shared, LinkOptions options)
      : shared_(std::move(shared)),
        options_(std::move(options)),
        commands_(options_.address, options_.deadline),
        subscription_(options_.address, options_.deadline) {}

  void run() {
    sigset_t all;  // a broken pipe is an answer here, and the process's signals are its first thread's
    sigfillset(&all);
    (void)::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    Duration pause = kFirstPause;
    while (!must_stop()) {
      if (!connect()) {
        refuse_jobs();
        wait_for(pause, -1);
        pause = std::min(pause * 2, kLongestPause);
        continue;
      }
      pause = kFirstPause;
      while (!must_stop() && serve()) {
      }
      if (must_stop()) break;
      lose();
    }
    if (commands_.is_open()) (void)do_jobs();  // what was asked for at the end
  }

 private:
  [[nodiscard]] bool must_stop() {
    const std::lock_guard lock(shared_->mutex);
    return shared_->must_stop;
  }

  // In the loop's thread, in order.
  void tell(std::function<void()> call) {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->loop == nullptr) return;
    shared_->calls.push_back(std::move(call));
    if (std::exchange(shared_->is_posted, true)) return;
    shared_->loop->post([shared = shared_] { hand_over(*shared); });
  }

  void tell_state(bool is_up, const std::string& why) {
    if (is_up == is_up_ && why == why_) return;
    is_up_ = is_up;
    why_ = why;
    tell([shared = shared_.get(), is_up, why] {
      shared->is_up = is_up;
      shared->trouble = why;
      if (shared->listener.on_state) shared->listener.on_state(is_up, why);
    });
  }

  [[nodiscard]] bool connect() {
    std::string wrong = commands_.open();
    if (wrong.empty()) wrong = subscription_.open();
    if (wrong.empty() && !subscribe()) wrong = why_lost();
    if (wrong.empty()) {
      asked_at_ = pinged_at_ = heard_at_ = Clock::now();
      tell_state(true, {});
      return true;
    }
    commands_.close();
    subscription_.close();
    tell_state(false, wrong);
    return false;
  }

  // Returns once the server has confirmed every channel.
  [[nodiscard]] bool subscribe() {
    std::size_t awaited = 0;
    const auto send = [&](const char* how, const std::vector<std::string>& names) {
      if (names.empty()) return true;
      Words words{how};
      words.insert(words.end(), names.begin(), names.end());
      awaited += names.size();
      return subscription_.send(words);
    };
    if (!send("SUBSCRIBE", options_.channels) || !send("PSUBSCRIBE", options_.patterns)) return false;
    const Clock::time_point end = Clock::now() + options_.deadline;
    while (awaited > 0) {
      pollfd item{subscription_.descriptor(), POLLIN, 0};
      const Clock::time_point now = Clock::now();
      if (now >= end || ::poll(&item, 1, wait_ms(end - now)) <= 0) return false;
      const bool ok = subscription_.receive([&](const Reply& reply) {
        if (is_confirmation(reply)) {
          --awaited;
        } else {
          take(reply);
        }
      });
      if (!ok) return false;
    }
    return true;
  }

  [[nodiscard]] static bool is_confirmation(const Reply& reply) {
    return reply.kind == ReplyKind::List && !reply.items.empty() &&
           (reply.items[0].text == "subscribe" || reply.items[0].text == "psubscribe");
  }

  void take(const Reply& reply) {
    if (reply.kind != ReplyKind::List || reply.items.size() < 2) return;
    const std::vector<Reply>& items = reply.items;
    const bool is_plain = items[0].text == "message" && items.size() == 3;
    const bool is_pattern = items[0].text == "pmessage" && items.size() == 4;
    if (!is_plain && !is_pattern) return;
    tell([shared = shared_.get(), channel = items[items.size() - 2].text, text = items.back().text] {
      if (shared->listener.on_message) shared->listener.on_message(channel, text);
    });
  }

  // One wait and whatever it brings; false if the server is lost.
  [[nodiscard]] bool serve() {
    wait_for(options_.look_every, has_subscriptions() ? subscription_.descriptor() : -1);
    if (is_readable_) {
      heard_at_ = Clock::now();
      if (!subscription_.receive([this](const Reply& reply) { take(reply); })) return false;
    }
    if (!do_jobs()) return false;
    const Clock::time_point now = Clock::now();
    if (now - asked_at_ >= options_.look_every) {
      asked_at_ = now;
      if (commands_.command({"PING"}).kind == ReplyKind::Lost) return false;
    }
    if (!has_subscriptions()) return true;
    if (now - heard_at_ > kSubscriptionSilence) return false;
    if (now - pinged_at_ < kPingEvery) return true;
    pinged_at_ = now;
    return subscription_.send({"PING"});
  }

  [[nodiscard]] bool has_subscriptions() const { return !options_.channels.empty() || !options_.patterns.empty(); }

  void wait_for(Duration wait, int descriptor) {
    pollfd items[] = {{shared_->wake, POLLIN, 0}, {descriptor, POLLIN, 0}};
    const bool is_any = ::poll(items, descriptor < 0 ? 1 : 2, wait_ms(wait)) > 0;
    is_readable_ = is_any && descriptor >= 0 && items[1].revents != 0;
    std::uint64_t count = 0;
    if (is_any && items[0].revents != 0) (void)!::read(shared_->wake, &count, sizeof count);
  }

  // All that wait now; false if the server is lost, and then they have been answered so.
  [[nodiscard]] bool do_jobs() {
    for (;;) {
      std::unique_lock lock(shared_->mutex);
      if (shared_->jobs.empty()) return true;
      auto job = std::move(shared_->jobs.front());
      shared_->jobs.pop_front();
      lock.unlock();
      Reply reply = commands_.command(job.words);
      asked_at_ = Clock::now();
      const bool is_lost = reply.kind == ReplyKind::Lost;
      answer(job.done, std::move(reply));
      if (is_lost) return false;
    }
  }

  void answer(const Link::Done& done, Reply reply) {
    if (done) tell([done, reply = std::move(reply)] { done(reply); });
  }

  void refuse_jobs() {
    std::deque<LinkShared::Job> jobs;
    {
      const std::lock_guard lock(shared_->mutex);
      jobs.swap(shared_->jobs);
    }
    Reply reply;
    reply.kind = ReplyKind::Lost;
    reply.text = why_;
    for (const LinkShared::Job& job : jobs) answer(job.done, reply);
  }

  void lose() {
    const std::string why = why_lost();
    commands_.close();
    subscription_.close();
    tell_state(false, why);
    refuse_jobs();
  }

  [[nodiscard]] std::string why_lost() const {
    if (!commands_.trouble().empty()) return commands_.trouble();
    if (!subscription_.trouble().empty()) return subscription_.trouble();
    return "listening to " + options_.address.text() + ": no answer in time";
  }

  std::shared_ptr<LinkShared> shared_;
  const LinkOptions options_;
  Connection commands_;
  Connection subscription_;
  Clock::time_point asked_at_;
  Clock::time_point pinged_at_;
  Clock::time_point heard_at_;
  std::string why_ = "not connected yet";
  bool is_up_ = false;
  bool is_readable_ = false;
};

}  // namespace

Link::Link(net::IoLoop& loop, LinkOptions options, LinkListener listener)
    : shared_(std::make_shared<LinkShared>(loop, std::move(listener))) {
  // Not joined but waited for: a name server that does not answer must not keep the process from ending.
  std::thread([shared = shared_, options = std::move(options)]() mutable {
    Worker(shared, std::move(options)).run();
    const std::lock_guard lock(shared->mutex);
    shared->has_ended = true;
    shared->ended.notify_all();
  }).detach();
}

Link::~Link() {
  shared_->is_gone = true;
  std::unique_lock lock(shared_->mutex);
  shared_->loop = nullptr;
  shared_->must_stop = true;
  shared_->wake_up();
  (void)shared_->ended.wait_for(lock, kLastWait, [this] { return shared_->has_ended; });
}

bool Link::is_up() const noexcept { return shared_->is_up; }

const std::string& Link::trouble() const noexcept { return shared_->trouble; }

void Link::command(Words words, Done done) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->jobs.size() < kMostWaiting) {
    shared_->jobs.push_back({std::move(words), std::move(done)});
    return shared_->wake_up();
  }
  Reply reply;
  reply.kind = ReplyKind::Lost;
  reply.text = "too many commands wait for an answer";
  if (!done) return;
  shared_->calls.emplace_back([done = std::move(done), reply] { done(reply); });
  if (!std::exchange(shared_->is_posted, true)) shared_->loop->post([shared = shared_] { hand_over(*shared); });
}

}  // namespace arbees::redis
