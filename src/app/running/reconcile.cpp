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
#include "app/running/account_check.h"
#include "app/running/account_compare.h"
#include "app/running/known_wallet.h"
#include "app/running/ledger_start.h"
#include "app/running/lost_ledger.h"
#include "app/running/running_status.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(20);
constexpr Duration kLoginTime = std::chrono::seconds(20);
constexpr Duration kRecoveryTime = std::chrono::seconds(60);
// Winnings that nobody has redeemed by then are asked for only if their contracts were traded since.
constexpr Duration kUnpaidAtMost = std::chrono::hours(24 * 7);
constexpr Duration kAnswerTime = std::chrono::seconds(30);
// More for each token that is asked about by itself.
constexpr Duration kTimeOfEach = std::chrono::milliseconds(200);
// Trades become final within seconds; a settlement may be booked between two of our questions.
constexpr int kRounds = 12;
// Each takes half a minute of a venue that does not answer.
constexpr int kLearningAttempts = 3;
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
  order.deadline = row.deadline;
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
      : config_(config), keys_(keys), folder_(folder), path_(ledger_path(folder)) {}

  // Empty: what differs is left alone.
  [[nodiscard]] Result<Reconciliation, LiveRefusal> run(const std::string& accept_reason) {
    const std::string wallet = holding_wallet(config_, keys_);
    std::string wrong = open();
    if (wrong.empty()) wrong = other_wallet(folder_, wallet);
    if (wrong.empty()) wrong = log_in();
    if (wrong.empty()) wrong = recover_orders();
    for (int round = 0; wrong.empty() && round < kRounds; ++round) {
      if (round > 0) serve(kBetweenRounds, [] { return false; });
      before_ = std::exchange(result_.differences, {});
      asks_unpaid_ = std::exchange(has_learnt_, false) || !before_.empty();
      wrong = compare();
      if (result_.differences.empty() && adds_up(audit_) && !is_waiting_ && !has_learnt_) break;
    }
    if (wrong.empty() && !accept_reason.empty() && !result_.differences.empty()) wrong = accept(accept_reason);
    if (wrong.empty() && !adds_up(audit_)) wrong = wrong_ledger(folder_, audit_);
    if (wrong.empty() && result_.differences.empty() && !begins_with_nothing()) {
      wrong = remember_wallet(folder_, wallet);
    }
    gateways_.stop();
    serve(std::chrono::milliseconds(50), [] { return false; });
    if (!wrong.empty()) return failure(refusal(std::move(wrong)));
    if (ledger_->failed() || !ledger_->commit()) return failure(refusal("the ledger: " + ledger_->error()));
    return std::move(result_);
  }

 private:
  // ---- the ledger ----

  [[nodiscard]] std::string open() {
    std::string lost = lost_ledger(folder_);
    if (!lost.empty()) return lost;
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
    const bool is_bearable = audit_.problems.size() == audit_.shortages + audit_.overbought;
    return is_bearable ? std::string() : wrong_ledger(folder_, audit_);
  }

  // Books that begin with no money at Polymarket are of any wallet: that of a wrong key, too.
  [[nodiscard]] bool begins_with_nothing() const {
    const auto row = std::find_if(result_.venues.begin(), result_.venues.end(),
                                  [](const VenueReconciliation& venue) { return venue.venue == Venue::Polymarket; });
    return row != result_.venues.end() && row->begins && row->stated.is_zero();
  }

  void begin_session(Timestamp now) {
    if (std::exchange(has_session_, true)) return;
    (void)ledger_->begin_session(ledger_->next_session(), "live", now);  // the ledger remembers its own failure
  }

  template <class Body>
  void record(const Body& body) {
    const Timestamp now = net::IoLoop::now();
    begin_session(now);
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
    return refused_login(gateways_.health(), config_);
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
    return fmt::format("{} orders whose end the venues do not tell: {}; try again when the venue answers for them",
                       gateways_.open_orders(), why);
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
    result_.settled.clear();
    is_waiting_ = false;
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      OrderGateway* const gateway = gateways_.find(venue);
      if (gateway == nullptr) continue;
      auto answer = read_account(*gateway, query_of(venue));
      if (!answer) return answer.error();
      AccountState& account = *answer;
      // Fills may have failed since the books were read.
      std::string wrong = read();
      if (wrong.empty()) wrong = take_back_failed(account);
      if (wrong.empty() && !is_waiting_) wrong = settle_decided(venue, *gateway, account);
      if (!wrong.empty()) return wrong;
      if (venue == Venue::Polymarket) learn_elsewhere(*gateway, account);
      compare_account(venue, account);
    }
    if (!unlearnt_.empty() && !result_.differences.empty()) result_.differences.push_back(unlearnt_);
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

  // Of late: by the books, or before the account was ours.
  [[nodiscard]] Payouts settled_of(Venue venue) const {
    Payouts payouts = settled_payouts(contents_, audit_, venue, net::IoLoop::now() - kUnpaidAtMost);
    if (const auto elsewhere = elsewhere_.find(venue); elsewhere != elsewhere_.end()) {
      payouts.insert(elsewhere->second.begin(), elsewhere->second.end());
    }
    return payouts;
  }

  // Where books and venue agree without it, everything that was won is paid.
  [[nodiscard]] AccountQuery query_of(Venue venue) const {
    AccountQuery query;
    for (const LedgerPosition& position : audit_.positions) {
      if (position.contract.venue == venue_name(venue)) query.held.push_back(position.contract.symbol);
    }
    for (const auto& [symbol, payout] : settled_of(venue)) {
      if (payout.is_positive() && asks_unpaid_) {
        query.unpaid.push_back(symbol);
      } else {
        query.settled.insert(symbol);
      }
    }
    return query;
  }

  [[nodiscard]] Result<AccountState, std::string> read_account(OrderGateway& gateway, const AccountQuery& query) {
    // An answer may come after we have given up waiting.
    const auto told = std::make_shared<std::optional<AccountAnswer>>();
    gateway.read_account(query, [told](AccountAnswer answer) { *told = std::move(answer); });
    const Duration patience = kAnswerTime + kTimeOfEach * static_cast<std::int64_t>(query.unpaid.size());
    if (!serve(patience, [&] { return told->has_value(); })) {
      return failure(std::string("the account was not told in time"));
    }
    return std::move(**told);
  }

  [[nodiscard]] PayoutAnswer read_payouts(OrderGateway& gateway, const std::set<std::string>& symbols) {
    if (symbols.empty()) return Payouts{};
    const auto told = std::make_shared<std::optional<PayoutAnswer>>();
    gateway.read_payouts({symbols.begin(), symbols.end()}, [told](PayoutAnswer answer) { *told = std::move(answer); });
    const Duration patience = kAnswerTime + kTimeOfEach * static_cast<std::int64_t>(symbols.size());
    if (!serve(patience, [&] { return told->has_value(); })) {
      return failure(std::string("payouts were not told in time"));
    }
    return std::move(**told);
  }

  // Tokens that the books never had stay in the wallet when their market has been decided: they are worth what they
  // pay.
  void learn_elsewhere(OrderGateway& gateway, const AccountState& account) {
    std::set<std::string> unknown;
    for (const AccountPosition& position : account.positions) unknown.insert(position.symbol);
    for (const LedgerPosition& position : audit_.positions) unknown.erase(position.contract.symbol);
    for (const auto& [symbol, payout] : settled_of(Venue::Polymarket)) unknown.erase(symbol);
    // What cannot be learnt stays a difference, and such a one is not accepted.
    if (learning_failures_ >= kLearningAttempts) return;
    const PayoutAnswer payouts = read_payouts(gateway, unknown);
    unlearnt_ = payouts ? std::string() : payouts.error();
    if (!payouts) {
      ++learning_failures_;
      return;
    }
    Payouts& known = elsewhere_[Venue::Polymarket];
    const std::size_t before = known.size();
    known.insert(payouts->begin(), payouts->end());
    has_learnt_ = known.size() != before;
  }

  // Positions of contracts that were decided meanwhile. Kalshi does not have them any more; on Polymarket what has lost
  // is held for ever, and what has won until it is redeemed.
  [[nodiscard]] std::string settle_decided(Venue venue, OrderGateway& gateway, const AccountState& account) {
    std::set<std::string> decided;
    for (const LedgerPosition& position : audit_.positions) {
      if (position.contract.venue != venue_name(venue) || !position.quantity.is_positive()) continue;
      const bool is_held = std::any_of(account.positions.begin(), account.positions.end(),
                                       [&](const auto& stated) { return stated.symbol == position.contract.symbol; });
      if (!is_held || venue == Venue::Polymarket) decided.insert(position.contract.symbol);
    }
    const PayoutAnswer payouts = read_payouts(gateway, decided);
    if (!payouts) return payouts.error();
    if (payouts->empty()) return {};
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

  // Books at rest: no order is out, and what was decided is settled.
  void compare_account(Venue venue, AccountState& account) {
    const std::string name(venue_name(venue));
    VenueReconciliation row;
    row.venue = venue;
    row.stated = account.cash;
    SettledAccount& settled = result_.settled[venue];
    settled.payouts = settled_of(venue);
    settled.unpaid = pay_settled(account, settled.payouts);
    row.unpaid = settled.unpaid.amount;
    row.positions = account.positions;
    row.paid_for_pairs = pairs_paid(audit_, name);
    BookedAccount books;
    books.venue = venue;
    for (const LedgerPosition& position : audit_.positions) {
      if (position.contract.venue != name) continue;
      const Outcome outcome = position.contract.outcome == "no" ? Outcome::No : Outcome::Yes;
      books.positions.push_back({position.contract.symbol, outcome, position.quantity, false});
    }
    const auto cash = audit_.cash.find(name);
    row.begins = cash == audit_.cash.end();
    books.cash = row.begins ? account.cash - row.paid_for_pairs : cash->second;
    row.books = books.cash + row.paid_for_pairs;
    if (row.begins) result_.opening[name] = account.cash;
    for (std::string& text : account_differences(books, account, row.unpaid))
      result_.differences.push_back(std::move(text));
    accounts_[venue] = account;
    result_.venues.push_back(row);
  }

  // ---- accepting ----

  [[nodiscard]] std::string accept(const std::string& reason) {
    if (is_waiting_) return "trades of the account are not final yet, nothing was booked: try again in a minute";
    if (result_.differences != before_) {
      return "the account changes while it is looked at, nothing was booked: trade nothing elsewhere meanwhile, and "
             "try again";
    }
    if (!unlearnt_.empty()) return fmt::format("{}; nothing was booked: try again", unlearnt_);
    for (const auto& [venue, account] : accounts_) {
      if (account.open_orders.empty()) continue;
      return fmt::format(
          "{}: order {} rests on {} and is not in the books, nothing was booked: cancel it at the venue, and try again",
          venue_name(venue), account.open_orders.front().venue_id, account.open_orders.front().symbol);
    }
    result_.accepted_differences = result_.differences;
    for (const auto& [venue, account] : accounts_) accept_account(result_.accepted, venue, contents_, account);
    const Timestamp now = net::IoLoop::now();
    begin_session(now);
    for (const PositionAdjustment& adjustment : result_.accepted.adjustments) {
      (void)ledger_->adjust(adjustment, reason, now);  // the ledger remembers its own failure
    }
    for (const AcceptedTransfer& transfer : result_.accepted.transfers) {
      (void)ledger_->transfer(transfer.venue, transfer.amount, reason, now);
    }
    std::string wrong = read();
    return wrong.empty() ? compare() : wrong;
  }

  const Config& config_;
  const LiveKeys& keys_;
  std::string folder_;
  std::string path_;
  net::IoLoop loop_;
  std::unique_ptr<Ledger> ledger_;
  LedgerContents contents_;
  LedgerAudit audit_;
  std::map<std::uint64_t, Recovered> open_;
  std::map<Venue, AccountState> accounts_;  // as they were stated last
  std::map<Venue, Payouts> elsewhere_;      // of decided contracts that the books never had
  std::vector<std::string> before_;         // the differences of the round before
  Reconciliation result_;
  std::uint64_t sequence_ = 0;
  bool has_session_ = false;
  bool asks_unpaid_ = false;  // about what was won, too
  bool is_waiting_ = false;   // for trades that are not final
  bool has_learnt_ = false;   // what decided contracts pay, whose tokens were not read afresh then
  std::string unlearnt_;      // why that could not be had
  int learning_failures_ = 0;
  LiveGateways gateways_;
};

}  // namespace

Result<Reconciliation, LiveRefusal> reconcile(const Config& config, const LiveKeys& keys, const std::string& folder,
                                              const std::string& accept_reason) {
  const auto lock = ProcessLock::take(folder);
  if (!lock) return failure(LiveRefusal{kFailed, lock.error()});
  supersede_status(folder);
  return Reconciler(config, keys, folder).run(accept_reason);
}

namespace {

// Where the books' cash alone is another figure, or below zero.
std::string of_it_for_pairs(const VenueReconciliation& venue) {
  if (venue.paid_for_pairs.is_zero()) return {};
  return fmt::format(" ({} of it paid for pairs of Yes and No that the books hold until settlement)",
                     to_short_text(venue.paid_for_pairs));
}

std::string to_come(const VenueReconciliation& venue) {
  if (venue.unpaid.is_zero()) return {};
  return fmt::format(" and {} to come from decided contracts{}", to_short_text(venue.unpaid),
                     venue.venue == Venue::Polymarket ? " (once they are redeemed)" : "");
}

void write_accepted(JsonWriter& json, const Reconciliation& reconciliation) {
  json.key("accepted").begin_object().key("differences").begin_array();
  for (const std::string& text : reconciliation.accepted_differences) json.value(text);
  json.end_array().key("transfers").begin_array();
  for (const AcceptedTransfer& transfer : reconciliation.accepted.transfers) {
    json.begin_object().field("venue", venue_name(transfer.venue));
    json.field("amount", to_short_text(transfer.amount)).end_object();
  }
  json.end_array().key("adjustments").begin_array();
  for (const PositionAdjustment& adjustment : reconciliation.accepted.adjustments) {
    json.begin_object().field("venue", venue_name(adjustment.contract.venue));
    json.field("symbol", adjustment.contract.symbol_view());
    json.field("outcome", adjustment.outcome == Outcome::Yes ? "yes" : "no");
    json.field("quantity", to_short_text(adjustment.quantity)).field("cost", to_short_text(adjustment.cost));
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string describe(const Reconciliation& reconciliation, const RiskLimits& limits) {
  constexpr std::size_t kShown = 20;  // of each venue
  std::string text;
  for (const VenueReconciliation& venue : reconciliation.venues) {
    text += fmt::format("{}: cash {}{}{}, {} open positions\n", venue_name(venue.venue), to_short_text(venue.stated),
                        of_it_for_pairs(venue), to_come(venue), venue.positions.size());
    const std::size_t shown = std::min(venue.positions.size(), kShown);
    for (std::size_t i = 0; i < shown; ++i) {
      const AccountPosition& held = venue.positions[i];
      text += fmt::format("  {} {} {}\n", held.symbol, held.outcome == Outcome::Yes ? "yes" : "no",
                          to_short_text(held.quantity));
    }
    if (shown < venue.positions.size()) text += fmt::format("  … and {} more\n", venue.positions.size() - shown);
  }
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
    json.field("paid_for_pairs", to_short_text(venue.paid_for_pairs));
    json.field("unpaid", to_short_text(venue.unpaid));
    json.field("positions", static_cast<std::uint64_t>(venue.positions.size())).end_object();
  }
  json.end_array().key("differences").begin_array();
  for (const std::string& text : reconciliation.differences) json.value(text);
  json.end_array().field("recovered_orders", reconciliation.recovered_orders);
  json.field("recovered_fills", reconciliation.recovered_fills);
  json.field("reverted_fills", reconciliation.reverted_fills);
  json.field("settled_positions", reconciliation.settled_positions);
  if (!reconciliation.accepted.is_empty()) write_accepted(json, reconciliation);
  json.end_object();
  return json.take();
}

}  // namespace arbees::app
