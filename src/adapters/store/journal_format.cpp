#include "adapters/store/journal_format.h"

#include <fmt/format.h>

#include <cstring>

#include "core/base/hash.h"

namespace arbees {
namespace {

constexpr std::array<char, 8> kMagic = {'A', 'R', 'B', 'E', 'E', 'S', 'J', '\n'};

struct FileHeader {
  std::array<char, 8> magic = kMagic;
  std::uint32_t format_version = kJournalFormatVersion;
  std::uint32_t record_version = kRecordVersion;
  std::uint32_t mode = 0;
  std::uint32_t header_size = kJournalHeaderSize;
  std::uint64_t session = 0;
  std::int64_t created_at = 0;
  std::uint64_t seed = 0;
  std::uint64_t configuration = 0;
  std::uint64_t checksum = 0;  // last, over all before it
};
static_assert(sizeof(FileHeader) == kJournalHeaderSize);
static_assert(std::has_unique_object_representations_v<FileHeader>);
static_assert(std::has_unique_object_representations_v<BlockHeader>);
static_assert(std::has_unique_object_representations_v<DigestRecord>);

std::uint64_t header_checksum(const FileHeader& header) noexcept {
  return hash64(std::as_bytes(std::span(&header, 1)).first(offsetof(FileHeader, checksum)));
}

}  // namespace

std::string_view journal_mode_name(JournalMode mode) noexcept {
  switch (mode) {
    case JournalMode::RecordedMarketData: return "recorded_market_data";
    case JournalMode::Paper: return "paper";
    case JournalMode::Live: return "live";
  }
  return "recorded_market_data";
}

JournalHeaderBytes encode_journal_header(const JournalHeader& header) noexcept {
  FileHeader file;
  file.mode = static_cast<std::uint32_t>(header.mode);
  file.session = header.session;
  file.created_at = unix_ns(header.created_at);
  file.seed = header.seed;
  file.configuration = header.configuration;
  file.checksum = header_checksum(file);
  JournalHeaderBytes bytes{};
  std::memcpy(bytes.data(), &file, sizeof(file));
  return bytes;
}

Result<JournalHeader, std::string> decode_journal_header(std::span<const std::byte> file_bytes) {
  if (file_bytes.size() < sizeof(kMagic) || std::memcmp(file_bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    return failure<std::string>("not an arbees journal (wrong magic)");
  }
  if (file_bytes.size() < kJournalHeaderSize) return failure<std::string>("the journal's header is cut off");
  FileHeader file;
  std::memcpy(&file, file_bytes.data(), sizeof(file));
  // Versions come before the checksum: a later version may have another header, and the user should read why.
  if (file.format_version != kJournalFormatVersion) {
    return failure(fmt::format("journal format version {}; this build reads version {}", file.format_version,
                               kJournalFormatVersion));
  }
  if (file.checksum != header_checksum(file)) return failure<std::string>("the journal's header is damaged");
  if (file.record_version != kRecordVersion) {
    return failure(
        fmt::format("journal records of version {}; this build reads version {}", file.record_version, kRecordVersion));
  }
  if (file.header_size != kJournalHeaderSize || file.mode > static_cast<std::uint32_t>(JournalMode::Live)) {
    return failure<std::string>("the journal's header has unknown contents");
  }
  JournalHeader header;
  header.mode = static_cast<JournalMode>(file.mode);
  header.session = file.session;
  header.created_at = from_unix_ns(file.created_at);
  header.seed = file.seed;
  header.configuration = file.configuration;
  return header;
}

std::uint64_t journal_identity(std::span<const std::byte> header_bytes) noexcept {
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, header_bytes.data() + offsetof(FileHeader, checksum), sizeof(checksum));
  return checksum;
}

std::uint64_t block_checksum(const BlockHeader& header, std::span<const std::byte> stored,
                             std::uint64_t identity) noexcept {
  const auto covered = std::as_bytes(std::span(&header, 1)).first(offsetof(BlockHeader, checksum));
  return hash64(stored, hash64(covered, identity));
}

}  // namespace arbees
