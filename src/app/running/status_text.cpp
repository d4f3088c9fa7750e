#include "app/running/status_text.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <iterator>

#include "app/running/flatten_text.h"

namespace arbees::app {
namespace {

constexpr Duration kBelieved = std::chrono::seconds(2);

std::string text_of(const rapidjson::Value& object, const char* key) {
  const auto it = object.FindMember(key);
  if (it == object.MemberEnd()) return {};
  if (it->value.IsString()) return it->value.GetString();
  if (it->value.IsBool()) return it->value.GetBool() ? "true" : "false";
  if (it->value.IsInt64()) return std::to_string(it->value.GetInt64());
  if (it->value.IsUint64()) return std::to_string(it->value.GetUint64());
  return {};
}

const rapidjson::Value* member(const rapidjson::Value& object, const char* key) {
  const auto it = object.FindMember(key);
  return it == object.MemberEnd() ? nullptr : &it->value;
}

double number_of(const rapidjson::Value& object, const char* key) {
  const rapidjson::Value* value = member(object, key);
  return value != nullptr && value->IsNumber() ? value->GetDouble() : 0.0;
}

// How the requests ended, and what their legs cost beyond what was meant.
std::string describe_legs(const rapidjson::Document& document) {
  const rapidjson::Value* ended = member(document, "ended");
  if (ended == nullptr || !ended->IsObject()) return {};
  std::string text;
  for (const auto& [name, count] : ended->GetObject()) {
    if (!count.IsUint64() || count.GetUint64() == 0) continue;
    text += fmt::format("{} {} {}", text.empty() ? "ended:" : ",", count.GetUint64(), name.GetString());
  }
  if (text.empty()) return {};
  text += fmt::format("; unwinding cost ${}, slippage ${}\n", text_of(document, "unwind_cost"),
                      text_of(document, "slippage"));
  const rapidjson::Value* naked = member(document, "naked_ms");
  if (naked == nullptr || !naked->IsObject() || number_of(*naked, "requests") == 0) return text;
  return text + fmt::format("unequal legs in {} requests: p50 {:.1f} ms, p99 {:.1f} ms, max {:.1f} ms\n",
                            text_of(*naked, "requests"), number_of(*naked, "p50"), number_of(*naked, "p99"),
                            number_of(*naked, "max"));
}

// The accounts at the venues, of a live session.
std::string describe_accounts(const rapidjson::Document& document) {
  std::string text;
  const rapidjson::Value* gateways = member(document, "gateways");
  if (gateways == nullptr || !gateways->IsArray()) return text;
  for (const auto& gateway : gateways->GetArray()) {
    text += fmt::format("  {:<12} {} orders sent, {} refused, {} open, {} unknown, {} answers lost and {} found out",
                        text_of(gateway, "venue"), text_of(gateway, "submitted"), text_of(gateway, "refused"),
                        text_of(gateway, "open_orders"), text_of(gateway, "unknown_orders"),
                        text_of(gateway, "lost_answers"), text_of(gateway, "resolved"));
    if (const rapidjson::Value* group = member(gateway, "order_group"); group != nullptr && group->IsObject()) {
      text += fmt::format(", order group {}", text_of(*group, "state"));
    }
    if (text_of(gateway, "ready") != "true") text += ", not logged in";
    const std::string trouble = text_of(gateway, "last_trouble");
    text += trouble.empty() ? "\n" : "; last trouble: " + trouble + "\n";
  }
  const rapidjson::Value* accounts = member(document, "accounts");
  if (accounts == nullptr || !accounts->IsArray()) return text;
  for (const auto& account : accounts->GetArray()) {
    text +=
        fmt::format("  {:<12} compared with the books {} times", text_of(account, "venue"), text_of(account, "checks"));
    if (number_of(account, "checks") == 0) {
      text += "\n";
      continue;
    }
    const rapidjson::Value* differences = member(account, "differences");
    const bool is_equal = differences == nullptr || !differences->IsArray() || differences->Empty();
    text += is_equal ? ", equal\n" : fmt::format(", DIFFERS: {}\n", (*differences)[0].GetString());
  }
  return text;
}

// Cash may be below zero beside what was paid for pairs already, so the two stand together.
std::string describe_cash(const rapidjson::Document& document) {
  const rapidjson::Value* cash = member(document, "cash");
  const rapidjson::Value* pairs = member(document, "paid_for_pairs");
  const rapidjson::Value* free = member(document, "free_cash");
  if (cash == nullptr || pairs == nullptr || free == nullptr) return {};
  if (!cash->IsObject() || !pairs->IsObject() || !free->IsObject()) return {};
  std::string text;
  for (const auto& [venue, amount] : cash->GetObject()) {
    const char* const name = venue.GetString();
    if (!amount.IsString()) continue;
    text += fmt::format("{}{} ${}", text.empty() ? "cash: " : "; ", name, amount.GetString());
    const rapidjson::Value* unpaid = member(document, "unpaid");
    const std::string to_come = unpaid != nullptr && unpaid->IsObject() ? text_of(*unpaid, name) : std::string();
    const std::string paid = text_of(*pairs, name);
    const bool has_pairs = !paid.empty() && paid != "0";
    const bool has_unpaid = !to_come.empty() && to_come != "0";
    if (!has_pairs && !has_unpaid) continue;
    text += " by the books";
    if (has_pairs) text += fmt::format(", ${} paid for pairs", paid);
    if (has_unpaid) text += fmt::format(", ${} of it not paid yet", to_come);
    text += fmt::format(", ${} to spend", text_of(*free, name));
  }
  return text.empty() ? text : text + "\n";
}

// What the UTC day has brought, and at which loss trading halts.
std::string describe_day(const rapidjson::Document& document) {
  const std::string result = text_of(document, "day_result");
  const std::string limit = text_of(document, "max_daily_loss");
  if (result.empty() || limit.empty()) return {};
  const auto lost = document.FindMember("day_lost");
  if (lost != document.MemberEnd() && lost->value.IsBool() && lost->value.GetBool()) {
    return fmt::format(
        "today (UTC): ${}, it has reached $-{} (limits.max_daily_loss): nothing is bought until the day ends\n", result,
        limit);
  }
  return fmt::format("today (UTC): ${}, halts at $-{} (limits.max_daily_loss)\n", result, limit);
}

std::string trouble_of(const rapidjson::Document& document) {
  const rapidjson::Value* reasons = member(document, "reasons");
  if (reasons == nullptr || !reasons->IsArray()) return {};
  std::string text;
  for (const auto& reason : reasons->GetArray()) {
    if (reason.IsString()) text += (text.empty() ? "" : "; ") + std::string(reason.GetString());
  }
  return text.empty() ? text : fmt::format("{} ({})", text_of(document, "state"), text);
}

std::string describe(const rapidjson::Document& document, const std::string& json) {
  const char* const state = text_of(document, "halted") == "true" ? ", HALTED" : is_reducing(json) ? ", REDUCING" : "";
  std::string text =
      fmt::format("process {}, {} trading{}\n", text_of(document, "pid"), text_of(document, "mode"), state);
  const std::string reason = text_of(document, "halt_reason");
  if (!reason.empty()) text += fmt::format("halted: {}\n", reason);
  for (const std::string& line : flatten_lines(json)) text += line + "\n";
  if (const std::string trouble = trouble_of(document); !trouble.empty()) text += trouble + "\n";
  for (const auto& feed : document["feeds"].GetArray()) {
    text += fmt::format("  {:<12} {:<6} age {:>7} ms  frames {}  gaps {}  resyncs {}  {}\n", text_of(feed, "venue"),
                        text_of(feed, "status"), text_of(feed, "age_ms"), text_of(feed, "frames"),
                        text_of(feed, "gaps"), text_of(feed, "resyncs"), text_of(feed, "last_trouble"));
  }
  text += describe_accounts(document);
  text += describe_cash(document);
  text += describe_day(document);
  text += describe_legs(document);
  // A role counts some of them only.
  const char* separator = "";
  for (const char* key : {"requests", "fills", "settled", "events", "prices_received", "published"}) {
    const std::string count = text_of(document, key);
    if (count.empty()) continue;
    text += fmt::format("{}{} {}", separator, key == std::string_view("prices_received") ? "prices" : key, count);
    separator = ", ";
  }
  return text;
}

// A reason of the latch begins with its date, others do not.
bool is_of_latch(const std::string& reason) { return parse_iso8601(reason.substr(0, reason.find(' '))).has_value(); }

void obey(const HaltLatch& latch, rapidjson::Document& document) {
  const auto told = document.FindMember("halted");
  if (told == document.MemberEnd() || !told->value.IsBool()) return;
  const bool is_latched = latch.is_halted();
  const bool was_latched = told->value.GetBool() && is_of_latch(text_of(document, "halt_reason"));
  if (is_latched == was_latched) return;
  told->value.SetBool(is_latched);
  document.RemoveMember("halt_reason");
  if (!is_latched) return;
  rapidjson::Value reason(latch.reason().c_str(), document.GetAllocator());
  document.AddMember("halt_reason", reason, document.GetAllocator());
}

}  // namespace

std::string state_trouble(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  return document.HasParseError() || !document.IsObject() ? std::string() : trouble_of(document);
}

std::optional<StatusText> status_text(const std::string& document, Timestamp now, const HaltLatch* latch) {
  rapidjson::Document parsed;
  parsed.Parse(document.data(), document.size());
  if (parsed.HasParseError() || !parsed.IsObject()) return std::nullopt;
  const auto feeds = parsed.FindMember("feeds");
  if (feeds == parsed.MemberEnd() || !feeds->value.IsArray()) return std::nullopt;
  const auto written = parse_iso8601(text_of(parsed, "written_at"));
  if (!written) return std::nullopt;
  if (latch != nullptr) obey(*latch, parsed);
  if (now - *written > kBelieved) {
    for (auto& feed : feeds->value.GetArray()) {
      if (!feed.IsObject() || text_of(feed, "status") != "live") continue;
      feed["status"].SetString("stale");
    }
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  parsed.Accept(writer);
  const std::string json(buffer.GetString(), buffer.GetSize());
  return StatusText{json, describe(parsed, json)};
}

}  // namespace arbees::app
