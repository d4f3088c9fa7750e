#include "app/coordination/asset_leases.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <random>

#include "adapters/telemetry/log.h"
#include "app/coordination/lease_keys.h"

namespace arbees::app {
namespace {

// Keys: assignments, leader, then lease and fence of each asset. Arguments: owner, shard, life in ms, then the assets.
// The answer: for each asset the fence of the lease that the owner now has, or an empty text.
constexpr const char* kRenew = R"(
local led = redis.call('EXISTS', KEYS[2]) == 1
local fences = {}
for i = 4, #ARGV do
  local lease, fence = KEYS[2 * i - 5], KEYS[2 * i - 4]
  local holder = redis.call('GET', lease)
  local wanted
  if led then
    wanted = redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[2]
  else
    wanted = holder == ARGV[1] or not holder
  end
  local held = ''
  if wanted and holder == ARGV[1] then
    redis.call('PEXPIRE', lease, ARGV[3])
    held = redis.call('GET', fence) or ''
  elseif wanted and not holder then
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local last = tonumber(redis.call('GET', fence) or '0') or 0
    held = string.format('%.0f', math.max(last + 1, now))
    redis.call('SET', fence, held)
    redis.call('SET', lease, ARGV[1], 'PX', ARGV[3])
    redis.call('PUBLISH', 'orchestrator:fences', ARGV[i] .. ' ' .. held)
  elseif holder == ARGV[1] then
    redis.call('DEL', lease)
  end
  fences[#fences + 1] = held
end
return fences
)";

constexpr const char* kRelease = R"(
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return #KEYS
)";

std::uint64_t parse_fence(const std::string& text) {
  std::uint64_t fence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fence);
  return error == std::errc() && end == text.data() + text.size() ? fence : 0;
}

}  // namespace

AssetLeases::AssetLeases(Coordination& coordination, std::string shard, std::vector<Asset> assets,
                         std::function<void()> changed)
    : coordination_(coordination),
      shard_(std::move(shard)),
      owner_(fmt::format("{}:{}:{:08x}", shard_, ::getpid(), std::random_device()())),
      assets_(std::move(assets)),
      changed_(std::move(changed)) {}

redis::Words AssetLeases::renewal() const {
  redis::Words words{"EVAL", kRenew, std::to_string(2 + 2 * assets_.size()), kAssignmentsKey, kLeaderKey};
  for (const Asset asset : assets_) {
    words.push_back(lease_key(asset));
    words.push_back(fence_key(asset));
  }
  words.push_back(owner_);
  words.push_back(shard_);
  words.push_back(std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(kLife).count()));
  for (const Asset asset : assets_) words.emplace_back(asset_name(asset));
  return words;
}

void AssetLeases::tick(Timestamp now) {
  drop_ended();
  if (is_released_ || is_asking_ || now < next_ || !coordination_.is_up()) return;
  next_ = now + kRenewEvery;
  is_asking_ = true;
  const Clock::time_point asked_at = Clock::now();
  coordination_.command(renewal(), [this, asked_at](const redis::Reply& reply) {
    is_asking_ = false;
    if (reply.kind == redis::ReplyKind::Refused) {
      log(LogLevel::Warning, "Redis refuses leases", {{"reason", reply.text}});
    }
    if (reply.kind == redis::ReplyKind::List && !is_released_) take(reply, asked_at);
  });
}

void AssetLeases::take(const redis::Reply& reply, Clock::time_point asked_at) {
  bool is_changed = false;
  for (std::size_t i = 0; i < assets_.size(); ++i) {
    Lease& lease = leases_[static_cast<std::size_t>(assets_[i])];
    const std::uint64_t fence = i < reply.items.size() ? parse_fence(reply.items[i].text) : 0;
    is_changed = is_changed || fence != lease.fence;
    lease.fence = fence;
    lease.ends = asked_at + kLife - kMargin;
  }
  if (is_changed) changed_();
}

void AssetLeases::drop_ended() {
  bool is_changed = false;
  for (Lease& lease : leases_) {
    if (lease.fence == 0 || Clock::now() < lease.ends) continue;
    lease.fence = 0;
    is_changed = true;
  }
  if (is_changed) changed_();
}

void AssetLeases::release() {
  if (is_released_) return;
  is_released_ = true;
  redis::Words words{"EVAL", kRelease, std::to_string(assets_.size())};
  for (const Asset asset : assets_) words.push_back(lease_key(asset));
  words.push_back(owner_);
  coordination_.command(std::move(words));
  for (Lease& lease : leases_) lease.fence = 0;
  changed_();
}

std::optional<std::uint64_t> AssetLeases::fence(Asset asset) const {
  const Lease& lease = leases_[static_cast<std::size_t>(asset)];
  if (lease.fence == 0 || Clock::now() >= lease.ends) return std::nullopt;
  return lease.fence;
}

}  // namespace arbees::app
