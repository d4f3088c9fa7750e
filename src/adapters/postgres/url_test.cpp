#include "adapters/postgres/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DatabaseUrl, IsShownWithoutItsPassword) {
  const auto url = DatabaseUrl::parse("postgresql://arbees:s3cret%21@db.example:5432/trades?sslmode=require");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->shown(), "postgres://arbees:***@db.example:5432/trades");
  EXPECT_EQ(url->secret(), "postgresql://arbees:s3cret%21@db.example:5432/trades?sslmode=require");
}

TEST(DatabaseUrl, KnowsAPasswordAmongTheOptions) {
  const auto url = DatabaseUrl::parse("postgres:///trades?host=/run/pg&password=hunter2");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->shown(), "postgres://:***@/trades");
  EXPECT_EQ(url->without_secret("hunter2 is wrong"), "*** is wrong");
}

TEST(DatabaseUrl, BlanksThePasswordInTextsOfOthers) {
  const auto url = DatabaseUrl::parse("postgres://u:p%40ss@h/d");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->without_secret("bad p%40ss, bad p@ss, bad postgres://u:p%40ss@h/d"), "bad ***, bad ***, bad ***");
}

TEST(DatabaseUrl, RefusesWhatIsNoUrlWithoutRepeatingIt) {
  for (const char* text : {"", "mysql://u:geheim@h/d", "/data/ledger.sqlite", "postgres://u:geheim%zz@h/d",
                           "postgres://u:geheim @h/d", "postgres://u:geheim%4"}) {
    const auto url = DatabaseUrl::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error(), Not(HasSubstr("geheim")));
  }
  EXPECT_FALSE(is_database_url("ledger.sqlite"));
  EXPECT_TRUE(is_database_url("postgres://h/d"));
}

}  // namespace
}  // namespace arbees::postgres
