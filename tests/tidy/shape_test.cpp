#include "tests/tidy/shape.h"

#include <gmock/gmock.h>

namespace arbees::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string repeated(std::string_view line, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line;
  return text;
}

TEST(CodeOnly, BlanksCommentsAndLiteralsAndKeepsLines) {
  EXPECT_EQ(code_only("a // {\nb /* }\n} */ c"), "a     \nb     \n     c");
  EXPECT_EQ(code_only("f(\"{\\\"}\", '{');"), "f(      ,    );");
  EXPECT_EQ(code_only("R\"x({\")\")x\" y"), std::string(12, ' ') + "y");
  EXPECT_EQ(code_only("int n = 1'000'000; char c = 'x';"), "int n = 1'000'000; char c =    ;");
}

TEST(FunctionBodies, AreFoundInNamespacesAndTypes) {
  const auto bodies = function_bodies(
      "namespace a {\nstruct S : public B<int> {\n  int f(int x) const noexcept {\n    return x;\n  }\n  int y = "
      "0;\n};\n"
      "enum class E { One, Two };\nconstexpr int kTable[] = {1, 2};\nint g() { return 1; }\n}\n");
  ASSERT_THAT(bodies, SizeIs(2));
  EXPECT_THAT(bodies[0].head, HasSubstr("int f(int x)"));
  EXPECT_EQ(bodies[0].line_count, 3U);
  EXPECT_EQ(bodies[0].parameter_count, 1U);
  EXPECT_EQ(bodies[1].line_count, 1U);
  EXPECT_EQ(bodies[1].parameter_count, 0U);
}

TEST(FunctionBodies, IncludeLambdasAndBlocksAndFollowMemberInitializers) {
  const auto bodies = function_bodies("S::S(int a) : a_{a}, b_{0} {\n  if (a) {\n    g([&] { return 1; });\n  }\n}\n");
  ASSERT_FALSE(bodies.empty());
  EXPECT_EQ(bodies.back().line_count, 5U);
}

TEST(FunctionBodies, CountParametersNotTemplateArguments) {
  EXPECT_EQ(function_bodies("int f(std::map<int, int> a, int b = g(1, 2)) {}")[0].parameter_count, 2U);
  EXPECT_EQ(function_bodies("int f(int a, int b, int c, int d, int e, int g) {}")[0].parameter_count, 6U);
}

TEST(Lengths, FindsLongFilesLongFunctionsAndLongParameterLists) {
  EXPECT_THAT(check_lengths({"src/x.h", repeated("int a;\n", 600)}), IsEmpty());
  EXPECT_THAT(check_lengths({"src/x.h", repeated("int a;\n", 601)}), ElementsAre(HasSubstr("600 lines")));
  EXPECT_THAT(check_lengths({"src/x.cpp", "int f() {\n" + repeated("g();\n", 58) + "}\n"}), IsEmpty());
  EXPECT_THAT(check_lengths({"src/x.cpp", "int f() {\n" + repeated("g();\n", 59) + "}\n"}),
              ElementsAre("src/x.cpp:1: a function of 61 lines"));
  EXPECT_THAT(check_lengths({"src/x.cpp", "int f(int a, int b, int c, int d, int e, int g) {}"}),
              ElementsAre(HasSubstr("6 parameters")));
}

TEST(Names, AreSnakeCaseAndHeadersSayWhatTheyAreFor) {
  EXPECT_THAT(check_names({"src/core/base/time.h", "#pragma once\n// Instants.\n"}), IsEmpty());
  EXPECT_THAT(check_names({"src/core/base/Time.cpp", ""}), ElementsAre(HasSubstr("snake_case")));
  EXPECT_THAT(check_names({"src/core/base/time.h", "#pragma once\n#include <x>\n"}), SizeIs(1));
  EXPECT_THAT(check_names({"src/core/base/time.h", "// Instants.\n#include <x>\n"}), SizeIs(2));
}

TEST(Words, ThatPromiseLaterWorkAreFound) {
  const std::string later = std::string("TO") + "DO";
  EXPECT_THAT(check_words({"src/x.cpp", "int a;\n// " + later + ": b\n"}), ElementsAre("src/x.cpp:2: '" + later + "'"));
  EXPECT_THAT(check_words({"src/x.cpp", "int todos;"}), IsEmpty());
}

TEST(Tests, MustAssertAndMayNotSleepOrBeOff) {
  const std::string sleeping = std::string("std::this_thread::sleep") + "_for(1s);";
  EXPECT_THAT(check_tests({"a_test.cpp", "TEST(A, B) { EXPECT_EQ(1, 1); }"}), IsEmpty());
  EXPECT_THAT(check_tests({"a_test.cpp", "TEST(A, B) { f(); }"}), ElementsAre(HasSubstr("assert nothing")));
  EXPECT_THAT(check_tests({"a_test.cpp", "int f();"}), ElementsAre(HasSubstr("without tests")));
  EXPECT_THAT(check_tests({"a_test.cpp", "TEST(A, B) { EXPECT_TRUE(f()); " + sleeping + " }"}), SizeIs(1));
  EXPECT_THAT(check_tests({"a_test.cpp", "TEST(A, DISABLED_B) { EXPECT_TRUE(f()); }"}),
              ElementsAre(HasSubstr("disabled")));
}

}  // namespace
}  // namespace arbees::tidy
