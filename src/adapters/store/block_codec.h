#pragma once
// zstd for single blocks: contexts are made once, so that a block costs no allocation later.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace arbees {

class BlockCompressor {
 public:
  explicit BlockCompressor(int level);
  ~BlockCompressor();
  BlockCompressor(const BlockCompressor&) = delete;
  BlockCompressor& operator=(const BlockCompressor&) = delete;

  // The number of bytes written to `out`; nothing if they do not fit.
  [[nodiscard]] std::optional<std::size_t> compress(std::span<const std::byte> raw, std::span<std::byte> out) noexcept;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

class BlockDecompressor {
 public:
  BlockDecompressor();
  ~BlockDecompressor();
  BlockDecompressor(const BlockDecompressor&) = delete;
  BlockDecompressor& operator=(const BlockDecompressor&) = delete;

  // Whether `stored` is one frame of exactly out.size() bytes, which are then in `out`.
  [[nodiscard]] bool decompress(std::span<const std::byte> stored, std::span<std::byte> out) noexcept;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace arbees
