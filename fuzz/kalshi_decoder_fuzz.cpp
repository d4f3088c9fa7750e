// No frames crash Kalshi's decoder, and whatever it says keeps its promises; the fast scan changes nothing.

#include "adapters/venue/kalshi/decoder.h"

#include <string>

#include "adapters/telemetry/event_text.h"
#include "fuzz/decoder_target.h"

namespace {

std::string text_of(const arbees::DecodedFrame& decoded) {
  std::string text;
  for (const auto& event : decoded.events) text += arbees::event_text(event) + "\n";
  for (const auto& anomaly : decoded.anomalies) text += anomaly.symbol + anomaly.detail + "\n";
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace arbees;
  const std::string_view input = fuzz::as_text(bytes, size);
  kalshi::Decoder fast;
  kalshi::Decoder general({.scan_deltas = false});
  FrameBuffer buffer;
  DecodedFrame said;
  DecodedFrame expected;
  const auto both = [&](auto&& speak) {
    said.clear();
    expected.clear();
    speak(fast, said);
    speak(general, expected);
    fuzz::check(said);
    fuzz::require(text_of(said) == text_of(expected));
  };
  fuzz::for_each_frame(
      input,
      [&](std::string_view frame) {
        const std::string_view padded = buffer.assign(frame);
        both([&](kalshi::Decoder& decoder, DecodedFrame& out) { decoder.decode(padded, fuzz::kReceivedAt, out); });
      },
      [&] { both([](kalshi::Decoder& decoder, DecodedFrame& out) { decoder.reset(fuzz::kReceivedAt, out); }); });
  said.clear();
  fast.decode_rest_orderbook("KXTEST", buffer.assign(input), fuzz::kReceivedAt, said);
  fuzz::check(said);
  return 0;
}
