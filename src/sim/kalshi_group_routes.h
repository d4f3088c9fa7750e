#pragma once
// REST of order groups, and the end of a group's orders when it is triggered.

#include <functional>
#include <optional>
#include <string_view>

#include "adapters/net/http_server.h"
#include "sim/kalshi_groups.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

class KalshiGroupRoutes {
 public:
  // Told of everything that happens to a group: "created", "triggered", "reset", "deleted", "limit_updated".
  using Notice = std::function<void(std::string_view event_type, std::string_view id, std::optional<Quantity> limit)>;

  KalshiGroupRoutes(const KalshiShared& shared, KalshiGroups& groups, Notice notice)
      : shared_(shared), groups_(groups), notice_(std::move(notice)) {}

  [[nodiscard]] net::ServerResponse list() const;
  [[nodiscard]] net::ServerResponse create(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse get(std::string_view id);
  // These find the group on the shard that the query names (0 if it names none), and nowhere else.
  [[nodiscard]] net::ServerResponse set_limit(std::string_view id, const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse reset(std::string_view id, const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse trigger(std::string_view id, const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse remove(std::string_view id, const net::ServerRequest& request);

  // Cancels all that rests of a triggered group. Never from inside a call of the world.
  void cancel_orders(std::string_view id);

 private:
  [[nodiscard]] KalshiGroup* on_its_shard(std::string_view id, const net::ServerRequest& request);

  const KalshiShared& shared_;
  KalshiGroups& groups_;
  Notice notice_;
  std::uint64_t next_ = 0;
};

}  // namespace arbees::sim
