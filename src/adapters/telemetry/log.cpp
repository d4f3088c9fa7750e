#include "adapters/telemetry/log.h"

#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include "adapters/telemetry/json.h"

namespace arbees {
namespace {

constexpr std::size_t kQueuedLines = 8'192;
constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

// One log for the process, as one standard error.
struct Log {
  std::mutex mutex;  // for opening and closing
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::logger> logger;
  std::atomic<bool> is_open{false};
  std::atomic<bool> as_json{false};
  std::atomic<LogLevel> level{LogLevel::Info};
  std::atomic<std::uint64_t> warnings{0};
  std::atomic<std::uint64_t> errors{0};
};

Log& the_log() {
  static Log log;
  return log;
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warning: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

// A value that a reader can tell from the next name.
std::string quoted(const std::string& value) {
  const bool is_plain = !value.empty() && value.find_first_of(" \"=\\\n\r\t") == std::string::npos;
  if (is_plain) return value;
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return text + '"';
}

}  // namespace

std::string_view log_level_name(LogLevel level) noexcept { return kLevelNames[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> parse_log_level(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (name == kLevelNames[i]) return static_cast<LogLevel>(i);
  }
  if (name == "warn") return LogLevel::Warning;
  return std::nullopt;
}

void open_log(const LogOptions& options) {
  close_log();
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  log.pool = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
  log.logger = std::make_shared<spdlog::async_logger>("arbees", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                                                      log.pool, spdlog::async_overflow_policy::overrun_oldest);
  const char* const time = "%Y-%m-%dT%H:%M:%S.%eZ";
  log.logger->set_pattern(options.as_json
                              ? fmt::format(R"({{"time":"{}","level":"%l","process":"{}",%v}})", time, options.process)
                              : fmt::format("{} %-7l {} %v", time, options.process),
                          spdlog::pattern_time_type::utc);
  log.logger->set_level(spdlog::level::trace);  // what is written is decided here, before a line is made
  log.logger->flush_on(spdlog::level::trace);
  log.level = options.level;
  log.as_json = options.as_json;
  log.is_open = true;
}

void close_log() {
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  log.is_open = false;
  log.logger.reset();
  log.pool.reset();  // its thread ends when the queue is empty
}

void set_log_level(LogLevel level) noexcept { the_log().level = level; }
LogLevel log_level() noexcept { return the_log().level; }
bool logs(LogLevel level) noexcept { return the_log().is_open && level >= the_log().level.load(); }

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  Log& log = the_log();
  if (level == LogLevel::Warning) ++log.warnings;
  if (level == LogLevel::Error) ++log.errors;
  if (!logs(level)) return;
  const std::string text = log.as_json ? log_json(message, fields) : log_text(message, fields);
  const std::lock_guard lock(log.mutex);
  if (log.logger != nullptr) log.logger->log(level_of(level), spdlog::string_view_t(text.data(), text.size()));
}

LogCounts log_counts() noexcept { return {the_log().warnings, the_log().errors}; }

std::string log_text(std::string_view message, std::initializer_list<LogField> fields) {
  std::string text(message);
  for (const LogField& field : fields) text += fmt::format(" {}={}", field.name, quoted(field.value));
  return text;
}

std::string log_json(std::string_view message, std::initializer_list<LogField> fields) {
  JsonWriter json;
  json.begin_object().field("message", message);
  for (const LogField& field : fields) json.field(field.name, field.value);
  const std::string object = json.end_object().take();
  return object.substr(1, object.size() - 2);
}

}  // namespace arbees
