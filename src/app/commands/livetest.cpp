// arbees livetest: one deep post-only order on each account, seen resting, cancelled, and seen gone.
//
// The last step of the ladder before size: keys, signatures, order entry, the private stream, lookups and cancels work
// against the real venue, for an order at the lowest price that nobody sells at. Refused while the folder is halted.

#include <fmt/format.h>

#include <cstdio>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/commands/live_commands.h"
#include "app/commands/unknown_market.h"
#include "app/config/options.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/account_check.h"
#include "app/running/authorisation.h"
#include "app/running/halt_latch.h"
#include "app/running/halt_text.h"

namespace arbees::app {
namespace {

constexpr Duration kLoginTime = std::chrono::seconds(20);
constexpr Duration kStepTime = std::chrono::seconds(15);
// Deep: nobody sells there, and little is lost if somebody does.
constexpr Price kMostPrice = Price::from_units(500);
constexpr Quantity kMostQuantity = Quantity::whole(1000);

struct Options {
  ConfigOptions config;
  std::string password_file;
  std::string kalshi;
  std::string polymarket;
  std::string price = "0.01";
  std::string quantity = "5";
  bool json = false;
};

struct Outcomes {
  Venue venue = Venue::Unknown;
  std::string symbol;
  std::string wrong;  // empty: the ladder's step holds
  std::int64_t resting_ms = -1;
  std::int64_t canceled_ms = -1;
};

std::int64_t ms_between(Timestamp from, Timestamp to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

// Why no order may leave this folder now; empty if one may.
std::string no_order_because(const HaltLatch& latch, const std::string& folder) {
  const bool is_halted = latch.is_halted();
  if (!is_halted && !latch.is_flattening()) return {};
  const std::string reason = is_halted ? latch.reason() : latch.flatten_reason();
  return fmt::format("{}: {}; nothing was sent (what ends it: {})",
                     is_halted ? "halted" : "flattening, so nothing is bought", reason, how_to_resume(reason, folder));
}

class LiveTest final : private FeedSink {
 public:
  LiveTest(Price price, Quantity quantity, const std::string& folder)
      : price_(price), quantity_(quantity), folder_(folder), latch_(folder) {}

  [[nodiscard]] std::string open(const Config& config, const LiveKeys& keys) {
    std::string wrong = add_gateways(gateways_, loop_, config, keys);
    if (!wrong.empty()) return wrong;
    gateways_.start();
    if (serve(kLoginTime, [this] { return gateways_.is_ready(); })) return {};
    return refused_login(gateways_.health(), config);
  }

  [[nodiscard]] Outcomes test(Venue venue, const std::string& symbol) {
    Outcomes outcome;
    outcome.venue = venue;
    outcome.symbol = symbol;
    outcome.wrong = no_order_because(latch_, folder_);
    if (!outcome.wrong.empty()) return outcome;
    OrderGateway* const gateway = gateways_.find(venue);
    outcome.wrong = gateway == nullptr ? "the venue is not enabled" : place(*gateway, outcome);
    return outcome;
  }

  void close() {
    gateways_.stop();
    (void)serve(std::chrono::milliseconds(50), [] { return false; });
  }

 private:
  template <class Done>
  bool serve(Duration most, Done&& is_done) {
    const Timestamp end = net::IoLoop::now() + most;
    while (!is_done() && net::IoLoop::now() < end) {
      loop_.run_for(std::chrono::milliseconds(10));
      gateways_.tick(net::IoLoop::now());
      gateways_.flush(*this, nullptr);
    }
    return is_done();
  }

  void on_event(const Event& event) override {
    if (const auto* update = std::get_if<OrderUpdate>(&event.body)) {
      state_ = update->state;
      reason_ = update->reason;
      filled_ = update->filled_total;
    }
  }

  [[nodiscard]] std::string place(OrderGateway& gateway, Outcomes& outcome) {
    const Timestamp now = net::IoLoop::now();
    Event event;
    event.received_at = now;
    InstrumentNamed named;
    named.id = instrument_id(outcome.venue, outcome.symbol);
    named.venue = outcome.venue;
    if (!set_symbol(named, outcome.symbol)) return "the symbol is too long";
    event.body = named;
    gateway.learn(event);
    event.body = PriceGridChanged{named.id, PriceGrid::uniform(Price::from_units(100))};
    gateway.learn(event);
    GatewayOrder sent;
    // Of no ledger's numbers: sessions count from one.
    sent.order.id = OrderId{++last_id_};
    sent.order.instrument = named.id;
    sent.order.limit = price_;
    sent.order.quantity = quantity_;
    sent.order.venue = outcome.venue;
    sent.order.time_in_force = TimeInForce::PostOnly;
    sent.order.deadline = now + kStepTime;
    sent.submitted_at = now;
    state_ = OrderState::Pending;
    gateway.submit(sent);
    (void)serve(kStepTime, [this] { return state_ == OrderState::Resting || is_final(state_); });
    if (state_ != OrderState::Resting) return what_happened(gateway, "it does not rest");
    outcome.resting_ms = ms_between(now, net::IoLoop::now());
    return withdraw(gateway, sent.order.id, outcome);
  }

  [[nodiscard]] std::string withdraw(OrderGateway& gateway, OrderId id, Outcomes& outcome) {
    std::string wrong = see(gateway, outcome.symbol, true);
    const Timestamp now = net::IoLoop::now();
    gateway.cancel(id);
    (void)serve(kStepTime, [this] { return is_final(state_); });
    if (state_ != OrderState::Canceled) return what_happened(gateway, "it is not cancelled");
    outcome.canceled_ms = ms_between(now, net::IoLoop::now());
    if (filled_.is_positive()) return "it was filled: " + to_short_text(filled_);
    return wrong.empty() ? see(gateway, outcome.symbol, false) : wrong;
  }

  // Whether the venue's own list has it.
  [[nodiscard]] std::string see(OrderGateway& gateway, const std::string& symbol, bool should_rest) {
    const auto told = std::make_shared<std::optional<AccountAnswer>>();
    gateway.read_account({}, [told](AccountAnswer answer) { *told = std::move(answer); });
    if (!serve(kStepTime, [&] { return told->has_value(); })) return "the account was not told in time";
    if (!**told) return (*told)->error();
    bool rests = false;
    for (const AccountOrder& order : (**told)->open_orders) rests = rests || order.symbol == symbol;
    if (rests == should_rest) return {};
    return should_rest ? "the venue does not list it" : "the venue still lists an order of this symbol";
  }

  [[nodiscard]] std::string what_happened(OrderGateway& gateway, std::string_view what) const {
    const std::string trouble = gateway.health().last_trouble;
    if (is_unknown_market(reason_, trouble)) {
      return fmt::format("the venue does not know this market: is it written as `arbees markets` shows it? ({})",
                         trouble);
    }
    return fmt::format("{}: {} ({}); {}", what, order_state_name(state_), reject_reason_name(reason_),
                       gateway.health().last_trouble);
  }

  Price price_;
  Quantity quantity_;
  std::string folder_;
  HaltLatch latch_;
  net::IoLoop loop_;
  std::uint64_t last_id_ = 0;
  OrderState state_ = OrderState::Pending;
  RejectReason reason_ = RejectReason::None;
  Quantity filled_;
  LiveGateways gateways_;
};

int complain(const Options& options, const LiveRefusal& refusal) {
  return refuse("livetest", refusal.code, refusal.text, options.json);
}

int print(const std::vector<Outcomes>& outcomes, bool is_json) {
  bool is_ok = true;
  JsonWriter json;
  json.begin_object().key("venues").begin_array();
  for (const Outcomes& outcome : outcomes) {
    is_ok = is_ok && outcome.wrong.empty();
    json.begin_object().field("venue", venue_name(outcome.venue)).field("symbol", outcome.symbol);
    json.field("ok", outcome.wrong.empty()).field("resting_ms", outcome.resting_ms);
    json.field("canceled_ms", outcome.canceled_ms);
    if (!outcome.wrong.empty()) json.field("wrong", outcome.wrong);
    json.end_object();
    if (is_json) continue;
    fmt::print("{}: {}\n", venue_name(outcome.venue),
               outcome.wrong.empty() ? fmt::format("rested after {} ms, gone {} ms after the cancel",
                                                   outcome.resting_ms, outcome.canceled_ms)
                                     : outcome.wrong);
  }
  json.end_array().field("ok", is_ok).end_object();
  if (is_json) fmt::print("{}\n", json.take());
  return is_ok ? kDone : kFailed;
}

int livetest(const Options& options) {
  auto loaded = load_or_complain(options.config, "livetest", options.json);
  if (!loaded) return loaded.error();
  const auto price = Price::parse(options.price);
  const auto quantity = Quantity::parse(options.quantity);
  if (!price || !is_contract_price(*price) || *price > kMostPrice) {
    return complain(
        options, {kUsage, fmt::format("--price \"{}\" is not allowed: more than 0, and at most {} dollar, because the "
                                      "order is to rest far from the market",
                                      options.price, to_short_text(kMostPrice))});
  }
  if (!quantity || !quantity->is_positive() || *quantity > kMostQuantity) {
    return complain(
        options, {kUsage, fmt::format("--quantity \"{}\" is not allowed: a number of contracts as 5 or 0.5, at most {}",
                                      options.quantity, to_short_text(kMostQuantity))});
  }
  if (options.kalshi.empty() && options.polymarket.empty()) {
    return complain(options, {kUsage, "name a market: --kalshi TICKER, --polymarket TOKEN, or both"});
  }
  const std::string folder = data_folder(options.config.data);
  if (const std::string why = no_order_because(HaltLatch(folder), folder); !why.empty()) {
    return complain(options, {kRefused, why});
  }
  Config& config = loaded->config;
  config.venue(Venue::Kalshi).enabled = !options.kalshi.empty();
  config.venue(Venue::Polymarket).enabled = !options.polymarket.empty();
  auto keys = live_keys(config, folder, {options.password_file, stdin});
  if (!keys) return complain(options, keys.error());
  const auto locks = lock_accounts(config, *keys);
  if (!locks) return complain(options, {kRefused, locks.error()});
  LiveTest test(*price, *quantity, folder);
  const std::string wrong = test.open(config, *keys);
  if (!wrong.empty()) return complain(options, {kFailed, wrong});
  std::vector<Outcomes> outcomes;
  if (!options.kalshi.empty()) outcomes.push_back(test.test(Venue::Kalshi, options.kalshi));
  if (!options.polymarket.empty()) outcomes.push_back(test.test(Venue::Polymarket, options.polymarket));
  test.close();
  return print(outcomes, options.json);
}

}  // namespace

void add_livetest_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("livetest", "Place one deep post-only order on each account, see it rest, cancel it");
  add_config_options(command, options->config);
  command.option("--kalshi", options->kalshi, "Ticker of an open Kalshi market");
  command.option("--polymarket", options->polymarket, "Token id of an open Polymarket market");
  command.option("--price", options->price, "Limit of the purchase (default 0.01)");
  command.option("--quantity", options->quantity, "Contracts (default 5)");
  command.option("--password-file", options->password_file, kKeystorePasswordHelp);
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return livetest(*options); });
}

}  // namespace arbees::app
