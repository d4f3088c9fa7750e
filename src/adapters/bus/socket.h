#pragma once
// ZeroMQ's context and sockets behind plain values: closed when they go, errors as texts.
//
// One BusContext for a process, which outlives its sockets. A socket belongs to one thread. CURVE protects what leaves
// the machine: with keys, a publisher is the CURVE server and lets in only those that know its public key.

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace arbees::bus {

// Keys in ZeroMQ's Z85 text, 40 characters each; all empty: plain.
struct CurveKeys {
  std::string public_key;
  std::string secret_key;
  std::string server_key;  // of the publishers that we connect to

  [[nodiscard]] bool empty() const noexcept { return secret_key.empty(); }
};

// A fresh pair (public, secret), or nothing if the library was built without CURVE.
[[nodiscard]] CurveKeys make_curve_keys();
// The public key that belongs to a secret one; empty if it is no key.
[[nodiscard]] std::string curve_public_key(const std::string& secret_key);

class BusContext {
 public:
  BusContext();
  ~BusContext();
  BusContext(const BusContext&) = delete;
  BusContext& operator=(const BusContext&) = delete;

  [[nodiscard]] void* raw() const noexcept { return context_; }

 private:
  void* context_;
};

class Socket {
 public:
  Socket() = default;
  Socket(BusContext& context, int kind);
  ~Socket();
  Socket(Socket&& other) noexcept : socket_(other.socket_) { other.socket_ = nullptr; }
  Socket& operator=(Socket&&) = delete;

  bool set(int option, int value) noexcept;
  bool set(int option, const std::string& value) noexcept;
  // Before bind or connect; false if a key is none.
  bool protect(const CurveKeys& keys, bool is_server) noexcept;

  [[nodiscard]] void* raw() const noexcept { return socket_; }

 private:
  void* socket_ = nullptr;
};

// What went wrong last in this thread's calls of the library.
[[nodiscard]] std::string last_error();

}  // namespace arbees::bus
