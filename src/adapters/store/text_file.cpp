#include "adapters/store/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace arbees {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 17;
constexpr char kZstdMagic[] = {'\x28', '\xb5', '\x2f', '\xfd'};

// The bytes of a file as they are.
class RawInput {
 public:
  explicit RawInput(int descriptor) noexcept : descriptor_(descriptor) {}
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;
  ~RawInput() {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  // How many bytes were read; 0 at the end, negative on failure.
  [[nodiscard]] ssize_t read(char* to, std::size_t size) noexcept {
    for (;;) {
      const ssize_t count = ::read(descriptor_, to, size);
      if (count >= 0 || errno != EINTR) return count;
    }
  }

 private:
  int descriptor_;
};

struct DecompressorDeleter {
  void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
};

}  // namespace

struct LineReader::Implementation {
  Implementation(int descriptor, std::size_t limit) : raw(descriptor), max_line(limit) {
    compressed.resize(kChunkBytes);
    text.resize(2 * kChunkBytes);
  }

  // Reads the first bytes and decides from them whether the file is compressed.
  void start() {
    fill_compressed();
    if (compressed_end >= sizeof kZstdMagic && std::memcmp(compressed.data(), kZstdMagic, sizeof kZstdMagic) == 0) {
      decompressor.reset(ZSTD_createDStream());
      if (!decompressor) error = ReadError::BadCompression;
    }
  }

  void fill_compressed() {
    compressed_begin = 0;
    compressed_end = 0;
    // A pipe may give single bytes; the magic number needs four.
    while (compressed_end < sizeof kZstdMagic) {
      const ssize_t count = raw.read(compressed.data() + compressed_end, compressed.size() - compressed_end);
      if (count < 0) error = ReadError::NotReadable;
      if (count <= 0) {
        raw_ended = true;
        return;
      }
      compressed_end += static_cast<std::size_t>(count);
    }
  }

  // Appends more text behind text_end; false when there is no more.
  bool refill() {
    if (error != ReadError::None) return false;
    if (text_begin > 0) {
      std::memmove(text.data(), text.data() + text_begin, text_end - text_begin);
      text_end -= text_begin;
      text_begin = 0;
    }
    if (text.size() - text_end < kChunkBytes) text.resize(text.size() * 2);
    return decompressor ? refill_decompressed() : refill_plain();
  }

  bool refill_plain() {
    if (compressed_begin == compressed_end) {
      if (raw_ended) return false;
      fill_compressed();
    }
    const std::size_t count = compressed_end - compressed_begin;
    std::memcpy(text.data() + text_end, compressed.data() + compressed_begin, count);
    compressed_begin = compressed_end;
    text_end += count;
    return count > 0;
  }

  bool refill_decompressed() {
    for (;;) {
      if (compressed_begin == compressed_end) {
        if (!raw_ended) fill_compressed();
        if (error != ReadError::None) return false;
        if (compressed_begin == compressed_end && !may_hold_output) {
          if (in_frame) error = ReadError::Truncated;
          return false;
        }
      }
      ZSTD_inBuffer in{compressed.data(), compressed_end, compressed_begin};
      ZSTD_outBuffer out{text.data() + text_end, kChunkBytes, 0};
      const std::size_t hint = ZSTD_decompressStream(decompressor.get(), &out, &in);
      if (ZSTD_isError(hint) != 0) {
        error = ReadError::BadCompression;
        return false;
      }
      compressed_begin = in.pos;
      in_frame = hint != 0;
      may_hold_output = in_frame && out.pos == out.size;
      text_end += out.pos;
      if (out.pos > 0) return true;
    }
  }

  bool next(std::string_view& line) {
    too_long = false;
    std::size_t searched = 0;
    for (;;) {
      const char* from = text.data() + text_begin + searched;
      const std::size_t size = text_end - text_begin - searched;
      const auto* end = size == 0 ? nullptr : static_cast<const char*>(std::memchr(from, '\n', size));
      if (end != nullptr) {
        take(line, static_cast<std::size_t>(end - (text.data() + text_begin)), 1);
        return true;
      }
      searched += size;
      if (searched > max_line + 1) {  // one more, for a carriage return
        // The start of an over-long line is dropped at once, so that memory stays bounded.
        too_long = true;
        text_begin = text_end = 0;
        searched = 0;
      }
      if (!refill()) break;
    }
    if (error != ReadError::None || (text_begin == text_end && !too_long)) return false;
    take(line, text_end - text_begin, 0);
    return true;
  }

  void take(std::string_view& line, std::size_t length, std::size_t terminator) {
    line = std::string_view(text.data() + text_begin, length);
    text_begin += length + terminator;
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    too_long = too_long || line.size() > max_line;
    if (too_long) line = {};
  }

  RawInput raw;
  std::size_t max_line;
  std::unique_ptr<ZSTD_DStream, DecompressorDeleter> decompressor;
  std::vector<char> compressed;  // what the file holds, compressed or not: [compressed_begin, compressed_end)
  std::size_t compressed_begin = 0;
  std::size_t compressed_end = 0;
  std::vector<char> text;  // [text_begin, text_end)
  std::size_t text_begin = 0;
  std::size_t text_end = 0;
  std::uint64_t line_number = 0;
  ReadError error = ReadError::None;
  bool raw_ended = false;
  bool in_frame = false;
  bool may_hold_output = false;
  bool too_long = false;
};

std::string_view read_error_text(ReadError error) noexcept {
  switch (error) {
    case ReadError::None: return "no error";
    case ReadError::NotFound: return "no such file";
    case ReadError::NotReadable: return "cannot be read";
    case ReadError::BadCompression: return "damaged Zstandard data";
    case ReadError::Truncated: return "Zstandard data ends too early";
  }
  return "unknown error";
}

LineReader::LineReader(std::unique_ptr<Implementation> implementation) noexcept
    : implementation_(std::move(implementation)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

Result<LineReader, ReadError> LineReader::open(const std::string& path, std::size_t max_line_bytes) {
  const int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure(errno == ENOENT ? ReadError::NotFound : ReadError::NotReadable);
  auto implementation = std::make_unique<Implementation>(descriptor, max_line_bytes);
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) return failure(ReadError::NotReadable);
  implementation->start();
  if (implementation->error != ReadError::None) return failure(implementation->error);
  return LineReader(std::move(implementation));
}

bool LineReader::next(std::string_view& line) { return implementation_->next(line); }
std::uint64_t LineReader::line_number() const noexcept { return implementation_->line_number; }
bool LineReader::is_too_long() const noexcept { return implementation_->too_long; }
ReadError LineReader::error() const noexcept { return implementation_->error; }

}  // namespace arbees
