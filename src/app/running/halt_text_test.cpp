#include "app/running/halt_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "adapters/store/test_files.h"
#include "app/running/halt_latch.h"

namespace arbees::app {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kDifference = "2026-11-23T01:00:10.000Z books and venue differ: kalshi: the venue has $5 less";

class HaltTextTest : public testing::Test {
 protected:
  std::string halt(const std::string& reason) {
    const HaltLatch latch(folder_.file("data"));
    const std::vector<std::string> before = latch.reasons();
    EXPECT_TRUE(latch.halt(reason, from_unix_s(1)));
    return halted_text(before, latch.reasons());
  }

  arbees::test::TemporaryFolder folder_;
};

TEST_F(HaltTextTest, SaysWhatBecameOfTheReason) {
  EXPECT_THAT(halt("first"), EndsWith("nothing new is sent from this folder"));
  EXPECT_THAT(halt("later"), EndsWith("(it was halted already; the first reason stays, and this one was added)"));
  EXPECT_THAT(halt("later"), EndsWith("(it was halted already; the first reason stays)")) << "it stands there";
  EXPECT_THAT(halt(""), EndsWith("(it was halted already; the first reason stays)"));
}

// As `touch halt` makes it.
TEST_F(HaltTextTest, AnEmptyFileGetsItsReason) {
  std::filesystem::create_directories(folder_.file("data"));
  std::fclose(std::fopen((folder_.file("data") + "/halt").c_str(), "w"));
  EXPECT_THAT(halt("lunch"), EndsWith("(it was halted already, without a reason: this one was added)"));
}

TEST_F(HaltTextTest, AStoppedProcessComparesAtItsNextStart) {
  EXPECT_THAT(resumed_text(true, kDifference, false), HasSubstr("the next start compares books and venue again"));
  EXPECT_THAT(resumed_text(true, kDifference, false), Not(HasSubstr("trading may go on")));
  EXPECT_EQ(resumed_text(true, kDifference, true), "trading may go on") << "it has found them equal";
  EXPECT_EQ(resumed_text(true, "drill", false), "trading may go on");
  EXPECT_EQ(resumed_text(false, "", false), "trading may go on (nothing changed)");
}

TEST_F(HaltTextTest, WhatDiffersIsBookedBeforeAResume) {
  EXPECT_EQ(how_to_resume("drill", "a"), "arbees resume --data a --reason TEXT");
  const std::string both = how_to_resume(kDifference, "a");
  EXPECT_THAT(both, HasSubstr("arbees reconcile --data a --accept --reason TEXT"));
  EXPECT_THAT(both, EndsWith("; then arbees resume --data a --reason TEXT"));
}

}  // namespace
}  // namespace arbees::app
