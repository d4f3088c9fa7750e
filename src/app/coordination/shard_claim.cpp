#include "app/coordination/shard_claim.h"

#include <fmt/format.h>

#include "app/coordination/lease_keys.h"

namespace arbees::app {
namespace {

// Key: the instance. Arguments: boot, value, life in ms. The answer: nothing if it is ours now, else what is there.
constexpr const char* kClaim = R"(
local there = redis.call('GET', KEYS[1])
if there and string.sub(there, 1, #ARGV[1] + 1) ~= ARGV[1] .. ' ' then return there end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return false)";
// Removes it if it is ours.
constexpr const char* kRelease = R"(
local there = redis.call('GET', KEYS[1])
if there and string.sub(there, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then redis.call('DEL', KEYS[1]) end
return false)";

// "boot beat place".
std::string place_of(const std::string& value) {
  const std::size_t second = value.find(' ', value.find(' ') + 1);
  return second == std::string::npos ? value : value.substr(second + 1);
}

}  // namespace

ShardClaim::ShardClaim(Coordination& coordination, std::string shard, std::string boot, std::string place)
    : coordination_(coordination),
      key_(shard_channel(shard, "instance")),
      shard_(std::move(shard)),
      boot_(std::move(boot)),
      place_(std::move(place)) {}

void ShardClaim::tick(Timestamp now) {
  if (is_asking_ || now < next_ || !coordination_.is_up() || !trouble_.empty()) return;
  next_ = now + kRenewEvery;
  is_asking_ = true;
  const auto life = std::chrono::duration_cast<std::chrono::milliseconds>(kLife).count();
  coordination_.command(
      {"EVAL", kClaim, "1", key_, boot_, fmt::format("{} {} {}", boot_, ++beats_, place_), std::to_string(life)},
      [this](const redis::Reply& reply) {
        is_asking_ = false;
        take(reply);
      });
}

void ShardClaim::take(const redis::Reply& reply) {
  if (reply.kind == redis::ReplyKind::Nothing) {
    is_held_ = true;
    other_.clear();
    return;
  }
  if (reply.kind != redis::ReplyKind::Text) return;  // no answer says nothing about others
  is_held_ = false;
  if (other_.empty()) {
    other_ = reply.text;
    return;
  }
  if (reply.text == other_) return;
  trouble_ = fmt::format(
      "another crypto-shard named {} runs at this Redis ({}): give this one a name of its own (shard.id, "
      "CRYPTO_SHARD_ID)",
      shard_, place_of(reply.text));
}

void ShardClaim::release() {
  is_held_ = false;
  coordination_.command({"EVAL", kRelease, "1", key_, boot_});
}

}  // namespace arbees::app
