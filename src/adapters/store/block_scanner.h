#pragma once
// Walks the blocks of a journal in memory, tells good ones from damage, and finds its way behind damage.
//
// A block is good if its header is plausible and its checksum is right. Bytes that are no good block are
// damage if a good block follows anywhere behind them, and the torn tail of the file if none does.

#include <cstdint>
#include <optional>
#include <span>

#include "adapters/store/journal_format.h"

namespace arbees {

struct BlockView {
  BlockHeader header;
  std::span<const std::byte> stored;
  std::uint64_t offset = 0;  // of the header in the file
};

// Bytes of the file that hold nothing readable, or (bytes = 0) a place where whole blocks are missing.
struct JournalDamage {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

class BlockScanner {
 public:
  BlockScanner() noexcept = default;
  // `file` is the whole file; its header has been read and found good.
  explicit BlockScanner(std::span<const std::byte> file) noexcept;

  // The next good block; false at the end. skipped() then tells of damage met just before it.
  [[nodiscard]] bool next(BlockView& block) noexcept;

  [[nodiscard]] const std::optional<JournalDamage>& skipped() const noexcept { return skipped_; }
  // At the end: what lies behind the last good block, if anything.
  [[nodiscard]] const std::optional<JournalDamage>& torn_tail() const noexcept { return torn_tail_; }
  // Where the last good block ends: what a writer truncates to.
  [[nodiscard]] std::uint64_t good_end() const noexcept { return good_end_; }
  // The number that the next block in the file should have.
  [[nodiscard]] std::uint64_t next_number() const noexcept { return next_number_; }

 private:
  [[nodiscard]] bool read_block(std::size_t offset, BlockView& block) const noexcept;
  [[nodiscard]] bool find_block(std::size_t from, BlockView& block) const noexcept;

  std::span<const std::byte> file_;
  std::uint64_t identity_ = 0;
  std::size_t offset_ = kJournalHeaderSize;
  std::uint64_t good_end_ = kJournalHeaderSize;
  std::uint64_t next_number_ = 0;
  std::optional<JournalDamage> skipped_;
  std::optional<JournalDamage> torn_tail_;
};

}  // namespace arbees
