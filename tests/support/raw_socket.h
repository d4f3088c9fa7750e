#pragma once
// Sockets without a protocol, for tests that speak to our clients and servers as no honest peer would.
//
// Nothing here blocks: the test polls it while it runs its loop, in one thread.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/assert.h"

namespace arbees::testing {

class RawSocket {
 public:
  RawSocket() = default;
  explicit RawSocket(int descriptor) : descriptor_(descriptor) { fcntl(descriptor_, F_SETFL, O_NONBLOCK); }
  RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawSocket& operator=(RawSocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~RawSocket() { close(); }

  // To a listening port of this machine; its backlog accepts at once.
  static RawSocket to(std::uint16_t port, int receive_buffer = 0) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0) setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ARBEES_ASSERT(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return RawSocket(descriptor);
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

  // Short texts only: they always fit into the socket's buffer. False if the connection is gone.
  bool send(std::string_view text) {
    return ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  // Adds what has come to `received`; `ended` once the other side has closed or reset.
  void poll() {
    if (!is_open()) return;
    std::array<char, 65536> chunk{};
    for (;;) {
      const ssize_t count = ::recv(descriptor_, chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (count > 0) {
        received.append(chunk.data(), static_cast<std::size_t>(count));
        continue;
      }
      if (count == 0 || (errno != EAGAIN && errno != EINTR)) ended = true;
      return;
    }
  }

  std::string received;
  bool ended = false;

 private:
  int descriptor_ = -1;
};

class RawListener {
 public:
  RawListener() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ARBEES_ASSERT(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ARBEES_ASSERT(::listen(descriptor_, 16) == 0);
    socklen_t size = sizeof address;
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    fcntl(descriptor_, F_SETFL, O_NONBLOCK);
  }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  ~RawListener() { close(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  // Not open if nobody has called yet.
  RawSocket accept() {
    const int accepted = ::accept(descriptor_, nullptr, nullptr);
    return accepted < 0 ? RawSocket() : RawSocket(accepted);
  }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

// ---- WebSocket by hand (RFC 6455) ----

// The answer that turns the client's upgrade request into a WebSocket.
inline std::string websocket_answer(std::string_view request) {
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  const std::size_t at = request.find(kName);
  ARBEES_ASSERT(at != std::string_view::npos);
  const std::size_t start = at + kName.size();
  const std::string key =
      std::string(request.substr(start, request.find('\r', start) - start)) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::array<unsigned char, 64> encoded{};
  EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(reinterpret_cast<const char*>(encoded.data())) + "\r\n\r\n";
}

inline constexpr std::uint8_t kFinal = 0x80;
inline constexpr std::uint8_t kContinuation = 0, kText = 1, kClose = 8, kPing = 9, kPong = 10;

// A frame of up to 65535 bytes as servers send it: without a mask. `head` is kFinal and the kind.
inline std::string websocket_frame(std::uint8_t head, std::string_view payload) {
  std::string frame(1, static_cast<char>(head));
  if (payload.size() < 126) {
    frame += static_cast<char>(payload.size());
  } else {
    frame += static_cast<char>(126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  return frame.append(payload);
}

// As clients send it; the mask is zero, which changes nothing.
inline std::string masked_frame(std::uint8_t head, std::string_view payload) {
  std::string frame = websocket_frame(head, payload);
  frame[1] = static_cast<char>(frame[1] | static_cast<char>(0x80));
  return frame.insert(frame.size() - payload.size(), 4, '\0');
}

inline constexpr char kUpgradeRequest[] =
    "GET / HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

}  // namespace arbees::testing
