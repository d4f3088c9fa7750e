#pragma once
// Reads text line by line from a plain file, a Zstandard file (known by its first bytes, not its name) or
// standard input ("-"), in bounded memory.
//
// Lines end with '\n'; one '\r' before it is dropped; the last line may lack its end. A line over the limit
// comes out empty with `is_too_long()` set, and reading goes on with the next one. Every other trouble ends the
// reading: `next` returns false and `error()` says why (None: simply the end).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace arbees {

enum class ReadError : std::uint8_t {
  None,
  NotFound,
  NotReadable,     // no permission, a folder, a failing disk
  BadCompression,  // the bytes are no Zstandard data, or need a window over 128 MiB
  Truncated,       // the compressed data ends in the middle of a frame
};

[[nodiscard]] std::string_view read_error_text(ReadError error) noexcept;

class LineReader {
 public:
  static constexpr std::size_t kMaxLineBytes = std::size_t{16} << 20;

  [[nodiscard]] static Result<LineReader, ReadError> open(const std::string& path,
                                                          std::size_t max_line_bytes = kMaxLineBytes);

  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  // The next line; the view is valid until the next call. False at the end and after an error.
  [[nodiscard]] bool next(std::string_view& line);

  // Of the line last returned, counted from 1.
  [[nodiscard]] std::uint64_t line_number() const noexcept;
  [[nodiscard]] bool is_too_long() const noexcept;
  [[nodiscard]] ReadError error() const noexcept;

 private:
  struct Implementation;
  explicit LineReader(std::unique_ptr<Implementation> implementation) noexcept;

  std::unique_ptr<Implementation> implementation_;
};

}  // namespace arbees
