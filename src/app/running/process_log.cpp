#include "app/running/process_log.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace arbees::app {
namespace {

std::filesystem::path level_path(const std::string& folder) { return std::filesystem::path(folder) / "log-level"; }

// Told at the more talkative of the two levels, so that the line is written whichever way it goes.
void change_level(LogLevel level, const char* why) {
  const LogLevel before = log_level();
  if (level == before) return;
  const LogLevel told = std::max(LogLevel::Info, std::min(level, before));
  if (level < before) set_log_level(level);
  log(told, "the level of the log changes",
      {{"from", std::string(log_level_name(before))}, {"to", std::string(log_level_name(level))}, {"by", why}});
  set_log_level(level);
}

void tell(const FeedHealth& feed) {
  const std::string venue(venue_name(feed.venue));
  if (feed.state == FeedState::Live) return log(LogLevel::Info, "feed is live", {{"venue", venue}});
  log(LogLevel::Warning, feed.state == FeedState::Stale ? "feed is stale" : "feed is down",
      {{"venue", venue},
       {"reason", feed.last_trouble.empty() ? std::string("silent, with no trouble told") : feed.last_trouble}});
}

}  // namespace

std::optional<LogLevel> chosen_log_level(const std::string& folder) {
  std::ifstream file(level_path(folder));
  std::string name;
  file >> name;
  return parse_log_level(name);
}

bool choose_log_level(const std::string& folder, std::optional<LogLevel> level) {
  std::error_code error;
  if (!level) {
    std::filesystem::remove(level_path(folder), error);
    return !error;
  }
  std::filesystem::create_directories(folder, error);
  std::ofstream file(level_path(folder), std::ios::trunc);
  file << log_level_name(*level) << '\n';
  file.close();
  return file.good();
}

ProcessLog::ProcessLog(const LogConfig& config, const std::string& process, std::string data_folder)
    : folder_(std::move(data_folder)), configured_(parse_log_level(config.level).value_or(LogLevel::Info)) {
  open_log({chosen_log_level(folder_).value_or(configured_), config.format == "json", process});
}

ProcessLog::~ProcessLog() { close_log(); }

void ProcessLog::configure(const LogConfig& config) {
  configured_ = parse_log_level(config.level).value_or(configured_);
  follow();
}

void ProcessLog::follow() {
  const auto chosen = chosen_log_level(folder_);
  change_level(chosen.value_or(configured_), chosen ? "arbees log-level" : "the configuration");
}

void ProcessLog::look(const std::vector<FeedHealth>& feeds) {
  follow();
  for (const FeedHealth& feed : feeds) {
    const auto [known, is_new] = feeds_.try_emplace(feed.venue, feed.state);
    // Every feed begins down: that is no news.
    const bool is_news = is_new ? feed.state == FeedState::Live : known->second != feed.state;
    known->second = feed.state;
    if (is_news) tell(feed);
  }
}

void write_log_counts(JsonWriter& json) {
  const LogCounts counts = log_counts();
  json.key("log").begin_object().field("warning", counts.warnings).field("error", counts.errors).end_object();
}

}  // namespace arbees::app
