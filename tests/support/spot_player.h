#pragma once
// Plays frames into a spot decoder and its events into books, as trading does.

#include <map>
#include <string>
#include <string_view>

#include "adapters/venue/frame.h"
#include "core/market/spot_book.h"

namespace arbees::testing_support {

template <class Decoder>
class SpotPlayer {
 public:
  // Returns the kinds of anomalies, each followed by a space.
  std::string play(std::string_view frame) {
    DecodedFrame decoded;
    decoder.decode(buffer_.assign(frame), from_unix_s(1), decoded);
    return take(decoded);
  }
  std::string reset() {
    DecodedFrame decoded;
    decoder.reset(from_unix_s(1), decoded);
    return take(decoded);
  }
  std::string take(const DecodedFrame& decoded) {
    for (const Event& event : decoded.events) {
      if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
        names[std::string(named->symbol_view())] = named->id;
      } else if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) {
        SpotBook& changed = books[update->id];
        if (update->is_snapshot_start()) changed.begin_snapshot();
        changed.apply(update->action, update->side, update->price, update->quantity);
        if (update->is_last()) changed.end_snapshot();
      } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
        books[fault->id].mark(fault->fault);
      }
    }
    std::string kinds;
    for (const Anomaly& anomaly : decoded.anomalies) kinds += std::string(anomaly_name(anomaly.kind)) + " ";
    return kinds;
  }
  // Made if it is not known.
  SpotBook& book(const std::string& symbol) { return books[names[symbol]]; }
  // "bids|asks" in hundredths, each from the best on: "10000x100 9900x200|10100x300".
  std::string levels(const std::string& symbol) {
    std::string text;
    for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
      book(symbol).walk(side, [&text](const SpotLevel& level) {
        if (!text.empty() && text.back() != '|') text += " ";
        text +=
            std::to_string(level.price.units() / 1'000'000) + "x" + std::to_string(level.quantity.units() / 1'000'000);
        return true;
      });
      if (side == BookSide::Bid) text += "|";
    }
    return text;
  }

  Decoder decoder;
  std::map<std::string, InstrumentId> names;
  std::map<InstrumentId, SpotBook> books;

 private:
  FrameBuffer buffer_;
};

}  // namespace arbees::testing_support
