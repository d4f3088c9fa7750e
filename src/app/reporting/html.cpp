#include "app/reporting/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace arbees::app {
namespace {

constexpr const char* kStyle =
    ":root{color-scheme:light dark;--ink:#16202c;--paper:#fff;--line:#d6dbe1;--accent:#06c;--loss:#c2410c}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--paper:#12161c;--line:#39424e;--accent:#5aa9ff;"
    "--loss:#ff8f5a}}"
    "body{font:15px system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:var(--ink);"
    "background:var(--paper)}"
    "table{border-collapse:collapse;margin:.5em 0}td,th{padding:.2em .7em;text-align:right;"
    "border-bottom:1px solid var(--line)}td:first-child,th:first-child{text-align:left}"
    "code{overflow-wrap:anywhere}svg{max-width:100%;height:auto}svg text{font-size:11px;fill:var(--ink)}"
    "svg .gain{fill:var(--accent)}svg .loss{fill:var(--loss)}svg .axis{stroke:var(--line)}"
    "svg .curve{fill:none;stroke:var(--accent);stroke-width:1.5}";

constexpr double kBarLeft = 170;
constexpr double kBarWidth = 360;
constexpr double kBarStep = 24;
constexpr double kPlotWidth = 640;
constexpr double kPlotHeight = 220;
constexpr double kMargin = 60;

std::string svg_start(std::string_view title, double width, double height) {
  return fmt::format("<svg viewBox='0 0 {0:.0f} {1:.0f}' width='{0:.0f}' role='img' aria-label='{2}'>\n", width, height,
                     html_escaped(title));
}

std::string svg_text(double x, double y, const char* anchor, std::string_view text) {
  return fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='{}'>{}</text>\n", x, y, anchor, html_escaped(text));
}

std::string table_row(const char* cell, const std::vector<std::string>& texts) {
  std::string html = "<tr>";
  for (const std::string& text : texts) html += fmt::format("<{0}>{1}</{0}>", cell, html_escaped(text));
  return html + "</tr>\n";
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '&': result += "&amp;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string html_page_start(std::string_view title) {
  return fmt::format(
      "<!doctype html><html lang='en'><meta charset='utf-8'><title>{0}</title>\n"
      "<meta name='viewport' content='width=device-width'>\n<style>{1}</style>\n<h1>{0}</h1>\n",
      html_escaped(title), kStyle);
}

std::string html_page_end() { return "</html>\n"; }

std::string html_heading(std::string_view text) { return fmt::format("<h2>{}</h2>\n", html_escaped(text)); }

std::string html_paragraph(std::string_view text) { return fmt::format("<p>{}</p>\n", html_escaped(text)); }

std::string html_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<table>" + table_row("th", head);
  for (const auto& row : rows) html += table_row("td", row);
  return html + "</table>\n";
}

std::string svg_bars(std::string_view title, const std::vector<Bar>& bars) {
  double most = 0.0;
  for (const Bar& bar : bars) most = std::max(most, std::abs(bar.value));
  std::string svg = svg_start(title, kBarLeft + kBarWidth + 120, kBarStep * (static_cast<double>(bars.size()) + 0.5));
  double y = 4;
  for (const Bar& bar : bars) {
    const double length = most > 0.0 ? std::abs(bar.value) / most * kBarWidth : 0.0;
    svg += svg_text(kBarLeft - 8, y + 14, "end", bar.label);
    svg += fmt::format("<rect class='{}' x='{:.1f}' y='{:.1f}' width='{:.1f}' height='18'/>\n",
                       bar.value < 0.0 ? "loss" : "gain", kBarLeft, y, length);
    svg += svg_text(kBarLeft + length + 6, y + 14, "start", bar.text);
    y += kBarStep;
  }
  return svg + "</svg>\n";
}

std::string svg_curve(const CurveLabels& labels, const std::vector<CurvePoint>& points) {
  if (points.size() < 2) return {};
  const auto [low, high] = std::minmax_element(points.begin(), points.end(),
                                               [](const CurvePoint& a, const CurvePoint& b) { return a.y < b.y; });
  const double least = std::min(low->y, 0.0);
  const double most = std::max(high->y, 0.0);
  const double height = std::max(most - least, 1e-9);
  const double width = std::max(points.back().x - points.front().x, 1e-9);
  const auto x_of = [&](double x) { return kMargin + (x - points.front().x) / width * kPlotWidth; };
  const auto y_of = [&](double y) { return kMargin / 3 + (most - y) / height * kPlotHeight; };
  std::string svg = svg_start(labels.title, kPlotWidth + 2 * kMargin, kPlotHeight + kMargin);
  svg += fmt::format("<line class='axis' x1='{0:.1f}' y1='{1:.1f}' x2='{2:.1f}' y2='{1:.1f}'/>\n", kMargin, y_of(0.0),
                     kMargin + kPlotWidth);
  for (const double value : {least, most}) {
    svg += svg_text(kMargin - 6, y_of(value) + 4, "end", fmt::format("{}{:.2f}", labels.unit, value));
  }
  svg += svg_text(kMargin, kPlotHeight + kMargin - 8, "start", labels.first_x);
  svg += svg_text(kMargin + kPlotWidth, kPlotHeight + kMargin - 8, "end", labels.last_x);
  svg += "<polyline class='curve' points='";
  for (const CurvePoint& point : points) svg += fmt::format("{:.1f},{:.1f} ", x_of(point.x), y_of(point.y));
  return svg + "'/></svg>\n";
}

}  // namespace arbees::app
