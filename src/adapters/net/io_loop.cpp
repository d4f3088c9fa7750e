#include "adapters/net/io_loop.h"

#include <boost/asio/post.hpp>
#include <ctime>
#include <utility>

#include "adapters/net/io_loop_impl.h"
#include "adapters/net/wall_clock.h"

namespace arbees::net {
namespace {

// Callbacks served in one call of run_for: a socket that never runs dry may not keep its caller from its own work.
constexpr std::size_t kMaxServed = 1000;

}  // namespace

IoLoop::IoLoop() : impl_(std::make_unique<Impl>()) {}
IoLoop::~IoLoop() = default;

Timestamp IoLoop::now() noexcept {
  static WallClock clock;
  const auto read = [](clockid_t id) {
    timespec time{};
    clock_gettime(id, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
  };
  return from_unix_ns(clock.read(read(CLOCK_REALTIME), [&] { return read(CLOCK_MONOTONIC); }));
}

std::size_t IoLoop::run_for(Duration limit) {
  auto& context = impl_->context;
  std::size_t served = 0;
  if (limit > Duration::zero()) {
    served = context.run_one_until(deadline_after(limit));
    if (served == 0) return 0;
  }
  while (served < kMaxServed && context.poll_one() > 0) ++served;
  return served;
}

void IoLoop::post(std::function<void()> work) { asio::post(impl_->context, std::move(work)); }

// ---- Timer ----

struct Timer::State : std::enable_shared_from_this<Timer::State> {
  explicit State(IoLoop::Impl& loop) : timer(loop.context) {}

  SteadyTimer timer;
  std::function<void()> call;
  Duration period{};
  std::uint64_t generation = 0;  // a wait that was started in an earlier one is void

  void stop() {
    ++generation;
    call = nullptr;
    timer.cancel();
  }

  void wait() {
    timer.async_wait([weak = weak_from_this(), armed = generation](ErrorCode) {
      const auto self = weak.lock();
      if (self && self->generation == armed) self->fire();
    });
  }

  // The call may set the timer anew, cancel it or destroy it; so it is not kept in the timer meanwhile.
  void fire() {
    const std::uint64_t armed = generation;
    const auto running = std::exchange(call, nullptr);
    running();
    if (generation != armed || period <= Duration::zero()) return;
    call = running;
    const auto next = timer.expiry() + period;
    timer.expires_at(next > SteadyClock::now() ? next : deadline_after(period));
    wait();
  }
};

Timer::Timer(IoLoop& loop) : state_(std::make_shared<State>(loop.impl())) {}
Timer::~Timer() { state_->stop(); }

void Timer::after(Duration delay, std::function<void()> call) {
  state_->stop();
  state_->call = std::move(call);
  state_->period = Duration::zero();
  state_->timer.expires_at(deadline_after(delay));
  state_->wait();
}

void Timer::every(Duration period, std::function<void()> call) {
  state_->stop();
  state_->call = std::move(call);
  state_->period = period;
  state_->timer.expires_at(deadline_after(period));
  state_->wait();
}

void Timer::cancel() { state_->stop(); }

}  // namespace arbees::net
