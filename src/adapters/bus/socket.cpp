#include "adapters/bus/socket.h"

#include <zmq.h>

#include "core/base/assert.h"

namespace arbees::bus {
namespace {

// Z85: 40 characters and the final zero.
constexpr std::size_t kKeyText = 41;

// What is queued when a socket closes is still sent for so long.
constexpr int kLingerMs = 500;

}  // namespace

CurveKeys make_curve_keys() {
  char public_key[kKeyText] = {};
  char secret_key[kKeyText] = {};
  if (zmq_curve_keypair(public_key, secret_key) != 0) return {};
  return {public_key, secret_key, {}};
}

std::string curve_public_key(const std::string& secret_key) {
  char public_key[kKeyText] = {};
  if (secret_key.size() + 1 != kKeyText || zmq_curve_public(public_key, secret_key.c_str()) != 0) return {};
  return public_key;
}

BusContext::BusContext() : context_(zmq_ctx_new()) { ARBEES_ASSERT(context_ != nullptr); }

BusContext::~BusContext() {
  while (zmq_ctx_term(context_) != 0 && zmq_errno() == EINTR) {
  }
}

Socket::Socket(BusContext& context, int kind) : socket_(zmq_socket(context.raw(), kind)) {
  ARBEES_ASSERT(socket_ != nullptr);
  set(ZMQ_LINGER, kLingerMs);
}

Socket::~Socket() {
  if (socket_ != nullptr) zmq_close(socket_);
}

bool Socket::set(int option, int value) noexcept { return zmq_setsockopt(socket_, option, &value, sizeof value) == 0; }

bool Socket::set(int option, const std::string& value) noexcept {
  return zmq_setsockopt(socket_, option, value.data(), value.size()) == 0;
}

bool Socket::protect(const CurveKeys& keys, bool is_server) noexcept {
  if (keys.empty()) return true;
  // As texts they are given with their final zero.
  const auto set_key = [&](int option, const std::string& key) {
    return key.size() + 1 == kKeyText && zmq_setsockopt(socket_, option, key.c_str(), kKeyText) == 0;
  };
  if (is_server) return set(ZMQ_CURVE_SERVER, 1) && set_key(ZMQ_CURVE_SECRETKEY, keys.secret_key);
  return set_key(ZMQ_CURVE_SERVERKEY, keys.server_key) && set_key(ZMQ_CURVE_PUBLICKEY, keys.public_key) &&
         set_key(ZMQ_CURVE_SECRETKEY, keys.secret_key);
}

std::string last_error() { return zmq_strerror(zmq_errno()); }

}  // namespace arbees::bus
