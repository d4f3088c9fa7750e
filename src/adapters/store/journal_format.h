#pragma once
// The bytes of an event journal: a file header, then blocks of records. docs/journal.md shows every byte.
//
// All numbers are little-endian. A block holds whole records only (core/market/record.h) and, behind an
// event that caused outputs, the digest of those outputs. Its checksum covers its own header and its
// stored payload and is seeded with the checksum of the file header, so that a block of another file
// never passes for one of this file. Any changed bit is noticed (64-bit hash: a chance of 2^-64).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/record.h"

namespace arbees {

inline constexpr std::uint32_t kJournalFormatVersion = 1;
inline constexpr std::size_t kJournalHeaderSize = 64;
inline constexpr std::size_t kBlockHeaderSize = 40;
// Records of one block before compression; stored payloads may be slightly larger when they do not compress.
inline constexpr std::size_t kBlockCapacity = std::size_t{64} << 10;
inline constexpr std::size_t kMaxStoredSize = kBlockCapacity + (std::size_t{4} << 10);

enum class JournalMode : std::uint8_t { RecordedMarketData, Paper, Live };
// "recorded_market_data", "paper", "live".
[[nodiscard]] std::string_view journal_mode_name(JournalMode mode) noexcept;

struct JournalHeader {
  JournalMode mode = JournalMode::RecordedMarketData;
  std::uint64_t session = 0;        // of the process that made the file
  Timestamp created_at = kNoTime;   // given by the caller; nothing here asks a clock
  std::uint64_t seed = 0;           // of simulated execution
  std::uint64_t configuration = 0;  // hash of the configuration, so that a replay can say that it differs
};

using JournalHeaderBytes = std::array<std::byte, kJournalHeaderSize>;

[[nodiscard]] JournalHeaderBytes encode_journal_header(const JournalHeader& header) noexcept;
// The error says what is wrong in words, without the file's name.
[[nodiscard]] Result<JournalHeader, std::string> decode_journal_header(std::span<const std::byte> file);
// The seed of all block checksums of this file.
[[nodiscard]] std::uint64_t journal_identity(std::span<const std::byte> header_bytes) noexcept;

struct BlockHeader {
  static constexpr std::uint32_t kMagic = 0x4b4c4241;  // "ABLK"
  static constexpr std::uint32_t kCompressed = 1;      // the payload is one zstd frame

  std::uint32_t magic = kMagic;
  std::uint32_t flags = 0;
  std::uint32_t stored_size = 0;  // bytes of the payload in the file
  std::uint32_t raw_size = 0;     // bytes of records; equal to stored_size when not compressed
  std::uint32_t events = 0;
  std::uint32_t digests = 0;
  std::uint64_t number = 0;    // of the block in the file, from 0: a block cut out whole is missed
  std::uint64_t checksum = 0;  // last, over all before it and the stored payload
};
static_assert(sizeof(BlockHeader) == kBlockHeaderSize);

[[nodiscard]] std::uint64_t block_checksum(const BlockHeader& header, std::span<const std::byte> stored,
                                           std::uint64_t identity) noexcept;

// Beside an event that caused outputs: the digest of them all. It has the header of a record and a kind of its own.
inline constexpr std::uint16_t kDigestKind = 0xffff;
inline constexpr std::size_t kDigestSize = kRecordHeaderSize + sizeof(std::uint64_t);

struct DigestRecord {
  std::uint16_t kind = kDigestKind;
  std::uint16_t size = sizeof(std::uint64_t);
  std::uint32_t version = kRecordVersion;
  std::int64_t received_at = 0;
  std::int64_t exchange_at = 0;
  std::uint64_t sequence = 0;  // of the event
  std::uint64_t digest = 0;
};
static_assert(sizeof(DigestRecord) == kDigestSize);

}  // namespace arbees
