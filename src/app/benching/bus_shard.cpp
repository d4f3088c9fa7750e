// The shard's part of `arbees bench --bus`: prices to a real `crypto-shard`, and the requests that they cause.
//
// This process is the monitors, the orchestrator, the executor that refuses everything, and the venue that has the
// candles which volatility starts with. Pairs of contracts of XRP contradict each other for a moment, one after the
// other; the spot of the other assets leaves a quote behind, comes back, and the quote is made anew. Nothing else is
// said in the time between, so each request has one cause: the message before it.

#include <fmt/format.h>

#include <array>

#include "adapters/bus/contract_message.h"
#include "adapters/bus/price_message.h"
#include "adapters/bus/request_message.h"
#include "adapters/bus/result_message.h"
#include "adapters/bus/topics.h"
#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "app/benching/bus_bench.h"
#include "core/base/random.h"

namespace arbees::app {
namespace {

constexpr std::array kAssets = {Asset::BTC, Asset::ETH, Asset::SOL, Asset::DOGE};
constexpr std::int64_t kSpot = 64'000;  // dollars, of every asset
constexpr std::int64_t kMove = 150;
constexpr int kPairs = 60;                 // a contradiction that is back within a second would be the same opportunity
constexpr std::size_t kQuestions = 5 * 2;  // a day of minutes of five assets, a thousand in an answer

constexpr Duration kReady = std::chrono::seconds(30);
constexpr Duration kBeat = std::chrono::milliseconds(100);
constexpr Duration kRepeatContracts = std::chrono::milliseconds(1'500);
constexpr Duration kQuoteAge = std::chrono::milliseconds(900);  // old enough to be left behind
constexpr Duration kReaction = std::chrono::milliseconds(250);  // longer than that, there is no request
constexpr Duration kPricePause = std::chrono::milliseconds(25);

// A walk of minutes with a volatility of about half the price a year.
class CandleVenue final : public net::ServerHandler {
 public:
  void on_request(net::ServerRequest request, net::Responder responder) override {
    if (request.path != "/api/v3/klines") return responder.send({404, "application/json", "{}", {}});
    const std::int64_t from = std::strtoll(request.parameter("startTime").c_str(), nullptr, 10);
    const std::int64_t to = std::strtoll(request.parameter("endTime").c_str(), nullptr, 10);
    Random random(7);
    std::int64_t cents = kSpot * 100;
    std::string rows;
    for (std::int64_t at = from; at < to; at += 60'000) {
      const std::int64_t open = cents;
      std::int64_t step = 0;
      for (int i = 0; i < 6; ++i) step += random.between(-3'100, 3'100);
      if ((cents > kSpot * 100 + 50'000) == (step > 0)) step = -step;
      cents += step;
      rows +=
          fmt::format("{}[{},\"{}.{:02}\",\"{}.{:02}\",\"{}.{:02}\",\"{}.{:02}\",\"1.0\",{}]", rows.empty() ? "" : ",",
                      at, open / 100, open % 100, std::max(open, cents) / 100, std::max(open, cents) % 100,
                      std::min(open, cents) / 100, std::min(open, cents) % 100, cents / 100, cents % 100, at + 59'999);
    }
    ++answers;
    responder.send({200, "application/json", "[" + rows + "]", {}});
  }

  std::size_t answers = 0;
};

bus::ContractMessage contract(const std::string& ticker, Asset asset, std::int64_t strike, Timestamp now) {
  bus::ContractMessage message;
  message.symbol = message.market_id = ticker;
  message.event = "BENCH-" + std::string(asset_name(asset));
  message.outcome = "Yes";
  message.phase = "active";
  ContractTerms& terms = message.terms;
  terms.venue = Venue::Kalshi;
  terms.asset = asset;
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.lower = SpotPrice::whole(strike);
  terms.has_lower = 1;
  terms.rounding_decimals = 2;
  terms.opens_at = now - std::chrono::hours(1);
  // Contracts of one number belong together.
  const std::size_t dash = ticker.rfind('-');
  const auto number = static_cast<std::uint64_t>(std::strtoull(ticker.c_str() + dash + 1, nullptr, 10));
  terms.closes_at = now + std::chrono::minutes(15 + number);
  terms.event_group = 1'000 * static_cast<std::uint64_t>(asset) + number;
  terms.lot = terms.minimum_order = Quantity::whole(1);
  terms.grid = PriceGrid::uniform(Price::from_units(100));
  terms.fees.model = FeeModel::None;
  terms.not_tradable = NotTradable::None;
  return message;
}

class ShardMeasurement {
 public:
  explicit ShardMeasurement(const std::string& folder) { place_.folder = folder; }

  std::string run(double seconds, BusSpeed& speed) {
    std::string wrong = open();
    if (!wrong.empty()) return wrong;
    const auto half = std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 0.5e9));
    const auto to_price = std::make_unique<LatencyHistogram>();
    const auto to_spot = std::make_unique<LatencyHistogram>();
    int turn = 0;
    for (const Timestamp end = net::IoLoop::now() + half; net::IoLoop::now() < end;)
      contradict(turn++ % kPairs, *to_price);
    for (int pair = 0; pair < kPairs; ++pair) {
      for (const char* side : {"LOW", "HIGH"}) quote(fmt::format("{}-{}", side, pair), 0, 0);
    }
    for (const Asset asset : kAssets) quote_anew(asset);
    for (const Timestamp end = net::IoLoop::now() + half; net::IoLoop::now() < end;) leave_behind(*to_spot);
    speed.times.push_back(summary("price_to_request", *to_price));
    speed.times.push_back(summary("spot_to_request", *to_spot));
    return to_price->count() > 0 || to_spot->count() > 0 ? "" : "crypto-shard made no requests";
  }

 private:
  std::string open() {
    const auto ports = BusPorts::choose();
    if (!ports) return ports.error();
    place_.ports = *ports;
    for (const auto& [port, publisher] :
         {std::pair{ports->spot, &spot_}, std::pair{ports->kalshi, &prices_}, std::pair{ports->contracts, &contracts_},
          std::pair{ports->results, &results_}}) {
      auto made = place_.publisher(port);
      if (!made) return made.error();
      *publisher = std::move(*made);
    }
    auto server = net::HttpServer::listen(loop_, venue_, {});
    if (!server) return server.error();
    server_ = std::move(*server);
    auto role = place_.start("crypto-shard", server_->port());
    if (!role) return role.error();
    role_ = std::move(*role);
    auto requests = place_.subscriber(ports->requests);
    if (!requests) return requests.error();
    requests_ = std::move(*requests);
    listed_at_ = net::IoLoop::now();
    const Timestamp end = listed_at_ + kReady;
    while (venue_.answers < kQuestions) {
      if (net::IoLoop::now() > end) return "crypto-shard has not asked for candles";
      loop_.run_for(std::chrono::milliseconds(5));
      beat();
    }
    for (const Timestamp warm = net::IoLoop::now() + std::chrono::seconds(3); net::IoLoop::now() < warm;) wait(kBeat);
    return {};
  }

  // ---- What is said ----

  void tell_spot(Asset asset, Venue venue, std::int64_t dollars) {
    bus::SpotPriceMessage price;
    price.venue = venue;
    price.asset = asset;
    price.bid = SpotPrice::whole(dollars - 1);
    price.ask = SpotPrice::whole(dollars + 1);
    const Timestamp now = net::IoLoop::now();
    price.received_at = now;
    said_at_ = now;
    spot_->publish(bus::spot_topic(asset), "crypto_spot_monitor:bench", bus::encode_price(price), now);
  }
  void tell_spot(Asset asset, std::int64_t dollars) {
    for (const Venue venue : {Venue::Coinbase, Venue::Binance}) tell_spot(asset, venue, dollars);
  }

  // Zero: nobody quotes.
  void quote(const std::string& ticker, std::int64_t bid_cents, std::int64_t ask_cents) {
    bus::ContractPrice price;
    price.asset = Asset::XRP;  // the contract decides
    price.symbol = price.market_id = ticker;
    price.venue = Venue::Kalshi;
    price.status = bid_cents == 0 ? "gap" : "proven";
    price.phase = "active";
    price.bids = {{Price::from_units(bid_cents * 100), Quantity::whole(50)}};
    price.asks = {{Price::from_units(ask_cents * 100), Quantity::whole(50)}};
    if (bid_cents == 0) price.bids = price.asks = {};
    const Timestamp now = net::IoLoop::now();
    price.received_at = now;
    said_at_ = now;
    prices_->publish(bus::market_topic(Venue::Kalshi, ticker), "kalshi_monitor", bus::encode_price(price), now);
  }
  void quote_anew(Asset asset) {
    const auto index = static_cast<std::size_t>(asset);
    is_narrow_[index] = !is_narrow_[index];
    quoted_at_[index] = net::IoLoop::now();
    repeat(asset);
  }
  void repeat(Asset asset) {
    const bool is_narrow = is_narrow_[static_cast<std::size_t>(asset)];
    quote("EVEN-" + std::string(asset_name(asset)), is_narrow ? 49 : 48, is_narrow ? 50 : 51);
  }

  void tell_contracts(Timestamp now) {
    const auto tell = [&](const std::string& ticker, Asset asset, std::int64_t strike) {
      contracts_->publish(bus::contract_topic(Venue::Kalshi, ticker), "orchestrator",
                          bus::encode_contract(contract(ticker, asset, strike, listed_at_)), now);
    };
    for (int pair = 0; pair < kPairs; ++pair) {
      tell(fmt::format("LOW-{}", pair), Asset::XRP, kSpot);
      tell(fmt::format("HIGH-{}", pair), Asset::XRP, kSpot + 1'000);
    }
    for (const Asset asset : kAssets) tell("EVEN-" + std::string(asset_name(asset)), asset, kSpot);
  }

  void beat() {
    const Timestamp now = net::IoLoop::now();
    if (now < next_beat_) return;
    next_beat_ = now + kBeat;
    for (const Asset asset : kAssets) tell_spot(asset, kSpot);
    if (now < next_contracts_) return;
    next_contracts_ = now + kRepeatContracts;
    tell_contracts(now);
    for (const Asset asset : kAssets) repeat(asset);
  }

  // ---- What is heard ----

  // The first request about this market, read; every one is refused, so that there will be another.
  Timestamp hear(const std::string& ticker, Duration patience) {
    const Timestamp end = net::IoLoop::now() + patience;
    Timestamp heard = kNoTime;
    for (Timestamp now = net::IoLoop::now(); heard == kNoTime && now < end; now = net::IoLoop::now()) {
      requests_->receive(end - now, [&](bus::BusFrame&& frame) {
        const auto request = bus::decode_request(frame.topic, frame.body, frame.received_at);
        const Timestamp read_at = net::IoLoop::now();
        if (!request) return;
        bus::ExecutionResult result;
        result.request_id = result.idempotency_key = request->request_id;
        result.rejection_reason = "bench";
        result.requested_at = result.received_at = result.executed_at = frame.received_at;
        results_->publish(bus::result_topic("rejected", request->request_id), "execution_service",
                          bus::encode_result(result), read_at);
        if (heard == kNoTime && request->legs.front().market_id == ticker) heard = read_at;
      });
    }
    return heard;
  }
  void wait(Duration time) {
    for (const Timestamp end = net::IoLoop::now() + time; net::IoLoop::now() < end;) {
      beat();
      (void)hear("", std::min<Duration>(end - net::IoLoop::now(), std::chrono::milliseconds(10)));
    }
  }

  // The lower strike for 40 cents, and No of the higher one for 55: together they pay a dollar at least.
  void contradict(int pair, LatencyHistogram& histogram) {
    const std::string low = fmt::format("LOW-{}", pair);
    const std::string high = fmt::format("HIGH-{}", pair);
    quote(low, 38, 40);
    quote(high, 35, 47);
    wait(kPricePause);
    quote(high, 45, 47);
    const Timestamp said_at = said_at_;
    const Timestamp heard = hear(low, kReaction);
    if (heard != kNoTime) histogram.add((heard - said_at).count());
    quote(high, 35, 47);
  }

  // The first voice alone is not believed; the second one makes it true.
  void leave_behind(LatencyHistogram& histogram) {
    wait(std::chrono::milliseconds(20));
    for (const Asset asset : kAssets) {
      const auto index = static_cast<std::size_t>(asset);
      if (net::IoLoop::now() - quoted_at_[index] < kQuoteAge) continue;
      const std::string ticker = "EVEN-" + std::string(asset_name(asset));
      const std::int64_t there = kSpot + (is_narrow_[index] ? kMove : -kMove);
      Timestamp heard = kNoTime;
      for (const Venue venue : {Venue::Coinbase, Venue::Binance}) {
        if (heard != kNoTime) break;
        tell_spot(asset, venue, there);
        const Timestamp said_at = said_at_;
        heard = hear(ticker, kReaction);
        if (heard != kNoTime) histogram.add((heard - said_at).count());
      }
      tell_spot(asset, kSpot);
      quote_anew(asset);
    }
  }

  BusPlace place_;
  net::IoLoop loop_;
  CandleVenue venue_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<RoleProcess> role_;
  std::unique_ptr<bus::Publisher> spot_;
  std::unique_ptr<bus::Publisher> prices_;
  std::unique_ptr<bus::Publisher> contracts_;
  std::unique_ptr<bus::Publisher> results_;
  std::unique_ptr<bus::Subscriber> requests_;
  std::array<Timestamp, kAssetCount> quoted_at_{};
  std::array<bool, kAssetCount> is_narrow_{};
  Timestamp listed_at_ = kNoTime;
  Timestamp said_at_ = kNoTime;  // the latest price
  Timestamp next_beat_ = kNoTime;
  Timestamp next_contracts_ = kNoTime;
};

}  // namespace

std::string measure_shard(const std::string& folder, double seconds, BusSpeed& speed) {
  return ShardMeasurement(folder).run(seconds, speed);
}

}  // namespace arbees::app
