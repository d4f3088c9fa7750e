#include "adapters/store/block_codec.h"

#include <zstd.h>

#include "core/base/assert.h"

namespace arbees {

struct BlockCompressor::Context {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  int level = 1;
};

BlockCompressor::BlockCompressor(int level) : context_(std::make_unique<Context>()) {
  ARBEES_ASSERT(context_->zstd != nullptr);
  context_->level = level;
}
BlockCompressor::~BlockCompressor() { ZSTD_freeCCtx(context_->zstd); }

std::optional<std::size_t> BlockCompressor::compress(std::span<const std::byte> raw,
                                                     std::span<std::byte> out) noexcept {
  const std::size_t size =
      ZSTD_compressCCtx(context_->zstd, out.data(), out.size(), raw.data(), raw.size(), context_->level);
  if (ZSTD_isError(size) != 0) return std::nullopt;
  return size;
}

struct BlockDecompressor::Context {
  ZSTD_DCtx* zstd = ZSTD_createDCtx();
};

BlockDecompressor::BlockDecompressor() : context_(std::make_unique<Context>()) {
  ARBEES_ASSERT(context_->zstd != nullptr);
}
BlockDecompressor::~BlockDecompressor() { ZSTD_freeDCtx(context_->zstd); }

bool BlockDecompressor::decompress(std::span<const std::byte> stored, std::span<std::byte> out) noexcept {
  const std::size_t size = ZSTD_decompressDCtx(context_->zstd, out.data(), out.size(), stored.data(), stored.size());
  return ZSTD_isError(size) == 0 && size == out.size();
}

}  // namespace arbees
