#pragma once
// Documents: every link leads somewhere, every path that is named exists.

#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/source.h"

namespace arbees::tidy {

// Checks one Markdown file against the paths of the project: relative links, their #anchors (against the headings of
// `read(path)`), and `code spans` that name a path under src/, tests/, docs/ and the like.
using ReadText = std::string (*)(const std::string& path);
[[nodiscard]] Findings check_document(const SourceFile& file, const std::vector<std::string>& paths, ReadText read);

// Sources cite documents in comments ("docs/journal.md"): each must exist.
[[nodiscard]] Findings check_cited_documents(const SourceFile& file, const std::vector<std::string>& paths);

// The anchor of a heading, as the usual renderers make it: "Life of a price" is "life-of-a-price".
[[nodiscard]] std::string anchor_of(std::string_view heading);

}  // namespace arbees::tidy
