#include "adapters/net/url.h"

#include <gmock/gmock.h>

#include "core/base/random.h"

namespace arbees::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string parts(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return url.error();
  return url->scheme + " " + url->host + " " + std::to_string(url->port) + " " + url->target;
}

TEST(Url, ReadsItsParts) {
  EXPECT_EQ(parts("https://api.example.com/trade-api/v2?x=1"), "https api.example.com 443 /trade-api/v2?x=1");
  EXPECT_EQ(parts("wss://api.example.com"), "wss api.example.com 443 /");
  EXPECT_EQ(parts("WSS://API.Example.com:8443?a=b"), "wss api.example.com 8443 /?a=b");
  EXPECT_EQ(parts("http://127.0.0.1:65535/"), "http 127.0.0.1 65535 /");
  EXPECT_EQ(parts("ws://localhost"), "ws localhost 80 /");
  EXPECT_EQ(parts("ws://[::1]:9/x"), "ws ::1 9 /x");
  EXPECT_EQ(parts("https://[2001:DB8::1]"), "https 2001:db8::1 443 /");
  EXPECT_EQ(parts("https://h/a:b@c//d"), "https h 443 /a:b@c//d");
}

TEST(Url, RefusesWhatItShouldNotBe) {
  for (const char* const text : {"",
                                 "h",
                                 "://h",
                                 "ftp://h",
                                 "https:/h",
                                 "https://",
                                 "https:///x",
                                 "https://:1",
                                 "https://h:",
                                 "https://h:0",
                                 "https://h:65536",
                                 "https://h:-1",
                                 "https://h:1x",
                                 "https://h:99999999999999999999",
                                 "https://u@h",
                                 "https://u:p@h",
                                 "https://h/#f",
                                 "https://h#f",
                                 "https://h/a b",
                                 "https://h/\n",
                                 "https://h\x7f",
                                 "https://h/\xc3\xa4",
                                 "https://[::1",
                                 "https://[]",
                                 "https://[::1]x",
                                 "https://[g]",
                                 "https://h:1:2",
                                 "https://h\\x",
                                 "https://h%41"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
  EXPECT_FALSE(parse_url(std::string_view("https://h/\0", 11)));
}

TEST(Url, WithoutTlsOnlyThisMachine) {
  for (const char* const text :
       {"http://example.com", "ws://10.0.0.1", "ws://0.0.0.0", "http://127.0.0.1.example.com",
        "http://localhost.example.com", "http://127.1", "http://0127.0.0.1", "http://127.0.0.256", "http://127.0.0.1.",
        "http://127.0.0.01", "http://[::2]", "http://[::ffff:127.0.0.1]"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
  for (const char* const text : {"http://127.0.0.1", "ws://127.255.0.3:1", "http://LOCALHOST", "ws://[::1]"}) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_TRUE(url->is_loopback());
    EXPECT_FALSE(url->is_tls());
  }
}

TEST(Url, ErrorsDoNotRepeatTheText) {
  const auto url = parse_url("https://user:secret@host/");
  ASSERT_FALSE(url);
  EXPECT_THAT(url.error(), Not(HasSubstr("secret")));
}

TEST(Url, TheAuthorityNamesAnUnusualPort) {
  EXPECT_EQ(parse_url("https://h")->authority(), "h");
  EXPECT_EQ(parse_url("https://h:443")->authority(), "h");
  EXPECT_EQ(parse_url("https://h:80")->authority(), "h:80");
  EXPECT_EQ(parse_url("ws://[::1]:80")->authority(), "[::1]");
  EXPECT_EQ(parse_url("ws://[::1]:81")->authority(), "[::1]:81");
}

TEST(Url, JoinsWithOneSlash) {
  const Url base = *parse_url("https://h/trade-api/v2/");
  EXPECT_EQ(join(base, "/markets").target, "/trade-api/v2/markets");
  EXPECT_EQ(join(base, "markets?x=1").target, "/trade-api/v2/markets?x=1");
  EXPECT_EQ(join(*parse_url("https://h"), "/markets").target, "/markets");
  EXPECT_EQ(join(*parse_url("https://h"), "?x").target, "/?x");
  EXPECT_EQ(join(*parse_url("https://h"), "").target, "/");
  EXPECT_EQ(join(base, "/x").authority(), "h");
}

// Whatever is read can be written and read again to the same parts.
TEST(Url, ReadAgainIsTheSameForRandomTexts) {
  constexpr std::uint64_t kSeed = 20'260'715;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  constexpr std::string_view kPieces[] = {"https", "ws",   "http", "wss",       "://", ":",           "/",   "//",
                                          "[",     "]",    "::1",  "127.0.0.1", "h",   "Example.ORG", ".",   "443",
                                          "80",    "8080", "?",    "#",         "@",   "a=b",         "%20", " "};
  int read = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = random.chance(1, 2) ? "https://" : "";
    const std::uint64_t count = random.below(7);
    for (std::uint64_t j = 0; j < count; ++j) text += kPieces[random.below(std::size(kPieces))];
    const auto url = parse_url(text);
    if (!url) continue;
    ++read;
    const auto again = parse_url(url->scheme + "://" + url->authority() + url->target);
    ASSERT_TRUE(again) << text;
    ASSERT_EQ(parts(text), parts(again->scheme + "://" + again->authority() + again->target)) << text;
    ASSERT_TRUE(url->is_tls() || url->is_loopback()) << text;
    ASSERT_TRUE(url->target.starts_with('/')) << text;
  }
  EXPECT_GT(read, 1000);
}

}  // namespace
}  // namespace arbees::net
