#include "adapters/venue/polymarket/order_gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace arbees::polymarket {
namespace {

constexpr Duration kFactsPause = std::chrono::milliseconds(50);
constexpr Duration kAdoptionPause = std::chrono::milliseconds(500);
// Questions about tokens that are out at once: lookups of orders must not wait behind them.
constexpr std::size_t kFactsAtOnce = 2;
// The ticks that a fill-or-kill purchase of an earlier session can have been signed for.
constexpr std::array<std::int64_t, 6> kTicks = {1000, 100, 50, 25, 10, 1};

UserStreamOptions stream_options(const GatewayOptions& options) {
  UserStreamOptions stream;
  stream.ca_file = options.requests.http.ca_file;
  stream.ping_text = "PING";
  return stream;
}

Account account_of(const GatewayOptions& options, const Wallet& wallet) {
  return {options.kind, wallet.address(), options.kind == WalletKind::Eoa ? wallet.address() : options.funder,
          options.chain_id};
}

}  // namespace

PolymarketOrderGateway::PolymarketOrderGateway(net::IoLoop& loop, GatewaySink& sink, GatewayOptions options,
                                               Wallet wallet)
    : loop_(loop),
      options_(std::move(options)),
      wallet_(std::move(wallet)),
      account_(account_of(options_, wallet_)),
      tracker_(sink),
      rest_(loop, options_.rest, options_.requests, [this](const RestCall& call) { return sign(call); }),
      stream_(loop, *this, stream_options(options_), options_.seed),
      orders_(options_.orders_per_second, options_.orders_burst),
      pump_timer_(loop) {
  health_.venue = Venue::Polymarket;
}

PolymarketOrderGateway::~PolymarketOrderGateway() = default;

void PolymarketOrderGateway::start() { log_in(net::IoLoop::now()); }

void PolymarketOrderGateway::stop() {
  stream_.stop();
  beat_at_ = log_in_at_ = Timestamp::max();
}

void PolymarketOrderGateway::learn(const Event& event) {
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    if (named->venue == Venue::Polymarket) symbols_[named->id.value] = std::string(named->symbol_view());
    return;
  }
  const auto* changed = std::get_if<PriceGridChanged>(&event.body);
  const auto* listed = std::get_if<ContractListed>(&event.body);
  if (changed == nullptr && (listed == nullptr || listed->terms.venue != Venue::Polymarket)) return;
  const auto symbol = symbols_.find(changed != nullptr ? changed->id.value : listed->id.value);
  if (symbol == symbols_.end()) return;
  TokenFacts& facts = facts_of(symbol->second);
  facts.tick = changed != nullptr ? changed->grid.finest_tick() : listed->terms.grid.finest_tick();
  if (listed == nullptr) return;
  facts.fees = listed->terms.fees;
  facts.has_fees = listed->terms.fees.model != FeeModel::Unknown;
  const bool is_tradable = listed->terms.not_tradable == NotTradable::None;
  if (is_tradable && !facts.has_neg_risk) wanted_facts_.push_back(symbol->second);
}

// What a token's exchange is never changes: asked once, before the first order needs it.
void PolymarketOrderGateway::fetch_facts() {
  while (asked_facts_.size() < kFactsAtOnce && !wanted_facts_.empty()) {
    const std::string token = wanted_facts_.back();
    wanted_facts_.pop_back();
    if (facts_of(token).has_neg_risk || !asked_facts_.insert(token).second) continue;
    rest_.read("/neg-risk?token_id=" + token, [this, token](const net::HttpAnswer& answer) {
      asked_facts_.erase(token);
      const auto neg_risk = answer && answer->status == 200 ? read_neg_risk(answer->body) : std::nullopt;
      if (!neg_risk) {
        health_.last_trouble = "neg-risk: " + trouble_text(answer);
        if (answer && answer->status == 404) refuse_waiting(token);
        return;
      }
      facts_of(token).has_neg_risk = true;
      facts_of(token).neg_risk = *neg_risk;
      pump();
      fetch_facts();
    });
  }
}

// The venue has no such token, so nothing of it can be sent.
void PolymarketOrderGateway::refuse_waiting(const std::string& token) {
  const Timestamp now = net::IoLoop::now();
  for (const OrderId id : waiting_) {
    TrackedOrder* const order = tracker_.find(id);
    if (order != nullptr && !order->is_closed && order->symbol == token) {
      tracker_.reject(*order, RejectReason::MarketClosed, now);
    }
  }
}

std::string PolymarketOrderGateway::venue_key(const GatewayOrder& order, std::string_view symbol) {
  const auto built = build_order(order, symbol, facts_of(std::string(symbol)), account_);
  return built ? built->id : std::string();
}

void PolymarketOrderGateway::submit(const GatewayOrder& order) {
  const auto symbol = symbols_.find(order.order.instrument.value);
  const std::string token = symbol == symbols_.end() ? std::string() : symbol->second;
  const Timestamp now = net::IoLoop::now();
  ++health_.submitted;
  const auto built = build_order(order, token, facts_of(token), account_);
  // Until its token is known it has no hash; it is not sent before.
  TrackedOrder& tracked =
      tracker_.add(order, token, built ? built->id : fmt::format("unsigned-{}", order.order.id.value));
  const bool lacks_facts = !facts_of(token).has_neg_risk && !token.empty() && order.order.outcome == Outcome::Yes;
  if (!health_.is_ready || token.empty()) return tracker_.reject(tracked, RejectReason::NotSent, now);
  if (!built && !lacks_facts) return tracker_.reject(tracked, built.error(), now);
  if (now >= order.order.deadline) return tracker_.reject(tracked, RejectReason::Deadline, now);
  tracked.wants_cancel = is_cut_by_us(order.order);
  if (lacks_facts) {
    wanted_facts_.push_back(token);
    fetch_facts();
  }
  waiting_.push_back(order.order.id);
  pump();
}

// Orders that wait for facts of their token let others pass.
void PolymarketOrderGateway::pump() {
  const Timestamp now = net::IoLoop::now();
  Duration pause = Duration::max();
  std::deque<OrderId> later;
  for (const OrderId id : std::exchange(waiting_, {})) {
    TrackedOrder* const order = tracker_.find(id);
    if (order == nullptr || order->is_closed) continue;
    const bool is_known = facts_of(order->symbol).has_neg_risk;
    const Duration wait = is_known ? orders_.wait_for(1, now) : kFactsPause;
    if (order->order().deadline - now <= wait) {
      if (is_known) ++health_.throttled;
      tracker_.reject(*order, is_known ? RejectReason::RateLimited : RejectReason::Deadline, now);
    } else if (is_known && orders_.try_take(1, now)) {
      send_order(*order, now);
    } else {
      pause = std::min(pause, wait);
      later.push_back(id);
    }
  }
  waiting_.insert(waiting_.begin(), later.begin(), later.end());
  if (!later.empty()) pump_timer_.after(std::max(pause, Duration(std::chrono::milliseconds(1))), [this] { pump(); });
}

void PolymarketOrderGateway::send_order(TrackedOrder& order, Timestamp now) {
  const auto built = build_order(order.sent, order.symbol, facts_of(order.symbol), account_);
  if (!built) return tracker_.reject(order, built.error(), now);
  tracker_.set_key(order, built->id);
  tracker_.set_venue_id(order, built->id);
  rest_.write("POST", "/order", signed_order_body(order.sent, *built, order.symbol, wallet_, credentials_.key),
              [this, id = order.order().id](const net::HttpAnswer& answer) { on_post_answer(id, answer); });
}

void PolymarketOrderGateway::on_post_answer(OrderId id, const net::HttpAnswer& answer) {
  TrackedOrder* const order = tracker_.find(id);
  const Timestamp now = net::IoLoop::now();
  if (order == nullptr) return;
  if (!answer) {
    health_.last_trouble = "order: " + trouble_text(answer);
    if (answer.error().may_have_arrived) return tracker_.lose(*order, now);
    return tracker_.reject(*order, RejectReason::NotSent, now);
  }
  if (answer->status >= 500 || answer->status < 200) {
    health_.last_trouble = "order: " + trouble_text(answer);
    return tracker_.lose(*order, now);
  }
  if (answer->status >= 300) return on_refused(*order, answer->status, read_error_text(answer->body), now);
  const auto posted = read_post_answer(answer->body);
  // An answer that came twice may be taken for the answer to the next order of its connection.
  if (!posted || !is_answer_to(*posted, order->venue_id)) return tracker_.lose(*order, now);
  if (!posted->is_success) return on_refused(*order, 400, posted->error, now);
  tracker_.expect_news(*order, now);
  const bool rests = posted->status == "live" || posted->status == "unmatched";
  if (rests) tracker_.rest(*order, Quantity{}, now);
  // What is left of a purchase that was to be immediate goes at once; where nothing is left, this changes nothing.
  if (order->wants_cancel && !order->is_closed && posted->status != "delayed") send_cancel(*order);
}

void PolymarketOrderGateway::on_refused(TrackedOrder& order, int status, const std::string& text, Timestamp now) {
  health_.last_trouble = fmt::format("order: HTTP {}: {}", status, text.substr(0, 200));
  // That it is there can only mean that this very order arrived before.
  if (text.find("Duplicated") != std::string::npos) return tracker_.lose(order, now);
  ++health_.refused;
  if (status == 429) orders_.drain(now);
  const RejectReason reason = reject_reason(status, text);
  if (reason == RejectReason::NoLiquidity) {
    return tracker_.end(order, {OrderState::Canceled, reason}, Quantity{}, now);
  }
  tracker_.reject(order, reason, now);
}

void PolymarketOrderGateway::cancel(OrderId id) {
  TrackedOrder* const order = tracker_.find(id);
  if (order == nullptr || order->is_closed || order->end) return;
  order->wants_cancel = true;
  if (!order->venue_id.empty()) return send_cancel(*order);
  tracker_.reject(*order, RejectReason::NotSent, net::IoLoop::now());  // it waits here, and will not leave
}

void PolymarketOrderGateway::cancel_all() {
  for (TrackedOrder* order : tracker_.open()) cancel(order->order().id);
}

void PolymarketOrderGateway::send_cancel(TrackedOrder& order) {
  if (order.is_cancel_sent) return;
  order.is_cancel_sent = true;
  ++health_.canceled;
  rest_.write_urgent("DELETE", "/order", fmt::format(R"({{"orderID":"{}"}})", order.venue_id),
                     [this, id = order.order().id](const net::HttpAnswer& answer) {
                       TrackedOrder* const asked = tracker_.find(id);
                       if (asked == nullptr || asked->is_closed) return;
                       asked->is_cancel_sent = false;
                       if (!answer || answer->status != 200) health_.last_trouble = "cancel: " + trouble_text(answer);
                       asked->look_at = net::IoLoop::now();  // what it had before it went, only the order itself says
                     });
}

void PolymarketOrderGateway::query(OrderId id) {
  TrackedOrder* const order = tracker_.find(id);
  if (order == nullptr || order->is_asked) return;
  if (order->is_closed) return tracker_.repeat_end(*order, net::IoLoop::now());
  look_up(*order);
}

void PolymarketOrderGateway::adopt(const GatewayOrder& order, std::string_view symbol,
                                   std::span<const RecordedFill> fills) {
  symbols_[order.order.instrument.value] = std::string(symbol);
  Adoption& adoption = adoptions_[order.order.id.value];
  adoption.order = order;
  adoption.token = std::string(symbol);
  adoption.fills.assign(fills.begin(), fills.end());
  wanted_facts_.emplace_back(symbol);
}

void PolymarketOrderGateway::advance_adoptions(Timestamp now) {
  for (auto& [id, adoption] : adoptions_) {
    if (adoption.is_asked || adoption.ask_at > now) continue;
    TokenFacts facts = facts_of(adoption.token);
    if (!facts.has_neg_risk) {
      wanted_facts_.push_back(adoption.token);
      continue;
    }
    if (adoption.keys.empty()) {
      for (const std::int64_t tick : kTicks) {
        facts.tick = Price::from_units(tick);
        const auto built = build_order(adoption.order, adoption.token, facts, account_);
        const bool is_new =
            built && std::find(adoption.keys.begin(), adoption.keys.end(), built->id) == adoption.keys.end();
        if (is_new) adoption.keys.push_back(built->id);
      }
      if (adoption.keys.empty()) adoption.keys.emplace_back("0x00");  // it cannot have been sent
    }
    adoption.is_asked = true;
    rest_.read("/data/order/" + adoption.keys[adoption.next_key],
               [this, order_id = id](const net::HttpAnswer& answer) { on_adoption_answer(order_id, answer); });
  }
}

void PolymarketOrderGateway::on_adoption_answer(std::uint64_t id, const net::HttpAnswer& answer) {
  const auto found = adoptions_.find(id);
  if (found == adoptions_.end()) return;
  Adoption& adoption = found->second;
  const Timestamp now = net::IoLoop::now();
  adoption.is_asked = false;
  if (answer && answer->status == 200) return take_in(adoption, adoption.keys[adoption.next_key], now);
  if (!answer || answer->status != 404) {
    health_.last_trouble = "lookup: " + trouble_text(answer);
    adoption.ask_at = now + kAdoptionPause;
    return;
  }
  adoption.next_key = (adoption.next_key + 1) % adoption.keys.size();
  if (adoption.next_key != 0) return;
  adoption.ask_at = now + kAdoptionPause;
  const bool is_proven = ++adoption.rounds >= 2 && now >= adoption.order.submitted_at + options_.missing_grace;
  if (is_proven) take_in(adoption, adoption.keys.front(), now);
}

void PolymarketOrderGateway::take_in(Adoption& adoption, const std::string& key, Timestamp now) {
  TrackedOrder& order = tracker_.add(adoption.order, adoption.token, key);
  tracker_.set_venue_id(order, key);
  order.state = OrderState::Unknown;
  order.wants_cancel = true;
  for (const RecordedFill& fill : adoption.fills) {
    order.fills.push_back({fill.id, fill.name, fill.quantity, FillFinality::Matched});
    order.filled += fill.quantity;
  }
  order.stated_filled = order.filled;
  const bool is_unknown = adoption.rounds >= 2;
  adoptions_.erase(order.order().id.value);
  order.look_at = now;
  if (is_unknown) tracker_.reject(order, RejectReason::NotSent, now);
}

void PolymarketOrderGateway::tick(Timestamp now) {
  stream_.tick(now);
  if (log_in_at_ <= now) log_in(now);
  if (beat_at_ <= now) beat(now);
  fetch_facts();
  if (!health_.is_ready) return;
  advance_adoptions(now);
  follow_trades(now);
  for (TrackedOrder* order : tracker_.due(now)) look_up(*order);
  for (TrackedOrder* order : tracker_.open()) {
    if (order->wants_cancel && order->state == OrderState::Resting && !order->end) send_cancel(*order);
  }
}

std::string PolymarketOrderGateway::describe_open() const {
  std::string text = tracker_.describe_open();
  for (const auto& [id, adoption] : adoptions_) {
    text += fmt::format("polymarket order {} in {}: {} of {} possible hashes looked up, {} times all{}; ", id,
                        adoption.token, adoption.next_key, adoption.keys.size(), adoption.rounds,
                        adoption.is_asked ? ", asked" : "");
  }
  return text;
}

GatewayHealth PolymarketOrderGateway::health() const {
  GatewayHealth health = health_;
  health.is_streaming = stream_.is_open();
  health.open_orders = open_orders();
  health.unknown_orders = tracker_.unknown_count() + adoptions_.size();
  health.lost_answers = tracker_.counts().lost_answers;
  health.resolved = tracker_.counts().resolved;
  health.fills = tracker_.counts().fills;
  health.failed_fills = tracker_.counts().failed_fills;
  health.throttled += rest_.throttled();
  health.stream_connects = stream_.connects();
  return health;
}

}  // namespace arbees::polymarket
