// docs/arbitrage.md explains every verdict, in the words that ledgers and reports use.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "core/market/outputs.h"
#include "tests/support/project_file.h"

namespace arbees {
namespace {

// Rows "| `name` | meaning | what helps |" of the section; how often each name occurs, with its meaning.
std::multimap<std::string, std::string> verdict_rows() {
  std::ifstream file(testing_support::project_file("docs/arbitrage.md"));
  std::multimap<std::string, std::string> rows;
  std::string line;
  bool is_inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("## ")) is_inside = line == "## Verdicts";
    if (!is_inside || !line.starts_with("| `")) continue;
    const std::size_t end = line.find('`', 3);
    const std::size_t meaning = end + 4;
    rows.emplace(line.substr(3, end - 3), line.substr(meaning, line.find(" |", meaning) - meaning));
  }
  return rows;
}

TEST(VerdictTable, ExplainsEachVerdictOnce) {
  const auto rows = verdict_rows();
  EXPECT_EQ(rows.size(), kVerdictCount);
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    const std::string name(verdict_name(static_cast<Verdict>(i)));
    ASSERT_EQ(rows.count(name), 1u) << name;
    EXPECT_GT(rows.find(name)->second.size(), 8u) << name;
  }
}

}  // namespace
}  // namespace arbees
