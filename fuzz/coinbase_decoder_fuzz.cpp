// No frames crash Coinbase's decoder, and whatever it says keeps its promises.
//
// The input is a connection: one frame a line; a line "reset" is a new connection.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/venue/coinbase/decoder.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const arbees::DecodedFrame& decoded) {
  using namespace arbees;
  for (const Event& event : decoded.events) {
    if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) {
      if (update->action != BookAction::Clear) require(update->price.is_positive() && !update->quantity.is_negative());
    } else if (const auto* quote = std::get_if<SpotQuote>(&event.body)) {
      require(quote->bid.is_positive() && quote->ask.is_positive());
    } else if (const auto* trade = std::get_if<SpotTrade>(&event.body)) {
      require(trade->price.is_positive() && !trade->quantity.is_negative());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  arbees::coinbase::Decoder decoder;
  arbees::FrameBuffer buffer;
  arbees::DecodedFrame said;
  const arbees::Timestamp at = arbees::from_unix_s(1'790'000'000);
  while (!input.empty()) {
    const std::string_view frame = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(frame.size() + 1, input.size()));
    said.clear();
    if (frame == "reset") {
      decoder.reset(at, said);
    } else {
      decoder.decode(buffer.assign(frame), at, said);
    }
    check(said);
  }
  said.clear();
  decoder.decode_rest_book("BTC-USD", buffer.assign(std::string_view(reinterpret_cast<const char*>(bytes), size)), at,
                           said);
  check(said);
  return 0;
}
