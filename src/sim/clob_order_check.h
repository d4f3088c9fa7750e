#pragma once
// What the CLOB finds wrong with an order before any book is asked, and what the order asks for.
//
// In the venue's order: struct version, key, signature, market, amounts, tick, size, expiration. Amounts must be as
// exact as the tick demands (docs/venues/signing.md): a limit order's price × size without remainder; a market buy
// states dollars, and its limit is their quotient. The texts are the venue's.

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/values.h"
#include "sim/clob_auth.h"
#include "sim/clob_bodies.h"
#include "sim/keys.h"
#include "sim/world.h"

namespace arbees::sim {

struct ClobRules {
  std::uint64_t chain_id = 137;
  // Expirations nearer than this are refused; an order ends this much before the one it states.
  Duration shortest_expiration = std::chrono::minutes(3);
  Duration expiration_margin = std::chrono::seconds(60);
  // Marketable orders on crypto are held for this long before they are matched.
  Duration taker_delay = std::chrono::milliseconds(150);
  // From MATCHED to MINED, and to CONFIRMED.
  Duration mining_delay = std::chrono::milliseconds(800);
  Duration confirmation_delay = std::chrono::milliseconds(2000);
  Duration heartbeat_limit = std::chrono::seconds(10);
};

struct CheckedOrder {
  std::string id;  // the EIP-712 digest
  const Market* market = nullptr;
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  Price price;        // limit, of the outcome
  Quantity quantity;  // shares; of a market buy what the limit price would buy
  Money dollars;      // to spend: market buys only
  bool is_market_buy = false;
  bool is_market = false;  // FOK or FAK
};

struct ClobRefusal {
  int status = 400;
  std::string text;
};

// `keys`: whose wallets have funds. `now` is the venue's clock.
[[nodiscard]] Result<CheckedOrder, ClobRefusal> check_order(const PostedOrder& posted,
                                                            const ClobCredentials& credentials, const World& world,
                                                            const ClobRules& rules, Timestamp now);

// The wallets of the funded account, by kind: the key itself, its proxy for kinds 1 and 2, its deposit wallet for 3.
[[nodiscard]] bool is_funded(const PostedOrder& posted, const SimKeys& keys);

[[nodiscard]] std::string order_complaint(const std::string& id, const std::string& what);  // "order … is invalid. …"

}  // namespace arbees::sim
