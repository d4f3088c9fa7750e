#include "sim/clob_orders.h"

#include <algorithm>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "core/base/wide_int.h"
#include "sim/clob_books.h"
#include "sim/clob_listing.h"

namespace arbees::sim {
namespace {

constexpr std::string_view kFokKilled = "order couldn't be fully filled, FOK orders are fully filled/killed";
constexpr std::string_view kFakKilled =
    "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";
constexpr std::string_view kGone = "already canceled or matched";
constexpr Money kLeastMarketableBuy = Money::whole(1);

struct BuyPlan {
  Quantity quantity;
  bool spends_all = false;
};

// How many shares the dollars buy at the limit or better, as the book stands.
BuyPlan plan_market_buy(const World& world, const CheckedOrder& order) {
  const bool is_yes = order.outcome == Outcome::Yes;
  BuyPlan plan;
  Money left = order.dollars;
  for (const BookLevel& level : world.levels(order.market->id, is_yes ? BookSide::Ask : BookSide::Bid)) {
    const Price price = is_yes ? level.price : complement(level.price);
    if (price > order.price) break;
    const Quantity affordable = Quantity::from_units(left.units() / price.units());
    const Quantity taken = std::min(affordable, level.quantity);
    plan.quantity += taken;
    left -= price * taken;
    if (affordable <= level.quantity) {
      plan.spends_all = true;
      break;
    }
  }
  return plan;
}

Lifetime lifetime_of(ClobOrderType type) noexcept {
  switch (type) {
    case ClobOrderType::Gtc: return Lifetime::GoodTillCanceled;
    case ClobOrderType::Gtd: return Lifetime::GoodTillDate;
    case ClobOrderType::Fok: return Lifetime::FillOrKill;
    case ClobOrderType::Fak: return Lifetime::ImmediateOrCancel;
  }
  return Lifetime::ImmediateOrCancel;
}

std::string posted_document(const ClobOrder& order, std::string_view status, Money dollars, Quantity shares) {
  const bool is_buy = order.checked.side == Side::Buy;
  const std::string money = to_short_text(dollars);
  const std::string quantity = to_short_text(shares);
  JsonWriter json;
  json.begin_object().field("success", true).field("errorMsg", "").field("orderID", order.checked.id);
  json.field("status", status).field("makingAmount", is_buy ? money : quantity);
  json.field("takingAmount", is_buy ? quantity : money);
  json.key("transactionsHashes").begin_array().end_array();
  json.key("tradeIDs").begin_array();
  for (const std::string& id : order.trade_ids) json.value(id);
  json.end_array().end_object();
  return json.take();
}

}  // namespace

std::string ClobCancelled::document() const {
  JsonWriter json;
  json.begin_object().key("canceled").begin_array();
  for (const std::string& id : ids) json.value(id);
  json.end_array().key("not_canceled").begin_object();
  for (const std::string& id : failed) json.field(id, kGone);
  json.end_object().end_object();
  return json.take();
}

ClobOrders::ClobOrders(const ServerContext& context, const ClobRules& rules, ClobTrades& trades, Tell tell)
    : context_(context), rules_(rules), trades_(trades), tell_(std::move(tell)) {}

bool ClobOrders::is_marketable(const CheckedOrder& checked) const {
  const Price bid = context_.world.best_bid(checked.market->id);
  const Price ask = context_.world.best_ask(checked.market->id);
  const bool is_yes = checked.outcome == Outcome::Yes;
  if (checked.side == Side::Buy) return checked.price >= (is_yes ? ask : complement(bid));
  return checked.price <= (is_yes ? bid : complement(ask));
}

ClobRejection ClobOrders::short_of_balance(const CheckedOrder& checked) const {
  const bool is_buy = checked.side == Side::Buy;
  std::int64_t balance = context_.world.available(Venue::Polymarket).units();
  std::int64_t needed = (checked.price * checked.quantity).units();
  if (!is_buy) {
    const Position position = context_.world.position(Venue::Polymarket, checked.market->id);
    balance = (checked.outcome == Outcome::Yes ? position.yes : position.no).units() * power_of_ten(4);
    needed = checked.quantity.units() * power_of_ten(4);
  }
  return {400,
          "not enough balance / allowance: the balance is not enough -> balance: " + std::to_string(balance) +
              ", order amount: " + std::to_string(needed),
          {}};
}

ClobRejection ClobOrders::killed(const ClobOrder& order) const {
  return {400, std::string(order.posted.type == ClobOrderType::Fok ? kFokKilled : kFakKilled), order.checked.id};
}

std::optional<ClobRejection> ClobOrders::refuse(const PostedOrder& posted, const CheckedOrder& checked) const {
  if (by_id_.contains(checked.id)) return ClobRejection{400, order_complaint(checked.id, "Duplicated."), {}};
  if (!is_funded(posted, context_.keys)) {
    ClobRejection rejection = short_of_balance(checked);
    rejection.text = "not enough balance / allowance: the balance is not enough -> balance: 0, order amount: " +
                     std::to_string(posted.maker_amount);
    return rejection;
  }
  if (!is_marketable(checked)) return std::nullopt;
  if (posted.post_only) return ClobRejection{400, "invalid post-only order: order crosses book", {}};
  const Money spent = Money::from_units(posted.maker_amount);
  if (checked.side == Side::Buy && spent < kLeastMarketableBuy) {
    return ClobRejection{
        400, "invalid amount for a marketable BUY order ($" + to_short_text(spent) + "), min size: $1", {}};
  }
  return std::nullopt;
}

void ClobOrders::post(const PostedOrder& posted, const ClobCredentials& credentials, Timestamp now,
                      std::function<void(ClobPosted)> done) {
  auto checked = check_order(posted, credentials, context_.world, rules_, now);
  if (!checked) return done(failure(ClobRejection{checked.error().status, checked.error().text, {}}));
  if (auto rejection = refuse(posted, *checked)) return done(failure(std::move(*rejection)));
  auto order = std::make_unique<ClobOrder>();
  order->posted = posted;
  order->checked = std::move(*checked);
  order->owner = {credentials.api_key, polymarket::to_checksum_text(posted.order.maker)};
  order->address = credentials.address;
  order->created_at = now;
  ClobOrder& kept = *order;
  const std::string id = kept.checked.id;
  by_id_.emplace(id, std::move(order));
  in_order_.push_back(&kept);
  const bool is_held =
      rules_.taker_delay > Duration{0} && has_taker_delay(*kept.checked.market) && is_marketable(kept.checked);
  if (is_held) {
    held_.push_back({id, now + rules_.taker_delay, std::move(done)});
    return;
  }
  done(execute(kept, now, false));
}

void ClobOrders::advance(Timestamp now) {
  while (!held_.empty() && held_.front().due <= now) {
    Held held = std::move(held_.front());
    held_.pop_front();
    held.done(execute(*by_id_.find(held.id)->second, now, true));
  }
}

void ClobOrders::drop(const std::string& id) {
  const auto found = by_id_.find(id);
  in_order_.erase(std::find(in_order_.begin(), in_order_.end(), found->second.get()));
  by_id_.erase(found);
}

ClobRejection ClobOrders::rejection_of(const ClobOrder& order, Refusal refusal) const {
  const CheckedOrder& checked = order.checked;
  switch (refusal) {
    case Refusal::InsufficientBalance:
    case Refusal::InsufficientPosition: return short_of_balance(checked);
    case Refusal::PostOnlyCross: return {400, "invalid post-only order: order crosses book", {}};
    case Refusal::FillOrKillUnfilled: return killed(order);
    case Refusal::InvalidExpiration: return {400, "invalid expiration", {}};
    case Refusal::DuplicateOrder:
    case Refusal::DuplicateClientId: return {400, order_complaint(checked.id, "Duplicated."), {}};
    case Refusal::InvalidPrice:
      return {400,
              order_complaint(checked.id, "Price (" + to_short_text(checked.price) +
                                              ") breaks minimum tick size rule: " + tick_text(*checked.market)),
              {}};
    case Refusal::InvalidSize:
      return {400,
              order_complaint(checked.id, "Size (" + to_short_text(checked.quantity) + ") lower than the minimum: " +
                                              to_short_text(checked.market->minimum_order)),
              {}};
    case Refusal::ExchangePaused: return {425, "the matching engine is restarting", {}};
    default: return {404, "the orderbook " + order.posted.token_id + " does not exist", {}};
  }
}

ClobPosted ClobOrders::execute(ClobOrder& order, Timestamp now, bool was_held) {
  CheckedOrder& checked = order.checked;
  const auto reject = [&](ClobRejection rejection) {
    drop(std::string(checked.id));
    return failure(std::move(rejection));
  };
  if (checked.is_market_buy) {
    const BuyPlan plan = plan_market_buy(context_.world, checked);
    const bool is_killed = order.posted.type == ClobOrderType::Fok ? !plan.spends_all : plan.quantity.is_zero();
    if (is_killed || plan.quantity.is_zero()) return reject(killed(order));
    checked.quantity = plan.quantity;
  }
  NewOrder request;
  request.market = checked.market->id;
  request.outcome = checked.outcome;
  request.side = checked.side;
  request.price = checked.price;
  request.quantity = checked.quantity;
  request.lifetime = lifetime_of(order.posted.type);
  request.post_only = order.posted.post_only;
  request.public_id = checked.id;
  if (order.posted.type == ClobOrderType::Gtd) {
    request.expires_at = from_unix_s(order.posted.expiration) - rules_.expiration_margin;
  }
  placing_ = checked.id;
  order.is_held = false;
  const auto placed = context_.world.place(Venue::Polymarket, request, now);
  placing_.clear();
  if (!placed) return reject(rejection_of(order, placed.error()));
  const bool found_nothing = checked.is_market && placed->fills.empty();
  if (found_nothing) return failure(killed(order));
  return answer(order, *placed, was_held);
}

ClobPosted ClobOrders::answer(ClobOrder& order, const PlacedOrder& placed, bool was_held) {
  Money dollars;
  Quantity shares;
  for (const Fill& fill : placed.fills) {
    dollars += fill.price * fill.quantity;
    shares += fill.quantity;
  }
  tell(order, "PLACEMENT");
  const std::string_view rested = was_held ? "unmatched" : "live";
  return posted_document(order, placed.fills.empty() ? rested : "matched", dollars, shares);
}

ClobCancelled ClobOrders::cancel(const std::vector<std::string>& ids, const polymarket::Address& address,
                                 Timestamp now) {
  ClobCancelled cancelled;
  for (const std::string& id : ids) {
    const ClobOrder* order = find(id);
    const bool is_own = order != nullptr && order->address == address && !order->is_held;
    const bool is_gone = is_own && context_.world.cancel(Venue::Polymarket, id, now).has_value();
    (is_gone ? cancelled.ids : cancelled.failed).push_back(id);
  }
  return cancelled;
}

ClobCancelled ClobOrders::cancel_if(const polymarket::Address& address, Timestamp now,
                                    const std::function<bool(const ClobOrder&)>& wants) {
  std::vector<std::string> ids;
  for (const ClobOrder* order : of(address)) {
    if (is_open(*order) && wants(*order)) ids.push_back(order->checked.id);
  }
  return cancel(ids, address, now);
}

const ClobOrder* ClobOrders::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

bool ClobOrders::is_open(const ClobOrder& order) const {
  const Order* known = context_.world.find_order(Venue::Polymarket, order.checked.id);
  return known != nullptr && known->status == OrderStatus::Resting;
}

std::vector<const ClobOrder*> ClobOrders::of(const polymarket::Address& address) const {
  std::vector<const ClobOrder*> orders;
  for (const ClobOrder* order : in_order_) {
    if (order->address == address) orders.push_back(order);
  }
  return orders;
}

void ClobOrders::on_order(const Order& order) {
  if (order.public_id == placing_) return;
  const auto found = by_id_.find(order.public_id);
  if (found == by_id_.end()) return;
  ClobOrder& known = *found->second;
  if (order.filled > known.told_filled) tell(known, "UPDATE");
  const bool is_cut = order.status == OrderStatus::Canceled || order.status == OrderStatus::Expired;
  if (is_cut && !known.is_end_told) tell(known, "CANCELLATION");
}

void ClobOrders::on_fill(const Fill& fill) {
  const auto found = by_id_.find(fill.order_public_id);
  if (found == by_id_.end()) return;
  found->second->trade_ids.push_back(fill.trade_id);
  trades_.add(fill, found->second->owner, fill.time);
}

}  // namespace arbees::sim
