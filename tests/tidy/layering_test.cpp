#include "tests/tidy/layering.h"

#include <gmock/gmock.h>

namespace arbees::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Findings includes(const std::string& path, const std::string& header) {
  return check_includes({path, "#include " + header + "\n"});
}

TEST(Layering, CoreModulesSeeThemselvesAndThoseToTheirLeft) {
  EXPECT_THAT(includes("src/core/risk/risk_gate.cpp", "\"core/risk/limits.h\""), IsEmpty());
  EXPECT_THAT(includes("src/core/risk/risk_gate.cpp", "\"core/base/time.h\""), IsEmpty());
  EXPECT_THAT(includes("src/core/base/time.h", "\"core/market/values.h\""), ElementsAre(HasSubstr("points outward")));
  EXPECT_THAT(includes("src/core/pricing/x.h", "\"core/arbitrage/y.h\""), ElementsAre(HasSubstr("x.h:1: ")));
  EXPECT_THAT(includes("src/core/engine/x.h", "\"adapters/venue/frame.h\""), ElementsAre(HasSubstr("points outward")));
  EXPECT_THAT(includes("src/core/engine/x.h", "\"app/json.h\""), ElementsAre(HasSubstr("points outward")));
  EXPECT_THAT(includes("src/core/base/time_test.cpp", "\"core/market/values.h\""), IsEmpty());
}

TEST(Layering, AdaptersSeeTheVocabularyAndTheSharedAdaptersOnly) {
  EXPECT_THAT(includes("src/adapters/venue/kalshi/decoder.cpp", "\"core/market/event.h\""), IsEmpty());
  EXPECT_THAT(includes("src/adapters/venue/kalshi/decoder.cpp", "\"adapters/telemetry/format.h\""), IsEmpty());
  EXPECT_THAT(includes("src/adapters/venue/kalshi/decoder.cpp", "\"adapters/venue/frame.h\""), IsEmpty());
  EXPECT_EQ(includes("src/adapters/venue/kalshi/decoder.cpp", "\"core/risk/limits.h\"").size(), 1U);
  EXPECT_EQ(includes("src/adapters/venue/kalshi/decoder.cpp", "\"adapters/store/journal.h\"").size(), 1U);
  EXPECT_EQ(includes("src/adapters/venue/kalshi/decoder.cpp", "\"adapters/venue/binance/decoder.h\"").size(), 1U);
  EXPECT_THAT(includes("src/adapters/venue/kalshi/decoder.cpp", "\"adapters/venue/json/json_walk.h\""), IsEmpty());
  EXPECT_EQ(includes("src/adapters/telemetry/log.cpp", "\"adapters/net/io_loop.h\"").size(), 1U);
  EXPECT_EQ(includes("src/adapters/store/journal.cpp", "\"app/json.h\"").size(), 1U);
}

TEST(Layering, TheApplicationSeesAllAndMainOnlyTheApplication) {
  EXPECT_THAT(includes("src/app/commands/books.cpp", "\"adapters/venue/kalshi/decoder.h\""), IsEmpty());
  EXPECT_THAT(includes("src/app/commands/books.cpp", "\"core/engine/trading_loop.h\""), IsEmpty());
  EXPECT_THAT(includes("src/core/base/time_test.cpp", "\"tests/support/x.h\""), IsEmpty());
  EXPECT_EQ(includes("src/core/base/time.cpp", "\"tests/support/x.h\"").size(), 1U);
  EXPECT_THAT(includes("src/main.cpp", "\"app/cli.h\""), IsEmpty());
}

TEST(Layering, ThirdPartyHeadersStayInTheirPlaces) {
  EXPECT_THAT(includes("src/adapters/venue/kalshi/decoder.cpp", "<simdjson.h>"), IsEmpty());
  EXPECT_EQ(includes("src/adapters/venue/kalshi/decoder.h", "<simdjson.h>").size(), 1U);
  EXPECT_EQ(includes("src/app/json.cpp", "<simdjson.h>").size(), 1U);
  EXPECT_THAT(includes("src/adapters/venue/polymarket/signer.cpp", "<openssl/hmac.h>"), IsEmpty());
  EXPECT_EQ(includes("src/adapters/venue/polymarket/decoder.cpp", "<openssl/sha.h>").size(), 1U);
  EXPECT_EQ(includes("src/app/commands/price.cpp", "<CLI/CLI.hpp>").size(), 1U);
  EXPECT_EQ(includes("src/core/base/time.h", "<tl/expected.hpp>").size(), 1U);
  EXPECT_EQ(includes("src/app/json.h", "<rapidjson/writer.h>").size(), 1U);
  EXPECT_THAT(includes("src/core/base/time_test.cpp", "<gtest/gtest.h>"), IsEmpty());
  EXPECT_EQ(includes("src/core/base/time.cpp", "<gtest/gtest.h>").size(), 1U);
}

TEST(Layering, UnknownAndBannedHeadersAreFound) {
  EXPECT_EQ(includes("src/app/json.cpp", "<iostream>").size(), 1U);
  EXPECT_EQ(includes("src/app/json.cpp", "<yaml-cpp/yaml.h>").size(), 1U);
  EXPECT_EQ(includes("src/core/base/time.cpp", "<thread>").size(), 1U);
  EXPECT_EQ(includes("src/core/base/time.cpp", "<cstdio>").size(), 1U);
  EXPECT_EQ(includes("src/core/base/time.cpp", "<string>").size(), 1U);
  EXPECT_THAT(includes("src/core/base/time.cpp", "<chrono>"), IsEmpty());
  EXPECT_THAT(includes("src/adapters/store/journal.cpp", "<sys/stat.h>"), IsEmpty());
  EXPECT_THAT(includes("src/adapters/store/journal.cpp", "<unistd.h>"), IsEmpty());
}

TEST(Layering, NamesThePackagesOfTheHeadersUsed) {
  EXPECT_THAT(packages_used({"src/x.cpp", "#include <vector>\n#include <fmt/format.h>\n#include \"core/x.h\"\n"}),
              ElementsAre("libfmt-dev"));
}

}  // namespace
}  // namespace arbees::tidy
