#pragma once
// What an IoLoop is inside, for the other .cpp files of this folder; nobody else includes it.
//
// One io_context served by one thread: no strands, and a handler may be called in place of being posted.

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "adapters/net/io_loop.h"

namespace boost::asio::ssl {
class context;
}

namespace arbees::net {

namespace asio = boost::asio;

using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using SteadyClock = std::chrono::steady_clock;
using SteadyTimer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
using TlsContext = std::shared_ptr<asio::ssl::context>;

struct IoLoop::Impl {
  asio::io_context context{1};  // one thread runs it; others only post
  asio::executor_work_guard<Executor> work = asio::make_work_guard(context);
  std::map<std::string, TlsContext> client_tls;  // by file of roots: reading the system's takes tens of milliseconds
};

// A year is for ever; longer waits would overflow the clock.
[[nodiscard]] inline SteadyClock::time_point deadline_after(Duration delay) {
  constexpr Duration kForEver = std::chrono::hours(24 * 365);
  return SteadyClock::now() + (delay < kForEver ? delay : kForEver);
}

}  // namespace arbees::net
