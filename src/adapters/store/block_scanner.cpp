#include "adapters/store/block_scanner.h"

#include <cstring>

namespace arbees {
namespace {

bool is_plausible(const BlockHeader& header) noexcept {
  if (header.magic != BlockHeader::kMagic || (header.flags & ~BlockHeader::kCompressed) != 0) return false;
  if (header.stored_size > kMaxStoredSize || header.raw_size > kBlockCapacity) return false;
  return (header.flags & BlockHeader::kCompressed) != 0 || header.stored_size == header.raw_size;
}

}  // namespace

BlockScanner::BlockScanner(std::span<const std::byte> file) noexcept
    : file_(file), identity_(journal_identity(file.first(kJournalHeaderSize))) {}

bool BlockScanner::next(BlockView& block) noexcept {
  skipped_.reset();
  if (offset_ >= file_.size()) return false;
  if (!read_block(offset_, block)) {
    if (!find_block(offset_ + 1, block)) {
      torn_tail_ = JournalDamage{offset_, file_.size() - offset_};
      offset_ = file_.size();
      return false;
    }
    skipped_ = JournalDamage{offset_, block.offset - offset_};
  } else if (block.header.number != next_number_) {
    skipped_ = JournalDamage{offset_, 0};
  }
  next_number_ = block.header.number + 1;
  offset_ = static_cast<std::size_t>(block.offset) + kBlockHeaderSize + block.stored.size();
  good_end_ = offset_;
  return true;
}

bool BlockScanner::read_block(std::size_t offset, BlockView& block) const noexcept {
  const std::size_t left = file_.size() - offset;
  if (left < kBlockHeaderSize) return false;
  std::memcpy(&block.header, file_.data() + offset, kBlockHeaderSize);
  if (!is_plausible(block.header) || block.header.stored_size > left - kBlockHeaderSize) return false;
  block.stored = file_.subspan(offset + kBlockHeaderSize, block.header.stored_size);
  block.offset = offset;
  return block_checksum(block.header, block.stored, identity_) == block.header.checksum;
}

bool BlockScanner::find_block(std::size_t from, BlockView& block) const noexcept {
  constexpr int kFirstByte = BlockHeader::kMagic & 0xff;
  while (from + kBlockHeaderSize <= file_.size()) {
    const void* const found = std::memchr(file_.data() + from, kFirstByte, file_.size() - from);
    if (found == nullptr) return false;
    const auto offset = static_cast<std::size_t>(static_cast<const std::byte*>(found) - file_.data());
    if (read_block(offset, block)) return true;
    from = offset + 1;
  }
  return false;
}

}  // namespace arbees
