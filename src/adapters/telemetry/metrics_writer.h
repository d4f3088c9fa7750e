#pragma once
// Writing metrics in the text format of Prometheus (version 0.0.4, which OpenMetrics scrapers read as well).
//
// A family is begun once, then its samples follow; that order is the caller's to keep, names too. Label values and
// help texts are escaped here. https://prometheus.io/docs/instrumenting/exposition_formats/

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace arbees {

enum class MetricKind : std::uint8_t { Counter, Gauge, Histogram };

// One bucket of a histogram: how many measurements were at most `bound` seconds.
struct MetricBucket {
  double bound = 0;
  std::uint64_t count = 0;  // those of the buckets below included
};

class MetricsWriter {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void family(std::string_view name, MetricKind kind, std::string_view help);
  // Samples of the family begun last.
  void sample(Labels labels, std::uint64_t value);
  void sample(Labels labels, double value);
  // A number in decimal digits, as money is written.
  void sample(Labels labels, std::string_view decimal);
  // Buckets in rising order, without the last one, which holds all `count` measurements.
  void histogram(Labels labels, std::span<const MetricBucket> buckets, std::uint64_t count, double sum);

  [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

 private:
  void line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);

  std::string text_;
  std::string name_;
};

}  // namespace arbees
