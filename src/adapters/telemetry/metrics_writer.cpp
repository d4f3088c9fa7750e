#include "adapters/telemetry/metrics_writer.h"

#include <fmt/format.h>

namespace arbees {
namespace {

std::string_view kind_name(MetricKind kind) {
  if (kind == MetricKind::Counter) return "counter";
  return kind == MetricKind::Gauge ? "gauge" : "histogram";
}

// Help texts escape backslash and line feed, label values the quote as well.
void append_escaped(std::string& text, std::string_view value, bool in_quotes) {
  for (const char c : value) {
    if (c == '\\' || (in_quotes && c == '"')) text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
}

}  // namespace

void MetricsWriter::family(std::string_view name, MetricKind kind, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} ", name);
  append_escaped(text_, help, false);
  text_ += fmt::format("\n# TYPE {} {}\n", name, kind_name(kind));
}

void MetricsWriter::sample(Labels labels, std::uint64_t value) { line("", labels, {}, fmt::format("{}", value)); }
void MetricsWriter::sample(Labels labels, double value) { line("", labels, {}, fmt::format("{}", value)); }
void MetricsWriter::sample(Labels labels, std::string_view decimal) { line("", labels, {}, decimal); }

void MetricsWriter::histogram(Labels labels, std::span<const MetricBucket> buckets, std::uint64_t count, double sum) {
  for (const MetricBucket& bucket : buckets) {
    line("_bucket", labels, fmt::format("{}", bucket.bound), fmt::format("{}", bucket.count));
  }
  line("_bucket", labels, "+Inf", fmt::format("{}", count));
  line("_sum", labels, {}, fmt::format("{}", sum));
  line("_count", labels, {}, fmt::format("{}", count));
}

void MetricsWriter::line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  const auto add = [&](std::string_view name, std::string_view label) {
    text_ += before;
    text_ += name;
    text_ += "=\"";
    append_escaped(text_, label, true);
    text_ += '"';
    before = ',';
  };
  for (const auto& [name, label] : labels) add(name, label);
  if (!bound.empty()) add("le", bound);
  if (before == ',') text_ += '}';
  text_ += ' ';
  text_ += value;
  text_ += '\n';
}

}  // namespace arbees
