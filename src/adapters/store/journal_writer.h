#pragma once
// Appends events to a journal file, in checksummed blocks.
//
// append() copies the record into the block in memory; only the append that finds the block full (64 KiB,
// about a thousand events) writes it. Nothing is allocated after the start. After the first error every
// append answers false and nothing more is written: what cannot be recorded must not be traded.
// One writer per file: the file is locked as long as the writer lives.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/store/block_codec.h"
#include "adapters/store/file_descriptor.h"
#include "adapters/store/journal_format.h"
#include "core/base/result.h"
#include "core/market/ports.h"

namespace arbees {

enum class Sync : std::uint8_t {
  ToSystem,  // survives the death of the process
  ToDisk,    // survives the death of the machine (fdatasync)
};

enum class Compression : std::uint8_t { None, Zstd };

class JournalWriter final : public EventJournal {
 public:
  // A new file; refuses to overwrite. Errors are texts for people, with the path.
  [[nodiscard]] static Result<std::unique_ptr<JournalWriter>, std::string> create(
      const std::string& path, const JournalHeader& header, Compression compression = Compression::None);
  // Goes on with an existing file behind its last good block; a torn tail is cut off. Its header is kept.
  [[nodiscard]] static Result<std::unique_ptr<JournalWriter>, std::string> reopen(
      const std::string& path, Compression compression = Compression::None);
  // Writes a new journal to an open descriptor; `name` is for messages.
  [[nodiscard]] static Result<std::unique_ptr<JournalWriter>, std::string> create_on(
      FileDescriptor file, const std::string& name, const JournalHeader& header,
      Compression compression = Compression::None);

  // Writes what is left, to the system; ask flush() before if you need to know that it worked.
  ~JournalWriter() override;
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  [[nodiscard]] bool append(const Event& event) override;
  // The digest of the outputs of the event appended last.
  [[nodiscard]] bool append_digest(std::uint64_t sequence, std::uint64_t digest);
  [[nodiscard]] bool flush(Sync sync);
  // Ends this file and goes on in a new one, a journal of its own with the same header but for `created_at`. Between an
  // event and its digest it would part the two.
  [[nodiscard]] bool continue_in(const std::string& path, Timestamp created_at);

  [[nodiscard]] bool failed() const noexcept { return !error_.empty(); }
  // What went wrong first, for people; empty while all is well.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }
  // Bytes that reopen() cut off; 0 otherwise.
  [[nodiscard]] std::uint64_t truncated_bytes() const noexcept { return truncated_bytes_; }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] std::uint64_t bytes_written() const noexcept { return bytes_written_; }  // of all files
  [[nodiscard]] std::uint64_t file_bytes() const noexcept { return file_bytes_; }  // since the present one was begun
  [[nodiscard]] const std::string& path() const noexcept { return name_; }

 private:
  JournalWriter(FileDescriptor file, std::string name, Compression compression);

  [[nodiscard]] bool begin_file(const JournalHeader& header);
  [[nodiscard]] bool write_block();
  [[nodiscard]] bool write_all(std::span<const std::byte> bytes);
  bool fail(const char* doing);

  FileDescriptor file_;
  std::string name_;
  std::string error_;
  std::unique_ptr<BlockCompressor> compressor_;
  std::vector<std::byte> block_;       // room for the header, then records
  std::vector<std::byte> compressed_;  // the same, for compressed blocks
  std::size_t used_ = 0;               // bytes of records in block_
  BlockHeader next_;                   // counts of the block being filled
  JournalHeader header_;
  std::uint64_t identity_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t bytes_written_ = 0;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t truncated_bytes_ = 0;
};

}  // namespace arbees
