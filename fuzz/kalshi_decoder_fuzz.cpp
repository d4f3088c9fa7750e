// No frames crash Kalshi's decoder, and whatever it says keeps its promises; the fast scan changes nothing.
//
// The input is a connection: one frame a line; a line "reset" is a new connection.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/telemetry/event_text.h"
#include "adapters/venue/kalshi/decoder.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const arbees::DecodedFrame& decoded) {
  using namespace arbees;
  for (const Event& event : decoded.events) {
    if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
      if (update->action != BookAction::Clear) require(is_contract_price(update->price));
      if (update->action == BookAction::Set) require(update->quantity.is_positive());
    } else if (const auto* quote = std::get_if<ContractQuote>(&event.body)) {
      require(quote->bid >= kPriceZero && quote->bid <= kPriceOne && quote->ask >= kPriceZero &&
              quote->ask <= kPriceOne);
    } else if (const auto* trade = std::get_if<ContractTrade>(&event.body)) {
      require(trade->price >= kPriceZero && trade->price <= kPriceOne && !trade->quantity.is_negative());
    } else if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
      require(settled->payout >= kPriceZero && settled->payout <= kPriceOne);
    } else if (const auto* print = std::get_if<IndexPrint>(&event.body)) {
      require(print->value.is_positive() && print->asset != Asset::Unknown);
    }
  }
}

std::string text_of(const arbees::DecodedFrame& decoded) {
  std::string text;
  for (const auto& event : decoded.events) text += arbees::event_text(event) + "\n";
  for (const auto& anomaly : decoded.anomalies) text += anomaly.symbol + anomaly.detail + "\n";
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  arbees::kalshi::Decoder fast;
  arbees::kalshi::Decoder general({.scan_deltas = false});
  arbees::FrameBuffer buffer;
  arbees::DecodedFrame said;
  arbees::DecodedFrame expected;
  const arbees::Timestamp at = arbees::from_unix_s(1'790'000'000);
  while (!input.empty()) {
    const std::string_view frame = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(frame.size() + 1, input.size()));
    said.clear();
    expected.clear();
    if (frame == "reset") {
      fast.reset(at, said);
      general.reset(at, expected);
    } else {
      const std::string_view padded = buffer.assign(frame);
      fast.decode(padded, at, said);
      general.decode(padded, at, expected);
    }
    check(said);
    require(text_of(said) == text_of(expected));
  }
  const std::string_view whole(reinterpret_cast<const char*>(bytes), size);
  said.clear();
  fast.decode_rest_orderbook("KXTEST", buffer.assign(whole), at, said);
  check(said);
  return 0;
}
