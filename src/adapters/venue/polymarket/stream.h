#pragma once
// Polymarket's streams as the supervisor sees them: the market channel (books by token), and RTDS (reference prices).
//
// The market channel has no logins, sequences or subscription numbers. A book that is lost (its hash did not come out,
// its tick changed) is subscribed anew, and from the second attempt on also fetched by REST.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/net/url.h"
#include "adapters/venue/feed_protocol.h"

namespace arbees::polymarket {

// Symbols are token ids, in decimal.
class MarketProtocol final : public FeedProtocol {
 public:
  explicit MarketProtocol(net::Url url) : url_(std::move(url)) {}

  [[nodiscard]] const FeedLimits& limits() const override { return feed_limits("polymarket"); }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp) override { return FeedDial{url_, {}}; }
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool is_first) override;
  [[nodiscard]] std::string_view ping_text() const override { return "PING"; }

 private:
  net::Url url_;
};

// One topic of the price streams; symbols as the topic writes them: "btc/usd". A topic has a connection of its own:
// the history that answers a subscription does not say which stream it is of (rtds_decoder.h).
enum class PriceTopic : std::uint8_t { ChainlinkSpot, ChainlinkTwap60 };

class RtdsProtocol final : public FeedProtocol {
 public:
  RtdsProtocol(net::Url url, PriceTopic topic) : url_(std::move(url)), topic_(topic) {}

  [[nodiscard]] const FeedLimits& limits() const override { return feed_limits("rtds"); }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp) override { return FeedDial{url_, {}}; }
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool is_first) override;
  [[nodiscard]] std::string_view ping_text() const override { return "PING"; }
  [[nodiscard]] ProofKind proof() const override { return ProofKind::AnyPrice; }
  [[nodiscard]] bool tells_status() const override { return false; }

 private:
  net::Url url_;
  PriceTopic topic_;
};

// "btc/usd"; empty for Unknown.
[[nodiscard]] std::string rtds_symbol(Asset asset);

}  // namespace arbees::polymarket
