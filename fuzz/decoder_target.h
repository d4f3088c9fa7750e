#pragma once
// What the decoders' fuzz targets share: the input is a connection, one frame a line; a line "reset" is a
// new connection. No frames crash a decoder, and whatever it says keeps the promises of its records.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/venue/frame.h"

namespace arbees::fuzz {

inline void require(bool condition) {
  if (!condition) std::abort();
}

inline void check_event(const Event& event) {
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    if (update->action != BookAction::Clear) require(is_contract_price(update->price));
    if (update->action == BookAction::Set) require(!update->quantity.is_negative());
  } else if (const auto* spot = std::get_if<SpotBookUpdate>(&event.body)) {
    const bool is_level = spot->price.is_positive() && !spot->quantity.is_negative();
    require(spot->action == BookAction::Clear || (is_level && spot->action == BookAction::Set));
  } else if (const auto* stated = std::get_if<ContractQuote>(&event.body)) {
    require(stated->bid >= kPriceZero && stated->bid <= kPriceOne && stated->ask >= kPriceZero &&
            stated->ask <= kPriceOne);
  } else if (const auto* trade = std::get_if<ContractTrade>(&event.body)) {
    require(trade->price >= kPriceZero && trade->price <= kPriceOne && !trade->quantity.is_negative());
  } else if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    require(settled->payout >= kPriceZero && settled->payout <= kPriceOne);
  } else if (const auto* quote = std::get_if<SpotQuote>(&event.body)) {
    require(quote->bid.is_positive() && quote->ask.is_positive());
  } else if (const auto* spot_trade = std::get_if<SpotTrade>(&event.body)) {
    require(spot_trade->price.is_positive() && !spot_trade->quantity.is_negative());
  } else if (const auto* print = std::get_if<IndexPrint>(&event.body)) {
    require(print->value.is_positive() && print->asset != Asset::Unknown);
  }
}

inline void check(const DecodedFrame& decoded) {
  for (const Event& event : decoded.events) check_event(event);
}

inline constexpr Timestamp kReceivedAt = from_unix_s(1'790'000'000);

// Calls on_frame(frame) for each line of the input and on_reset() for each line "reset".
template <class OnFrame, class OnReset>
void for_each_frame(std::string_view input, OnFrame&& on_frame, OnReset&& on_reset) {
  while (!input.empty()) {
    const std::string_view frame = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(frame.size() + 1, input.size()));
    if (frame == "reset") {
      on_reset();
    } else {
      on_frame(frame);
    }
  }
}

inline std::string_view as_text(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// The whole input through one decoder, to the end of the connection.
inline void run(FrameDecoder& decoder, std::string_view input) {
  FrameBuffer buffer;
  DecodedFrame said;
  const auto say = [&](auto&& speak) {
    said.clear();
    speak();
    check(said);
  };
  for_each_frame(
      input, [&](std::string_view frame) { say([&] { decoder.decode(buffer.assign(frame), kReceivedAt, said); }); },
      [&] { say([&] { decoder.reset(kReceivedAt, said); }); });
  say([&] { decoder.finish(kReceivedAt, said); });
}

}  // namespace arbees::fuzz
