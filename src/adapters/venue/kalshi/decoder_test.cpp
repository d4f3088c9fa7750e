#include "adapters/venue/kalshi/decoder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/decoding.h"

namespace arbees::kalshi {
namespace {

using testing_support::decode_text;

TEST(KalshiDecoder, DecodesEveryMessageKindAsTheGoldenFilesSay) {
  testing_support::check_golden("kalshi", [] { return std::make_unique<Decoder>(); });
}

}  // namespace
}  // namespace arbees::kalshi
