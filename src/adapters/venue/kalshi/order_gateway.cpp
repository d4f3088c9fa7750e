#include "adapters/venue/kalshi/order_gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace arbees::kalshi {
namespace {

constexpr std::int64_t kCreateCost = 10;
constexpr std::string_view kCreatePath = "/portfolio/events/orders";
constexpr std::size_t kTickersPerRequest = 100;
// Fifty orders a second before a signature must be made on the spot; well inside the venue's tolerance.
constexpr PreparationPlan kPlan{20, 2000};

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
      options_(std::move(options)),
      credentials_(std::move(credentials)),
      tracker_(sink),
      rest_(loop, options_.rest, options_.requests,
            [this](const RestCall& call) { return sign_call(credentials_, call, net::IoLoop::now()); }),
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
}

void KalshiOrderGateway::stop() { stream_.stop(); }

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
  shards_[symbol->second] = -1;
  unknown_shards_.push_back(symbol->second);
}

// A market's shard never changes. Naming it is cheaper and faster; without it the venue routes by the ticker.
void KalshiOrderGateway::learn_shards() {
  while (!unknown_shards_.empty()) {
    std::string path = "/markets?limit=1000&tickers=";
    const std::size_t count = std::min(unknown_shards_.size(), kTickersPerRequest);
    for (std::size_t i = 0; i < count; ++i) path.append(i == 0 ? "" : ",").append(unknown_shards_[i]);
    unknown_shards_.erase(unknown_shards_.begin(), unknown_shards_.begin() + static_cast<std::ptrdiff_t>(count));
    rest_.read(path, [this](const net::HttpAnswer& answer) {
      if (!answer || answer->status != 200) return;
      for (const MarketShard& market : read_market_shards(answer->body)) shards_[market.ticker] = market.shard;
    });
  }
}

int KalshiOrderGateway::shard_of(const std::string& ticker) const {
  const auto found = shards_.find(ticker);
  return found == shards_.end() ? -1 : found->second;
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
  if (waiting_.empty() && writes_.try_take(kCreateCost, now)) return send_create(tracked, now);
  waiting_.push_back(order.order.id);
  pump();
}

void KalshiOrderGateway::pump() {
  const Timestamp now = net::IoLoop::now();
  while (!waiting_.empty()) {
    TrackedOrder* const order = tracker_.find(waiting_.front());
    const Duration wait = writes_.wait_for(kCreateCost, now);
    if (order != nullptr && !order->is_closed && order->wants_cancel) {
      tracker_.reject(*order, RejectReason::NotSent, now);
    } else if (order != nullptr && !order->is_closed && order->order().deadline - now <= wait) {
      ++health_.throttled;
      tracker_.reject(*order, RejectReason::RateLimited, now);
    } else if (order != nullptr && !order->is_closed) {
      if (!writes_.try_take(kCreateCost, now)) return pump_timer_.after(wait, [this] { pump(); });
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
  append_create_body(call.body, order.order(), order.symbol, order.key, shard_of(order.symbol));
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
    return created ? on_created(*order, *created, now) : tracker_.lose(*order, now);
  }
  health_.last_trouble = "order: " + trouble_text(answer);
  if (answer->status == 429) writes_.drain(now);
  const std::string code = read_error_code(answer->body);
  // That the id exists can only mean that this very order arrived before.
  const bool is_there = code.find("order_already_exists") != std::string::npos || code == "ORDER_ALREADY_EXISTS";
  if (answer->status < 400 || answer->status >= 500 || is_there) return tracker_.lose(*order, now);
  ++health_.refused;
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

void KalshiOrderGateway::cancel_all() {
  for (TrackedOrder* order : tracker_.open()) cancel(order->order().id);
}

// Repeating a cancel is harmless, so this needs no certainty about the one before.
void KalshiOrderGateway::send_cancel(TrackedOrder& order) {
  if (order.is_cancel_sent) return;
  order.is_cancel_sent = true;
  ++health_.canceled;
  std::string path = fmt::format("{}/{}?market_ticker={}", kCreatePath, order.venue_id, order.symbol);
  if (const int shard = shard_of(order.symbol); shard >= 0) path += fmt::format("&exchange_index={}", shard);
  rest_.write("DELETE", path, {},
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
  if (order != nullptr && !order->is_closed && !order->is_asked) look_up(*order);
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
  return health;
}

}  // namespace arbees::kalshi
