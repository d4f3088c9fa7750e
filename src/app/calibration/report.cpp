#include "app/calibration/report.h"

#include <fmt/format.h>

#include "app/reporting/html.h"

namespace arbees::app {
namespace {

constexpr int kSize = 360;
constexpr int kMargin = 40;

double x_of(double p) { return kMargin + p * kSize; }
double y_of(double p) { return kMargin + (1.0 - p) * kSize; }

// Bins as points with the 95 % interval of their rate.
std::string points(const Forecaster& forecaster, const char* colour) {
  std::string svg;
  for (const ReliabilityBin& bin : forecaster.bins) {
    if (bin.count == 0.0) continue;
    const Interval interval = wilson_interval(bin.mean_y * bin.count, bin.count);
    svg += fmt::format(
        "<line x1='{0:.1f}' y1='{1:.1f}' x2='{0:.1f}' y2='{2:.1f}' stroke='{3}' opacity='.5'/>"
        "<circle cx='{0:.1f}' cy='{4:.1f}' r='4' fill='{3}'><title>{5:.0f} rows: forecast {6:.3f}, came true "
        "{7:.3f}</title></circle>\n",
        x_of(bin.mean_p), y_of(interval.low), y_of(interval.high), colour, y_of(bin.mean_y), bin.count, bin.mean_p,
        bin.mean_y);
  }
  return svg;
}

std::string reliability_diagram(const Group& group) {
  std::string svg = fmt::format(
      "<svg viewBox='0 0 {0} {0}' width='{0}' role='img' aria-label='Reliability diagram'>\n"
      "<rect x='{1}' y='{1}' width='{2}' height='{2}' fill='none' stroke='#999'/>\n"
      "<line x1='{1}' y1='{3}' x2='{3}' y2='{1}' stroke='#999' stroke-dasharray='4'/>\n",
      kSize + 2 * kMargin, kMargin, kSize, kMargin + kSize);
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double p = tenth / 10.0;
    svg += fmt::format(
        "<text x='{:.1f}' y='{}' text-anchor='middle'>{:.1f}</text><text x='{}' y='{:.1f}' "
        "text-anchor='end'>{:.1f}</text>\n",
        x_of(p), kMargin + kSize + 16, p, kMargin - 6, y_of(p) + 4, p);
  }
  svg += fmt::format("<text x='{}' y='{}' text-anchor='middle'>forecast</text>\n", kMargin + kSize / 2,
                     kMargin + kSize + 34);
  if (group.market) svg += points(*group.market, "#c60");
  return svg + points(group.model, "#06c") + "</svg>\n";
}

std::string table(const char* title, const std::vector<Group>& groups) {
  std::string html = fmt::format(
      "<h2>{}</h2><table><tr><th></th><th>rows</th><th>closes</th><th>Brier</th><th>log loss</th><th>ECE</th>"
      "<th>market Brier</th><th>log loss</th><th>ECE</th><th>Brier difference</th><th>95 %</th></tr>\n",
      title);
  for (const Group& group : groups) {
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.4f}</td><td>{:.4f}</td><td>{:.4f}</td>",
                        html_escaped(group.name), group.n, group.closes, group.model.brier, group.model.log_loss,
                        group.model.ece);
    if (group.market) {
      html += fmt::format("<td>{:.4f}</td><td>{:.4f}</td><td>{:.4f}</td><td>{:+.4f}</td><td>{:+.4f} … {:+.4f}</td>",
                          group.market->brier, group.market->log_loss, group.market->ece, group.difference,
                          group.ci95.low, group.ci95.high);
    } else {
      html += "<td colspan='5'>no quotes</td>";
    }
    html += "</tr>\n";
  }
  return html + "</table>\n";
}

}  // namespace

std::string calibration_page(const Summary& summary, const RunFacts& facts) {
  std::string html = html_page_start("Calibration: " + facts.format);
  html += fmt::format(
      "<p>{} rows of {} closes. Volatility × {:.2f}, {} degrees of freedom{}. Settlement recomputed: {} of {}. "
      "Left out: {} without model, {} without market, {} bad lines.</p>\n",
      summary.all.n, summary.all.closes, facts.parameters.volatility_scale, facts.parameters.degrees_of_freedom,
      facts.fitted_closes > 0 ? fmt::format(", chosen on the {} closes before", facts.fitted_closes) : "",
      facts.settlement_reproduced, facts.settlement_checked, facts.without_model, facts.without_market,
      facts.bad_lines);
  html += "<p><span style='color:#06c'>●</span> model";
  if (summary.all.market) html += " <span style='color:#c60'>●</span> market mid";
  html += "; bins of equal count, bars: 95 % of the rate if rows were independent.</p>\n";
  html += reliability_diagram(summary.all);
  html += table("All", {summary.all}) + table("By time to the close", summary.by_horizon);
  html += table("By distance from the strike", summary.by_moneyness) + table("By asset", summary.by_asset);
  for (const std::string& note : facts.notes) html += html_paragraph(note);
  return html + html_page_end();
}

}  // namespace arbees::app
