// Wrong lines among good ones: each is reported by its number, the good ones count as if it were alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <functional>

#include "tests/cli/program.h"
#include "tests/cli/sample_lines.h"

namespace arbees::cli {
namespace {

constexpr int kDone = 0;
constexpr int kBadInput = 3;

struct BadLine {
  std::string name;
  std::string text;
};

std::string nested(std::size_t depth) { return std::string(depth, '['); }

// Lines that are wrong at every venue and belong to no book.
std::vector<BadLine> bad_lines() {
  return {
      {"garbage", "}{ not JSON"},
      {"truncated", R"({"type":"ticker","ms)"},
      {"a number", "42"},
      {"NUL bytes", std::string("\0{\"type\":\0}", 11)},
      {"NUL bytes alone", std::string(16, '\0')},
      {"invalid UTF-8", "{\"type\":\"\xff\xfe\xc3\x28\"}"},
      {"invalid UTF-8 alone", "\xff\xfe\xc3\x28"},
      {"two documents", R"({"a":1}{"b":2})"},
      {"too long", std::string((std::size_t{16} << 20) + 1, 'x')},
      {"deeply nested", nested(1'000'000)},
      {"deeply nested behind a key", R"({"type":)" + nested(1'000'000)},
  };
}

struct Session {
  const char* venue;
  std::vector<std::string> good;  // ends with a snapshot, which heals what anyone could have doubted
};

std::vector<Session> sessions() {
  return {
      {"kalshi",
       {kalshi_snapshot(1), kalshi_delta(2), kalshi_delta(3, "-4.00"), kalshi_snapshot(4, "99.00"), kalshi_delta(5)}},
      {"polymarket", {polymarket_book("100"), polymarket_book("101.239"), polymarket_book("102")}},
      {"coinbase", {coinbase_snapshot("3"), coinbase_update(), coinbase_snapshot("4")}},
      {"binance", {binance_update(11, 12), binance_snapshot(12), binance_update(13, 14), binance_snapshot(14)}},
  };
}

// One bad line behind each good one in turn, until all bad ones are in; the numbers of the bad ones.
std::vector<std::uint64_t> mix(const std::vector<std::string>& good, const std::vector<BadLine>& bad,
                               std::string& text) {
  std::vector<std::uint64_t> numbers;
  std::uint64_t number = 0;
  const auto add = [&](const std::string& line) {
    text += line + "\n";
    ++number;
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    add(good[i]);
    add("");
    if (i + 1 == good.size()) break;
    for (std::size_t j = i; j < bad.size(); j += good.size() - 1) {
      add(bad[j].text);
      numbers.push_back(number);
    }
  }
  return numbers;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text.substr(0, 200);
  return document;
}

// Numbers of the lines that an array of {"line":…} objects names, each once.
std::vector<std::uint64_t> lines_named(const rapidjson::Value& items) {
  std::vector<std::uint64_t> lines;
  for (const auto& item : items.GetArray()) lines.push_back(item["line"].GetUint64());
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

TEST(BadInput, BooksAreThoseOfTheGoodLines) {
  const test::TemporaryFolder folder;
  for (const Session& session : sessions()) {
    SCOPED_TRACE(session.venue);
    std::string mixed;
    std::vector<std::uint64_t> numbers = mix(session.good, bad_lines(), mixed);
    std::sort(numbers.begin(), numbers.end());
    write_text(folder.file("mixed"), mixed);
    write_text(folder.file("good"), joined(session.good));
    const Result clean = run({"books", "--venue", session.venue, folder.file("good"), "--json"});
    const Result result = run({"books", "--venue", session.venue, folder.file("mixed"), "--json"});
    EXPECT_EQ(clean.exit_code, kDone) << clean.out;
    EXPECT_EQ(result.exit_code, kBadInput) << result.error;
    const rapidjson::Document expected = parsed(clean.out);
    const rapidjson::Document found = parsed(result.out);
    ASSERT_TRUE(expected.IsObject() && found.IsObject());
    EXPECT_EQ(expected["books"].Size(), 1U);
    EXPECT_TRUE(expected["books"] == found["books"]) << clean.out << result.out;
    EXPECT_EQ(lines_named(found["anomalies"]), numbers);
    for (const auto& anomaly : found["anomalies"].GetArray()) EXPECT_STREQ(anomaly["kind"].GetString(), "malformed");
  }
}

// A message about a known book that cannot be read: the book is in doubt until its next snapshot.
TEST(BadInput, AnUnreadableChangeUnprovesItsBook) {
  const test::TemporaryFolder folder;
  std::string cut = kalshi_delta(2);
  cut.resize(cut.size() - 30);
  const auto status = [&](const std::vector<std::string>& lines) {
    write_text(folder.file("lines"), joined(lines));
    const Result result = run({"books", "--venue", "kalshi", folder.file("lines"), "--json"});
    EXPECT_EQ(result.exit_code, kBadInput);
    return std::string(parsed(result.out)["books"][0]["status"].GetString());
  };
  EXPECT_NE(status({kalshi_snapshot(1), cut}), "proven");
  EXPECT_NE(status({kalshi_snapshot(1), cut, kalshi_delta(3)}), "proven");
  EXPECT_EQ(status({kalshi_snapshot(1), cut, kalshi_delta(3), kalshi_snapshot(4)}), "proven");
}

TEST(BadInput, WrongTypesAndImpossibleNumbersAreBadInput) {
  const test::TemporaryFolder folder;
  const std::string snapshot = kalshi_snapshot(1);
  const auto with = [](std::string line, std::string_view from, std::string_view to) {
    return line.replace(line.find(from), from.size(), to);
  };
  const std::string delta = kalshi_delta(2);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"malformed", with(delta, R"("0.4600")", "[]")},
      {"malformed", with(delta, R"("0.4600")", R"("")")},
      {"malformed", with(delta, R"("10.00")", "null")},
      {"malformed", with(delta, R"("yes")", "7")},
      {"malformed", with(delta, R"("seq":2)", R"("seq":"two")")},
      {"malformed", with(delta, R"("seq":2)", R"("seq":-2)")},
      {"out_of_range", with(delta, R"("0.4600")", R"("1.4600")")},
      {"out_of_range", with(delta, R"("0.4600")", R"("-0.4600")")},
      {"price_off_tick", with(delta, R"("0.4600")", R"("0.46001")")},
  };
  for (const auto& [kind, line] : wrong) {
    SCOPED_TRACE(line);
    write_text(folder.file("lines"), snapshot + "\n" + line + "\n");
    const Result result = run({"books", "--venue", "kalshi", folder.file("lines"), "--json"});
    EXPECT_EQ(result.exit_code, kBadInput);
    const rapidjson::Document found = parsed(result.out);
    ASSERT_EQ(found["anomalies"].Size(), 1U) << result.out;
    EXPECT_EQ(found["anomalies"][0]["kind"].GetString(), kind);
    EXPECT_EQ(found["anomalies"][0]["line"].GetUint64(), 2U);
    EXPECT_STRNE(found["books"][0]["status"].GetString(), "proven");
    EXPECT_EQ(found["books"][0]["bids"].Size(), 2U);
  }
}

struct Recording {
  const char* format;
  std::vector<std::string> good;
  std::vector<BadLine> bad;  // wrong in this format only
};

std::vector<Recording> recordings() {
  const auto wrapped = [](const std::string& head, const std::string& frame) { return head + frame.substr(1); };
  const auto quoted = [](const std::string& text) {
    std::string escaped;
    for (const char c : text) {
      if (c == '"' || c == '\\') escaped.push_back('\\');
      escaped.push_back(c);
    }
    return "\"" + escaped + "\"";
  };
  const std::string watch =
      R"({"recv_ns":1778707200000000000,"src":"kalshi","type":"watch_market","msg":{"market_ticker":)"
      R"("KXBTC15M-26MAY131730-30","strike":"80938.41","close_time":"2026-05-13T21:30:00Z","status":"active"}})";
  const std::string coinbase = R"({"recv_ns":1778707200000000300,"src":"coinbase","type":"match","msg":)";
  return {
      {"kalshi-btc15m-l2",
       {watch, wrapped(R"({"recv_ns":1778707200000000100,"src":"kalshi",)", kalshi_snapshot(1)),
        wrapped(R"({"recv_ns":1778707200000000200,"src":"kalshi",)", kalshi_delta(2)),
        coinbase + R"({"product_id":"BTC-USD","trade_id":7,"price":"80938.5","time":"2026-05-13T21:20:00Z"}})"},
       {{"no time", kalshi_delta(3)},
        {"a market without close", R"({"recv_ns":1778707200000000100,"src":"kalshi","type":"watch_market","msg":{}})"},
        {"a trade without price", coinbase + R"({"product_id":"BTC-USD"}})"},
        {"a trade of wrong types", coinbase + R"([1,2]})"},
        {"a trade nested deeply", coinbase + nested(1'000'000) + std::string(1'000'000, ']') + "}"},
        {"an unknown type nested deeply", R"({"recv_ns":1778707200000000100,"src":"kalshi","type":"no_such","msg":)" +
                                              nested(1'000'000) + std::string(1'000'000, ']') + "}"}}},
      {"polymarket-btc5m-book",
       {R"({"recv_ts":1776081600.25,"slug":"btc-updown-5m-1776081600","frame":)" + polymarket_book("100") + "}",
        R"({"recv_ts":1776081600.5,"slug":"btc-updown-5m-1776081600","frame":)" + polymarket_book("101") + "}"},
       {{"no time", polymarket_book("102")}, {"no frame", R"({"recv_ts":1776081600.5,"frame":17})"}}},
      {"binance-spot-ws-raw",
       {"1723161253937085768 " + binance_update(11, 12), "1723161253937085769 " + binance_snapshot(12),
        "1723161253937085770 " + binance_trade(3)},
       {{"no time", binance_trade(4)}, {"no frame", "1723161253937085771 "}}},
      {"multivenue-raw-frames",
       {R"({"recv_ms":1777366911692,"src":"polymarket_clob","raw":)" + quoted(polymarket_book("5")) + "}",
        R"({"recv_ms":1777366911693,"src":"binance","raw":)" + quoted(binance_trade(5)) + "}",
        R"({"recv_ms":1777366911694,"src":"coinbase","raw":)" + quoted(coinbase_snapshot("5")) + "}"},
       {{"unknown source", R"({"recv_ms":1777366911693,"src":"nasdaq","raw":"{}"})"},
        {"broken frame", R"({"recv_ms":1777366911693,"src":"binance","raw":"{\"stream\":"})"},
        {"a frame that is no text", R"({"recv_ms":1777366911693,"src":"binance","raw":5})"}}},
  };
}

TEST(BadInput, ImportTakesTheGoodLinesAndNamesTheOthers) {
  const test::TemporaryFolder folder;
  for (const Recording& recording : recordings()) {
    SCOPED_TRACE(recording.format);
    std::vector<BadLine> bad = bad_lines();
    bad.insert(bad.end(), recording.bad.begin(), recording.bad.end());
    std::string mixed;
    std::vector<std::uint64_t> numbers = mix(recording.good, bad, mixed);
    std::sort(numbers.begin(), numbers.end());
    write_text(folder.file("good"), joined(recording.good));
    write_text(folder.file("mixed"), mixed);
    const auto imported = [&](const std::string& name) {
      return run({"import", "--format", recording.format, folder.file(name), "--out",
                  folder.file(std::string(recording.format) + "." + name), "--json"});
    };
    const Result clean = imported("good");
    const Result result = imported("mixed");
    EXPECT_EQ(clean.exit_code, kDone) << clean.out << clean.error;
    EXPECT_EQ(result.exit_code, kBadInput) << result.error;
    const rapidjson::Document expected = parsed(clean.out);
    const rapidjson::Document found = parsed(result.out);
    ASSERT_TRUE(expected.IsObject() && found.IsObject());
    EXPECT_EQ(lines_named(found["issues"]), numbers);
    EXPECT_EQ(found["bad_lines"].GetUint64(), numbers.size());
    // Doubts about books may come on top.
    EXPECT_GE(found["events"].GetUint64(), expected["events"].GetUint64());
    EXPECT_GE(expected["events"].GetUint64(), recording.good.size());
    EXPECT_EQ(run({"replay", folder.file(std::string(recording.format) + ".mixed"), "--json"}).exit_code, kDone);
  }
}

}  // namespace
}  // namespace arbees::cli
