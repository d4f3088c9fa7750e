#include "app/running/sim_thread.h"

#include <atomic>
#include <future>
#include <thread>

namespace arbees::app {

struct SimThread::Parts {
  net::IoLoop loop;
  std::unique_ptr<sim::SimServer> server;  // of the thread
  std::string configuration;
  std::atomic<bool> stop{false};
  std::thread thread;

  void serve(const sim::SimOptions& options, std::promise<std::string>& started) {
    auto made = sim::SimServer::start(loop, options);
    if (!made) return started.set_value(made.error());
    server = std::move(*made);
    configuration = server->configuration();
    started.set_value({});
    while (!stop) loop.run_for(std::chrono::milliseconds(100));
    server.reset();
  }
};

SimThread::SimThread(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SimThread::~SimThread() {
  parts_->stop = true;
  parts_->loop.post([] {});  // wakes it
  if (parts_->thread.joinable()) parts_->thread.join();
}

Result<std::unique_ptr<SimThread>, std::string> SimThread::start(const sim::SimOptions& options) {
  auto parts = std::make_unique<Parts>();
  std::promise<std::string> started;
  auto answer = started.get_future();
  Parts* const running = parts.get();
  parts->thread = std::thread([running, options, &started] { running->serve(options, started); });
  std::unique_ptr<SimThread> thread(new SimThread(std::move(parts)));
  const std::string wrong = answer.get();
  if (!wrong.empty()) return failure(wrong);
  return thread;
}

const std::string& SimThread::configuration() const noexcept { return parts_->configuration; }

void SimThread::with_server(const std::function<void(sim::SimServer&)>& work) {
  std::promise<void> done;
  parts_->loop.post([&] {
    work(*parts_->server);
    done.set_value();
  });
  done.get_future().get();
}

}  // namespace arbees::app
