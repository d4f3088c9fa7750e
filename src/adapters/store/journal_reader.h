#pragma once
// Reads a journal back: its events in order, the digests beside them, and the truth about damage.
//
// Only events of good blocks are given, each exactly as written. A torn tail (a crash while writing) is
// reported and is no error; damage with good blocks behind it is skipped and reported as Corrupt.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/block_codec.h"
#include "adapters/store/block_scanner.h"
#include "adapters/store/journal_format.h"
#include "adapters/store/mapped_file.h"
#include "core/base/result.h"
#include "core/market/event.h"

namespace arbees {

enum class JournalEnd : std::uint8_t {
  Clean,
  TornTail,  // the last block is incomplete or damaged: everything before it was read
  Corrupt,   // something was skipped in the middle
};

// What was met so far; final once next() has answered false.
struct JournalCondition {
  static constexpr std::size_t kMaxDamages = 64;  // places kept; all are counted

  JournalEnd end = JournalEnd::Clean;
  std::uint64_t first_bad_offset = 0;  // meaningless while Clean
  std::uint64_t damage_count = 0;
  std::uint64_t torn_bytes = 0;
  std::vector<JournalDamage> damages;  // in the middle of the file

  // "clean", "torn tail of 17 bytes at offset 4096", …
  [[nodiscard]] std::string describe() const;
};

class JournalReader {
 public:
  [[nodiscard]] static Result<JournalReader, std::string> open(const std::string& path);
  // Reads a journal in memory; the bytes outlive the reader. The error has no file name.
  [[nodiscard]] static Result<JournalReader, std::string> over(std::span<const std::byte> file);

  [[nodiscard]] const JournalHeader& header() const noexcept { return header_; }

  // The next event; false at the end.
  [[nodiscard]] bool next(Event& event);
  // The digest of the outputs of the event that next() gave last, if the journal has one.
  [[nodiscard]] const std::optional<std::uint64_t>& recorded_digest() const noexcept { return digest_; }

  [[nodiscard]] const JournalCondition& condition() const noexcept { return condition_; }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }

 private:
  JournalReader(const JournalHeader& header, std::span<const std::byte> file);

  // Makes the next block with records current; false at the end.
  [[nodiscard]] bool load_block();
  [[nodiscard]] bool unpack(const BlockView& block);
  void take_digest(std::uint64_t sequence);
  [[nodiscard]] bool at_digest() const noexcept;
  void note(const JournalDamage& damage);

  MappedFile mapped_;
  JournalHeader header_;
  BlockScanner scanner_;
  BlockView block_;
  std::span<const std::byte> rest_;  // records of the current block not yet read
  std::unique_ptr<BlockDecompressor> decompressor_;
  std::vector<std::byte> unpacked_;
  std::optional<std::uint64_t> digest_;
  JournalCondition condition_;
  std::uint64_t events_ = 0;
  std::uint64_t let_go_ = 0;  // bytes of the file whose memory was given back
};

}  // namespace arbees
