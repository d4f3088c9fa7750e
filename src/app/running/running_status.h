#pragma once
// The processes that run in a data folder, and what each tells about itself.

#include <optional>
#include <string>
#include <vector>

#include "app/running/status_text.h"

namespace arbees::app {

// Folders with a running process: the data folder itself if one trades there, and those of the roles below it, in the
// order of their names. `role` chooses one ("kalshi-monitor"); empty: all.
[[nodiscard]] std::vector<std::string> running_folders(const std::string& data_folder, const std::string& role = {});

// What --role calls the process of this folder: "run", "kalshi-monitor", "crypto-shard.ID".
[[nodiscard]] std::string process_name(const std::string& data_folder, const std::string& folder);

// A process that ended without having been told to, as kill -9 ends one.
struct DeadProcess {
  std::string role;     // "run", "kalshi-monitor" …
  std::string folder;   // where its status is
  std::string told_at;  // its last word, ISO 8601
};

inline constexpr const char* kHasDied = "has died (its lock is free, its status says running)";

// Those of the data folder, in the same order; only `role`, if that is not empty.
[[nodiscard]] std::vector<DeadProcess> dead_processes(const std::string& data_folder, const std::string& role = {});

// For a process that has just taken the folder's lock: what an earlier one has told, and did not remove because it was
// killed, is not told as the new one's. In its place: this process starts, and has no feeds yet.
void supersede_status(const std::string& folder);

// What the process of this folder has told last; nothing if it has not told anything yet.
[[nodiscard]] std::optional<StatusText> read_status(const std::string& folder, Timestamp now);

// Why a halt of this folder must not end: it was for books and venue that differ, and by the running process's latest
// comparison they still do, or it has not told. Empty: it may end. Without a process it may: a live start compares by
// itself.
[[nodiscard]] std::string resume_refusal(const std::string& data_folder, Timestamp now);

// Empty if the process told of itself within five seconds, gives no reasons of its own why it does not do its work,
// and, where it has feeds, at least one is live; else what is wrong. `json` as of read_status().
[[nodiscard]] std::string health_trouble(const std::string& json, Timestamp now);

// Why the process of this folder does not trade, by what it told after `since`: empty if it does; nothing if it has not
// told anything since.
[[nodiscard]] std::optional<std::string> halt_told_since(const std::string& folder, Timestamp since);

}  // namespace arbees::app
