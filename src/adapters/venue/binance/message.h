#pragma once
// One message of Binance's spot streams or a REST depth answer as texts, read from JSON in one pass.
//
// The payload is the same whether it comes raw or wrapped as {"stream":…,"data":…}. Its keys are single
// letters, so fields are kept by letter. The views point into the reader and live until its next frame.

#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace arbees::binance {

struct LevelText {
  std::string_view price;
  std::string_view quantity;
};

struct Message {
  std::string_view stream;  // of the wrapped form
  std::string_view last_update_id;
  std::vector<LevelText> bids, asks;  // `b`/`a` or `bids`/`asks`
  bool has_bids = false, has_asks = false;
  bool is_reply = false;  // to a request: `result`, or `code` and `msg`
  bool is_empty = true;

  // The payload's field of this name; a null view if it was not sent or is no scalar.
  [[nodiscard]] std::string_view operator[](char name) const noexcept { return fields[index(name)]; }
  // The field of the candle inside a kline message.
  [[nodiscard]] std::string_view candle(char name) const noexcept { return candle_fields[index(name)]; }
  void clear() noexcept;

  static std::size_t index(char name) noexcept { return static_cast<unsigned char>(name) & 127U; }
  std::array<std::string_view, 128> fields;
  std::array<std::string_view, 128> candle_fields;
};

class MessageReader {
 public:
  MessageReader();
  ~MessageReader();
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  // False if the frame is no JSON or a part is of the wrong type; `error()` says what, `message()` holds what
  // came before it. `frame` is followed by kFramePadding readable bytes.
  [[nodiscard]] bool read(std::string_view frame);
  [[nodiscard]] const Message& message() const noexcept { return message_; }
  [[nodiscard]] std::string_view error() const noexcept { return error_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  Message message_;
  std::string_view error_;
};

}  // namespace arbees::binance
