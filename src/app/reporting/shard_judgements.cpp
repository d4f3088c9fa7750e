#include "app/reporting/shard_judgements.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "app/reporting/text_table.h"
#include "app/reporting/verdict_text.h"

namespace arbees::app {
namespace {

using rapidjson::Value;

const Value* member(const Value& object, const char* key) {
  const auto it = object.FindMember(key);
  return it == object.MemberEnd() ? nullptr : &it->value;
}

std::uint64_t count_at(const Value& object, const char* key) {
  const Value* value = member(object, key);
  return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
}

}  // namespace

std::vector<ShardJudgements> shard_judgements(const std::vector<std::string>& documents) {
  std::vector<ShardJudgements> shards;
  for (const std::string& text : documents) {
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    if (document.HasParseError() || !document.IsObject()) continue;
    const Value* name = member(document, "shard");
    if (name == nullptr || !name->IsString()) continue;
    ShardJudgements shard;
    shard.shard = name->GetString();
    shard.judged = count_at(document, "decisions");
    shard.requests = count_at(document, "requests");
    if (const Value* seen = member(document, "opportunities"); seen != nullptr && seen->IsObject()) {
      for (const auto& [detector, count] : seen->GetObject()) shard.seen += count.IsUint64() ? count.GetUint64() : 0;
    }
    if (const Value* rejected = member(document, "rejected"); rejected != nullptr && rejected->IsObject()) {
      for (const auto& [reason, count] : rejected->GetObject()) {
        const auto verdict = parse_verdict(reason.GetString());
        if (verdict && count.IsUint64()) shard.rejected[*verdict] = count.GetUint64();
      }
    }
    shards.push_back(std::move(shard));
  }
  return shards;
}

void write_shards(const std::vector<ShardJudgements>& shards, JsonWriter& json) {
  json.key("shards").begin_array();
  for (const ShardJudgements& shard : shards) {
    json.begin_object().field("shard", shard.shard).field("judged", shard.judged).field("opportunities", shard.seen);
    json.field("requests", shard.requests).key("rejected").begin_array();
    for (const auto& [verdict, count] : shard.rejected) {
      const VerdictText text = verdict_text(verdict);
      json.begin_object().field("reason", verdict_name(verdict)).field("judged", count);
      json.field("meaning", text.meaning).field("remedy", text.remedy).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

std::string shards_text(const std::vector<ShardJudgements>& shards) {
  std::string text;
  for (const ShardJudgements& shard : shards) {
    text += fmt::format("\nshard {} since its start: {} judgements of {} opportunities, {} requests\n", shard.shard,
                        shard.judged, shard.seen, shard.requests);
    std::vector<std::vector<std::string>> rows{{"not requested because", "judgements", "meaning", "what to do"}};
    for (const auto& [verdict, count] : shard.rejected) {
      const VerdictText words = verdict_text(verdict);
      rows.push_back({std::string(verdict_name(verdict)), std::to_string(count), std::string(words.meaning),
                      std::string(words.remedy)});
    }
    if (rows.size() > 1) text += text_table(rows);
  }
  return text;
}

}  // namespace arbees::app
