#pragma once
// One connection to a Redis server: every wait has an end.
//
// Synchronous, for one thread. After a failure (an error text, or a reply of kind Lost) the connection is over; the
// next open() begins anew. Commands are words as they are: nothing is quoted or expanded, so values may hold any bytes.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/redis/redis_address.h"
#include "adapters/redis/redis_reply.h"
#include "core/base/time.h"

namespace arbees::redis {

using Words = std::vector<std::string>;

class Connection {
 public:
  // `deadline`: for connecting and for each answer.
  Connection(Address address, Duration deadline);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Connects, authenticates, chooses the database. Empty, or what is wrong, without secrets.
  [[nodiscard]] std::string open();
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return context_ != nullptr; }

  [[nodiscard]] Reply command(const Words& words);

  // For subscriptions: sends without waiting for an answer; false if the connection is over.
  [[nodiscard]] bool send(const Words& words);
  // Descriptor to wait on; −1 if not open.
  [[nodiscard]] int descriptor() const noexcept;
  // Reads what has arrived, and hands out whole replies. False if the connection is over.
  [[nodiscard]] bool receive(const std::function<void(const Reply&)>& take);
  // Why the connection is over; for people.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 private:
  struct Context;
  [[nodiscard]] Reply lost(const char* doing);

  Address address_;
  Duration deadline_;
  std::unique_ptr<Context> context_;
  std::string trouble_;
};

}  // namespace arbees::redis
