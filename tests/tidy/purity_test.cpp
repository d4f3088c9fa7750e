#include "tests/tidy/purity.h"

#include <gmock/gmock.h>

namespace arbees::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Purity, FindsWordsThatReachOutside) {
  EXPECT_THAT(check_core_words({"src/core/risk/x.cpp", "int f();\nauto t = std::chrono::system_clock::now();\n"}),
              SizeIs(2));
  EXPECT_THAT(check_core_words({"src/core/risk/x.cpp", "void f() { throw 1; }"}),
              ElementsAre("src/core/risk/x.cpp:1: 'throw' in the pure core"));
  EXPECT_THAT(check_core_words({"src/core/risk/x.cpp", "std::mutex m;"}), SizeIs(1));
  EXPECT_THAT(check_core_words({"src/core/risk/x.cpp", "std::printf(\"x\");"}), SizeIs(1));
}

TEST(Purity, LooksAtWholeWordsOfCodeOnly) {
  EXPECT_THAT(check_core_words({"src/core/risk/x.cpp", "// throw, mutex\nint rethrow_count; auto s = \"throw\";"}),
              IsEmpty());
  EXPECT_THAT(check_core_words({"src/core/risk/x_test.cpp", "std::printf(\"x\");"}), IsEmpty());
  EXPECT_THAT(check_core_words({"src/app/x.cpp", "std::printf(\"x\");"}), IsEmpty());
}

TEST(Purity, FloatingPointStaysInPricing) {
  EXPECT_THAT(check_core_words({"src/core/pricing/x.cpp", "double sigma;"}), IsEmpty());
  EXPECT_THAT(check_core_words({"src/core/risk/x.cpp", "double sigma;"}),
              ElementsAre(HasSubstr("outside core/pricing")));
}

TEST(Purity, FindsMoneyInFloatingPoint) {
  EXPECT_THAT(check_money_is_integer({"src/app/x.cpp", "double total_cost = 0;"}), SizeIs(1));
  EXPECT_THAT(check_money_is_integer({"src/app/x.cpp", "void f(double price, int n);"}), SizeIs(1));
  EXPECT_THAT(check_money_is_integer({"src/app/x.cpp", "double fair_price(double sigma);"}), IsEmpty());
  EXPECT_THAT(check_money_is_integer({"src/app/x.cpp", "double seconds = 0; Money cost;"}), IsEmpty());
}

TEST(Purity, FindsSymbolsBeyondTheList) {
  EXPECT_THAT(forbidden_symbols("lib.a[x.o]:\nmemcpy U         \n_Z1fv T 0 10\nlog U         \n"), IsEmpty());
  EXPECT_THAT(forbidden_symbols("lib.a[x.o]:\n_Z1fv U         \nprintf U         \nlib.a[y.o]:\n_Z1fv T 0 10\n"),
              ElementsAre("printf"));
}

}  // namespace
}  // namespace arbees::tidy
