#include "adapters/venue/kalshi/signature_supply.h"

#include "adapters/net/io_loop.h"

namespace arbees::kalshi {
namespace {

constexpr auto kPause = std::chrono::milliseconds(50);
constexpr std::size_t kAtOnce = 64;

}  // namespace

SignatureSupply::SignatureSupply(PreparedSigner signer, std::string_view method, std::string_view path,
                                 PreparationPlan plan)
    : ring_(std::move(signer), method, path, plan), thread_([this] { work(); }) {}

SignatureSupply::~SignatureSupply() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void SignatureSupply::work() {
  std::unique_lock lock(mutex_);
  while (!is_over_) {
    lock.unlock();
    (void)ring_.fill(unix_ns(net::IoLoop::now()) / 1'000'000, kAtOnce);
    lock.lock();
    woken_.wait_for(lock, kPause, [this] { return is_over_; });
  }
}

}  // namespace arbees::kalshi
