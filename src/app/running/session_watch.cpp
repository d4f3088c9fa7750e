#include "app/running/session_watch.h"

#include "app/running/session_log.h"

namespace arbees::app {
namespace {

constexpr std::size_t kUsualReports = 1'024;
constexpr double kNanosecondsPerSecond = 1e9;

// Seconds: from what an event takes to what a request may last.
constexpr std::array<double, 24> kBounds = {1e-6, 2.5e-6, 5e-6,   1e-5, 2.5e-5, 5e-5,  1e-4, 2.5e-4,
                                            5e-4, 1e-3,   2.5e-3, 5e-3, 0.01,   0.025, 0.05, 0.1,
                                            0.25, 0.5,    1,      2.5,  5,      10,    30,   60};

constexpr std::array<std::string_view, kStageCount> kStageNames = {"order_to_fill", "request_to_end", "naked",
                                                                   "opportunity_life"};

}  // namespace

void write_stage(std::string_view name, const LatencyHistogram& times, JsonWriter& json) {
  json.begin_object().field("stage", name).field("count", times.count());
  json.field("sum_s", times.sum() / kNanosecondsPerSecond).key("buckets").begin_array();
  for (const double bound : kBounds) {
    json.begin_array().value(bound);
    json.value(times.count_at_most(static_cast<std::int64_t>(bound * kNanosecondsPerSecond))).end_array();
  }
  json.end_array().end_object();
}

SessionWatch::SessionWatch(Told told) : told_(told) { reports_.reserve(kUsualReports); }

void SessionWatch::before(Timestamp, const TradingEngine&) {}

void SessionWatch::after(const Event&, const Outputs& outputs, const TradingEngine&) { take(outputs); }

void SessionWatch::take(const Outputs& outputs) {
  reports_.insert(reports_.end(), outputs.reports.begin(), outputs.reports.end());
}

void SessionWatch::digest(const NameOf& name_of, const std::function<std::string()>& halt_text) {
  for (const Report& report : reports_) {
    on(report);
    const bool is_judgement = std::holds_alternative<OpportunityJudged>(report.body);
    if (told_ != Told::All && is_judgement) continue;
    const bool is_state = std::holds_alternative<TradingStateChanged>(report.body);
    log_report(report, name_of, is_state && halt_text ? halt_text() : std::string());
  }
  reports_.clear();
}

void SessionWatch::on(const Report& report) {
  if (const auto* submitted = std::get_if<OrderSubmitted>(&report.body)) {
    unfilled_.try_emplace(submitted->order.id.value, report.at);
    open_.try_emplace(submitted->order.request.value, report.at);
  } else if (const auto* filled = std::get_if<OrderFilled>(&report.body)) {
    const auto sent = unfilled_.find(filled->order.id.value);
    if (sent == unfilled_.end()) return;
    measure(Stage::OrderToFill, report.at - sent->second);
    unfilled_.erase(sent);
  } else if (const auto* ended = std::get_if<OrderEnded>(&report.body)) {
    unfilled_.erase(ended->order.id.value);
    ++order_ends_[static_cast<std::size_t>(ended->state)];
  } else if (const auto* request = std::get_if<RequestEnded>(&report.body)) {
    const auto begun = open_.find(request->request.value);
    if (begun == open_.end()) return;  // told again
    ++request_ends_[static_cast<std::size_t>(request->outcome)];
    measure(Stage::RequestToEnd, report.at - begun->second);
    measure(Stage::Naked, request->naked_time);
    open_.erase(begun);
  } else if (const auto* gone = std::get_if<OpportunityEnded>(&report.body)) {
    measure(Stage::OpportunityLife, gone->ended_at - gone->started_at);
  }
}

void SessionWatch::write_fields(JsonWriter& json, const LatencyHistogram& event_to_request) const {
  json.key("order_ends").begin_object();
  for (std::size_t i = 0; i < order_ends_.size(); ++i) {
    if (order_ends_[i] != 0) json.field(order_state_name(static_cast<OrderState>(i)), order_ends_[i]);
  }
  json.end_object().key("request_ends").begin_object();
  for (std::size_t i = 0; i < request_ends_.size(); ++i) {
    if (request_ends_[i] != 0) json.field(request_outcome_name(static_cast<RequestOutcome>(i)), request_ends_[i]);
  }
  json.end_object().key("stages").begin_array();
  write_stage("event_to_request", event_to_request, json);
  for (std::size_t i = 0; i < kStageCount; ++i) write_stage(kStageNames[i], stages_[i], json);
  json.end_array();
}

}  // namespace arbees::app
