#include "adapters/net/descriptor_watch.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "adapters/net/io_loop_impl.h"

namespace arbees::net {

struct DescriptorWatch::State : std::enable_shared_from_this<DescriptorWatch::State> {
  State(IoLoop::Impl& loop, int descriptor, std::function<void()> what)
      : stream(loop.context, descriptor), call(std::move(what)) {}

  asio::posix::basic_stream_descriptor<Executor> stream;
  std::function<void()> call;  // none: over

  // Armed anew before the call, so that nothing that comes during it is missed.
  void wait() {
    stream.async_wait(asio::posix::descriptor_base::wait_read, [weak = weak_from_this()](ErrorCode error) {
      const auto self = weak.lock();
      if (error || !self) return;
      self->wait();
      self->fire();
    });
  }

  // The call may end the watch, so it is not the watch's own that runs.
  void fire() {
    const auto running = call;
    if (running) running();
  }

  void call_again() {
    asio::post(stream.get_executor(), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self) self->fire();
    });
  }
};

DescriptorWatch::DescriptorWatch(IoLoop& loop, int descriptor, std::function<void()> call)
    : state_(std::make_shared<State>(loop.impl(), descriptor, std::move(call))) {
  state_->wait();
  state_->call_again();
}

DescriptorWatch::~DescriptorWatch() {
  state_->call = nullptr;
  state_->stream.release();
}

void DescriptorWatch::call_again() { state_->call_again(); }

}  // namespace arbees::net
