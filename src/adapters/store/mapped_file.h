#pragma once
// A whole file as read-only memory, for reading journals at the speed of memory.
//
// The file must not shrink while it is mapped: whoever truncates a journal (its writer, reopening it)
// holds the journal's lock, and readers read only closed or growing files. An empty file has no bytes.

#include <cstddef>
#include <span>
#include <string>

#include "core/base/result.h"

namespace arbees {

class MappedFile {
 public:
  MappedFile() noexcept = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  // The error is a text for people, with the path.
  [[nodiscard]] static Result<MappedFile, std::string> open(const std::string& path);

  // The first bytes will not be read again soon: their memory may go to others. They stay readable.
  void let_go(std::size_t first_bytes) const noexcept;

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace arbees
