#include "tests/tidy/documents.h"

#include <gmock/gmock.h>

namespace arbees::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Findings check(const std::string& text) {
  const std::vector<std::string> paths = {"README.md", "docs/glossary.md", "src/core/base/time.h"};
  const auto read = +[](const std::string&) { return std::string("# Glossary\n\n## Yes frame\n"); };
  return check_document({"docs/architecture.md", text}, paths, read);
}

TEST(Documents, FindsLinksThatLeadNowhere) {
  EXPECT_THAT(check("[a](glossary.md) [b](../README.md) [c](https://example.org/x) [d](../src/core)"), IsEmpty());
  EXPECT_THAT(check("\n[a](gone.md)"), ElementsAre(HasSubstr("docs/architecture.md:2: link to gone.md")));
  EXPECT_THAT(check("[a](glossary.md#yes-frame)"), IsEmpty());
  EXPECT_THAT(check("[a](glossary.md#no-frame)"), ElementsAre(HasSubstr("no such heading")));
}

TEST(Documents, FindsPathsThatDoNotExist) {
  EXPECT_THAT(check("see `src/core/base/time.h`, `src/**/x.cpp` and `src/core/`"), IsEmpty());
  EXPECT_THAT(check("see `src/core/base/clock.h`"), ElementsAre(HasSubstr("does not exist")));
}

TEST(Documents, ThatSourcesCiteMustExist) {
  const std::vector<std::string> paths = {"docs/journal.md"};
  EXPECT_THAT(check_cited_documents({"src/x.h", "// See docs/journal.md.\n// and docs/venues/ too\n"}, paths),
              IsEmpty());
  const std::string gone = std::string("// docs") + "/gone.md: every byte\n";
  EXPECT_THAT(check_cited_documents({"src/x.h", "\n" + gone}, paths),
              ElementsAre("src/x.h:2: docs/gone.md does not exist"));
}

TEST(Documents, CodeBlocksAreNotRead) { EXPECT_THAT(check("```text\n[a](gone.md) `src/gone.h`\n```\n"), IsEmpty()); }

}  // namespace
}  // namespace arbees::tidy
