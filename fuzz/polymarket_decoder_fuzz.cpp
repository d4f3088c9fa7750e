// No frames crash Polymarket's decoder, and whatever it says keeps its promises.

#include "adapters/venue/polymarket/decoder.h"

#include "fuzz/decoder_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  arbees::polymarket::Decoder decoder;
  arbees::fuzz::run(decoder, arbees::fuzz::as_text(bytes, size));
  return 0;
}
