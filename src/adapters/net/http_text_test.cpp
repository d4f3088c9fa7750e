#include "adapters/net/http_text.h"

#include <gmock/gmock.h>

namespace arbees::net {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

const Url kBase{"https", "api.example.com", 8443, "/"};

TEST(HttpText, WritesRequests) {
  const auto text = request_text(kBase, {"POST", "/a?b=c", {{"X-Key", "k"}}, "body", {}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "POST /a?b=c HTTP/1.1\r\nHost: api.example.com:8443\r\nUser-Agent: " + std::string(user_agent()) +
                       "\r\nAccept: */*\r\nContent-Length: 4\r\nX-Key: k\r\n\r\nbody");
}

TEST(HttpText, HeadersThatAreGivenAreNotDoubled) {
  const auto text =
      request_text(kBase, {"GET", "/", {{"host", "other"}, {"USER-AGENT", "me"}, {"Accept", "x"}}, "", {}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "GET / HTTP/1.1\r\nhost: other\r\nUSER-AGENT: me\r\nAccept: x\r\n\r\n");
}

TEST(HttpText, DeletionsTellThatTheyHaveNoBody) {
  EXPECT_THAT(*request_text(kBase, {"DELETE", "/order", {}, "", {}}), HasSubstr("Content-Length: 0\r\n"));
}

TEST(HttpText, HeadersAreOneLine) {
  EXPECT_TRUE(is_header("X-Key", "a b\tc"));
  EXPECT_TRUE(is_header("X", ""));
  for (const char* const name : {"", "a b", "a:", "a\n", "\xc3\xa4"}) EXPECT_FALSE(is_header(name, "x")) << name;
  for (const char* const value : {"a\n", "a\r", "\x01", "\x7f"}) EXPECT_FALSE(is_header("X", value));
  EXPECT_FALSE(is_header("X", std::string_view("\0", 1)));
}

TEST(HttpText, PercentEscapes) {
  EXPECT_EQ(percent_decoded("a%20b%2Fc%3f", false), "a b/c?");
  EXPECT_EQ(percent_decoded("a+b", false), "a+b");
  EXPECT_EQ(percent_decoded("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decoded("100%", false), "100%");
  EXPECT_EQ(percent_decoded("%4", false), "%4");
  EXPECT_EQ(percent_decoded("%zz%41", false), "%zzA");
  EXPECT_EQ(percent_decoded("%%41", false), "%A");
}

TEST(HttpText, WritesResponses) {
  const ServerResponse response{201, "text/plain", "body", {{"X", "1"}}};
  EXPECT_EQ(response_text(response, {}),
            "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX: 1\r\n\r\nbody");
  EXPECT_THAT(response_text(response, {true, false, false}), EndsWith("Content-Length: 4\r\nX: 1\r\n\r\n"));
  EXPECT_THAT(response_text(response, {false, true, false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(response_text(response, {false, false, true}), HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_EQ(response_text({204, "", "ignored", {}}, {}), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(HttpText, ResponsesThatCannotBeSentAre500) {
  EXPECT_THAT(response_text({99, "text/plain", "", {}}, {}), HasSubstr(" 500 "));
  EXPECT_THAT(response_text({200, "text\r\nX: y", "", {}}, {}), Not(HasSubstr("X: y")));
}

TEST(HttpText, ParametersOfAQuery) {
  ServerRequest request;
  request.query = "a=1&b&c=%26&a=2&=x&&d=e=f";
  EXPECT_THAT(request.parameters("a"), ElementsAre("1", "2"));
  EXPECT_EQ(request.parameter("b"), "");
  EXPECT_EQ(request.parameter("c"), "&");
  EXPECT_EQ(request.parameter("d"), "e=f");
  EXPECT_THAT(request.parameters("b"), ElementsAre(""));
  EXPECT_THAT(request.parameters("none"), ElementsAre());
}

}  // namespace
}  // namespace arbees::net
