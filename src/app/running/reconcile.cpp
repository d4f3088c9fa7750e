#include "app/running/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/data_folder.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(20);
constexpr Duration kLoginTime = std::chrono::seconds(20);
constexpr Duration kRecoveryTime = std::chrono::seconds(60);
constexpr Duration kAnswerTime = std::chrono::seconds(30);
// Trades become final within seconds; a settlement may be booked between two of our questions.
constexpr int kRounds = 12;
constexpr Duration kBetweenRounds = std::chrono::seconds(1);

using SymbolKey = std::pair<Venue, std::string>;

LiveRefusal refusal(std::string text) { return {kRefused, std::move(text)}; }

GatewayOrder gateway_order(const LedgerOrder& row) {
  GatewayOrder sent;
  OrderRequest& order = sent.order;
  order.id = OrderId{row.order_id};
  order.request = RequestId{row.request};
  order.instrument = InstrumentId{row.contract.instrument};
  order.limit = row.limit;
  order.quantity = row.quantity;
  order.deadline = row.submitted_at;
  order.venue = parse_venue(row.contract.venue).value_or(Venue::Unknown);
  order.asset = parse_asset(row.contract.asset).value_or(Asset::Unknown);
  order.outcome = row.contract.outcome == "no" ? Outcome::No : Outcome::Yes;
  order.side = row.is_buy ? Side::Buy : Side::Sell;
  order.time_in_force = row.time_in_force == "fill_or_kill" ? TimeInForce::FillOrKill
                        : row.time_in_force == "post_only"  ? TimeInForce::PostOnly
                                                            : TimeInForce::ImmediateOrCancel;
  sent.submitted_at = row.submitted_at;
  return sent;
}

class Reconciler final : private FeedSink {
 public:
  Reconciler(const Config& config, const LiveKeys& keys, const std::string& folder)
      : config_(config), keys_(keys), path_(ledger_path(folder)) {}

  [[nodiscard]] Result<Reconciliation, LiveRefusal> run() {
    std::string wrong = open();
    if (wrong.empty()) wrong = log_in();
    if (wrong.empty()) wrong = recover_orders();
    for (int round = 0; wrong.empty() && round < kRounds; ++round) {
      if (round > 0) serve(kBetweenRounds, [] { return false; });
      wrong = compare();
      if (result_.differences.empty() && audit_.problems.empty() && !is_waiting_) break;
    }
    if (wrong.empty() && !audit_.problems.empty()) wrong = first_problem();
    gateways_.stop();
    serve(std::chrono::milliseconds(50), [] { return false; });
    if (!wrong.empty()) return failure(refusal(std::move(wrong)));
    if (ledger_->failed() || !ledger_->commit()) return failure(refusal("the ledger: " + ledger_->error()));
    return std::move(result_);
  }

 private:
  // ---- the ledger ----

  [[nodiscard]] std::string open() {
    auto ledger = Ledger::open(path_, Ledger::Durability::Full);
    if (!ledger) return ledger.error();
    ledger_ = std::move(*ledger);
    if (ledger_->has_paper_sessions()) {
      return path_ + ": a ledger of paper trading; live trading needs a data folder of its own (--data)";
    }
    return read();
  }

  [[nodiscard]] std::string read() {
    if (!ledger_->commit()) return ledger_->error();
    auto contents = read_ledger(path_);
    if (!contents) return contents.error();
    contents_ = std::move(*contents);
    audit_ = audit_ledger(contents_);
    // What was sold although its purchase has failed: that the sale has failed too may be told yet.
    return audit_.problems.size() == audit_.shortages ? std::string() : first_problem();
  }

  [[nodiscard]] std::string first_problem() const {
    return fmt::format("{}: {} (arbees ledger check says more)", path_, audit_.problems.front());
  }

  template <class Body>
  void record(const Body& body) {
    const Timestamp now = net::IoLoop::now();
    if (std::exchange(has_session_, true) == false) {
      (void)ledger_->begin_session(ledger_->next_session(), "live", now);  // the ledger remembers its own failure
    }
    (void)ledger_->record(Report{now, ++sequence_, body});
  }

  // ---- the venues ----

  template <class Done>
  bool serve(Duration most, Done&& is_done) {
    const Timestamp end = net::IoLoop::now() + most;
    for (Timestamp now = net::IoLoop::now(); now < end; now = net::IoLoop::now()) {
      if (is_done()) return true;
      loop_.run_for(std::min<Duration>(kTick, end - now));
      gateways_.tick(net::IoLoop::now());
      gateways_.flush(*this, ledger_.get());
    }
    return is_done();
  }

  [[nodiscard]] std::string log_in() {
    std::string wrong = add_gateways(gateways_, loop_, config_, keys_);
    if (!wrong.empty()) return wrong;
    gateways_.start();
    if (serve(kLoginTime, [this] { return gateways_.is_ready(); })) return {};
    for (const GatewayHealth& health : gateways_.health()) {
      if (!health.is_ready) wrong += fmt::format("{}: {}. ", venue_name(health.venue), health.last_trouble);
    }
    return "no account: " + wrong;
  }

  [[nodiscard]] std::string recover_orders() {
    for (const LedgerOrder& row : contents_.orders) {
      if (row.ended_filled) continue;
      const GatewayOrder sent = gateway_order(row);
      OrderGateway* const gateway = gateways_.find(sent.order.venue);
      if (gateway == nullptr) return fmt::format("an open order of {}, which is not enabled", row.contract.venue);
      Recovered& order = open_[row.order_id];
      order.request = sent.order;
      std::vector<RecordedFill> fills;
      for (const LedgerFill& fill : contents_.fills) {
        if (fill.order_id != row.order_id || is_reverted(fill)) continue;
        fills.push_back({fill.venue_fill_id, fill.venue_fill_name, fill.quantity});
        order.fills[fill.venue_fill_id] = {fill.price, fill.quantity, fill.fee};
      }
      gateway->adopt(sent, row.contract.symbol, fills);
      ++result_.recovered_orders;
    }
    if (serve(kRecoveryTime, [this] { return gateways_.open_orders() == 0; })) return read();
    std::string why;
    for (const GatewayHealth& health : gateways_.health()) {
      why += gateways_.find(health.venue)->describe_open();
      if (!health.last_trouble.empty()) why += fmt::format("({}: {}) ", venue_name(health.venue), health.last_trouble);
    }
    return fmt::format("{} orders whose end the venues do not tell: {}", gateways_.open_orders(), why);
  }

  [[nodiscard]] bool is_reverted(const LedgerFill& fill) const {
    return std::any_of(contents_.reversals.begin(), contents_.reversals.end(),
                       [&](const LedgerReversal& reversal) { return reversal.fill == fill.entry; });
  }

  // What the gateways found out.
  void on_event(const Event& event) override {
    if (const auto* changed = std::get_if<FillFinalityChanged>(&event.body)) {
      if (changed->finality == FillFinality::Failed) revert(changed->id.value, changed->venue_fill_id);
    }
    const auto* update = std::get_if<OrderUpdate>(&event.body);
    const auto found = update == nullptr ? open_.end() : open_.find(update->id.value);
    if (found == open_.end()) return;
    Recovered& order = found->second;
    if (update->fill_quantity.is_positive()) {
      record(OrderFilled{order.request, update->venue_fill_id, update->fill_price, update->fill_quantity, update->fee});
      order.fills[update->venue_fill_id] = {update->fill_price, update->fill_quantity, update->fee};
      ++result_.recovered_fills;
    }
    if (!is_final(update->state)) return;
    order.state = update->state;
    order.reason = update->reason;
    record(ended(order));
  }

  struct Recovered {
    struct Fill {
      Price price;
      Quantity quantity;
      Money fee;
    };
    OrderRequest request;
    std::map<std::uint64_t, Fill> fills;
    OrderState state = OrderState::Unknown;
    RejectReason reason = RejectReason::None;
  };

  [[nodiscard]] static OrderEnded ended(const Recovered& order) {
    OrderEnded end;
    end.order = order.request;
    for (const auto& [id, fill] : order.fills) end.filled += fill.quantity;
    end.state = order.state;
    end.reason = order.reason;
    // By the fills that stand: one that failed leaves less than the venue's word for its end says.
    const bool claims_fills = order.state == OrderState::Filled || order.state == OrderState::PartlyFilled;
    if (end.filled >= order.request.quantity) {
      end.state = OrderState::Filled;
    } else if (end.filled.is_positive()) {
      end.state = OrderState::PartlyFilled;
    } else if (claims_fills) {
      end.state = OrderState::Canceled;
    }
    return end;
  }

  void revert(std::uint64_t order_id, std::uint64_t fill_id) {
    const auto found = open_.find(order_id);
    if (found == open_.end() || !found->second.fills.contains(fill_id)) return;
    const Recovered::Fill fill = found->second.fills[fill_id];
    record(FillReverted{found->second.request, fill_id, fill.price, fill.quantity, fill.fee});
    found->second.fills.erase(fill_id);
    ++result_.reverted_fills;
    if (found->second.state != OrderState::Unknown) record(ended(found->second));
  }

  // ---- comparing ----

  [[nodiscard]] std::string compare() {
    result_.venues.clear();
    result_.differences.clear();
    result_.opening.clear();
    is_waiting_ = false;
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      OrderGateway* const gateway = gateways_.find(venue);
      if (gateway == nullptr) continue;
      // An answer may come after we have given up waiting.
      const auto told = std::make_shared<std::optional<AccountAnswer>>();
      gateway->read_account([told](AccountAnswer answer) { *told = std::move(answer); });
      if (!serve(kAnswerTime, [&] { return told->has_value(); })) return "the account was not told in time";
      if (!**told) return (*told)->error();
      const AccountState& account = ***told;
      // Fills may have failed since the books were read.
      std::string wrong = read();
      if (wrong.empty()) wrong = take_back_failed(account);
      if (wrong.empty()) wrong = settle_decided(venue, *gateway, account);
      if (!wrong.empty()) return wrong;
      compare_account(venue, account);
    }
    return {};
  }

  // Fills that were in the books as matched, and did not settle while nobody looked.
  [[nodiscard]] std::string take_back_failed(const AccountState& account) {
    bool has_changed = false;
    for (const AccountFill& told : account.fills) {
      const bool is_final = told.finality == FillFinality::Confirmed || told.finality == FillFinality::Failed;
      is_waiting_ = is_waiting_ || !is_final;
      if (told.finality != FillFinality::Failed) continue;
      for (const LedgerFill& fill : contents_.fills) {
        if (fill.venue_fill_name != told.name || is_reverted(fill)) continue;
        if (!open_.contains(fill.order_id)) adopt_ended(fill.order_id);
        revert(fill.order_id, fill.venue_fill_id);
        has_changed = true;
      }
    }
    return has_changed ? read() : std::string();
  }

  void adopt_ended(std::uint64_t order_id) {
    Recovered& order = open_[order_id];
    for (const LedgerOrder& row : contents_.orders) {
      if (row.order_id == order_id) order.request = gateway_order(row).order;
    }
    for (const LedgerFill& fill : contents_.fills) {
      if (fill.order_id != order_id || is_reverted(fill)) continue;
      order.fills[fill.venue_fill_id] = {fill.price, fill.quantity, fill.fee};
    }
    order.state = order.fills.size() > 1 ? OrderState::PartlyFilled : OrderState::Canceled;
  }

  // Positions that the venue does not have any more, because their contract was decided.
  [[nodiscard]] std::string settle_decided(Venue venue, OrderGateway& gateway, const AccountState& account) {
    std::set<std::string> gone;
    for (const LedgerPosition& position : audit_.positions) {
      if (position.contract.venue != venue_name(venue) || !position.quantity.is_positive()) continue;
      const bool is_held = std::any_of(account.positions.begin(), account.positions.end(),
                                       [&](const auto& held) { return held.symbol == position.contract.symbol; });
      if (!is_held) gone.insert(position.contract.symbol);
    }
    if (gone.empty()) return {};
    const auto told = std::make_shared<std::optional<PayoutAnswer>>();
    gateway.read_payouts({gone.begin(), gone.end()}, [told](PayoutAnswer answer) { *told = std::move(answer); });
    if (!serve(kAnswerTime, [&] { return told->has_value(); })) return "payouts were not told in time";
    if (!**told) return (*told)->error();
    const PayoutAnswer& payouts = **told;
    for (const LedgerPosition& position : audit_.positions) {
      const auto payout = payouts->find(position.contract.symbol);
      if (position.contract.venue != venue_name(venue) || payout == payouts->end()) continue;
      if (!position.quantity.is_positive()) continue;
      PositionSettled settled;
      settled.instrument = InstrumentId{position.contract.instrument};
      settled.outcome = position.contract.outcome == "no" ? Outcome::No : Outcome::Yes;
      settled.quantity = position.quantity;
      settled.payout =
          (settled.outcome == Outcome::Yes ? payout->second : complement(payout->second)) * position.quantity;
      settled.cost = position.cost;
      settled.venue = venue;
      settled.asset = parse_asset(position.contract.asset).value_or(Asset::Unknown);
      record(settled);
      ++result_.settled_positions;
    }
    return read();
  }

  void differ(std::string text) { result_.differences.push_back(std::move(text)); }

  void compare_account(Venue venue, const AccountState& account) {
    const std::string name(venue_name(venue));
    VenueReconciliation row;
    row.venue = venue;
    row.stated = account.cash;
    row.positions = account.positions;
    // Yes minus No: where a venue nets the two, a pair has been paid out already.
    std::map<std::string, std::int64_t> books;
    std::map<std::string, Quantity> yes;
    Money paired;
    for (const LedgerPosition& position : audit_.positions) {
      if (position.contract.venue != name) continue;
      const bool is_yes = position.contract.outcome != "no";
      books[position.contract.symbol] += is_yes ? position.quantity.units() : -position.quantity.units();
      Quantity& other = yes[position.contract.symbol];
      if (other.is_positive()) paired += kPriceOne * std::min(other, position.quantity);
      other = position.quantity;
    }
    for (const AccountPosition& held : account.positions) {
      books[held.symbol] -= held.outcome == Outcome::Yes ? held.quantity.units() : -held.quantity.units();
    }
    for (const auto& [symbol, units] : books) {
      if (units == 0) continue;
      differ(fmt::format("{}: the books have {} contracts of {} more than the venue", name,
                         to_short_text(Quantity::from_units(units)), symbol));
    }
    for (const AccountOrder& order : account.open_orders) {
      differ(fmt::format("{}: order {} rests on {} and is not in the books", name, order.venue_id, order.symbol));
    }
    const auto cash = audit_.cash.find(name);
    row.begins = cash == audit_.cash.end();
    row.books = row.begins ? account.cash : cash->second + (pays_pairs_at_once(venue) ? paired : Money{});
    if (row.begins) result_.opening[name] = account.cash;
    if (row.books < account.cash || row.books >= account.cash + account.cash_grain) {
      differ(fmt::format("{}: cash is {} by the books, {} by the venue", name, to_short_text(row.books),
                         to_short_text(account.cash)));
    }
    result_.venues.push_back(row);
  }

  const Config& config_;
  const LiveKeys& keys_;
  std::string path_;
  net::IoLoop loop_;
  std::unique_ptr<Ledger> ledger_;
  LedgerContents contents_;
  LedgerAudit audit_;
  std::map<std::uint64_t, Recovered> open_;
  Reconciliation result_;
  std::uint64_t sequence_ = 0;
  bool has_session_ = false;
  bool is_waiting_ = false;  // for trades that are not final
  LiveGateways gateways_;
};

}  // namespace

Result<Reconciliation, LiveRefusal> reconcile(const Config& config, const LiveKeys& keys, const std::string& folder) {
  const auto lock = ProcessLock::take(folder);
  if (!lock) return failure(LiveRefusal{kFailed, lock.error()});
  return Reconciler(config, keys, folder).run();
}

std::string describe(const Reconciliation& reconciliation, const RiskLimits& limits) {
  constexpr std::size_t kShown = 20;
  std::string text;
  std::size_t count = 0;
  for (const VenueReconciliation& venue : reconciliation.venues) {
    text += fmt::format("{}: cash {}, {} open positions\n", venue_name(venue.venue), to_short_text(venue.stated),
                        venue.positions.size());
    for (const AccountPosition& held : venue.positions) {
      if (++count > kShown) continue;
      text += fmt::format("  {} {} {}\n", held.symbol, held.outcome == Outcome::Yes ? "yes" : "no",
                          to_short_text(held.quantity));
    }
  }
  if (count > kShown) text += fmt::format("  … and {} more\n", count - kShown);
  return text + fmt::format("limits: position {}, asset {}, total {}, daily loss {}\n",
                            to_short_text(limits.max_position), to_short_text(limits.max_asset_exposure),
                            to_short_text(limits.max_total_exposure), to_short_text(limits.max_daily_loss));
}

std::string reconciliation_document(const Reconciliation& reconciliation) {
  JsonWriter json;
  json.begin_object().field("ok", reconciliation.differences.empty()).key("venues").begin_array();
  for (const VenueReconciliation& venue : reconciliation.venues) {
    json.begin_object().field("venue", venue_name(venue.venue)).field("books", to_short_text(venue.books));
    json.field("stated", to_short_text(venue.stated)).field("begins", venue.begins);
    json.field("positions", static_cast<std::uint64_t>(venue.positions.size())).end_object();
  }
  json.end_array().key("differences").begin_array();
  for (const std::string& text : reconciliation.differences) json.value(text);
  json.end_array().field("recovered_orders", reconciliation.recovered_orders);
  json.field("recovered_fills", reconciliation.recovered_fills);
  json.field("reverted_fills", reconciliation.reverted_fills);
  json.field("settled_positions", reconciliation.settled_positions).end_object();
  return json.take();
}

}  // namespace arbees::app
