#include "app/storing/database_sink.h"

#include <fmt/format.h>

#include <filesystem>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/log.h"

namespace arbees::app {
namespace {

using postgres::WriterState;

constexpr Duration kLookEvery = std::chrono::milliseconds(500);

postgres::WriterOptions writer_options(const DatabaseSinkOptions& options) {
  postgres::WriterOptions writer;
  writer.spill_folder = (std::filesystem::path(options.folder) / "database-spill").string();
  writer.max_spill_bytes = static_cast<std::uint64_t>(options.config.spill_megabytes) * 1'000'000;
  writer.process = options.process;
  writer.writer = options.writer;
  writer.retention_days = options.config.retention_days;
  if (!options.in_time) writer.flush_every = std::chrono::hours(10'000);
  return writer;
}

}  // namespace

DatabaseSink::DatabaseSink(const DatabaseSinkOptions& options, postgres::DatabaseUrl url)
    : options_(options), shown_url_(url.shown()), mirror_(options.ledger, options.mirror) {
  postgres::WriterOptions settings = writer_options(options);
  if (!options.ledger.empty()) {
    settings.chore = [this](postgres::Connection& connection) {
      auto done = mirror_.round(connection);
      // A large ledger takes several rounds.
      while (done && !mirror_.is_complete() && mirror_.has_ledger()) done = mirror_.round(connection);
      is_mirrored_ = done.has_value();
      return done;
    };
  }
  writer_ = std::make_unique<postgres::Writer>(std::move(url), settings);
}

Result<std::unique_ptr<DatabaseSink>, std::string> DatabaseSink::open(const DatabaseSinkOptions& options) {
  auto url = postgres::DatabaseUrl::parse(options.config.url);
  if (!url) return failure("database.url: " + url.error());
  std::unique_ptr<DatabaseSink> sink(new DatabaseSink(options, std::move(*url)));
  return sink;
}

void DatabaseSink::tick(Timestamp now) {
  if (now < next_look_) return;
  next_look_ = now + kLookEvery;
  const postgres::WriterStatus status = writer_->status();
  if (status.state != told_) {
    const bool is_trouble = status.state != WriterState::Connected;
    log(is_trouble ? LogLevel::Warning : LogLevel::Info, "database",
        {{"status", std::string(writer_state_name(status.state))},
         {"url", shown_url_},
         {"trouble", is_trouble ? status.last_trouble : std::string()}});
    if (status.state == WriterState::Connected) writer_->note(now, "connected", shown_url_);
    told_ = status.state;
  }
  if (status.rows_dropped > told_dropped_) {
    const std::string lost = fmt::format("{} rows lost", status.rows_dropped - told_dropped_);
    log(LogLevel::Error, "database", {{"status", lost}, {"url", shown_url_}, {"trouble", status.queue.trouble}});
    writer_->note(now, "rows_lost", lost);
    told_dropped_ = status.rows_dropped;
  }
}

void DatabaseSink::write_status(JsonWriter& json) const {
  const postgres::WriterStatus status = writer_->status();
  json.begin_object().field("url", shown_url_).field("status", writer_state_name(status.state));
  json.field("rows_written", status.rows_written).field("rows_dropped", status.rows_dropped);
  json.field("batches_written", status.batches_written).field("batches_repeated", status.batches_repeated);
  json.field("batches_refused", status.batches_refused).field("pending_batches", status.queue.pending_batches);
  json.field("spilled_batches", status.queue.spilled_batches).field("spilled_bytes", status.queue.spilled_bytes);
  json.field("connects", status.connects);
  if (!options_.ledger.empty()) json.field("ledger_mirrored", is_mirrored_.load());
  if (!status.last_trouble.empty()) json.field("last_trouble", status.last_trouble);
  if (!status.chore_trouble.empty()) json.field("mirror_trouble", status.chore_trouble);
  json.end_object();
}

bool DatabaseSink::finish(Duration patience, Timestamp now) {
  writer_->note(now, "stop", "");
  is_mirrored_ = options_.ledger.empty();
  const bool is_stored = writer_->finish(patience);
  return is_stored && is_mirrored_;
}

std::string DatabaseSink::trouble() const {
  const postgres::WriterStatus status = writer_->status();
  if (!status.chore_trouble.empty()) return status.chore_trouble;
  return status.last_trouble;
}

}  // namespace arbees::app
