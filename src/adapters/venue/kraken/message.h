#pragma once
// One message of Kraken's WebSocket v2 as texts, read from JSON in one pass.
//
// Numbers keep their source text: the checksum needs it. The views point into the reader and live until
// its next frame. A field that was not sent has a null view.

#include <memory>
#include <string_view>
#include <vector>

namespace arbees::kraken {

struct LevelText {
  std::string_view price;
  std::string_view quantity;
};

// One element of `data`; which fields are set depends on the channel.
struct Entry {
  std::string_view symbol, timestamp, checksum;
  std::string_view bid, bid_quantity, ask, ask_quantity;
  std::string_view side, price, quantity, trade_id;
  std::vector<LevelText> bids, asks;
};

// From the instrument channel.
struct PairText {
  std::string_view symbol, price_precision, quantity_precision;
};

struct Message {
  std::string_view channel, type, method, success, error;
  std::string_view result_channel, result_symbol, result_depth;  // of a subscribe reply
  std::vector<Entry> entries;  // the first entry_count are this message's; the others keep their buffers
  std::size_t entry_count = 0;
  std::vector<PairText> pairs;

  void clear() noexcept;
  Entry& add_entry();
};

class MessageReader {
 public:
  MessageReader();
  ~MessageReader();
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  // False if the frame is no JSON object or a part is of the wrong type; `error()` says what, `message()` holds
  // what came before it. `frame` is followed by kFramePadding readable bytes.
  [[nodiscard]] bool read(std::string_view frame);
  [[nodiscard]] const Message& message() const noexcept { return message_; }
  [[nodiscard]] std::string_view error() const noexcept { return error_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  Message message_;
  std::string_view error_;
};

}  // namespace arbees::kraken
