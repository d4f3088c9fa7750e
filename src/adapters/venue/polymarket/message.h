#pragma once
// One event of Polymarket's market channel (or a REST book) as texts, read from JSON in one pass.
//
// Keys may come in any order and unknown ones are skipped. The views point into the reader and live
// until its next frame. A field that was not sent has a null view; an empty string has not.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace arbees::polymarket {

struct LevelText {
  std::string_view price;
  std::string_view size;
};

struct ChangeText {
  std::string_view asset_id;
  std::string_view price;
  std::string_view size;
  std::string_view side;
  std::string_view hash;
  std::string_view best_bid;
  std::string_view best_ask;
};

struct Message {
  std::string_view event_type, market, asset_id, timestamp, hash;
  std::string_view tick_size, min_order_size, neg_risk, last_trade_price, version;
  std::string_view price, size, side, fee_rate_bps, best_bid, best_ask;
  std::string_view new_tick_size, old_tick_size, winning_asset_id, id, topic, error;
  std::vector<LevelText> bids, asks;
  std::vector<ChangeText> changes;
  std::vector<std::string_view> assets_ids;
  bool has_bids = false, has_asks = false, has_changes = false;
  bool has_asset_per_change = false;  // the schema since 2025-09-15
  std::uint32_t unknown_fields = 0;   // in no specification we know

  void clear() noexcept;
};

// Takes the events of a frame one after the other.
class MessageHandler {
 public:
  virtual ~MessageHandler() = default;
  virtual void on_message(const Message& message) = 0;
  // The event could not be read to its end; `message` holds what came before the error.
  virtual void on_malformed(const Message& message, std::string_view reason) = 0;
};

class MessageReader {
 public:
  MessageReader();
  ~MessageReader();
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  // `frame` is one object or an array of objects, followed by kFramePadding readable bytes.
  void read(std::string_view frame, MessageHandler& handler);

  // Fields of events met so far that are in no specification we know.
  [[nodiscard]] std::uint64_t unknown_fields() const noexcept { return unknown_fields_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  Message message_;
  std::uint64_t unknown_fields_ = 0;
};

}  // namespace arbees::polymarket
