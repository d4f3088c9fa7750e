#include "app/coordination/fence_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/coordination/lease_keys.h"

namespace arbees::app {
namespace {

std::uint64_t parse_fence(std::string_view text) {
  std::uint64_t fence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fence);
  return error == std::errc() && end == text.data() + text.size() ? fence : 0;
}

}  // namespace

void FenceWatch::on_message(const std::string& text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string::npos) return;
  const auto asset = parse_asset(std::string_view(text).substr(0, blank));
  if (asset) learn(*asset, parse_fence(std::string_view(text).substr(blank + 1)));
}

void FenceWatch::learn(Asset asset, std::uint64_t fence) {
  std::uint64_t& newest = newest_[static_cast<std::size_t>(asset)];
  newest = std::max(newest, fence);
}

std::string FenceWatch::judge(Asset asset, std::optional<std::uint64_t> fence) {
  if (!fence) return {};
  if (*fence < newest(asset)) {
    return fmt::format("fenced: lease {} on {} was replaced by {}", *fence, asset_name(asset), newest(asset));
  }
  if (learns_from_requests_) learn(asset, *fence);
  return {};
}

void read_fences(Coordination& coordination, const std::vector<Asset>& assets, FenceWatch& watch) {
  redis::Words words{"MGET"};
  for (const Asset asset : assets) words.push_back(fence_key(asset));
  coordination.command(std::move(words), [assets, &watch](const redis::Reply& reply) {
    for (std::size_t i = 0; i < std::min(assets.size(), reply.items.size()); ++i) {
      watch.learn(assets[i], parse_fence(reply.items[i].text));
    }
  });
}

}  // namespace arbees::app
