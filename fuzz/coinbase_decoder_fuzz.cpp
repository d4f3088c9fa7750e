// No frames crash Coinbase's decoder, and whatever it says keeps its promises.

#include "adapters/venue/coinbase/decoder.h"
#include "fuzz/decoder_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace arbees;
  const std::string_view input = fuzz::as_text(bytes, size);
  coinbase::Decoder decoder;
  fuzz::run(decoder, input);
  FrameBuffer buffer;
  DecodedFrame said;
  decoder.decode_rest_book("BTC-USD", buffer.assign(input), fuzz::kReceivedAt, said);
  fuzz::check(said);
  return 0;
}
