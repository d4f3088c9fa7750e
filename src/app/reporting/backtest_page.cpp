#include "app/reporting/backtest_page.h"

#include <fmt/format.h>

#include "adapters/telemetry/format.h"
#include "app/config/settings.h"
#include "app/reporting/html.h"

namespace arbees::app {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string dollars(Money money) {
  const std::string text = to_short_text(money);
  return text.starts_with('-') ? "-$" + text.substr(1) : "$" + text;
}

std::string count_text(std::uint64_t count) { return fmt::format("{}", count); }

std::string delay_name(std::size_t delay) {
  return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(kDelays[delay]).count());
}

double as_double(Money money) { return static_cast<double>(money.units()) / static_cast<double>(Money::kScale); }

void write_figures(JsonWriter& json, const OpportunityFigures& figures) {
  json.begin_object().field("kind", figures.kind).field("count", figures.count);
  json.field("requested", figures.requested).field("alive_at_end", figures.unended);
  json.key("duration").begin_object();
  for (std::size_t i = 0; i < kDurationClasses; ++i) json.field(kDurationNames[i], figures.durations[i]);
  json.end_object();
  json.field("median_outlay", to_short_text(figures.median_outlay));
  json.field("largest_outlay", to_short_text(figures.largest_outlay));
  json.field("median_size", to_short_text(figures.median_size));
  json.field("median_profit", to_short_text(figures.median_profit));
  json.field("largest_profit", to_short_text(figures.largest_profit));
  json.key("if_taken_after").begin_array();
  for (std::size_t i = 0; i < kDelays.size(); ++i) {
    const Delayed& delayed = figures.delayed[i];
    json.begin_object().field("ms", std::chrono::duration_cast<std::chrono::milliseconds>(kDelays[i]).count());
    json.field("profitable", delayed.profitable).field("profit", to_short_text(delayed.profit));
    json.field("gone", delayed.gone).field("profit_of_all", to_short_text(delayed.blind)).end_object();
  }
  json.end_array().end_object();
}

Rows sweep_rows(const BacktestReport& report) {
  Rows rows;
  const auto row = [](std::vector<std::string> cells, const RunStatistics& run) {
    for (const std::uint64_t count : {run.opportunities(), run.requests(), run.fills(), run.settled()}) {
      cells.push_back(count_text(count));
    }
    cells.push_back(dollars(run.fees()));
    cells.push_back(dollars(run.total_pnl()));
    return cells;
  };
  std::vector<std::string> configured;
  for (const SweepAxis& axis : report.axes) {
    const Setting& setting = settings()[setting_index(axis.setting)];
    configured.push_back(setting.get(report.config, setting) + " (configured)");
  }
  rows.push_back(row(configured, report.base.statistics));
  for (std::size_t i = 0; i < report.combinations.size(); ++i) {
    rows.push_back(row(report.combinations[i], report.swept[i]));
  }
  return rows;
}

std::vector<std::string> sweep_head(const BacktestReport& report) {
  std::vector<std::string> head;
  for (const SweepAxis& axis : report.axes) head.push_back(axis.key);
  for (const char* name : {"opportunities", "requests", "fills", "settled", "fees", "profit"}) head.emplace_back(name);
  return head;
}

std::string kinds_section(const std::vector<OpportunityFigures>& kinds) {
  Rows rows;
  for (const OpportunityFigures& each : kinds) {
    rows.push_back({std::string(each.kind), count_text(each.count), count_text(each.requested),
                    to_short_text(each.median_size), dollars(each.median_outlay), dollars(each.largest_outlay),
                    dollars(each.median_profit), dollars(each.largest_profit)});
  }
  return html_heading("Opportunities by kind") +
         html_paragraph("Size, outlay and net profit as first judged, after exact fees and within the limits.") +
         html_table({"kind", "number", "requested", "median contracts", "median outlay", "largest outlay",
                     "median profit", "largest profit"},
                    rows);
}

std::string duration_section(const std::vector<OpportunityFigures>& kinds) {
  std::vector<std::string> head{"kind"};
  head.insert(head.end(), kDurationNames.begin(), kDurationNames.end());
  head.emplace_back("alive at the end");
  Rows rows;
  for (const OpportunityFigures& each : kinds) {
    std::vector<std::string> cells{std::string(each.kind)};
    for (const std::uint64_t count : each.durations) cells.push_back(count_text(count));
    cells.push_back(count_text(each.unended));
    rows.push_back(std::move(cells));
  }
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < kDurationClasses; ++i) {
    const std::uint64_t count = kinds.back().durations[i];
    bars.push_back({std::string(kDurationNames[i]), static_cast<double>(count), count_text(count)});
  }
  return html_heading("How long they lived") + svg_bars("Opportunities by duration", bars) + html_table(head, rows);
}

std::string delay_section(const std::vector<OpportunityFigures>& kinds) {
  Rows rows;
  for (const OpportunityFigures& each : kinds) {
    for (std::size_t i = 0; i < kDelays.size(); ++i) {
      const Delayed& delayed = each.delayed[i];
      rows.push_back({fmt::format("{}, {}", each.kind, delay_name(i)), count_text(delayed.profitable),
                      dollars(delayed.profit), count_text(delayed.gone), dollars(delayed.blind)});
    }
  }
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < kDelays.size(); ++i) {
    const Money profit = kinds.back().delayed[i].profit;
    bars.push_back({"after " + delay_name(i), as_double(profit), dollars(profit)});
  }
  return html_heading("Net profit if taken later") +
         html_paragraph(
             "The legs of the first judgement, bought in full from the books of that later instant with exact fees. "
             "Still profitable: taken only if worth it then. All: also those that had become a loss. Gone: not to be "
             "had in full, or from a book no longer proven.") +
         svg_bars("Net profit by delay", bars) +
         html_table({"kind and delay", "still profitable", "their profit", "gone", "profit of all"}, rows);
}

std::string equity_section(const std::vector<EquityPoint>& points) {
  std::vector<CurvePoint> curve;
  for (const EquityPoint& point : points) {
    curve.push_back({static_cast<double>(unix_ns(point.at)) / 1e9, as_double(point.equity)});
  }
  return html_heading("Equity") +
         html_paragraph("Cash and what open positions have cost, less the opening cash, with simulated execution.") +
         svg_curve({"Equity", to_iso_ms(points.front().at), to_iso_ms(points.back().at), "$"}, curve);
}

std::string rejected_section(const RunStatistics& run) {
  Rows rows;
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (run.rejected(verdict) == 0) continue;
    rows.push_back({std::string(verdict_name(verdict)), count_text(run.rejected(verdict))});
  }
  return html_heading("Judgements that led to no request") +
         (rows.empty() ? html_paragraph("None.") : html_table({"reason", "judgements"}, rows));
}

std::string parameter_section(const BacktestReport& report) {
  Rows rows;
  for (const Setting& setting : settings()) {
    if (setting.section != "limits" && setting.section != "paper" && setting.section != "model") continue;
    rows.push_back({setting.name(), setting.get(report.config, setting), setting.allowed});
  }
  return html_heading("Parameters") + html_table({"setting", "value", "allowed"}, rows);
}

std::string summary_section(const BacktestReport& report) {
  const RunStatistics& run = report.base.statistics;
  std::string files;
  for (const std::string& journal : report.journals) files += (files.empty() ? "" : ", ") + journal;
  std::string html = html_paragraph("Journals: " + files);
  html += html_table({"events", "judgements", "opportunities", "requests", "fills", "settled", "fees", "profit"},
                     {{count_text(run.events()), count_text(run.decisions()), count_text(run.opportunities()),
                       count_text(run.requests()), count_text(run.fills()), count_text(run.settled()),
                       dollars(run.fees()), dollars(run.total_pnl())}});
  for (const std::string& complaint : report.base.complaints) html += html_paragraph("Journal: " + complaint);
  return html;
}

}  // namespace

std::string backtest_document(const BacktestReport& report) {
  JsonWriter json;
  json.begin_object();
  report.base.statistics.write_fields(json);
  json.field("corrected_times", report.base.corrected_times).key("complaints").begin_array();
  for (const std::string& complaint : report.base.complaints) json.value(complaint);
  json.end_array().key("kinds").begin_array();
  for (const OpportunityFigures& figures : opportunity_figures(report.base.opportunities)) write_figures(json, figures);
  json.end_array();
  if (!report.axes.empty()) {
    json.key("results").begin_array();
    for (std::size_t i = 0; i < report.combinations.size(); ++i) {
      json.begin_object().key("parameters").begin_object();
      for (std::size_t axis = 0; axis < report.axes.size(); ++axis) {
        json.field(report.axes[axis].key, report.combinations[i][axis]);
      }
      json.end_object();
      report.swept[i].write_fields(json);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return json.take();
}

std::string backtest_text(const BacktestReport& report) {
  std::string text = report.base.statistics.summary();
  for (const OpportunityFigures& figures : opportunity_figures(report.base.opportunities)) {
    text += fmt::format("{}: {} seen, median outlay {}, if taken after", figures.kind, figures.count,
                        dollars(figures.median_outlay));
    for (std::size_t i = 0; i < kDelays.size(); ++i) {
      text += fmt::format("{} {}: {} of them, {}", i == 0 ? "" : ";", delay_name(i), figures.delayed[i].profitable,
                          dollars(figures.delayed[i].profit));
    }
    text += '\n';
  }
  if (report.axes.empty()) return text;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) text += fmt::format("{:>26}", cell);
    text += '\n';
  };
  line(sweep_head(report));
  for (const auto& row : sweep_rows(report)) line(row);
  return text;
}

std::string backtest_page(const BacktestReport& report) {
  std::string html = html_page_start("Backtest");
  html += "<p>Made by <code>" + html_escaped(report.command) + "</code></p>\n";
  html += summary_section(report);
  const auto kinds = opportunity_figures(report.base.opportunities);
  if (kinds.empty()) {
    html += html_heading("Opportunities") + html_paragraph("None were seen in these recordings.");
  } else {
    html += kinds_section(kinds) + duration_section(kinds) + delay_section(kinds);
  }
  html += equity_section(report.base.equity) + rejected_section(report.base.statistics);
  if (!report.axes.empty()) html += html_heading("Sweep") + html_table(sweep_head(report), sweep_rows(report));
  return html + parameter_section(report) + html_page_end();
}

}  // namespace arbees::app
