#pragma once
// Questions to REST servers, asked at a measured pace and asked again where that helps.
//
// At most one new question per server and tick, and a few under way at once: 10 a second at a tick of 100 ms, a
// twentieth of what Kalshi's lowest tier and Gamma allow. 429 and 5xx and no answer: the server is left alone for a
// while that doubles with each further failure. What an answer means, and whether a 404 or a cut document is to be
// asked again, is its owner's business (retry()). The same question is never queued twice.

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "app/discovery/discovery_ports.h"

namespace arbees::app {

struct FetchJob {
  Catalogue catalogue = Catalogue::Kalshi;
  std::string target;
  // Called with status 200 and the body, or the last status if it is given up.
  std::function<void(const FetchAnswer&, Timestamp)> done;
  int attempts_left = 3;  // for failures of the server; the owner counts its own
  Timestamp not_before = kNoTime;
};

class FetchQueue {
 public:
  static constexpr std::size_t kMostUnderWay = 4;  // per server

  explicit FetchQueue(CatalogueTransport& transport) : transport_(transport), alive_(std::make_shared<bool>(true)) {}
  FetchQueue(const FetchQueue&) = delete;
  FetchQueue& operator=(const FetchQueue&) = delete;

  // False if the same question is queued or under way already. `urgent` goes before all others.
  bool add(FetchJob job, bool urgent = false);
  void tick(Timestamp now);

  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }
  [[nodiscard]] std::uint64_t throttled() const noexcept { return throttled_; }

 private:
  struct Server {
    std::deque<FetchJob> jobs;
    std::set<std::string> targets;  // queued or under way
    std::size_t under_way = 0;
    Timestamp resting_until = kNoTime;
    Duration rest = std::chrono::seconds(1);
  };

  void send(Server& server, FetchJob job);
  void receive(Server& server, FetchJob job, const FetchAnswer& answer);

  CatalogueTransport& transport_;
  std::shared_ptr<bool> alive_;  // answers that come after the queue is gone find it false
  std::array<Server, kCatalogueCount> servers_;
  Timestamp now_ = kNoTime;
  std::size_t waiting_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t throttled_ = 0;
};

}  // namespace arbees::app
