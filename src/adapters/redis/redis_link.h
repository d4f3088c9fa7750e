#pragma once
// A Redis server as a loop's thread sees it: commands out, answers and messages in, and whether it is there at all.
//
// A thread of its own keeps two connections (commands; subscriptions), asks the server several times a second whether
// it is alive, and connects again with growing pauses, for ever. A server that is silent for longer than the deadline
// is lost, whether its socket says so or not. Everything is told in the loop's thread, in order: that the link is up
// (only once all channels are subscribed: what was published before has to be read from keys), messages, answers, that
// it is down. A command that cannot be answered gets a Lost reply, and may have been carried out or not; it is never
// sent again. Commands given before the link goes are still sent, if there is a server.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/redis/redis_connection.h"

namespace arbees::redis {

struct LinkOptions {
  Address address;
  std::vector<std::string> channels;
  std::vector<std::string> patterns;
  Duration deadline = std::chrono::milliseconds(500);    // for an answer
  Duration look_every = std::chrono::milliseconds(200);  // whether the server is alive
};

struct LinkListener {
  // `why` is empty when it is up.
  std::function<void(bool is_up, const std::string& why)> on_state;
  std::function<void(const std::string& channel, const std::string& text)> on_message;
};

struct LinkShared;

class Link {
 public:
  using Done = std::function<void(const Reply& reply)>;

  Link(net::IoLoop& loop, LinkOptions options, LinkListener listener);
  // After this no call is made any more. Waits at most kLastWait for the thread.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void command(Words words, Done done = {});
  [[nodiscard]] bool is_up() const noexcept;
  // Why it is not up; for people.
  [[nodiscard]] const std::string& trouble() const noexcept;

  static constexpr std::size_t kMostWaiting = 4'096;
  static constexpr Duration kLastWait = std::chrono::seconds(2);

 private:
  std::shared_ptr<LinkShared> shared_;
};

}  // namespace arbees::redis
