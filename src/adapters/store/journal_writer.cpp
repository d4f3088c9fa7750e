#include "adapters/store/journal_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "adapters/store/block_scanner.h"
#include "adapters/store/mapped_file.h"

namespace arbees {
namespace {

constexpr int kCompressionLevel = 1;  // the journal must keep up with the feeds; higher levels gain little

std::string system_error(const std::string& name, const char* doing) {
  return fmt::format("{}: {}: {}", name, doing, std::generic_category().message(errno));
}

// Only one writer at a time; the lock goes with the descriptor.
bool lock(const FileDescriptor& file) { return ::flock(file.get(), LOCK_EX | LOCK_NB) == 0; }

FileDescriptor open_new(const std::string& path) {
  return FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
}

}  // namespace

JournalWriter::JournalWriter(FileDescriptor file, std::string name, Compression compression)
    : file_(std::move(file)), name_(std::move(name)), block_(kBlockHeaderSize + kBlockCapacity) {
  if (compression == Compression::None) return;
  compressor_ = std::make_unique<BlockCompressor>(kCompressionLevel);
  compressed_.resize(kBlockHeaderSize + kMaxStoredSize);
}

JournalWriter::~JournalWriter() { static_cast<void>(flush(Sync::ToSystem)); }

Result<std::unique_ptr<JournalWriter>, std::string> JournalWriter::create(const std::string& path,
                                                                          const JournalHeader& header,
                                                                          Compression compression) {
  FileDescriptor file = open_new(path);
  if (!file.is_open()) return failure(system_error(path, "cannot create the journal"));
  if (!lock(file)) return failure(system_error(path, "cannot lock the journal"));
  return create_on(std::move(file), path, header, compression);
}

Result<std::unique_ptr<JournalWriter>, std::string> JournalWriter::create_on(FileDescriptor file,
                                                                             const std::string& name,
                                                                             const JournalHeader& header,
                                                                             Compression compression) {
  std::unique_ptr<JournalWriter> writer(new JournalWriter(std::move(file), name, compression));
  if (!writer->begin_file(header)) return failure(writer->error());
  return writer;
}

bool JournalWriter::begin_file(const JournalHeader& header) {
  header_ = header;
  const JournalHeaderBytes bytes = encode_journal_header(header);
  identity_ = journal_identity(bytes);
  next_.number = 0;
  file_bytes_ = 0;
  return write_all(bytes);
}

bool JournalWriter::continue_in(const std::string& path, Timestamp created_at) {
  if (!flush(Sync::ToSystem)) return false;
  FileDescriptor file = open_new(path);
  name_ = path;
  if (!file.is_open()) return fail("cannot create the journal");
  if (!lock(file)) return fail("cannot lock the journal");
  file_ = std::move(file);
  JournalHeader header = header_;
  header.created_at = created_at;
  return begin_file(header);
}

Result<std::unique_ptr<JournalWriter>, std::string> JournalWriter::reopen(const std::string& path,
                                                                          Compression compression) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file.is_open()) return failure(system_error(path, "cannot open the journal"));
  if (!lock(file)) return failure(fmt::format("{}: another process writes this journal", path));
  const auto mapped = MappedFile::open(path);
  if (!mapped) return failure(mapped.error());
  const auto header = decode_journal_header(mapped->bytes());
  if (!header) return failure(fmt::format("{}: {}", path, header.error()));
  BlockScanner scanner(mapped->bytes());
  BlockView block;
  while (scanner.next(block)) continue;
  const std::uint64_t end = scanner.good_end();
  if (end < mapped->bytes().size() && ::ftruncate(file.get(), static_cast<off_t>(end)) != 0) {
    return failure(system_error(path, "cannot cut off the torn tail"));
  }
  std::unique_ptr<JournalWriter> writer(new JournalWriter(std::move(file), path, compression));
  writer->header_ = *header;
  writer->identity_ = journal_identity(mapped->bytes());
  writer->next_.number = scanner.next_number();
  writer->truncated_bytes_ = mapped->bytes().size() - end;
  return writer;
}

bool JournalWriter::append(const Event& event) {
  if (failed()) return false;
  // Room for the digest too, so that it stands in its event's block.
  if (used_ + kMaxRecordSize + kDigestSize > kBlockCapacity && !write_block()) return false;
  used_ += encode_record(event, std::span(block_).subspan(kBlockHeaderSize + used_));
  ++next_.events;
  ++events_;
  return true;
}

bool JournalWriter::append_digest(std::uint64_t sequence, std::uint64_t digest) {
  if (failed()) return false;
  if (used_ + kDigestSize > kBlockCapacity && !write_block()) return false;
  DigestRecord record;
  record.sequence = sequence;
  record.digest = digest;
  std::memcpy(block_.data() + kBlockHeaderSize + used_, &record, sizeof(record));
  used_ += sizeof(record);
  ++next_.digests;
  return true;
}

bool JournalWriter::flush(Sync sync) {
  if (failed()) return false;
  if (used_ > 0 && !write_block()) return false;
  if (sync == Sync::ToDisk && ::fdatasync(file_.get()) != 0) return fail("cannot reach the disk");
  return true;
}

bool JournalWriter::write_block() {
  std::span<std::byte> frame = std::span(block_).first(kBlockHeaderSize + used_);
  next_.flags = 0;
  next_.raw_size = static_cast<std::uint32_t>(used_);
  next_.stored_size = next_.raw_size;
  if (compressor_ != nullptr) {
    const auto out = std::span(compressed_).subspan(kBlockHeaderSize);
    const auto size = compressor_->compress(frame.subspan(kBlockHeaderSize), out);
    if (size && *size < used_) {
      next_.flags = BlockHeader::kCompressed;
      next_.stored_size = static_cast<std::uint32_t>(*size);
      frame = std::span(compressed_).first(kBlockHeaderSize + *size);
    }
  }
  next_.checksum = block_checksum(next_, frame.subspan(kBlockHeaderSize), identity_);
  std::memcpy(frame.data(), &next_, kBlockHeaderSize);
  if (!write_all(frame)) return false;
  used_ = 0;
  next_.events = 0;
  next_.digests = 0;
  ++next_.number;
  return true;
}

bool JournalWriter::write_all(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail("cannot write the journal");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    bytes_written_ += static_cast<std::uint64_t>(written);
    file_bytes_ += static_cast<std::uint64_t>(written);
  }
  return true;
}

bool JournalWriter::fail(const char* doing) {
  error_ = system_error(name_, doing);
  return false;
}

}  // namespace arbees
