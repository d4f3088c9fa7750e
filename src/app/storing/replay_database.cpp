#include "app/storing/replay_database.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

// A database that is busy gets so long; one that is not there is known before.
constexpr Duration kPatience = std::chrono::minutes(10);

Timestamp wall_clock() {
  return Timestamp(std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

}  // namespace

Result<ReplayDatabase, std::string> ReplayDatabase::open(const std::string& url) {
  const auto parsed = postgres::DatabaseUrl::parse(url);
  if (!parsed) return failure(parsed.error());
  // A replay that could not be stored is of no use: better to know now.
  const auto connection = postgres::Connection::open(*parsed);
  if (!connection) return failure(parsed->shown() + ": " + connection.error().text);
  std::string folder = (std::filesystem::temp_directory_path() / "arbees-replay-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return failure(folder + ": cannot be made");
  return ReplayDatabase(folder, url);
}

ReplayDatabase::ReplayDatabase(ReplayDatabase&& other) noexcept
    : folder_(std::exchange(other.folder_, {})),
      url_(std::move(other.url_)),
      tap_(std::move(other.tap_)),
      sink_(std::move(other.sink_)) {}

ReplayDatabase& ReplayDatabase::operator=(ReplayDatabase&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(url_, other.url_);
  std::swap(tap_, other.tap_);
  std::swap(sink_, other.sink_);
  return *this;
}

ReplayDatabase::~ReplayDatabase() {
  sink_.reset();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string ReplayDatabase::begin(const JournalHeader& header) {
  DatabaseSinkOptions wanted;
  wanted.config.url = url_;
  wanted.config.retention_days = 0;  // what is replayed is old
  wanted.process = "replay";
  wanted.folder = folder_;
  wanted.ledger = ledger_file();
  wanted.mirror = LedgerMirror::Begin::Anew;
  const bool is_recording = header.mode == JournalMode::RecordedMarketData;
  if (is_recording) {
    wanted.in_time = false;
    wanted.writer = "replay-" + to_hex(static_cast<std::uint64_t>(unix_ns(header.created_at)) ^ header.seed);
  }
  auto opened = DatabaseSink::open(wanted);
  if (!opened) return opened.error();
  sink_ = std::move(*opened);
  if (is_recording) {
    tap_ = std::make_unique<PriceTap>(std::chrono::milliseconds(wanted.config.price_interval_ms),
                                      PriceFilter::WhenFull::Wait);
    tap_->start(sink_->writer());
  }
  return {};
}

std::string ReplayDatabase::finish() {
  if (!sink_) return {};
  const Timestamp now = wall_clock();
  if (tap_) tap_->finish(now);
  if (sink_->finish(kPatience, now)) return {};
  return "the database could not be written: " + sink_->trouble();
}

}  // namespace arbees::app
