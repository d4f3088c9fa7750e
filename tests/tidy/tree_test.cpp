// The rules applied to the project itself. Each failure lists places as "file:line: what is wrong".

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/tidy/documents.h"
#include "tests/tidy/layering.h"
#include "tests/tidy/purity.h"
#include "tests/tidy/shape.h"

namespace arbees::tidy {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uintmax_t kMaxFileSize = 1'000'000;

std::vector<SourceFile> cpp_files() {
  std::vector<SourceFile> files;
  for (SourceFile& file : project_files({".h", ".cpp"})) {
    if (starts_with_any(file.path, {"src/", "tests/", "fuzz/", "bench/"})) files.push_back(std::move(file));
  }
  return files;
}

template <class Rule>
Findings over_cpp_files(Rule rule) {
  Findings findings;
  for (const SourceFile& file : cpp_files()) append(findings, rule(file));
  return findings;
}

// Every shell script: by its ending or its first line.
std::vector<std::string> shell_scripts() {
  std::vector<std::string> scripts;
  for (const std::string& path : project_paths()) {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    const bool may_be_script = name.ends_with(".sh") || name.find('.') == std::string_view::npos;
    if (!may_be_script) continue;
    const std::string text = read_file(path);
    const std::string_view first = std::string_view(text).substr(0, text.find('\n'));
    const bool has_shell_line = first.starts_with("#!") && first.ends_with("sh");
    if (name.ends_with(".sh") || has_shell_line) scripts.push_back(path);
  }
  return scripts;
}

std::string words_of(const std::vector<std::string>& paths) {
  std::string words;
  for (const std::string& path : paths) words += " '" + path + "'";
  return words;
}

std::vector<std::string> cpp_paths() {
  std::vector<std::string> paths;
  for (const SourceFile& file : cpp_files()) paths.push_back(file.path);
  return paths;
}

// A file outside of the tree with this text; its path.
std::string temporary_file(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "arbees_tidy_" + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Tree, HasSources) {
  EXPECT_THAT(project_paths(), Contains("src/core/base/time.h"));
  EXPECT_GT(cpp_files().size(), 50U);
}

TEST(Tree, IncludesPointInwardOnly) {
  const Findings findings = over_cpp_files(check_includes);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, PackagesOfAllLibrariesAreListed) {
  const std::string listed = read_file("scripts/packages.txt");
  for (const SourceFile& file : cpp_files()) {
    for (const std::string& package : packages_used(file)) {
      EXPECT_NE(find_word(listed, package), std::string::npos) << package << " of " << file.path;
    }
  }
}

TEST(Tree, TheCoreNamesNothingImpure) {
  const Findings findings = over_cpp_files(check_core_words);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, TheCoreLibraryNeedsNoSymbolBeyondTheList) {
  const CommandResult nm = run_command("nm -P '" ARBEES_CORE_LIBRARY "'");
  ASSERT_EQ(nm.exit_code, 0) << nm.output;
  ASSERT_THAT(nm.output, HasSubstr("fixed_point.cpp.o"));
  const Findings findings = forbidden_symbols(nm.output);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, MoneyIsNeverFloatingPoint) {
  const Findings findings = over_cpp_files(check_money_is_integer);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, FilesAndFunctionsAreShort) {
  const Findings findings = over_cpp_files(check_lengths);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, NamesFollowTheRules) {
  const Findings findings = over_cpp_files(check_names);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, NothingIsPromisedForLater) {
  const Findings findings = over_cpp_files(check_words);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, TestsAssertAndNeverSleep) {
  Findings findings;
  for (const SourceFile& file : cpp_files()) {
    if (is_test_source(file.path)) append(findings, check_tests(file));
  }
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, NoFileIsLargerThanAMegabyte) {
  for (const std::string& path : project_paths()) {
    EXPECT_LE(std::filesystem::file_size(std::filesystem::path(ARBEES_SOURCE_DIR) / path), kMaxFileSize) << path;
  }
}

TEST(Tree, DocumentsLeadSomewhere) {
  const std::vector<std::string> paths = project_paths();
  Findings findings;
  for (const SourceFile& file : project_files({".md"})) append(findings, check_document(file, paths, read_file));
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, EveryDecisionIsListed) {
  const std::string list = read_file("docs/decisions/README.md");
  for (const std::string& path : project_paths()) {
    if (!path.starts_with("docs/decisions/") || path.ends_with("README.md")) continue;
    EXPECT_THAT(list, HasSubstr("(" + path.substr(path.rfind('/') + 1) + ")"));
  }
}

TEST(Tree, SourcesCiteDocumentsThatExist) {
  const std::vector<std::string> paths = project_paths();
  Findings findings;
  for (const SourceFile& file : cpp_files()) {
    if (file.path.starts_with("src/")) append(findings, check_cited_documents(file, paths));
  }
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

TEST(Tree, ReadmeShowsTheTwoCommandsEarly) {
  const std::string readme = read_file("README.md");
  const auto lines = lines_of(readme);
  const auto end = lines.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(lines.size(), 80));
  EXPECT_NE(std::find(lines.begin(), end, "./run"), end);
  EXPECT_NE(std::find(lines.begin(), end, "./test"), end);
}

TEST(Tree, SourcesAreFormatted) {
  ASSERT_TRUE(is_installed("clang-format-19")) << "./test installs it";
  const std::string command = "clang-format-19 --dry-run --Werror ";
  const std::string bad = temporary_file("bad.cpp", "int  f( ){return 1 ;}\n");
  EXPECT_NE(run_command(command + "--style=file:.clang-format " + bad).exit_code, 0);
  const CommandResult result = run_command(command + words_of(cpp_paths()));
  std::string places;
  for (const std::string_view line : lines_of(result.output)) {
    const std::size_t end = line.find(": error: ");
    if (end != std::string_view::npos) places += "\n  " + std::string(line.substr(0, end));
  }
  EXPECT_EQ(result.exit_code, 0) << "not in the form of .clang-format (scripts/format.sh mends it):" << places;
}

TEST(Tree, ShellScriptsPassShellcheck) {
  ASSERT_TRUE(is_installed("shellcheck")) << "./test installs it";
  EXPECT_NE(run_command("shellcheck " + temporary_file("bad.sh", "#!/bin/bash\nrm $1\n")).exit_code, 0);
  EXPECT_THAT(shell_scripts(), testing::IsSupersetOf({"run", "test", "scripts/setup.sh", ".ci/run"}));
  const CommandResult result = run_command("shellcheck -x" + words_of(shell_scripts()));
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

TEST(Tree, ShellScriptsParse) {
  EXPECT_NE(run_command("bash -n " + temporary_file("broken.sh", "if true; then\n")).exit_code, 0);
  for (const std::string& script : shell_scripts()) {
    const CommandResult result = run_command("bash -n '" + script + "'");
    EXPECT_EQ(result.exit_code, 0) << result.output;
  }
}

}  // namespace
}  // namespace arbees::tidy
