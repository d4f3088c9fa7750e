#pragma once
// The account's trades on their way through the chain: MATCHED → MINED → CONFIRMED, or RETRYING → FAILED.
//
// Made from the world's fills. A trade that fails gives back what the fill had moved. Every change of status is told
// once, later if the fault late_fill struck (the lists of REST show the trade no sooner).

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/clob_order_check.h"
#include "sim/faults.h"
#include "sim/servers.h"

namespace arbees::sim {

enum class ClobTradeStatus : std::uint8_t { Matched, Mined, Confirmed, Retrying, Failed };
[[nodiscard]] std::string_view clob_trade_status_name(ClobTradeStatus status) noexcept;  // "MATCHED", …

// Who traded: the account's order as the venue knows it.
struct ClobOwner {
  std::string api_key;
  std::string maker_address;
};

struct ClobTrade {
  Fill fill;
  ClobOwner owner;
  ClobTradeStatus status = ClobTradeStatus::Matched;
  bool fails = false;
  bool is_told = false;  // its present status
  Timestamp shown_at = kNoTime;
  Timestamp updated_at = kNoTime;
  std::string transaction_hash;  // empty until mined
};

class ClobTrades {
 public:
  ClobTrades(const ServerContext& context, const ClobRules& rules) noexcept : context_(context), rules_(rules) {}

  void add(const Fill& fill, const ClobOwner& owner, Timestamp now);
  // Moves trades on and tells every new status. Not from inside a callback of the world: a failure gives back.
  void advance(Timestamp now, const std::function<void(const ClobTrade&)>& tell);

  // Oldest first; those not to be shown yet are left out.
  [[nodiscard]] std::vector<const ClobTrade*> shown(Timestamp now) const;

 private:
  void move_on(ClobTrade& trade, Timestamp now);

  ServerContext context_;
  const ClobRules& rules_;
  std::deque<ClobTrade> trades_;
  std::size_t first_open_ = 0;  // all before it are final and told
};

// The trade as REST lists it; `is_event`: as the user channel tells it. `skew` is added to stated times.
[[nodiscard]] std::string clob_trade_document(const World& world, const ClobTrade& trade, bool is_event, Duration skew);

}  // namespace arbees::sim
