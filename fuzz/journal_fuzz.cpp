// No bytes crash the journal's reader, with right checksums or wrong ones.
//
// The input is read twice: as it is, and as the payload of a block with a good checksum, so that the
// record decoder behind the checksum is reached as well.

#include <cstdint>
#include <cstring>
#include <vector>

#include "adapters/store/journal_reader.h"

namespace {

void read_all(std::span<const std::byte> file) {
  auto reader = arbees::JournalReader::over(file);
  if (!reader) return;
  arbees::Event event;
  while (reader->next(event)) continue;
}

std::vector<std::byte> wrapped(std::span<const std::byte> payload, bool is_compressed) {
  const arbees::JournalHeaderBytes header = arbees::encode_journal_header({});
  std::vector<std::byte> file(header.begin(), header.end());
  arbees::BlockHeader block;
  block.flags = is_compressed ? arbees::BlockHeader::kCompressed : 0;
  block.stored_size = static_cast<std::uint32_t>(payload.size());
  block.raw_size = is_compressed ? static_cast<std::uint32_t>(arbees::kBlockCapacity) : block.stored_size;
  block.checksum = arbees::block_checksum(block, payload, arbees::journal_identity(header));
  const auto bytes = std::as_bytes(std::span(&block, 1));
  file.insert(file.end(), bytes.begin(), bytes.end());
  file.insert(file.end(), payload.begin(), payload.end());
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto input = std::as_bytes(std::span(bytes, size));
  read_all(input);
  if (size > arbees::kBlockCapacity) return 0;
  read_all(wrapped(input, false));
  read_all(wrapped(input, true));
  return 0;
}
