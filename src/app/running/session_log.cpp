#include "app/running/session_log.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/log.h"

namespace arbees::app {
namespace {

class ReportLog {
 public:
  ReportLog(const NameOf& name_of, const std::string& halt) : name_of_(name_of), halt_(halt) {}

  void operator()(const OpportunityJudged& judged) const {
    const bool is_accepted = judged.verdict == Verdict::Accepted;
    const LogLevel level = is_accepted ? LogLevel::Info : LogLevel::Debug;
    if (!logs(level)) return;
    log(level, signal_of(judged.detector),
        {{"opportunity", to_hex(judged.opportunity_id)},
         {"detector", std::string(detector_name(judged.detector))},
         {"verdict", std::string(verdict_name(judged.verdict))},
         {"size", to_short_text(judged.size)},
         {"outlay", to_short_text(judged.outlay)},
         {"guaranteed", to_short_text(judged.guaranteed)},
         {"fees", to_short_text(judged.fees)}});
    if (!is_accepted) return;
    log(level, "ExecutionRequest",
        {{"request", to_hex(judged.request.value)},
         {"opportunity", to_hex(judged.opportunity_id)},
         {"legs", std::to_string(judged.leg_count)},
         {"outlay", to_short_text(judged.outlay)}});
  }

  void operator()(const OpportunityEnded& ended) const {
    if (!logs(LogLevel::Debug)) return;
    log(LogLevel::Debug, "opportunity gone",
        {{"opportunity", to_hex(ended.opportunity_id)}, {"best_profit", to_short_text(ended.best_profit)}});
  }

  void operator()(const OrderSubmitted& submitted) const {
    if (!logs(LogLevel::Info)) return;
    const OrderRequest& order = submitted.order;
    log(LogLevel::Info, "Executing",
        {{"request", to_hex(order.request.value)},
         {"order", to_hex(order.id.value)},
         {"venue", std::string(venue_name(order.venue))},
         {"symbol", name_of_(order.venue, order.instrument).symbol},
         {"outcome", order.outcome == Outcome::Yes ? "yes" : "no"},
         {"side", order.side == Side::Buy ? "buy" : "sell"},
         {"quantity", to_short_text(order.quantity)},
         {"limit", to_short_text(order.limit)}});
  }

  void operator()(const OrderFilled& filled) const {
    if (!logs(LogLevel::Info)) return;
    log(LogLevel::Info, "filled",
        {{"order", to_hex(filled.order.id.value)},
         {"quantity", to_short_text(filled.quantity)},
         {"price", to_short_text(filled.price)},
         {"fee", to_short_text(filled.fee)}});
  }

  void operator()(const OrderEnded& ended) const {
    if (ended.filled.is_zero()) return unfilled(ended);
    if (!logs(LogLevel::Debug)) return;
    log(LogLevel::Debug, "order ended",
        {{"order", to_hex(ended.order.id.value)}, {"state", std::string(order_state_name(ended.state))}});
  }

  void operator()(const OrderDoubted& doubted) const {
    log(LogLevel::Warning, "nobody knows what became of an order: its risk stays reserved",
        {{"order", to_hex(doubted.order.id.value)}, {"venue", std::string(venue_name(doubted.order.venue))}});
  }

  void operator()(const FillReverted& reverted) const {
    log(LogLevel::Warning, "a fill was taken back",
        {{"order", to_hex(reverted.order.id.value)}, {"quantity", to_short_text(reverted.quantity)}});
  }

  void operator()(const RequestEnded& ended) const {
    if (!logs(LogLevel::Info)) return;
    log(LogLevel::Info, "request ended",
        {{"request", to_hex(ended.request.value)},
         {"outcome", std::string(request_outcome_name(ended.outcome))},
         {"matched", to_short_text(ended.matched)},
         {"kept", to_short_text(ended.kept)},
         {"unwind_cost", to_short_text(ended.unwind_cost)}});
  }

  void operator()(const PositionSettled& settled) const {
    if (!logs(LogLevel::Info)) return;
    const ContractName name = name_of_(settled.venue, settled.instrument);
    log(LogLevel::Info, "settled",
        {{"symbol", name.symbol},
         {"title", name.title},
         {"quantity", to_short_text(settled.quantity)},
         {"payout", to_short_text(settled.payout)},
         {"cost", to_short_text(settled.cost)}});
  }

  void operator()(const CashOpened& opened) const {
    if (!logs(LogLevel::Debug)) return;
    log(LogLevel::Debug, "cash",
        {{"venue", std::string(venue_name(opened.venue))}, {"dollars", to_short_text(opened.cash)}});
  }

  void operator()(const TradingStateChanged& changed) const {
    const std::string reason(control_reason_name(changed.reason));
    if (changed.state == TradingState::Active) return log(LogLevel::Info, "trading is active", {{"reason", reason}});
    if (changed.state != TradingState::Halted) {
      return log(LogLevel::Warning, "trading only reduces", {{"reason", reason}});
    }
    if (halt_.empty()) return log(LogLevel::Warning, "trading is halted", {{"reason", reason}});
    log(LogLevel::Warning, "trading is halted", {{"reason", reason}, {"halt", halt_}});
  }

 private:
  // A leg that is missing is as much news as one that was filled.
  void unfilled(const OrderEnded& ended) const {
    if (!logs(LogLevel::Info)) return;
    log(LogLevel::Info, "not filled",
        {{"order", to_hex(ended.order.id.value)},
         {"quantity", to_short_text(ended.order.quantity)},
         {"state", std::string(order_state_name(ended.state))},
         {"reason", std::string(reject_reason_name(ended.reason))}});
  }

  // What is riskless, or nearly so, is arbitrage; what rests on the model is a signal.
  static std::string_view signal_of(Detector detector) {
    return detector == Detector::ModelEdge ? "signal" : "arbitrage signal";
  }

  const NameOf& name_of_;
  const std::string& halt_;
};

}  // namespace

void log_report(const Report& report, const NameOf& name_of, const std::string& halt) {
  std::visit(ReportLog(name_of, halt), report.body);
}

}  // namespace arbees::app
