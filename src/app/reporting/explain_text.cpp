#include <fmt/format.h>

#include "adapters/store/ledger_names.h"
#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/reporting/explain.h"
#include "app/reporting/text_table.h"
#include "app/reporting/verdict_text.h"

namespace arbees::app {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string microseconds(Duration duration) {
  return fmt::format("{}", std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
}

// A model edge is an expectation: nothing of it is guaranteed.
std::string promise_text(const LedgerDecision& decision) {
  if (decision.detector == detector_name(Detector::ModelEdge)) return "nothing guaranteed";
  return fmt::format("guaranteed {}, profit {}", to_short_text(decision.guaranteed),
                     to_short_text(decision.guaranteed - decision.outlay));
}

std::string_view binding_text(const LedgerDecision& decision) {
  return decision.binding == "accepted" ? "displayed depth" : std::string_view(decision.binding);
}

VerdictText text_of(const std::string& verdict) {
  return verdict_text(parse_verdict(verdict).value_or(Verdict::Halted));
}

std::string fee_text(const FeeSchedule& fees) {
  return fmt::format("{} taker {} × {}", fee_model_name(fees.model), format_decimal_short(fees.taker_rate, 6),
                     format_decimal_short(fees.multiplier, 4));
}

// What happened when, each with its distance from the one before it.
struct Stage {
  std::string name;
  Timestamp at;
};
std::vector<Stage> stages_of(const Explanation& explanation) {
  std::vector<Stage> stages;
  const auto& moment = explanation.moment;
  if (moment && moment->exchange_at != kNoTime) stages.push_back({"venue's own time", moment->exchange_at});
  stages.push_back({"received and judged", explanation.decision().at});
  if (explanation.orders.empty()) return stages;
  stages.push_back({"orders sent", explanation.orders.front().submitted_at});
  if (!explanation.fills.empty()) {
    stages.push_back({"first fill heard", explanation.fills.front().at});
    stages.push_back({"last fill heard", explanation.fills.back().at});
  }
  return stages;
}

void write_levels(JsonWriter& json, std::string_view name, const std::vector<ExplainedLevel>& levels) {
  json.key(name).begin_array();
  for (const ExplainedLevel& level : levels) {
    json.begin_array().value(to_text(level.price)).value(to_text(level.quantity)).end_array();
  }
  json.end_array();
}

void write_leg(JsonWriter& json, const ExplainedLeg& each) {
  const Leg& leg = each.leg.leg;
  json.begin_object().field("venue", venue_name(leg.venue)).field("symbol", each.symbol);
  json.field("outcome", outcome_name(leg.outcome)).field("price", to_short_text(leg.price));
  json.field("quantity", to_short_text(leg.quantity)).field("cost", to_short_text(leg.cost));
  json.field("fee", to_short_text(leg.fee)).field("fee_terms", fee_text(each.leg.terms.fees));
  json.field("settles_by", settlement_source_name(each.leg.terms.source));
  json.key("book").begin_object().field("status", book_status_name(each.book_status)).field("prices", "yes");
  json.field("age_us", std::chrono::duration_cast<std::chrono::microseconds>(each.book_age).count());
  write_levels(json, "bids", each.bids);
  write_levels(json, "asks", each.asks);
  json.end_object().end_object();
}

void write_held(JsonWriter& json, const ExplainedLeg& each) {
  json.begin_object().field("venue", venue_name(each.leg.leg.venue)).field("symbol", each.symbol);
  json.field("outcome", outcome_name(each.leg.leg.outcome)).field("quantity", to_short_text(each.leg.leg.quantity));
  json.field("cost", to_short_text(each.leg.leg.cost)).end_object();
}

void write_moment(JsonWriter& json, const ExplainedMoment& moment) {
  json.field("handling_ns", static_cast<std::int64_t>(moment.handling.count()));
  json.key("legs").begin_array();
  for (const ExplainedLeg& leg : moment.legs) write_leg(json, leg);
  json.end_array().key("held").begin_array();
  for (const ExplainedLeg& held : moment.held) write_held(json, held);
  json.end_array().key("basis_bounds").begin_array();
  for (const BasisBoundSet& bound : moment.bounds) {
    json.begin_object().field("asset", asset_name(bound.asset));
    json.field("first", settlement_source_name(bound.first)).field("second", settlement_source_name(bound.second));
    if (bound.has_strict != 0) json.field("strict", to_short_text(bound.strict));
    json.end_object();
  }
  json.end_array().key("payouts").begin_array();
  for (const PayoutState& state : moment.states) {
    json.begin_object().field("state", state.state).field("payout", to_short_text(state.payout)).end_object();
  }
  json.end_array();
}

void write_decision(JsonWriter& json, const LedgerDecision& decision) {
  const VerdictText text = text_of(decision.verdict);
  json.field("opportunity_id", to_hex(decision.opportunity)).field("session", decision.session);
  json.field("event", decision.sequence).field("time", to_iso_ns(decision.at)).field("detector", decision.detector);
  json.field("verdict", decision.verdict).field("meaning", text.meaning).field("remedy", text.remedy);
  json.field("size", to_short_text(decision.size)).field("binding", binding_text(decision));
  json.field("outlay", to_short_text(decision.outlay)).field("fees", to_short_text(decision.fees));
  json.field("guaranteed", to_short_text(decision.guaranteed));
  json.field("profit", to_short_text(decision.guaranteed - decision.outlay));
  json.field("expected_loss", to_short_text(decision.expected_loss));
  json.field("tail_reserve", to_short_text(decision.tail_reserve));
  if (decision.request) json.field("request_id", to_hex(*decision.request));
}

std::string orders_text(const Explanation& explanation) {
  Rows rows{{"order", "venue", "symbol", "side", "outcome", "quantity", "limit", "status", "reason"}};
  for (const LedgerOrder& order : explanation.orders) {
    rows.push_back({to_hex(order.order_id), order.contract.venue, order.contract.symbol, order.is_buy ? "buy" : "sell",
                    order.contract.outcome, to_short_text(order.quantity), to_short_text(order.limit), order.state,
                    order.reason});
  }
  for (const LedgerFill& fill : explanation.fills) {
    rows.push_back({"  fill", fill.venue, to_iso_ms(fill.at), "", "", to_short_text(fill.quantity),
                    to_short_text(fill.price), "fee " + to_short_text(fill.fee), ""});
  }
  return "\n" + text_table(rows);
}

std::string ladder_text(const std::vector<ExplainedLevel>& levels) {
  std::string text;
  for (const ExplainedLevel& level : levels) {
    text += fmt::format(" {}×{}", to_short_text(level.quantity), to_short_text(level.price));
  }
  return text.empty() ? " none" : text;
}

std::string moment_text(const ExplainedMoment& moment) {
  std::string text =
      fmt::format("handled from book to orders in {} us, measured in this replay\n\n", microseconds(moment.handling));
  for (const ExplainedLeg& each : moment.legs) {
    const Leg& leg = each.leg.leg;
    text += fmt::format("buy {} {} of {} {} at up to {}: cost {}, fee {} ({}), settles by {}\n",
                        to_short_text(leg.quantity), outcome_name(leg.outcome), venue_name(leg.venue), each.symbol,
                        to_short_text(leg.price), to_short_text(leg.cost), to_short_text(leg.fee),
                        fee_text(each.leg.terms.fees), settlement_source_name(each.leg.terms.source));
    text += fmt::format("  book {}, {} us old; bids{}; asks{}{}\n", book_status_name(each.book_status),
                        microseconds(each.book_age), ladder_text(each.bids), ladder_text(each.asks),
                        leg.outcome == Outcome::No ? " (in Yes prices: a No costs a dollar less the bid)" : "");
  }
  for (const ExplainedLeg& held : moment.held) {
    text += fmt::format("held already: {} {} of {} {}, for {}\n", to_short_text(held.leg.leg.quantity),
                        outcome_name(held.leg.leg.outcome), venue_name(held.leg.leg.venue), held.symbol,
                        to_short_text(held.leg.leg.cost));
  }
  Rows rows{{"payout", "if"}};
  for (const PayoutState& state : moment.states) rows.push_back({to_short_text(state.payout), state.state});
  return text + "\n" + text_table(rows);
}

}  // namespace

std::string explanation_document(const Explanation& explanation) {
  JsonWriter json;
  json.begin_object();
  write_decision(json, explanation.decision());
  json.key("judgements").begin_array();
  for (const LedgerDecision& each : explanation.judgements) {
    json.begin_object().field("time", to_iso_ns(each.at)).field("verdict", each.verdict).end_object();
  }
  json.end_array();
  if (explanation.end) {
    json.field("ended", to_iso_ns(explanation.end->ended_at));
    json.field("best_profit", to_short_text(explanation.end->best_profit));
  }
  json.key("stages").begin_array();
  for (const Stage& stage : stages_of(explanation)) {
    json.begin_object().field("stage", stage.name).field("time", to_iso_ns(stage.at)).end_object();
  }
  json.end_array().key("orders").begin_array();
  for (const LedgerOrder& order : explanation.orders) {
    json.begin_object().field("order_id", to_hex(order.order_id)).field("venue", order.contract.venue);
    json.field("symbol", order.contract.symbol).field("side", order.is_buy ? "buy" : "sell");
    json.field("quantity", to_short_text(order.quantity)).field("price", to_short_text(order.limit));
    json.field("status", order.state).field("reason", order.reason).end_object();
  }
  json.end_array();
  if (explanation.moment) write_moment(json, *explanation.moment);
  if (!explanation.no_moment.empty()) json.field("no_books", explanation.no_moment);
  json.end_object();
  return json.take();
}

std::string explanation_text(const Explanation& explanation) {
  const LedgerDecision& decision = explanation.decision();
  const VerdictText verdict = text_of(decision.verdict);
  std::string text =
      fmt::format("opportunity {} ({}), judged {} of {} times at {}, event {} of session {}\n",
                  to_hex(decision.opportunity), decision.detector, explanation.asked + 1, explanation.judgements.size(),
                  to_iso_ns(decision.at), decision.sequence, decision.session);
  text += fmt::format("verdict {}: {}; {}\n", decision.verdict, verdict.meaning, verdict.remedy);
  text += fmt::format("{} contracts, limited by {}: outlay {} with fees of {}, {}\n", to_short_text(decision.size),
                      binding_text(decision), to_short_text(decision.outlay), to_short_text(decision.fees),
                      promise_text(decision));
  if (decision.detector == detector_name(Detector::Basis)) {
    text += fmt::format("basis: expected loss {}, reserve for more {}\n", to_short_text(decision.expected_loss),
                        to_short_text(decision.tail_reserve));
  }
  if (explanation.end) {
    text += fmt::format("over at {}, at best {} profit\n", to_iso_ns(explanation.end->ended_at),
                        to_short_text(explanation.end->best_profit));
  }
  Timestamp before = kNoTime;
  for (const Stage& stage : stages_of(explanation)) {
    const std::string later =
        before == kNoTime ? std::string() : fmt::format(" (+{} us)", microseconds(stage.at - before));
    text += fmt::format("{}: {}{}\n", stage.name, to_iso_ns(stage.at), later);
    before = stage.at;
  }
  if (!explanation.orders.empty()) text += orders_text(explanation);
  if (explanation.moment) text += moment_text(*explanation.moment);
  if (!explanation.no_moment.empty()) text += "books of that moment: " + explanation.no_moment + "\n";
  return text;
}

}  // namespace arbees::app
