#include "adapters/venue/kalshi/order_gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace arbees::kalshi {
namespace {

constexpr std::int64_t kCreateCost = 10;
constexpr std::string_view kCreatePath = "/portfolio/events/orders";
constexpr std::size_t kTickersPerRequest = 100;
// Of a market's shard: never to be known, and not answered yet.
constexpr int kShardUnknown = -1;
constexpr int kShardAsked = -2;
// Fifty orders a second before a signature must be made on the spot; well inside the venue's tolerance.
constexpr PreparationPlan kPlan{20, 2000};
// Orders that wait for their shard or their group look for them at least this often.
constexpr Duration kPlaceLook = std::chrono::milliseconds(50);

std::vector<net::Header> sign_call(Credentials& credentials, const RestCall& call, Timestamp now) {
  const std::int64_t ms = unix_ns(now) / 1'000'000;
  SignatureText signature;
  if (!credentials.signer.sign(presign_text(ms, call.method, call.target), signature)) return {};
  return {{"KALSHI-ACCESS-KEY", credentials.key_id},
          {"KALSHI-ACCESS-TIMESTAMP", std::to_string(ms)},
          {"KALSHI-ACCESS-SIGNATURE", std::string(signature.view())}};
}

UserStreamOptions stream_options(const GatewayOptions& options) {
  UserStreamOptions stream;
  stream.ca_file = options.requests.http.ca_file;
  return stream;
}

}  // namespace

KalshiOrderGateway::KalshiOrderGateway(net::IoLoop& loop, GatewaySink& sink, GatewayOptions options,
                                       Credentials credentials)
    : loop_(loop),
      sink_(sink),
      options_(std::move(options)),
      credentials_(std::move(credentials)),
      tracker_(sink),
      rest_(loop, options_.rest, options_.requests,
            [this](const RestCall& call) { return sign_call(credentials_, call, net::IoLoop::now()); }),
      group_(
          rest_, options_.group, [this] { pump(); }, [this] { on_group_alarm(); }),
      stream_(loop, *this, stream_options(options_), options_.seed),
      signatures_(credentials_.signer.clone(), "POST", rest_.target(kCreatePath), kPlan),
      writes_(options_.write_tokens_per_second, options_.write_tokens_burst),
      pump_timer_(loop) {
  health_.venue = Venue::Kalshi;
  decoder_.set_private_sink(this);
}

KalshiOrderGateway::~KalshiOrderGateway() = default;

void KalshiOrderGateway::start() {
  stream_.start(net::IoLoop::now());
  rest_.read("/portfolio/balance", [this](const net::HttpAnswer& answer) {
    health_.is_ready = answer && answer->status == 200;
    if (!health_.is_ready) health_.last_trouble = "login: " + trouble_text(answer);
  });
  group_.open(net::IoLoop::now());
}

void KalshiOrderGateway::stop() {
  is_stopping_ = true;
  stream_.stop();
  group_.remove(net::IoLoop::now());
}

void KalshiOrderGateway::learn(const Event& event) {
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    if (named->venue == Venue::Kalshi) symbols_[named->id.value] = std::string(named->symbol_view());
    return;
  }
  const auto* listed = std::get_if<ContractListed>(&event.body);
  if (listed == nullptr || listed->terms.venue != Venue::Kalshi) return;
  if (listed->terms.not_tradable != NotTradable::None) return;
  const auto symbol = symbols_.find(listed->id.value);
  if (symbol == symbols_.end() || shards_.contains(symbol->second)) return;
  shards_[symbol->second] = kShardAsked;
  unknown_shards_.push_back(symbol->second);
}

// A market's shard never changes. Naming it is cheaper and faster, and an order group has one; an order waits for it.
// If it cannot be had the venue routes by the ticker, and the order is outside the group.
void KalshiOrderGateway::learn_shards() {
  while (!unknown_shards_.empty()) {
    std::string path = "/markets?limit=1000&tickers=";
    const auto count = static_cast<std::ptrdiff_t>(std::min(unknown_shards_.size(), kTickersPerRequest));
    std::vector<std::string> asked(unknown_shards_.begin(), unknown_shards_.begin() + count);
    unknown_shards_.erase(unknown_shards_.begin(), unknown_shards_.begin() + count);
    for (const std::string& ticker : asked) path.append(&ticker == asked.data() ? "" : ",").append(ticker);
    rest_.read(path, [this, asked = std::move(asked)](const net::HttpAnswer& answer) {
      for (const std::string& ticker : asked) shards_[ticker] = kShardUnknown;
      if (answer && answer->status == 200) {
        for (const MarketShard& market : read_market_shards(answer->body)) shards_[market.ticker] = market.shard;
      }
      pump();
    });
  }
}

int KalshiOrderGateway::shard_of(const std::string& ticker) const {
  const auto found = shards_.find(ticker);
  return found == shards_.end() ? kShardUnknown : found->second;
}

std::string KalshiOrderGateway::venue_key(const GatewayOrder& order, std::string_view) {
  return client_order_id(order);
}

void KalshiOrderGateway::submit(const GatewayOrder& order) {
  const Timestamp now = net::IoLoop::now();
  const auto symbol = symbols_.find(order.order.instrument.value);
  const std::string ticker = symbol == symbols_.end() ? std::string() : symbol->second;
  TrackedOrder& tracked = tracker_.add(order, ticker, client_order_id(order));
  ++health_.submitted;
  if (ticker.empty() || !health_.is_ready) return tracker_.reject(tracked, RejectReason::NotSent, now);
  if (now >= order.order.deadline) return tracker_.reject(tracked, RejectReason::Deadline, now);
  if (waiting_.empty() && has_place(tracked) && writes_.try_take(kCreateCost, now)) return send_create(tracked, now);
  waiting_.push_back(order.order.id);
  pump();
}

bool KalshiOrderGateway::has_place(const TrackedOrder& order) const {
  const int shard = shard_of(order.symbol);
  return shard != kShardAsked && group_.accepts(shard);
}

void KalshiOrderGateway::pump() {
  const Timestamp now = net::IoLoop::now();
  while (!waiting_.empty()) {
    TrackedOrder* const order = tracker_.find(waiting_.front());
    const bool is_open = order != nullptr && !order->is_closed;
    const bool is_placed = is_open && has_place(*order);
    const Duration wait = is_placed ? writes_.wait_for(kCreateCost, now) : kPlaceLook;
    if (is_open && order->wants_cancel) {
      tracker_.reject(*order, RejectReason::NotSent, now);
    } else if (is_open && order->order().deadline - now <= wait) {
      if (is_placed) ++health_.throttled;
      tracker_.reject(*order, is_placed ? RejectReason::RateLimited : RejectReason::NotSent, now);
    } else if (is_open) {
      if (!is_placed || !writes_.try_take(kCreateCost, now)) return pump_timer_.after(wait, [this] { pump(); });
      send_create(*order, now);
    }
    waiting_.pop_front();
  }
}

std::vector<net::Header> KalshiOrderGateway::create_headers(const RestCall& call, Timestamp now) {
  PreparedSignature prepared;
  if (!signatures_.take(unix_ns(now) / 1'000'000, prepared)) return sign_call(credentials_, call, now);
  return {{"KALSHI-ACCESS-KEY", credentials_.key_id},
          {"KALSHI-ACCESS-TIMESTAMP", std::to_string(prepared.timestamp_ms)},
          {"KALSHI-ACCESS-SIGNATURE", std::string(prepared.signature.view())}};
}

void KalshiOrderGateway::send_create(TrackedOrder& order, Timestamp now) {
  RestCall call{"POST", rest_.target(kCreatePath), {}};
  call.body.reserve(512);
  const int shard = shard_of(order.symbol);
  append_create_body(call.body, order.order(), order.symbol, order.key, {shard, group_.id_for(shard)});
  auto headers = create_headers(call, now);
  if (headers.empty()) return tracker_.reject(order, RejectReason::NotSent, now);
  rest_.write_signed(std::move(call), std::move(headers),
                     [this, id = order.order().id](const net::HttpAnswer& answer) { on_create_answer(id, answer); });
}

void KalshiOrderGateway::on_create_answer(OrderId id, const net::HttpAnswer& answer) {
  TrackedOrder* const order = tracker_.find(id);
  const Timestamp now = net::IoLoop::now();
  if (order == nullptr) return;
  if (!answer) {
    health_.last_trouble = "order: " + trouble_text(answer);
    if (answer.error().may_have_arrived) return tracker_.lose(*order, now);
    return tracker_.reject(*order, RejectReason::NotSent, now);
  }
  if (answer->status == 200 || answer->status == 201) {
    const auto created = read_create_answer(answer->body);
    // An answer that came twice may be taken for the answer to the next order of its connection.
    const bool is_ours = created && (created->client_order_id.empty() || created->client_order_id == order->key);
    return is_ours ? on_created(*order, *created, now) : tracker_.lose(*order, now);
  }
  health_.last_trouble = "order: " + trouble_text(answer);
  if (answer->status == 429) writes_.drain(now);
  const std::string code = read_error_code(answer->body);
  // That the id exists can only mean that this very order arrived before.
  const bool is_there = code.find("order_already_exists") != std::string::npos || code == "ORDER_ALREADY_EXISTS";
  if (answer->status < 400 || answer->status >= 500 || is_there) return tracker_.lose(*order, now);
  ++health_.refused;
  if (code.find("group") != std::string::npos) group_.on_refused();
  const RejectReason reason = reject_reason(answer->status, code);
  const bool is_kill = reason == RejectReason::NoLiquidity;
  if (is_kill) return tracker_.end(*order, {OrderState::Canceled, reason}, Quantity{}, now);
  tracker_.reject(*order, reason, now);
}

void KalshiOrderGateway::on_created(TrackedOrder& order, const CreateAnswer& answer, Timestamp now) {
  tracker_.set_venue_id(order, answer.order_id);
  const bool rests = order.order().time_in_force == TimeInForce::PostOnly && answer.remaining_count.is_positive();
  if (rests) {
    tracker_.rest(order, answer.fill_count, now);
    if (order.wants_cancel) send_cancel(order);
    return;
  }
  const bool is_post_only = order.order().time_in_force == TimeInForce::PostOnly;
  const RejectReason reason = is_post_only ? RejectReason::WouldCross : RejectReason::NoLiquidity;
  tracker_.end(order, {OrderState::Canceled, reason}, answer.fill_count, now);
}

void KalshiOrderGateway::cancel(OrderId id) {
  TrackedOrder* const order = tracker_.find(id);
  if (order == nullptr || order->is_closed || order->end) return;
  order->wants_cancel = true;
  if (!order->venue_id.empty()) send_cancel(*order);
}

// Orders that are under way still are beyond our reach; the triggered group refuses them when they arrive.
void KalshiOrderGateway::cancel_all() {
  for (TrackedOrder* order : tracker_.open()) cancel(order->order().id);
  group_.trigger(net::IoLoop::now());
}

void KalshiOrderGateway::resume() {
  if (!is_stopping_) group_.reset(net::IoLoop::now());
}

// The venue has seen more than our limits allow, so something here is broken; or it gives us no group.
void KalshiOrderGateway::on_group_alarm() {
  health_.last_trouble = group_.last_trouble();
  Event event;
  event.received_at = net::IoLoop::now();
  event.body = Control{ControlCommand::Halt, ControlReason::LimitBreached};
  sink_.on_event(event);
}

// Repeating a cancel is harmless, so this needs no certainty about the one before.
void KalshiOrderGateway::send_cancel(TrackedOrder& order) {
  if (order.is_cancel_sent) return;
  order.is_cancel_sent = true;
  ++health_.canceled;
  std::string path = fmt::format("{}/{}?market_ticker={}", kCreatePath, order.venue_id, order.symbol);
  if (const int shard = shard_of(order.symbol); shard >= 0) path += fmt::format("&exchange_index={}", shard);
  rest_.write_urgent("DELETE", path, {},
                     [this, id = order.order().id](const net::HttpAnswer& answer) { on_cancel_answer(id, answer); });
}

void KalshiOrderGateway::on_cancel_answer(OrderId id, const net::HttpAnswer& answer) {
  TrackedOrder* const order = tracker_.find(id);
  const Timestamp now = net::IoLoop::now();
  if (order == nullptr || order->is_closed) return;
  order->is_cancel_sent = false;
  if (answer && answer->status == 200) {
    JsonDocument json;
    if (json.parse(answer->body) == nullptr) {
      const auto reduced = Quantity::parse(json.root()["reduced_by"].text());
      // What the cancel did not take away was filled.
      if (reduced && reduced->is_positive()) {
        return tracker_.end(*order, {OrderState::Canceled, {}}, order->order().quantity - *reduced, now);
      }
    }
  }
  if (!answer || answer->status != 404) health_.last_trouble = "cancel: " + trouble_text(answer);
  order->look_at = now;  // it ended before, or nobody knows: the venue says
}

void KalshiOrderGateway::query(OrderId id) {
  TrackedOrder* const order = tracker_.find(id);
  if (order == nullptr || order->is_asked) return;
  if (order->is_closed) return tracker_.repeat_end(*order, net::IoLoop::now());
  look_up(*order);
}

void KalshiOrderGateway::adopt(const GatewayOrder& sent, std::string_view symbol, std::span<const RecordedFill> fills) {
  symbols_[sent.order.instrument.value] = std::string(symbol);
  TrackedOrder& order = tracker_.add(sent, symbol, client_order_id(sent));
  order.state = OrderState::Unknown;
  order.wants_cancel = true;
  for (const RecordedFill& fill : fills) {
    order.fills.push_back({fill.id, fill.name, fill.quantity, FillFinality::Matched});
    order.filled += fill.quantity;
  }
  order.stated_filled = order.filled;
  order.look_at = net::IoLoop::now();
}

void KalshiOrderGateway::tick(Timestamp now) {
  stream_.tick(now);
  learn_shards();
  group_.step(now);
  if (!health_.is_ready && health_.last_trouble.empty()) return;
  for (TrackedOrder* order : tracker_.due(now)) look_up(*order);
  for (TrackedOrder* order : tracker_.open()) {
    const bool rests = order->state == OrderState::Resting && !order->venue_id.empty();
    if (order->wants_cancel && rests && !order->end) send_cancel(*order);
  }
}

GatewayHealth KalshiOrderGateway::health() const {
  GatewayHealth health = health_;
  health.is_streaming = stream_.is_open();
  health.open_orders = tracker_.open_count();
  health.unknown_orders = tracker_.unknown_count();
  health.lost_answers = tracker_.counts().lost_answers;
  health.resolved = tracker_.counts().resolved;
  health.fills = tracker_.counts().fills;
  health.failed_fills = tracker_.counts().failed_fills;
  health.throttled += rest_.throttled();
  health.stream_connects = stream_.connects();
  health.group_state = group_.state_name();
  health.group_contracts = group_.contracts();
  return health;
}

}  // namespace arbees::kalshi
