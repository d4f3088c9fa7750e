#pragma once
// Kalshi's two streams as the supervisor sees them: the books of markets, and the settlement indices.
//
// Every connection is signed in its upgrade request, also for public channels. Subscription ids (sid) belong to one
// connection and are learnt from its replies; what can only be said with them waits until then.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/net/url.h"
#include "adapters/venue/feed_protocol.h"
#include "adapters/venue/kalshi/commands.h"
#include "adapters/venue/kalshi/decoder.h"
#include "adapters/venue/kalshi/signer.h"

namespace arbees::kalshi {

struct Credentials {
  std::string key_id;
  PreparedSigner signer;
};

// The three signed headers of a GET of this target. Empty if the library cannot sign.
[[nodiscard]] std::vector<net::Header> signed_headers(Credentials& credentials, std::string_view target, Timestamp now);

// "BRTI" for BTC, "ETHUSD_RTI" for ETH …; empty for Unknown.
[[nodiscard]] std::string index_id_of(Asset asset);

// Books, tickers and trades of the markets subscribed; lifecycle notices on the first connection.
class BookProtocol final : public FeedProtocol {
 public:
  // `credentials` outlives the protocol.
  BookProtocol(net::Url url, Credentials& credentials, bool use_yes_price);

  [[nodiscard]] const FeedLimits& limits() const override { return feed_limits("kalshi"); }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp now) override;
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool is_first) override;

 private:
  net::Url url_;
  Credentials& credentials_;
  bool use_yes_price_;
};

// The indices that markets settle on, a value a second each; symbols are index ids.
class IndexProtocol final : public FeedProtocol {
 public:
  IndexProtocol(net::Url url, Credentials& credentials);

  [[nodiscard]] const FeedLimits& limits() const override { return feed_limits("kalshi_index"); }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp now) override;
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool is_first) override;
  [[nodiscard]] ProofKind proof() const override { return ProofKind::AnyPrice; }
  [[nodiscard]] bool tells_status() const override { return false; }

 private:
  net::Url url_;
  Credentials& credentials_;
};

}  // namespace arbees::kalshi
