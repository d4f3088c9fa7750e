#include "app/coordination/assignment_keeper.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <unistd.h>

#include <random>

#include "adapters/telemetry/log.h"
#include "app/coordination/lease_keys.h"

namespace arbees::app {
namespace {

// Keys: leader, assignments. Arguments: owner, life in ms. The answer: the hash, if the owner leads; else nothing.
constexpr const char* kLead = R"(
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('HGETALL', KEYS[2])
)";

// Keys: leader, assignments. Arguments: owner, then asset and shard by turns; an empty shard is none.
constexpr const char* kWrite = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[2], ARGV[i])
  else
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  end
end
return 1
)";

constexpr const char* kRelease = R"(
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
)";

// "ID" of "shard:ID:heartbeat"; empty if it is none.
std::string shard_of(const std::string& channel) {
  constexpr std::string_view kBefore = "shard:";
  constexpr std::string_view kAfter = ":heartbeat";
  if (!channel.starts_with(kBefore) || !channel.ends_with(kAfter)) return {};
  if (channel.size() <= kBefore.size() + kAfter.size()) return {};
  return channel.substr(kBefore.size(), channel.size() - kBefore.size() - kAfter.size());
}

// Of another kind, or about to end: no shard to give anything to.
bool is_available(const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return false;
  const auto says = [&](const char* name, std::string_view value) {
    const auto it = document.FindMember(name);
    return it != document.MemberEnd() && it->value.IsString() && it->value.GetString() == value;
  };
  return says("shard_type", "crypto") && !says("status", "stopping");
}

}  // namespace

AssignmentKeeper::AssignmentKeeper(Coordination& coordination, std::vector<std::string> assets, Duration timeout)
    : coordination_(coordination),
      owner_(fmt::format("{}:{}:{:08x}", coordination.instance(), ::getpid(), std::random_device()())),
      assets_(std::move(assets)),
      timeout_(timeout) {}

void AssignmentKeeper::on_heartbeat(const std::string& channel, const std::string& text, Timestamp now) {
  const std::string shard = shard_of(channel);
  if (shard.empty()) return;
  if (is_available(text)) {
    if (heard_.insert_or_assign(shard, now).second) next_ = kNoTime;
  } else if (heard_.erase(shard) > 0) {
    next_ = kNoTime;
  }
}

std::vector<std::string> AssignmentKeeper::live_shards() const {
  std::vector<std::string> shards;
  for (const auto& [shard, at] : heard_) {
    if (now_ - at < timeout_) shards.push_back(shard);
  }
  return shards;
}

void AssignmentKeeper::tick(Timestamp now) {
  now_ = now;
  if (!coordination_.is_up()) is_leader_ = false;
  if (is_released_ || is_asking_ || now < next_ || !coordination_.is_up()) return;
  next_ = now + kLookEvery;
  is_asking_ = true;
  const auto life = std::chrono::duration_cast<std::chrono::milliseconds>(kLeaderLife).count();
  coordination_.command({"EVAL", kLead, "2", kLeaderKey, kAssignmentsKey, owner_, std::to_string(life)},
                        [this, now](const redis::Reply& reply) {
                          is_asking_ = false;
                          if (!is_released_) take(reply, now);
                        });
}

void AssignmentKeeper::take(const redis::Reply& reply, Timestamp now) {
  if (reply.kind == redis::ReplyKind::Refused) {
    log(LogLevel::Warning, "Redis refuses assignments", {{"reason", reply.text}});
  }
  const bool was_leader = is_leader_;
  is_leader_ = reply.kind == redis::ReplyKind::List;
  if (!is_leader_) return;
  assignments_.clear();
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) {
    assignments_[reply.items[i].text] = reply.items[i + 1].text;
  }
  // Whoever was there before this process looked may be alive, and was not heard yet.
  if (!was_leader) {
    for (const auto& [asset, shard] : assignments_) heard_.emplace(shard, now);
  }
  const Assignments plan = plan_assignments(assets_, live_shards(), assignments_);
  if (plan != assignments_) write(plan);
}

void AssignmentKeeper::write(const Assignments& plan) {
  redis::Words words{"EVAL", kWrite, "2", kLeaderKey, kAssignmentsKey, owner_};
  const auto set = [&](const std::string& asset, const std::string& shard, const std::string& before) {
    words.push_back(asset);
    words.push_back(shard);
    ++moves_;
    log(LogLevel::Info, "assigned",
        {{"asset", asset}, {"to", shard.empty() ? "nobody" : shard}, {"from", before.empty() ? "nobody" : before}});
  };
  for (const auto& [asset, shard] : plan) {
    const auto it = assignments_.find(asset);
    const std::string before = it == assignments_.end() ? "" : it->second;
    if (before != shard) set(asset, shard, before);
  }
  for (const auto& [asset, shard] : assignments_) {
    if (!plan.contains(asset)) set(asset, "", shard);
  }
  coordination_.command(std::move(words));
}

void AssignmentKeeper::release() {
  if (is_released_) return;
  is_released_ = true;
  is_leader_ = false;
  coordination_.command({"EVAL", kRelease, "1", kLeaderKey, owner_});
}

}  // namespace arbees::app
