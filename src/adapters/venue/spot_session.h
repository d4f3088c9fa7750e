#pragma once
// What the sessions of spot venues share: the connection's decoder, and that opening is subscribing.

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/venue/feed_protocol.h"

namespace arbees {

// A feed of one host that is dialled as it stands.
class SpotProtocol : public FeedProtocol {
 public:
  SpotProtocol(std::string_view limits, net::Url url) : limits_(feed_limits(limits)), url_(std::move(url)) {}

  [[nodiscard]] const FeedLimits& limits() const final { return limits_; }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp) override { return FeedDial{url_, {}}; }

 private:
  const FeedLimits& limits_;
  net::Url url_;
};

template <class Decoder>
class SpotSession : public FeedSession {
 public:
  [[nodiscard]] FrameDecoder& decoder() final { return decoder_; }
  void open(std::span<const std::string> symbols, Timestamp now, SessionReply& reply) override {
    if (!symbols.empty()) add(symbols, now, reply);
  }
  // Refusals become trouble for people; what they were about stays unproven.
  void after_frame(std::string_view frame, const DecodedFrame& decoded, Timestamp now, SessionReply& reply) override {
    if (!decoded.is_control) return;
    constexpr std::size_t kLongest = 300;
    if (is_refusal(frame)) reply.trouble = "refused: " + std::string(frame.substr(0, kLongest));
    on_control(frame, now, reply);
  }

 protected:
  // Of control frames.
  [[nodiscard]] virtual bool is_refusal(std::string_view frame) const = 0;
  virtual void on_control(std::string_view frame, Timestamp now, SessionReply& reply) {
    static_cast<void>(frame);
    static_cast<void>(now);
    static_cast<void>(reply);
  }

  Decoder decoder_;
};

}  // namespace arbees
