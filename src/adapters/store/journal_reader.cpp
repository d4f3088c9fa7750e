#include "adapters/store/journal_reader.h"

#include <fmt/format.h>

#include <cstring>

namespace arbees {
namespace {

// Journals can be larger than memory: this much that was read stays, what lies before it goes.
constexpr std::uint64_t kResidentBytes = std::uint64_t{8} << 20;

}  // namespace

std::string JournalCondition::describe() const {
  switch (end) {
    case JournalEnd::Clean: return "clean";
    case JournalEnd::TornTail: return fmt::format("torn tail of {} bytes at offset {}", torn_bytes, first_bad_offset);
    case JournalEnd::Corrupt: break;
  }
  return fmt::format("damaged in {} place{}, the first at offset {}", damage_count, damage_count == 1 ? "" : "s",
                     first_bad_offset);
}

JournalReader::JournalReader(const JournalHeader& header, std::span<const std::byte> file)
    : header_(header), scanner_(file) {}

Result<JournalReader, std::string> JournalReader::over(std::span<const std::byte> file) {
  const auto header = decode_journal_header(file);
  if (!header) return failure(header.error());
  return JournalReader(*header, file);
}

Result<JournalReader, std::string> JournalReader::open(const std::string& path) {
  auto mapped = MappedFile::open(path);
  if (!mapped) return failure(mapped.error());
  auto reader = over(mapped->bytes());
  if (!reader) return failure(fmt::format("{}: {}", path, reader.error()));
  reader->mapped_ = std::move(*mapped);
  return reader;
}

bool JournalReader::next(Event& event) {
  for (;;) {
    if (rest_.empty() && !load_block()) {
      digest_.reset();
      return false;
    }
    if (at_digest()) {  // its event lies in a block that was skipped
      rest_ = rest_.subspan(kDigestSize);
      continue;
    }
    const auto size = decode_record(rest_, event);
    if (!size) {  // a good checksum over a record that we cannot read: written by something else
      note(JournalDamage{block_.offset, kBlockHeaderSize + block_.stored.size()});
      rest_ = {};
      continue;
    }
    rest_ = rest_.subspan(*size);
    ++events_;
    take_digest(event.sequence);
    return true;
  }
}

void JournalReader::take_digest(std::uint64_t sequence) {
  digest_.reset();
  if (rest_.empty() && !load_block()) return;
  if (!at_digest()) return;
  DigestRecord record;
  std::memcpy(&record, rest_.data(), sizeof(record));
  if (record.sequence != sequence) return;
  digest_ = record.digest;
  rest_ = rest_.subspan(kDigestSize);
}

bool JournalReader::at_digest() const noexcept {
  std::uint16_t kind = 0;
  if (rest_.size() < kDigestSize) return false;
  std::memcpy(&kind, rest_.data(), sizeof(kind));
  return kind == kDigestKind;
}

bool JournalReader::load_block() {
  while (scanner_.next(block_)) {
    if (scanner_.skipped()) note(*scanner_.skipped());
    if (!unpack(block_)) {
      note(JournalDamage{block_.offset, kBlockHeaderSize + block_.stored.size()});
      continue;
    }
    if (rest_.empty()) continue;
    if (block_.offset >= let_go_ + kResidentBytes) {
      mapped_.let_go(static_cast<std::size_t>(block_.offset));
      let_go_ = block_.offset;
    }
    return true;
  }
  if (scanner_.torn_tail() && condition_.torn_bytes == 0) {
    condition_.torn_bytes = scanner_.torn_tail()->bytes;
    if (condition_.end == JournalEnd::Clean) {
      condition_.end = JournalEnd::TornTail;
      condition_.first_bad_offset = scanner_.torn_tail()->offset;
    }
  }
  return false;
}

bool JournalReader::unpack(const BlockView& block) {
  if ((block.header.flags & BlockHeader::kCompressed) == 0) {
    rest_ = block.stored;
    return true;
  }
  if (decompressor_ == nullptr) {
    decompressor_ = std::make_unique<BlockDecompressor>();
    unpacked_.resize(kBlockCapacity);
  }
  const auto out = std::span(unpacked_).first(block.header.raw_size);
  if (!decompressor_->decompress(block.stored, out)) return false;
  rest_ = out;
  return true;
}

void JournalReader::note(const JournalDamage& damage) {
  if (condition_.damage_count == 0) condition_.first_bad_offset = damage.offset;
  condition_.end = JournalEnd::Corrupt;
  ++condition_.damage_count;
  if (condition_.damages.size() < JournalCondition::kMaxDamages) condition_.damages.push_back(damage);
}

}  // namespace arbees
