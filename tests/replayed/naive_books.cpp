#include "tests/replayed/naive_books.h"

#include <rapidjson/document.h>

namespace arbees::naive {
namespace {

constexpr std::int64_t kOne = 100'000'000;
constexpr std::int64_t kHundredth = kOne / 100;

std::string_view text(const rapidjson::Value& object, const char* key) {
  if (!object.IsObject()) return {};
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::int64_t units(const rapidjson::Value& value) {
  return to_units(std::string_view(value.GetString(), value.GetStringLength()));
}

void set(Side& side, std::int64_t price, std::int64_t size) {
  if (size == 0) {
    side.erase(price);
  } else {
    side[price] = size;
  }
}

// Displayed sizes may be cut to hundredths, which a contract of ours is counted in.
std::int64_t floored(std::int64_t size) { return size - size % kHundredth; }

}  // namespace

std::int64_t to_units(std::string_view decimal) {
  std::int64_t value = 0;
  int decimals = -1;  // digits after the point so far; -1: before it
  const bool is_negative = decimal.starts_with('-');
  for (const char c : decimal.substr(is_negative ? 1 : 0)) {
    if (c == '.') {
      decimals = 0;
    } else if (decimals < 8) {
      value = value * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    }
  }
  for (int i = decimals < 0 ? 0 : decimals; i < 8; ++i) value *= 10;
  return is_negative ? -value : value;
}

void KalshiBooks::add(std::string_view line) {
  rapidjson::Document document;
  document.Parse(line.data(), line.size());
  if (document.HasParseError() || text(document, "src") != "kalshi") return;
  const std::string_view type = text(document, "type");
  const auto message = document.FindMember("msg");
  if (message == document.MemberEnd()) return;
  const std::string market(text(message->value, "market_ticker"));
  if (type == "orderbook_snapshot") {
    Levels& book = books[market] = Levels{};
    for (const bool is_yes : {true, false}) {
      const auto levels = message->value.FindMember(is_yes ? "yes_dollars_fp" : "no_dollars_fp");
      if (levels == message->value.MemberEnd()) continue;
      for (const auto& level : levels->value.GetArray()) {
        const std::int64_t price = units(level[0]);
        set(is_yes ? book.bids : book.asks, is_yes ? price : kOne - price, units(level[1]));
      }
    }
  } else if (type == "orderbook_delta" && books.contains(market)) {
    const bool is_yes = text(message->value, "side") == "yes";
    const std::int64_t price = to_units(text(message->value, "price_dollars"));
    Side& side = is_yes ? books[market].bids : books[market].asks;
    const std::int64_t size = side[is_yes ? price : kOne - price] + to_units(text(message->value, "delta_fp"));
    if (size < 0) ++negative_levels;
    set(side, is_yes ? price : kOne - price, size);
  }
}

namespace {

void take_book(const rapidjson::Value& frame, Books& books) {
  Levels& book = books[std::string(text(frame, "asset_id"))] = Levels{};
  for (const bool is_bid : {true, false}) {
    const auto levels = frame.FindMember(is_bid ? "bids" : "asks");
    if (levels == frame.MemberEnd()) continue;
    for (const auto& level : levels->value.GetArray()) {
      set(is_bid ? book.bids : book.asks, units(level["price"]), floored(units(level["size"])));
    }
  }
}

void take_changes(const rapidjson::Value& changes, Books& books) {
  for (const auto& change : changes.GetArray()) {
    const auto book = books.find(std::string(text(change, "asset_id")));
    if (book == books.end()) continue;
    Side& side = text(change, "side") == "BUY" ? book->second.bids : book->second.asks;
    set(side, units(change["price"]), floored(units(change["size"])));
  }
}

void take_polymarket(const rapidjson::Value& frame, Books& books) {
  if (frame.IsArray()) {
    for (const auto& item : frame.GetArray()) take_polymarket(item, books);
    return;
  }
  if (!frame.IsObject()) return;
  if (frame.HasMember("bids") && frame.HasMember("asks")) return take_book(frame, books);
  const auto changes = frame.FindMember("price_changes");
  if (changes != frame.MemberEnd()) take_changes(changes->value, books);
}

}  // namespace

void PolymarketBooks::add(std::string_view line) {
  rapidjson::Document document;
  document.Parse(line.data(), line.size());
  if (document.HasParseError()) return;
  if (document.IsObject()) {
    if (document.HasMember("src") && text(document, "src") != "polymarket_clob") return;
    for (const char* wrapper : {"frame", "payload"}) {
      const auto inner = document.FindMember(wrapper);
      if (inner != document.MemberEnd()) return take_polymarket(inner->value, books);
    }
    if (document.HasMember("raw")) return add(std::string(text(document, "raw")));
  }
  take_polymarket(document, books);
}

void BinanceBook::add(std::string_view line) {
  rapidjson::Document document;
  const std::string_view frame = line.substr(line.find(' ') + 1);
  document.Parse(frame.data(), frame.size());
  if (document.HasParseError()) return;
  const auto read = [](const rapidjson::Value& object, const char* bids, const char* asks) {
    Levels sides;
    for (const auto& level : object[bids].GetArray()) sides.bids[units(level[0])] = units(level[1]);
    for (const auto& level : object[asks].GetArray()) sides.asks[units(level[0])] = units(level[1]);
    return sides;
  };
  if (document.HasMember("lastUpdateId")) {
    levels = read(document, "bids", "asks");
    last_id_ = document["lastUpdateId"].GetUint64();
    is_live = true;
    for (const Update& update : waiting_) apply(update);
    waiting_.clear();
    return;
  }
  const auto data = document.FindMember("data");
  if (data == document.MemberEnd() || text(data->value, "e") != "depthUpdate" || text(data->value, "s") != symbol_)
    return;
  const Update update{data->value["U"].GetUint64(), data->value["u"].GetUint64(), read(data->value, "b", "a")};
  if (is_live) {
    apply(update);
  } else {
    waiting_.push_back(update);
  }
}

void BinanceBook::apply(const Update& update) {
  if (update.last <= last_id_) return;
  if (update.first > last_id_ + 1) is_live = false;
  last_id_ = update.last;
  for (const auto& [price, size] : update.changes.bids) set(levels.bids, price, size);
  for (const auto& [price, size] : update.changes.asks) set(levels.asks, price, size);
}

}  // namespace arbees::naive
