#pragma once
// Pages, tables and plots of our reports: HTML and SVG as text, nothing fetched from anywhere.
//
// A page follows the reader's light or dark setting. Texts given here are escaped; only what these functions return
// is HTML already.

#include <string>
#include <string_view>
#include <vector>

namespace arbees::app {

[[nodiscard]] std::string html_escaped(std::string_view text);

// From the doctype to the first heading.
[[nodiscard]] std::string html_page_start(std::string_view title);
[[nodiscard]] std::string html_page_end();

[[nodiscard]] std::string html_heading(std::string_view text);
[[nodiscard]] std::string html_paragraph(std::string_view text);
// The first column stands left, the others right.
[[nodiscard]] std::string html_table(const std::vector<std::string>& head,
                                     const std::vector<std::vector<std::string>>& rows);

// One bar each, from zero to its value; `text` is written at its end.
struct Bar {
  std::string label;
  double value = 0.0;
  std::string text;
};
[[nodiscard]] std::string svg_bars(std::string_view title, const std::vector<Bar>& bars);

struct CurvePoint {
  double x = 0.0;
  double y = 0.0;
};
struct CurveLabels {
  std::string title;
  std::string first_x;  // at the left and right end
  std::string last_x;
  std::string unit;  // before the values of y: "$"
};
// A line through the points, which ascend in x; nothing if there are fewer than two.
[[nodiscard]] std::string svg_curve(const CurveLabels& labels, const std::vector<CurvePoint>& points);

}  // namespace arbees::app
