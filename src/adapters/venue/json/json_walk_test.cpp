#include "adapters/venue/json/json_walk.h"

#include <gtest/gtest.h>

#include <string>

#include "adapters/venue/frame.h"

namespace arbees {
namespace {

// Writes the walk down as text.
class Recorder final : public JsonHandler {
 public:
  void begin_object(std::string_view key) override { text.append(key).append("{"); }
  void end_object() override { text += "}"; }
  void begin_array(std::string_view key) override { text.append(key).append("["); }
  void end_array() override { text += "]"; }
  void scalar(std::string_view key, const JsonScalar& value) override {
    text.append(key).append("=").append(value.is_string() ? "'" : "").append(value.text).append(";");
  }
  std::string text;
};

std::string walk(std::string_view json) {
  static JsonWalker walker;
  FrameBuffer buffer;
  Recorder recorder;
  const char* error = walker.walk(buffer.assign(json), recorder);
  return error == nullptr ? recorder.text : "error";
}

TEST(JsonWalk, HandsOverEveryValueInTheOrderSent) {
  EXPECT_EQ(walk(R"({"a":1,"b":[true,null,{"c":"x\ny"}],"d":{},"e":-0.50 , "f":[] })"),
            "{a=1;b[=true;=null;{c='x\ny;}]d{}e=-0.50;f[]}");
  EXPECT_EQ(walk(R"( [ [ "1" , 2e5 ] ] )"), "[[='1;=2e5;]]");
}

TEST(JsonWalk, RefusesWhatIsBrokenAnywhere) {
  for (const char* json : {"",
                           " ",
                           "x",
                           "1",
                           "\"a\"",
                           "null",
                           "{",
                           "}",
                           "{\"a\":1",
                           "{\"a\":1,}",
                           "{\"a\" 1}",
                           "{\"a\":1}}",
                           "{\"a\":1} x",
                           "{\"a\":1}{\"b\":2}",
                           "{\"a\":tru}",
                           "{\"a\":truee}",
                           "{\"a\":nul}",
                           "{\"a\":01}",
                           "{\"a\":1.}",
                           "{\"a\":.5}",
                           "{\"a\":+1}",
                           "{\"a\":1e}",
                           "{\"a\":0x1}",
                           "{\"a\":NaN}",
                           "{\"a\":-}",
                           "{\"a\":1 2}",
                           "{\"a\":[1,]}",
                           "{\"a\":[1}",
                           "{\"a\":[1 2]}",
                           "[1,2",
                           "{\"a\":\"\\q\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"x}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":{\"b\":[}]}"}) {
    EXPECT_EQ(walk(json), "error") << json;
  }
  EXPECT_EQ(walk(std::string("{\"a\":1}\0", 8)), "error");
  EXPECT_EQ(walk(std::string("{\"a\":\"\0\"}", 9)), "error");
}

TEST(JsonWalk, LimitsTheDepth) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_NE(walk(nested(JsonWalker::kMaxDepth)), "error");
  EXPECT_EQ(walk(nested(JsonWalker::kMaxDepth + 1)), "error");
  EXPECT_EQ(walk(nested(100000)), "error");
}

TEST(JsonWalk, TruncatedDocumentsAreRefusedAtEveryLength) {
  const std::string json =
      R"({"type":"x","msg":{"a":[["0.1","2"],["0.3",4]],"b":true,"c":null,"d":"\u00e9"},"seq":12})";
  ASSERT_NE(walk(json), "error");
  for (std::size_t length = 0; length < json.size(); ++length)
    EXPECT_EQ(walk(json.substr(0, length)), "error") << length;
}

}  // namespace
}  // namespace arbees
