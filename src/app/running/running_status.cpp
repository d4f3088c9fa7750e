#include "app/running/running_status.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/telemetry/json.h"
#include "app/roles/role.h"
#include "app/running/halt_latch.h"
#include "app/running/halt_text.h"
#include "app/running/process_lock.h"
#include "app/running/status_document.h"

namespace arbees::app {
namespace {

constexpr Duration kAlive = std::chrono::seconds(5);

std::string text_of(const rapidjson::Value& object, const char* key) {
  const auto it = object.FindMember(key);
  return it != object.MemberEnd() && it->value.IsString() ? it->value.GetString() : "";
}

// The role whose status this is; "run" for the whole system.
std::string role_of(const std::string& folder) {
  const auto status = read_status(folder, Timestamp::max());
  rapidjson::Document document;
  if (status) document.Parse(status->json.data(), status->json.size());
  if (!status || document.HasParseError() || !document.IsObject()) return {};
  const std::string role = text_of(document, "role");
  return role.empty() ? "run" : role;
}

}  // namespace

std::vector<std::string> running_folders(const std::string& data_folder, const std::string& role) {
  std::vector<std::string> folders;
  if (ProcessLock::holder(data_folder)) folders.push_back(data_folder);
  for (std::string& folder : role_folders(data_folder)) {
    if (ProcessLock::holder(folder)) folders.push_back(std::move(folder));
  }
  if (role.empty()) return folders;
  std::erase_if(folders, [&](const std::string& folder) {
    if (folder == data_folder) return role_of(folder) != role;
    const std::string name = std::filesystem::path(folder).filename().string();
    return name != role && !name.starts_with(role + ".");  // "crypto-shard.ID"
  });
  return folders;
}

std::string process_name(const std::string& data_folder, const std::string& folder) {
  if (folder != data_folder) return std::filesystem::path(folder).filename().string();
  const std::string role = role_of(folder);
  return role.empty() ? "run" : role;
}

std::vector<DeadProcess> dead_processes(const std::string& data_folder, const std::string& role) {
  std::vector<std::string> folders = role_folders(data_folder);
  folders.insert(folders.begin(), data_folder);
  std::vector<DeadProcess> dead;
  for (const std::string& folder : folders) {
    // In this order: who ends in order removes the status while it still holds the lock.
    if (ProcessLock::holder(folder)) continue;
    rapidjson::Document document;
    std::ostringstream text;
    text << std::ifstream(status_path(folder)).rdbuf();
    document.Parse(text.str().c_str());
    if (document.HasParseError() || !document.IsObject()) continue;
    const auto running = document.FindMember("running");
    if (running == document.MemberEnd() || !running->value.IsBool() || !running->value.GetBool()) continue;
    std::string name = text_of(document, "role");
    if (name.empty()) name = "run";
    if (role.empty() || name == role) dead.push_back({name, folder, text_of(document, "written_at")});
  }
  return dead;
}

void supersede_status(const std::string& folder) {
  std::ostringstream text;
  text << std::ifstream(status_path(folder)).rdbuf();
  rapidjson::Document earlier;
  earlier.Parse(text.str().data(), text.str().size());
  if (earlier.HasParseError() || !earlier.IsObject()) return remove_status(folder);
  JsonWriter json;
  json.begin_object().field("running", true).field("pid", static_cast<std::int64_t>(::getpid()));
  // A folder keeps its role, and its ledger the mode. When it was written stays: nothing was heard of this process yet.
  for (const char* const key : {"mode", "label", "role", "shard", "data", "written_at"}) {
    if (const std::string kept = text_of(earlier, key); !kept.empty()) json.field(key, kept);
  }
  // As its data folder's latch says, when it is read.
  if (earlier.HasMember("halted")) json.field("halted", false);
  json.field("state", "starting").key("reasons").begin_array().value("no status of this process yet").end_array();
  json.key("feeds").begin_array().end_array().end_object();
  if (!write_status(folder, json.take())) remove_status(folder);
}

std::optional<StatusText> read_status(const std::string& folder, Timestamp now) {
  std::ostringstream text;
  text << std::ifstream(status_path(folder)).rdbuf();
  rapidjson::Document document;
  document.Parse(text.str().data(), text.str().size());
  const std::string data = document.HasParseError() || !document.IsObject() ? std::string() : text_of(document, "data");
  const HaltLatch latch(data);
  return status_text(text.str(), now, data.empty() ? nullptr : &latch);
}

std::string resume_refusal(const std::string& data_folder, Timestamp now) {
  const HaltLatch latch(data_folder);
  if (!is_for_difference(latch.reason()) || !ProcessLock::holder(data_folder)) return {};
  constexpr const char* kUntold =
      "the running process has not told of late whether books and venue still differ; try again in a moment, or stop "
      "it and resume then: the next start compares";
  const auto status = read_status(data_folder, now);
  rapidjson::Document document;
  if (status) document.Parse(status->json.data(), status->json.size());
  if (!status || document.HasParseError() || !document.IsObject()) return kUntold;
  const auto written = parse_iso8601(text_of(document, "written_at"));
  if (!written || now - *written > kAlive) return kUntold;
  const auto accounts = document.FindMember("accounts");
  if (accounts == document.MemberEnd() || !accounts->value.IsArray()) {
    // On paper there is no account to differ from.
    return text_of(document, "mode") == "paper" ? std::string() : kUntold;
  }
  for (const auto& account : accounts->value.GetArray()) {
    const auto found = account.FindMember("differences");
    if (found == account.MemberEnd() || !found->value.IsArray() || found->value.Empty()) continue;
    return fmt::format(
        "books and venue still differ: {}; nothing is traded until they are compared anew and equal, here or by "
        "`arbees reconcile` with the process stopped, which books what happened outside with --accept --reason TEXT",
        found->value[0].IsString() ? found->value[0].GetString() : "");
  }
  return {};
}

std::string health_trouble(const std::string& json, Timestamp now) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError() || !document.IsObject()) return "the status cannot be read";
  const auto written = parse_iso8601(text_of(document, "written_at"));
  if (!written) return "the status does not say when it was written";
  if (now - *written > kAlive) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - *written).count();
    return fmt::format("nothing was heard of the process for {} s", age);
  }
  std::string trouble = state_trouble(json);
  if (!trouble.empty()) return trouble;
  const auto feeds = document.FindMember("feeds");
  if (feeds == document.MemberEnd() || !feeds->value.IsArray() || feeds->value.Empty()) return {};
  const auto list = feeds->value.GetArray();
  const bool any = std::any_of(list.begin(), list.end(),
                               [](const rapidjson::Value& feed) { return text_of(feed, "status") == "live"; });
  return any ? std::string() : std::string("no feed is live");
}

std::optional<std::string> halt_told_since(const std::string& folder, Timestamp since) {
  const auto status = read_status(folder, since);
  rapidjson::Document document;
  if (status) document.Parse(status->json.data(), status->json.size());
  if (!status || document.HasParseError() || !document.IsObject()) return std::nullopt;
  const auto written = parse_iso8601(text_of(document, "written_at"));
  if (!written || *written <= since) return std::nullopt;
  const auto halted = document.FindMember("halted");
  const bool is_halted = halted != document.MemberEnd() && halted->value.IsBool() && halted->value.GetBool();
  if (is_halted) return text_of(document, "halt_reason");
  return text_of(document, "state") == "halted" ? state_trouble(status->json) : std::string();
}

}  // namespace arbees::app
