#include "app/running/process_log.h"

#include <filesystem>
#include <fstream>

namespace arbees::app {
namespace {

std::filesystem::path level_path(const std::string& folder) { return std::filesystem::path(folder) / "log-level"; }

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
  set_log_level(chosen_log_level(folder_).value_or(configured_));
}

void ProcessLog::look(const std::vector<FeedHealth>& feeds) {
  set_log_level(chosen_log_level(folder_).value_or(configured_));
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
