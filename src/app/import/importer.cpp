#include "app/import/importer.h"

#include <algorithm>

namespace arbees::app {
namespace {

bool is_bad(AnomalyKind kind) {
  return kind == AnomalyKind::Malformed || kind == AnomalyKind::OutOfRange || kind == AnomalyKind::PriceOffTick;
}

}  // namespace

bool ImportSink::write(Event event) {
  while (!scheduled_.empty() && scheduled_.back().received_at <= event.received_at) {
    const Event due = scheduled_.back();
    scheduled_.pop_back();
    if (!write_now(due)) return false;
  }
  return write_now(event);
}

void ImportSink::schedule(Event event) {
  const auto position = std::find_if(scheduled_.begin(), scheduled_.end(),
                                     [&](const Event& other) { return other.received_at <= event.received_at; });
  scheduled_.insert(position, event);
}

bool ImportSink::finish() {
  while (!scheduled_.empty()) {
    const Event due = scheduled_.back();
    scheduled_.pop_back();
    if (!write_now(due)) return false;
  }
  return !failed_;
}

bool ImportSink::write_now(Event event) {
  if (failed_) return false;
  if (event.received_at < latest_) {
    event.received_at = latest_;
    ++summary_.corrected_times;
  }
  latest_ = event.received_at;
  event.sequence = ++sequence_;
  ++summary_.events;
  failed_ = !journal_.append(event);
  return !failed_;
}

bool deliver(const DecodedFrame& decoded, ImportSink& sink) {
  return std::all_of(decoded.events.begin(), decoded.events.end(),
                     [&](const Event& event) { return sink.write(event); });
}

void note_anomalies(const DecodedFrame& decoded, const std::string& file, std::uint64_t line, ImportSummary& summary) {
  bool bad = false;
  for (const Anomaly& anomaly : decoded.anomalies) {
    const std::string kind(anomaly_name(anomaly.kind));
    ++summary.anomalies[kind];
    bad = bad || is_bad(anomaly.kind);
    if (summary.issues.size() >= ImportSummary::kMaxIssues) continue;
    const std::string separator = anomaly.symbol.empty() || anomaly.detail.empty() ? "" : ": ";
    summary.issues.push_back(ImportIssue{file, line, kind, anomaly.symbol + separator + anomaly.detail});
  }
  if (bad) ++summary.bad_lines;
}

void note_bad_line(const std::string& file, std::uint64_t line, std::string_view detail, ImportSummary& summary) {
  ++summary.bad_lines;
  ++summary.anomalies["unreadable"];
  if (summary.issues.size() >= ImportSummary::kMaxIssues) return;
  summary.issues.push_back(ImportIssue{file, line, "unreadable", std::string(detail)});
}

bool write_listing(ImportSink& sink, Timestamp at, std::string_view symbol, const ContractTerms& terms) {
  Event event;
  event.received_at = at;
  InstrumentNamed named;
  named.id = instrument_id(terms.venue, symbol);
  named.venue = terms.venue;
  set_symbol(named, symbol);
  event.body = named;
  if (!sink.write(event)) return false;
  event.body = ContractListed{named.id, terms};
  if (!sink.write(event)) return false;
  ContractPhaseChanged active;
  active.id = named.id;
  active.phase = ContractPhase::Active;
  event.body = active;
  return sink.write(event);
}

}  // namespace arbees::app
