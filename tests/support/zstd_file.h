#pragma once
// Reads a whole recorded .zst file; the test fails when it is missing or broken.

#include <gtest/gtest.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "tests/support/decoding.h"

namespace arbees::testing_support {

inline std::string read_zstd_file(const std::filesystem::path& path) {
  const std::string packed = read_file(path);
  std::string text;
  std::vector<char> chunk(ZSTD_DStreamOutSize());
  ZSTD_DStream* stream = ZSTD_createDStream();
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::size_t state = 1;
  while (in.pos < in.size) {
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    state = ZSTD_decompressStream(stream, &out, &in);
    if (ZSTD_isError(state) != 0) break;
    text.append(chunk.data(), out.pos);
  }
  ZSTD_freeDStream(stream);
  EXPECT_EQ(state, 0u) << path << " is not a complete zstd file";
  return text;
}

}  // namespace arbees::testing_support
