#pragma once
// Polymarket orders as they are signed and sent, and the CLOB's documents about our own account.
//
// An order's id is its EIP-712 digest, computed from what the ledger holds (salt and timestamp come from the order's id
// and the time of its intent), so that it is known before sending and again after a crash. The venue's two immediate
// types spend dollars when they buy and then get more shares than asked at better prices; a hedge needs the exact
// number, so an immediate purchase goes out as a limit order whose rest is cancelled at once. Fill-or-kill keeps the
// venue's own type: what it buys may exceed the order by the price improvement. Sources:
// docs/venues/polymarket-trading.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/order_gateway.h"
#include "adapters/venue/polymarket/order_amounts.h"
#include "adapters/venue/polymarket/signer.h"
#include "core/base/result.h"

namespace arbees::polymarket {

// Who signs, and whose money it is.
struct Account {
  WalletKind kind = WalletKind::Eoa;
  Address key{};     // of the private key: the address of all requests
  Address funder{};  // the wallet that holds the money; the key's own for Eoa
  std::uint64_t chain_id = kPolygonChainId;
};

// What must be known of a token before an order for it can be signed.
struct TokenFacts {
  bool has_neg_risk = false;
  bool neg_risk = false;
  bool has_fees = false;
  Price tick;
  FeeSchedule fees;
};

// Protocol V2 position ids have 64 reserved zero bits and a module number on top; CTF token ids are hashes.
[[nodiscard]] bool is_position_id(const Bytes32& token) noexcept;
// Domains and contract that an order of this token is signed for.
[[nodiscard]] DomainVersion domain_version(const Bytes32& token) noexcept;

struct BuiltOrder {
  SignedOrder order;
  TypedDataHash hash;
  std::string id;  // "0x" and the digest
  DomainVersion version = DomainVersion::Two;
  bool neg_risk = false;
  std::uint64_t chain_id = kPolygonChainId;
};

// Everything about the order but its signature. The error is why it cannot be sent.
[[nodiscard]] Result<BuiltOrder, RejectReason> build_order(const GatewayOrder& order, std::string_view token,
                                                           const TokenFacts& facts, const Account& account);

// "GTC", "FOK" or "FAK".
[[nodiscard]] std::string_view order_type_name(const OrderRequest& order) noexcept;
// Whether what the venue leaves resting of it must be cancelled by us.
[[nodiscard]] bool is_cut_by_us(const OrderRequest& order) noexcept;

// The body of POST /order. `owner` is the API key.
[[nodiscard]] std::string order_body(const GatewayOrder& order, const BuiltOrder& built, std::string_view token,
                                     std::span<const std::uint8_t> signature, std::string_view owner);
// Signs as the wallet's kind demands and writes the body.
[[nodiscard]] std::string signed_order_body(const GatewayOrder& order, const BuiltOrder& built, std::string_view token,
                                            const Wallet& wallet, std::string_view owner);

struct PostAnswer {
  bool is_success = false;
  std::string error;
  std::string order_id;
  std::string status;  // "live", "matched", "delayed", "unmatched"
};
[[nodiscard]] std::optional<PostAnswer> read_post_answer(std::string_view body);
// Whether it can be the answer to the order of this hash; one that names no order can.
[[nodiscard]] bool is_answer_to(const PostAnswer& answer, std::string_view order_id) noexcept;
[[nodiscard]] std::string read_error_text(std::string_view body);
[[nodiscard]] RejectReason reject_reason(int status, std::string_view text) noexcept;

struct ApiCredentials {
  std::string key;
  std::string secret;
  std::string passphrase;
};
[[nodiscard]] std::optional<ApiCredentials> read_credentials(std::string_view body);

// {"balance":"…"} in millionths.
[[nodiscard]] std::optional<std::int64_t> read_balance(std::string_view body);
// The answer to a heartbeat: the id to send next, also in a refusal.
[[nodiscard]] std::string read_heartbeat_id(std::string_view body);
// {"neg_risk":false}
[[nodiscard]] std::optional<bool> read_neg_risk(std::string_view body);
// {"minimum_tick_size":0.01}
[[nodiscard]] std::optional<Price> read_tick(std::string_view body);
// Of GET /clob-markets/{condition}.
[[nodiscard]] std::optional<FeeSchedule> read_market_fees(std::string_view body);
// Of GET /markets-by-token/{token}; empty if there is none.
[[nodiscard]] std::string read_condition_id(std::string_view body);
// What the token pays, of GET /markets/{condition}; nothing while no token of it has won.
[[nodiscard]] std::optional<Price> read_payout(std::string_view body, std::string_view token);

}  // namespace arbees::polymarket
