#include "sim/kalshi_router.h"

#include <algorithm>
#include <utility>

namespace arbees::sim {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return segments;
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments,
             KalshiPathParts& parts) {
  parts.clear();
  if (pattern.size() != segments.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == "{}") {
      parts.push_back(segments[i]);
    } else if (pattern[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

void KalshiRouter::add(std::string method, std::string_view pattern, KalshiAccess access, KalshiBilling billing,
                       KalshiHandler handler) {
  routes_.push_back({std::move(method), split(pattern), access, billing, std::move(handler)});
}

KalshiRouter::Match KalshiRouter::find(std::string_view method, std::string_view path) const {
  Match match;
  if (!path.starts_with(kRoot)) return match;
  const std::vector<std::string> segments = split(path.substr(kRoot.size()));
  for (const KalshiRoute& route : routes_) {
    if (route.method != method || !matches(route.segments, segments, match.parts)) continue;
    match.route = &route;
    break;
  }
  return match;
}

}  // namespace arbees::sim
