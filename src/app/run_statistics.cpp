#include "app/run_statistics.h"

#include <fmt/format.h>

#include <numeric>

#include "adapters/telemetry/format.h"

namespace arbees::app {

namespace {

// Of what tells of a request that is made; zero of anything else.
RequestId request_of(const Report& report) noexcept {
  if (const auto* judged = std::get_if<OpportunityJudged>(&report.body)) return judged->request;
  if (const auto* submitted = std::get_if<OrderSubmitted>(&report.body)) return submitted->order.request;
  return {};
}

}  // namespace

// One event may resume trading and then make requests, or make them and then halt: reports come in that order, and a
// request counts by the state in which the first of them tells of it.
void RunStatistics::add(const Outputs& outputs) {
  requests_ += outputs.requests.size();
  std::size_t told = 0;
  for (const Report& report : outputs.reports) {
    if (told < outputs.requests.size() && request_of(report) == outputs.requests[told].id) {
      ++told;
      requests_while_halted_ += static_cast<std::uint64_t>(is_halted_);
    }
    std::visit([this](const auto& body) { on(body); }, report.body);
  }
  if (is_halted_) requests_while_halted_ += outputs.requests.size() - told;
}

void RunStatistics::on(const OpportunityJudged& judged) {
  ++decisions_;
  if (seen_.insert(judged.opportunity_id).second) {
    ++opportunities_[static_cast<std::size_t>(judged.detector)];
    seen_in_order_.push_back(judged.opportunity_id);
    if (seen_in_order_.size() > kRemembered) {
      seen_.erase(seen_in_order_.front());
      seen_in_order_.pop_front();
    }
  }
  if (judged.verdict != Verdict::Accepted) ++rejected_[static_cast<std::size_t>(judged.verdict)];
}

void RunStatistics::on(const OrderFilled& filled) {
  ++fills_;
  fees_ += filled.fee;
  const Money gross = filled.price * filled.quantity;
  (filled.order.side == Side::Buy ? purchases_ : sales_) += gross;
}

void RunStatistics::on(const FillReverted& reverted) {
  fees_ -= reverted.fee;
  const Money gross = reverted.price * reverted.quantity;
  (reverted.order.side == Side::Buy ? purchases_ : sales_) -= gross;
}

void RunStatistics::on(const PositionSettled& settled) {
  ++settled_;
  payouts_ += settled.payout;
}

void RunStatistics::count(const End& end, std::int64_t sign) {
  outcomes_[static_cast<std::size_t>(end.outcome)] += static_cast<std::uint64_t>(sign);
  unwind_cost_ += end.unwind_cost * sign;
  slippage_ += end.slippage * sign;
}

void RunStatistics::on(const RequestEnded& ended) {
  const auto [it, is_new] = ends_.try_emplace(ended.request.value);
  if (is_new) {
    if (ended.naked_time.count() > 0) naked_.add(ended.naked_time.count());
    ends_in_order_.push_back(ended.request.value);
  } else {
    count(it->second, -1);
  }
  it->second = {ended.outcome, ended.unwind_cost, ended.slippage};
  count(it->second, 1);
  if (ends_in_order_.size() <= kRemembered) return;
  ends_.erase(ends_in_order_.front());
  ends_in_order_.pop_front();
}

void RunStatistics::on(const TradingStateChanged& changed) {
  const bool was_halted = is_halted_;
  is_halted_ = changed.state == TradingState::Halted;
  // The halt with which every run ends is none that was tried out.
  if (was_halted && !is_halted_) ++halts_;
}

Money RunStatistics::total_pnl() const noexcept { return payouts_ + sales_ - purchases_ - fees_; }

std::uint64_t RunStatistics::opportunities() const noexcept {
  return std::accumulate(opportunities_.begin(), opportunities_.end(), std::uint64_t{0});
}

double RunStatistics::latency_us(double quantile) const {
  return static_cast<double>(latencies_.quantile(quantile)) / 1000.0;
}

double RunStatistics::naked_ms(double quantile) const {
  return static_cast<double>(naked_.quantile(quantile)) / 1'000'000.0;
}

void RunStatistics::write_legs(JsonWriter& json) const {
  json.key("ended").begin_object();
  for (std::size_t i = 0; i < kRequestOutcomeCount; ++i) {
    json.field(request_outcome_name(static_cast<RequestOutcome>(i)), outcomes_[i]);
  }
  json.end_object().key("naked_ms").begin_object().field("requests", naked_.count());
  json.field("p50", naked_ms(0.5)).field("p99", naked_ms(0.99)).field("max", naked_ms(1.0)).end_object();
  json.field("unwind_cost", to_short_text(unwind_cost_)).field("slippage", to_short_text(slippage_));
}

void RunStatistics::write_fields(JsonWriter& json) const {
  write_judgements(json);
  json.field("digest", to_hex(digest_)).field("requests", requests_).field("fills", fills_);
  write_results(json);
  write_latency(json);
}

void RunStatistics::write_judgements(JsonWriter& json) const {
  json.field("events", events_).field("decisions", decisions_);
  json.key("opportunities").begin_object();
  for (std::size_t i = 0; i < kDetectorCount; ++i) {
    if (opportunities_[i] != 0) json.field(detector_name(static_cast<Detector>(i)), opportunities_[i]);
  }
  json.end_object().key("rejected").begin_object();
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    if (rejected_[i] != 0) json.field(verdict_name(static_cast<Verdict>(i)), rejected_[i]);
  }
  json.end_object();
}

void RunStatistics::write_results(JsonWriter& json) const {
  json.field("settled", settled_).field("fees", to_short_text(fees_));
  json.key("pnl").begin_object();
  json.field("purchases", to_short_text(purchases_)).field("sales", to_short_text(sales_));
  json.field("payouts", to_short_text(payouts_)).field("fees", to_short_text(fees_));
  json.field("total", to_short_text(total_pnl())).end_object();
  write_legs(json);
}

void RunStatistics::write_latency(JsonWriter& json) const {
  json.key("latency_us").begin_object();
  json.field("p50", latency_us(0.5)).field("p99", latency_us(0.99)).field("p999", latency_us(0.999));
  json.field("max", latency_us(1.0)).end_object();
}

void RunStatistics::write_demo_fields(JsonWriter& json) const {
  json.key("legs").begin_object().field("broken", broken_).field("unwound", unwound_).end_object();
  json.key("halts").begin_object().field("exercised", halts_).field("requests_while_halted", requests_while_halted_);
  json.end_object();
}

std::string RunStatistics::summary() const {
  std::string text = fmt::format("{} events, {} decisions, digest {}\n", events_, decisions_, to_hex(digest_));
  text += "opportunities:";
  for (std::size_t i = 0; i < kDetectorCount; ++i) {
    if (opportunities_[i] == 0) continue;
    text += fmt::format(" {} {}", opportunities_[i], detector_name(static_cast<Detector>(i)));
  }
  if (seen_.empty()) text += " none";
  text += "\nnot traded, by reason:";
  bool any = false;
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    if (rejected_[i] == 0) continue;
    text += fmt::format(" {} {}", rejected_[i], verdict_name(static_cast<Verdict>(i)));
    any = true;
  }
  if (!any) text += " none";
  text += fmt::format("\n{} requests, {} fills, {} positions settled; legs broken {}, unwound {}\n", requests_, fills_,
                      settled_, broken_, unwound_);
  text +=
      fmt::format("purchases ${}, sales ${}, payouts ${}, fees ${}: cash changed by ${}\n", to_short_text(purchases_),
                  to_short_text(sales_), to_short_text(payouts_), to_short_text(fees_), to_short_text(total_pnl()));
  text += "requests ended:";
  for (std::size_t i = 0; i < kRequestOutcomeCount; ++i) {
    text += fmt::format(" {} {}", outcomes_[i], request_outcome_name(static_cast<RequestOutcome>(i)));
  }
  text += fmt::format("; unwinding cost ${}, slippage ${}\n", to_short_text(unwind_cost_), to_short_text(slippage_));
  if (naked_.count() > 0) {
    text += fmt::format("unequal legs in {} requests: p50 {:.0f} ms, p99 {:.0f} ms, max {:.0f} ms\n", naked_.count(),
                        naked_ms(0.5), naked_ms(0.99), naked_ms(1.0));
  }
  if (latencies_.count() > 0) {
    text += fmt::format("event to request: p50 {:.1f} us, p99 {:.1f} us, max {:.1f} us\n", latency_us(0.5),
                        latency_us(0.99), latency_us(1.0));
  }
  return text;
}

}  // namespace arbees::app
