#include "adapters/store/raw_recorder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>

#include "adapters/telemetry/format.h"

namespace arbees {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "raw-";
constexpr std::string_view kSuffix = ".jsonl.zst";
// More than this waiting is written at once, whatever the time.
constexpr std::size_t kMaxPending = std::size_t{4} << 20;
// Of the space that all files may take, this part is one file's.
constexpr std::uint64_t kFilesInBudget = 8;
// Files opened within one millisecond are told apart by a number.
constexpr int kMostNames = 100;

// The length of the UTF-8 sequence at `at`; 0 if it is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || at + length > bytes.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  if (length < 3) return length;
  const unsigned char second = byte(at + 1);
  const bool is_wrong = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
  return is_wrong ? 0 : length;
}

void append_escaped(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const char c = bytes[i];
    const std::size_t length = utf8_length(bytes, i);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (length == 0 || static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out.append(bytes, i, length);
    }
    i += std::max<std::size_t>(length, 1);
  }
}

// "20261122T182345.123Z": sorts by time and is a file name everywhere.
std::string stamp(Timestamp time) {
  std::string text = to_iso_ms(time);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '-' || c == ':'; }), text.end());
  return text;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

struct RawRecorder::Compressor {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ~Compressor() { ZSTD_freeCCtx(context); }
};

Result<std::unique_ptr<RawRecorder>, std::string> RawRecorder::open(const std::string& folder,
                                                                    const RawRecorderOptions& options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder)) return failure(fmt::format("{}: cannot be made: {}", folder, error.message()));
  if (::access(folder.c_str(), W_OK) != 0) return failure(fmt::format("{}: {}", folder, std::strerror(errno)));
  std::unique_ptr<RawRecorder> recorder(new RawRecorder(folder, options));
  if (recorder->compressor_->context == nullptr) return failure(std::string("no memory for the compressor"));
  return recorder;
}

RawRecorder::RawRecorder(std::string folder, const RawRecorderOptions& options)
    : folder_(std::move(folder)), options_(options), compressor_(std::make_unique<Compressor>()) {
  if (compressor_->context == nullptr) return;  // open() complains
  ZSTD_CCtx_setParameter(compressor_->context, ZSTD_c_compressionLevel, 3);
  ZSTD_CCtx_setParameter(compressor_->context, ZSTD_c_checksumFlag, 1);
}

RawRecorder::~RawRecorder() {
  flush();
  if (file_ >= 0) ::close(file_);
}

void RawRecorder::begin_line(Venue venue, std::uint32_t connection, Timestamp at) {
  if (file_ < 0 && error_.empty()) rotate(at);
  fmt::format_to(std::back_inserter(pending_), "{{\"recv_ts_ns\":{},\"src\":\"{}\",\"connection\":{},", unix_ns(at),
                 venue_name(venue), connection);
}

void RawRecorder::frame(Venue venue, std::uint32_t connection, std::string_view bytes, Timestamp received_at) {
  if (!error_.empty()) return;
  begin_line(venue, connection, received_at);
  pending_ += "\"raw\":\"";
  append_escaped(pending_, bytes);
  pending_ += "\"}\n";
  ++frames_;
  if (pending_.size() > kMaxPending) flush();
}

void RawRecorder::marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at) {
  if (!error_.empty()) return;
  begin_line(venue, connection, at);
  pending_ += "\"marker\":\"";
  append_escaped(pending_, text);
  pending_ += "\"}\n";
}

bool RawRecorder::tick(Timestamp now) {
  if (!error_.empty()) return false;
  if (flushed_at_ == kNoTime) flushed_at_ = now;
  if (now - flushed_at_ >= options_.flush_every) {
    flushed_at_ = now;
    if (!flush()) return false;
  }
  return !is_file_full(now) || (flush() && rotate(now));
}

bool RawRecorder::is_file_full(Timestamp now) const noexcept {
  return file_ >= 0 &&
         (now - opened_at_ >= options_.rotate_every || file_bytes_ >= options_.max_bytes / kFilesInBudget);
}

bool RawRecorder::flush() {
  if (!error_.empty()) return false;
  if (pending_.empty()) return true;
  compressed_.resize(ZSTD_compressBound(pending_.size()));
  const std::size_t size =
      ZSTD_compress2(compressor_->context, compressed_.data(), compressed_.size(), pending_.data(), pending_.size());
  if (ZSTD_isError(size) != 0) return fail(fmt::format("compressing: {}", ZSTD_getErrorName(size)));
  if (!write_all(file_, std::string_view(compressed_).substr(0, size))) {
    return fail(fmt::format("{}: {}", path_, std::strerror(errno)));
  }
  bytes_written_ += size;
  file_bytes_ += size;
  pending_.clear();
  return true;
}

bool RawRecorder::rotate(Timestamp now) {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  for (int name = 0; file_ < 0 && name < kMostNames; ++name) {
    const std::string number = name == 0 ? std::string() : fmt::format("_{:02}", name);
    path_ = (fs::path(folder_) / fmt::format("{}{}{}{}", kPrefix, stamp(now), number, kSuffix)).string();
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0 && errno != EEXIST) break;
  }
  if (file_ < 0) return fail(fmt::format("{}: {}", path_, std::strerror(errno)));
  opened_at_ = now;
  file_bytes_ = 0;
  remove_oldest();
  return true;
}

void RawRecorder::remove_oldest() {
  std::vector<fs::path> files;
  std::uint64_t total = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    files.push_back(entry.path());
    total += entry.file_size(error);
  }
  std::sort(files.begin(), files.end());
  // What the file just opened may grow to is kept free.
  const std::uint64_t most = options_.max_bytes - options_.max_bytes / kFilesInBudget;
  for (const fs::path& file : files) {
    if (total <= most || file == path_) break;
    const std::uint64_t size = fs::file_size(file, error);
    if (!fs::remove(file, error)) break;
    total -= std::min(total, size);
    ++files_removed_;
  }
}

bool RawRecorder::fail(const std::string& doing) {
  error_ = "the recording could not be written: " + doing;
  return false;
}

}  // namespace arbees
