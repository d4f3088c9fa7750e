#pragma once
// One thread's sockets and timers: sleeps until one of them has something to say, and serves it.
//
// Every callback of this folder runs inside run_for() of the loop its object was made with, never from
// inside the call that asked for it, and never after that object is gone. Nothing here locks except post().
// The wall clock is read here and nowhere else on the trading path.

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/time.h"

namespace arbees::net {

class IoLoop {
 public:
  IoLoop();
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  // UTC, never decreasing in this process and never standing still, even if the system's clock is set back (WallClock).
  [[nodiscard]] static Timestamp now() noexcept;

  // Sleeps until something is ready or `limit` has passed, then serves all that is ready. Returns how many
  // callbacks ran. A limit of zero only polls.
  std::size_t run_for(Duration limit);

  // Runs `work` in the loop's thread; may be called from any thread and from signal-safe wrappers' threads.
  void post(std::function<void()> work);

  struct Impl;
  [[nodiscard]] Impl& impl() noexcept { return *impl_; }  // for this folder's .cpp files

 private:
  std::unique_ptr<Impl> impl_;
};

// Calls back once, or every `period`; cancelled when destroyed or set anew.
class Timer {
 public:
  explicit Timer(IoLoop& loop);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void after(Duration delay, std::function<void()> call);
  void every(Duration period, std::function<void()> call);  // first after one period; late periods are not made up
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace arbees::net
