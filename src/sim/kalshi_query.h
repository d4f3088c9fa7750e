#pragma once
// Query parameters of Kalshi's lists: limit, cursor, comma lists, times in seconds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "core/base/time.h"

namespace arbees::sim {

// Reads one request's parameters; the first wrong one is remembered, later reads are harmless.
class KalshiQuery {
 public:
  // `operation` as the venue names it in errors: "GetMarkets".
  KalshiQuery(const net::ServerRequest& request, std::string_view operation)
      : request_(request), operation_(operation) {}

  [[nodiscard]] std::string text(std::string_view name) const { return request_.parameter(name); }
  // "a,b" and repeated parameters alike.
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name);
  // From `least` to `most`; `otherwise` if absent. Nothing is clamped: a value outside is an error.
  [[nodiscard]] std::size_t limit(std::size_t otherwise, std::size_t most, std::size_t least = 1);
  // Whether a time lies between the seconds `min_NAME` and `max_NAME`, as far as they are given. A time that is not
  // known lies nowhere.
  [[nodiscard]] bool is_within(std::string_view name, Timestamp time);
  // The number that ended the page before; garbage counts as no cursor, as at the venue.
  [[nodiscard]] std::optional<std::uint64_t> cursor() const;

  // Status 400, or nothing if all reads so far were fine.
  [[nodiscard]] std::optional<net::ServerResponse> mistake() const;

 private:
  void fail(std::string_view name, std::string_view rule);

  const net::ServerRequest& request_;
  std::string_view operation_;
  std::string mistake_;
};

// A page of a list whose items have falling numbers: those below the cursor, at most `limit`.
// Usage: if (!page.wants(number)) continue; … if (page.is_full()) break;
class KalshiPage {
 public:
  KalshiPage(std::optional<std::uint64_t> below, std::size_t limit) : below_(below), limit_(limit) {}

  // Whether the item belongs to this page; then it is counted. Once the page is full, a further item that would
  // belong to it says that there is a next one.
  [[nodiscard]] bool take(std::uint64_t number);
  [[nodiscard]] bool is_over() const noexcept { return has_more_; }
  // Empty on the last page.
  [[nodiscard]] std::string next_cursor() const;

 private:
  std::optional<std::uint64_t> below_;
  std::size_t limit_;
  std::size_t taken_ = 0;
  std::uint64_t last_ = 0;
  bool has_more_ = false;
};

}  // namespace arbees::sim
