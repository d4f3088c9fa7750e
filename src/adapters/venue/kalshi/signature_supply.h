#pragma once
// Prepared signatures with the thread that makes them: RSA takes half a millisecond, and no order waits for it.

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

#include "adapters/venue/kalshi/prepared_signatures.h"

namespace arbees::kalshi {

class SignatureSupply {
 public:
  SignatureSupply(PreparedSigner signer, std::string_view method, std::string_view path, PreparationPlan plan = {});
  ~SignatureSupply();
  SignatureSupply(const SignatureSupply&) = delete;
  SignatureSupply& operator=(const SignatureSupply&) = delete;

  // As PreparedSignatures::take(); one thread.
  [[nodiscard]] bool take(std::int64_t now_ms, PreparedSignature& out) noexcept { return ring_.take(now_ms, out); }

 private:
  void work();

  PreparedSignatures ring_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace arbees::kalshi
