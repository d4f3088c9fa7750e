#include "app/reporting/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Html, EscapesWhatItIsGiven) {
  const std::string nasty = "<script>\"'&";
  const std::string escaped = "&lt;script&gt;&quot;&#39;&amp;";
  EXPECT_EQ(html_escaped(nasty), escaped);
  for (const std::string& html :
       {html_page_start(nasty), html_heading(nasty), html_paragraph(nasty), html_table({nasty}, {{nasty}}),
        svg_bars(nasty, {{nasty, 1.0, nasty}}), svg_curve({nasty, nasty, nasty, nasty}, {{0, 0}, {1, 1}})}) {
    EXPECT_THAT(html, HasSubstr(escaped));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
  }
}

TEST(Html, APageAsksNoOtherHostAndFollowsTheReadersScheme) {
  const std::string page = html_page_start("T") + html_page_end();
  EXPECT_THAT(page, Not(HasSubstr("//")));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
}

TEST(Html, BarsAreAsLongAsTheirValues) {
  const std::string svg = svg_bars("T", {{"a", 10.0, ""}, {"b", -5.0, ""}, {"c", 0.0, ""}});
  EXPECT_THAT(svg, HasSubstr("class='gain' x='170.0' y='4.0' width='360.0'"));
  EXPECT_THAT(svg, HasSubstr("class='loss' x='170.0' y='28.0' width='180.0'"));
  EXPECT_THAT(svg, HasSubstr("width='0.0'"));
}

TEST(Html, ACurveNeedsTwoPoints) {
  EXPECT_EQ(svg_curve({}, {{1, 1}}), "");
  EXPECT_THAT(svg_curve({}, {{0, 0}, {1, 5}}), HasSubstr("points='60.0,240.0 700.0,20.0 '"));
}

}  // namespace
}  // namespace arbees::app
