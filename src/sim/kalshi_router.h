#pragma once
// Which code answers which of Kalshi's REST routes, who may ask, and what it costs.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"

namespace arbees::sim {

enum class KalshiAccess : std::uint8_t { Public, Private };

// The bucket that a request bills; order calls know it only once their body is read, and bill it themselves.
enum class KalshiBilling : std::uint8_t { Read, Write, ByOrder };

// The parts of the path that a pattern leaves open, in order.
using KalshiPathParts = std::vector<std::string>;
using KalshiHandler = std::function<net::ServerResponse(const net::ServerRequest&, const KalshiPathParts&)>;

struct KalshiRoute {
  std::string method;
  std::vector<std::string> segments;  // "{}" stands for any one segment
  KalshiAccess access = KalshiAccess::Public;
  KalshiBilling billing = KalshiBilling::Read;
  KalshiHandler handler;
};

class KalshiRouter {
 public:
  static constexpr std::string_view kRoot = "/trade-api/v2/";

  // `pattern` below the root: "markets/{}/orderbook". Earlier routes win.
  void add(std::string method, std::string_view pattern, KalshiAccess access, KalshiBilling billing,
           KalshiHandler handler);
  void get(std::string_view pattern, KalshiAccess access, KalshiHandler handler) {
    add("GET", pattern, access, KalshiBilling::Read, std::move(handler));
  }

  struct Match {
    const KalshiRoute* route = nullptr;
    KalshiPathParts parts;
  };
  // No route: nullptr.
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<KalshiRoute> routes_;
};

}  // namespace arbees::sim
