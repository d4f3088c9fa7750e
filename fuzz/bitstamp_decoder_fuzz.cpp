// No frames crash Bitstamp's decoder, and whatever it says keeps its promises.

#include "adapters/venue/bitstamp/decoder.h"

#include "fuzz/decoder_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  arbees::bitstamp::Decoder decoder;
  arbees::fuzz::run(decoder, arbees::fuzz::as_text(bytes, size));
  return 0;
}
