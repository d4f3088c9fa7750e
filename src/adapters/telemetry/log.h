#pragma once
// The program's log: one line for each thing that happened, on standard error, as text or as JSON.
//
// Lines are written by a thread of their own. Whoever logs only hands the line over, and never waits: when the queue is
// full the oldest line is lost. The level may change at any time. Before open_log() and after close_log() lines are
// counted only. One log for the process; all calls may come from any thread.
//
// Words that people and scripts look for do not change: "Published", "arbitrage", "signal", "ExecutionRequest",
// "Executing" (docs/monitoring.md).

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace arbees {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };
// "debug", "info", "warning", "error".
[[nodiscard]] std::string_view log_level_name(LogLevel level) noexcept;
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view name) noexcept;

struct LogField {
  std::string_view name;  // a word
  std::string value;
};

struct LogOptions {
  LogLevel level = LogLevel::Info;
  bool as_json = false;
  std::string process;  // who speaks: "run", "kalshi-monitor"
};

void open_log(const LogOptions& options);
// Writes out what is queued.
void close_log();

void set_log_level(LogLevel level) noexcept;
[[nodiscard]] LogLevel log_level() noexcept;
// Whether a line of this level would be written: for who must work to make one.
[[nodiscard]] bool logs(LogLevel level) noexcept;
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

// Lines since the start of the process, written or not.
struct LogCounts {
  std::uint64_t warnings = 0;
  std::uint64_t errors = 0;
};
[[nodiscard]] LogCounts log_counts() noexcept;

// What comes behind the level: "message name=value …", quoted where a value has blanks, or the members of a JSON
// object.
[[nodiscard]] std::string log_text(std::string_view message, std::initializer_list<LogField> fields);
[[nodiscard]] std::string log_json(std::string_view message, std::initializer_list<LogField> fields);

}  // namespace arbees
