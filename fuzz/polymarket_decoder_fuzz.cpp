// No frames crash Polymarket's decoder, and whatever it says keeps its promises.
//
// The input is a connection: one frame a line; a line "reset" is a new connection.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/venue/polymarket/decoder.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const arbees::DecodedFrame& decoded) {
  using namespace arbees;
  for (const Event& event : decoded.events) {
    if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
      const bool is_level = is_contract_price(update->price) && !update->quantity.is_negative();
      require(update->action == BookAction::Clear || (is_level && update->action == BookAction::Set));
    } else if (const auto* spot = std::get_if<SpotBookUpdate>(&event.body)) {
      const bool is_level = spot->price.is_positive() && !spot->quantity.is_negative();
      require(spot->action == BookAction::Clear || (is_level && spot->action == BookAction::Set));
    } else if (const auto* quote = std::get_if<SpotQuote>(&event.body)) {
      require(quote->bid.is_positive() && quote->ask.is_positive());
    } else if (const auto* trade = std::get_if<SpotTrade>(&event.body)) {
      require(trade->price.is_positive() && !trade->quantity.is_negative());
    } else if (const auto* print = std::get_if<IndexPrint>(&event.body)) {
      require(print->value.is_positive() && print->asset != Asset::Unknown);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  arbees::polymarket::Decoder decoder;
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
  decoder.finish(at, said);
  check(said);
  return 0;
}
