#include "sim/clob_order_check.h"

#include <optional>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/signer.h"
#include "core/base/wide_int.h"

namespace arbees::sim {
namespace {

using polymarket::DomainVersion;
using polymarket::OrderSide;
using polymarket::WalletKind;

constexpr int kAmountDecimals = 6;
constexpr std::int64_t kAmountsPerQuantityUnit = power_of_ten(kAmountDecimals - Quantity::kDecimals);

tl::unexpected<ClobRefusal> refuse(std::string text, int status = 400) {
  return failure(ClobRefusal{status, std::move(text)});
}

// Decimals that the computed amount may have; prices have two less.
int amount_decimals(Price tick) noexcept {
  switch (tick.units()) {
    case 1000: return 3;
    case 100: return 4;
    case 50:
    case 10: return 5;
    default: return 6;
  }
}

bool is_signed(const PostedOrder& posted, const polymarket::OrderDomain& domain, const polymarket::TypedDataHash& hash,
               const polymarket::Address& key) {
  if (posted.order.wallet == WalletKind::Deposit) {
    return polymarket::verify_deposit(domain, posted.order, key, posted.signature);
  }
  const auto signer = polymarket::recover_signer(hash.digest, posted.signature);
  return signer && *signer == posted.order.signer;
}

// Signed for another generation of the protocol than this market's.
bool is_signed_for_other_version(const PostedOrder& posted, bool neg_risk, const polymarket::Address& key,
                                 std::uint64_t chain_id) {
  const polymarket::OrderDomain other(DomainVersion::Three, neg_risk, chain_id);
  return is_signed(posted, other, other.hash(posted.order), key);
}

std::string accuracy_text(const PostedOrder& posted, bool is_market, int maker_decimals, int taker_decimals) {
  std::string text = "invalid amounts, the ";
  if (is_market) text += "market ";
  text += posted.order.side == OrderSide::Buy ? "buy" : "sell";
  text += " orders maker amount supports a max accuracy of " + std::to_string(maker_decimals) +
          " decimals, taker amount a max of " + std::to_string(taker_decimals) + " decimals";
  return text;
}

bool has_decimals(std::int64_t amount, int decimals) noexcept {
  return amount % power_of_ten(kAmountDecimals - decimals) == 0;
}

// The price of exact amounts; nothing if it is finer than 0.0001 or not the quotient.
std::optional<Price> exact_price(std::int64_t dollars, std::int64_t shares) noexcept {
  const Int128 scaled = static_cast<Int128>(dollars) * Price::kScale;
  if (scaled % shares != 0 || scaled / shares > Price::kScale) return std::nullopt;
  return Price::from_units(static_cast<std::int64_t>(scaled / shares));
}

// The limit behind a market buy: shares were rounded to `decimals` either way, so the nearest price on the grid.
std::optional<Price> rounded_price(std::int64_t dollars, std::int64_t shares, Price tick, int decimals) noexcept {
  const Int128 scaled = static_cast<Int128>(dollars) * Price::kScale;
  const Int128 step = static_cast<Int128>(shares) * tick.units();
  const Int128 ticks = (2 * scaled + step) / (2 * step);
  const Int128 price = ticks * tick.units();
  if (price > Price::kScale) return std::nullopt;
  const Int128 distance = price * shares > scaled ? price * shares - scaled : scaled - price * shares;
  const Int128 allowed = price * (power_of_ten(kAmountDecimals - decimals) + 1);
  if (distance > allowed) return std::nullopt;
  return Price::from_units(static_cast<std::int64_t>(price));
}

std::string quotient_text(std::int64_t dollars, std::int64_t shares) {
  const Int128 scaled = static_cast<Int128>(dollars) * power_of_ten(6) / shares;
  const auto bounded = scaled > power_of_ten(12) ? power_of_ten(12) : static_cast<std::int64_t>(scaled);
  return format_decimal_short(bounded, 6);
}

Result<CheckedOrder, ClobRefusal> check_amounts(const PostedOrder& posted, CheckedOrder checked) {
  const bool is_buy = checked.side == Side::Buy;
  const std::int64_t dollars = is_buy ? posted.maker_amount : posted.taker_amount;
  const std::int64_t shares = is_buy ? posted.taker_amount : posted.maker_amount;
  const Price tick = checked.market->grid.finest_tick();
  const int decimals = amount_decimals(tick);
  const int maker_decimals = is_buy && !checked.is_market_buy ? decimals : 2;
  const int taker_decimals = is_buy && !checked.is_market_buy ? 2 : decimals;
  if (!has_decimals(posted.maker_amount, maker_decimals) || !has_decimals(posted.taker_amount, taker_decimals)) {
    return refuse(accuracy_text(posted, checked.is_market, maker_decimals, taker_decimals));
  }
  const auto price =
      checked.is_market_buy ? rounded_price(dollars, shares, tick, decimals) : exact_price(dollars, shares);
  const bool is_on_grid =
      price && *price >= tick && *price <= kPriceOne - tick && checked.market->grid.contains(*price);
  if (!is_on_grid) {
    return refuse(order_complaint(checked.id, "Price (" + quotient_text(dollars, shares) +
                                                  ") breaks minimum tick size rule: " + to_short_text(tick)));
  }
  checked.price = *price;
  checked.quantity = Quantity::from_units(shares / kAmountsPerQuantityUnit);
  if (checked.is_market_buy) checked.dollars = Money::from_units(dollars);
  if (!checked.is_market && checked.quantity < checked.market->minimum_order) {
    return refuse(
        order_complaint(checked.id, "Size (" + to_short_text(checked.quantity) +
                                        ") lower than the minimum: " + to_short_text(checked.market->minimum_order)));
  }
  if (!checked.quantity.is_positive()) return refuse("invalid amounts");
  return checked;
}

std::optional<ClobRefusal> check_flags(const PostedOrder& posted, const ClobRules& rules, Timestamp now) {
  const bool is_market = posted.type == ClobOrderType::Fok || posted.type == ClobOrderType::Fak;
  if (posted.post_only && is_market) {
    return ClobRefusal{400, "invalid post-only order: only GTC and GTD order types are allowed"};
  }
  if (posted.type != ClobOrderType::Gtd) {
    if (posted.expiration != 0) return ClobRefusal{400, "invalid expiration"};
    return std::nullopt;
  }
  const bool is_far_enough =
      fits_unix_s(posted.expiration) && from_unix_s(posted.expiration) >= now + rules.shortest_expiration;
  if (!is_far_enough) return ClobRefusal{400, "invalid expiration"};
  return std::nullopt;
}

std::optional<ClobRefusal> check_owner(const PostedOrder& posted, const ClobCredentials& credentials) {
  if (posted.owner != credentials.api_key) {
    return ClobRefusal{400, "the order owner has to be the owner of the API KEY"};
  }
  // A deposit wallet signs for itself; its owner's key is inside the signature.
  if (posted.order.wallet == WalletKind::Deposit) {
    if (posted.order.signer != posted.order.maker) return ClobRefusal{400, "invalid signature"};
    return std::nullopt;
  }
  if (posted.order.signer != credentials.address) {
    return ClobRefusal{400, "the order signer address has to be the address of the API KEY"};
  }
  if (posted.order.wallet == WalletKind::Eoa && posted.order.maker != posted.order.signer) {
    return ClobRefusal{400, "invalid signature"};
  }
  return std::nullopt;
}

}  // namespace

std::string order_complaint(const std::string& id, const std::string& what) {
  return "order " + id + " is invalid. " + what;
}

Result<CheckedOrder, ClobRefusal> check_order(const PostedOrder& posted, const ClobCredentials& credentials,
                                              const World& world, const ClobRules& rules, Timestamp now) {
  if (posted.is_version_one) return refuse("order_version_mismatch");
  if (auto wrong = check_owner(posted, credentials)) return failure(std::move(*wrong));
  const World::Token token = world.find_token(posted.token_id);
  if (token.market == nullptr || !token.market->is_active()) {
    return refuse("the orderbook " + posted.token_id + " does not exist", 404);
  }
  const polymarket::OrderDomain domain(DomainVersion::Two, token.market->neg_risk, rules.chain_id);
  const polymarket::TypedDataHash hash = domain.hash(posted.order);
  if (!is_signed(posted, domain, hash, credentials.address)) {
    const bool is_other =
        is_signed_for_other_version(posted, token.market->neg_risk, credentials.address, rules.chain_id);
    return refuse(is_other ? "order_version_mismatch" : "invalid signature");
  }
  if (auto wrong = check_flags(posted, rules, now)) return failure(std::move(*wrong));
  CheckedOrder checked;
  checked.id = to_hex_text(hash.digest);
  checked.market = token.market;
  checked.outcome = token.outcome;
  checked.side = posted.order.side == OrderSide::Buy ? Side::Buy : Side::Sell;
  checked.is_market = posted.type == ClobOrderType::Fok || posted.type == ClobOrderType::Fak;
  checked.is_market_buy = checked.is_market && checked.side == Side::Buy;
  return check_amounts(posted, std::move(checked));
}

bool is_funded(const PostedOrder& posted, const SimKeys& keys) {
  const std::string& text = posted.order.wallet == WalletKind::Eoa       ? keys.wallet_address
                            : posted.order.wallet == WalletKind::Deposit ? keys.deposit_address
                                                                         : keys.proxy_address;
  return polymarket::parse_address(text) == posted.order.maker;
}

}  // namespace arbees::sim
