#pragma once
// For tests: a spot server in virtual time, clients without sockets, and the books that our own decoders make of what
// they are sent.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/venue/frame.h"
#include "core/market/spot_book.h"
#include "sim/servers.h"

namespace arbees::sim {

// Keeps what the server sends.
class RecordingSocket final : public net::ServerSocket {
 public:
  void send(std::string_view text) override { frames.emplace_back(text); }
  void ping(std::string_view payload) override { pings.emplace_back(payload); }
  void close(int code, std::string_view) override { close_code = code; }
  void drop() override { close_code = -1; }
  [[nodiscard]] bool is_open() const noexcept override { return close_code == 0; }

  // All frames since the last call.
  std::vector<std::string> take() { return std::exchange(frames, {}); }

  std::vector<std::string> frames;
  std::vector<std::string> pings;
  int close_code = 0;
};

struct TestClient {
  std::unique_ptr<net::ServerSocketHandler> handler;
  std::shared_ptr<RecordingSocket> socket;

  // The frames that answer.
  std::vector<std::string> ask(std::string_view text) {
    socket->frames.clear();
    handler->on_text(text, from_unix_s(1));
    return socket->take();
  }
};

class TestWorld {
 public:
  static constexpr Timestamp kStart = from_unix_s(1'790'000'000);

  explicit TestWorld(std::uint64_t seed, std::string_view faults = "none")
      : world({.seed = seed, .starts_at = kStart}),
        injector(parse_fault_plan(faults).value_or(FaultPlan{}), seed, kStart),
        now(kStart) {
    world.advance(now);
  }

  [[nodiscard]] ServerContext context() { return {loop, world, injector, keys}; }

  void advance(Duration by) {
    now += by;
    world.advance(now);
  }

  net::IoLoop loop;
  World world;
  FaultInjector injector;
  SimKeys keys;
  Timestamp now;
};

[[nodiscard]] inline net::ServerRequest get_request(std::string_view path, std::string_view query = "") {
  net::ServerRequest request;
  request.method = "GET";
  request.path = path;
  request.query = query;
  request.target = request.path + (query.empty() ? "" : "?" + request.query);
  return request;
}

// A client with its handler; no handler if the server refuses the path.
[[nodiscard]] inline TestClient connect(net::ServerHandler& server, std::string_view path,
                                        std::string_view query = "") {
  TestClient client;
  client.handler = server.on_upgrade(get_request(path, query)).handler;
  client.socket = std::make_shared<RecordingSocket>();
  if (client.handler) client.handler->on_open(client.socket);
  return client;
}

// What a decoder makes of frames: books, and all that was wrong.
class BookKeeper {
 public:
  explicit BookKeeper(FrameDecoder& decoder) : decoder_(decoder) {}

  void take(std::string_view frame, Timestamp at) {
    decoded_.clear();
    decoder_.decode(buffer_.assign(frame), at, decoded_);
    take(decoded_);
  }
  void take(const DecodedFrame& decoded) {
    for (const Anomaly& anomaly : decoded.anomalies) {
      anomalies.push_back(std::string(anomaly_name(anomaly.kind)) + " " + anomaly.symbol + " " + anomaly.detail);
    }
    for (const arbees::Event& event : decoded.events) {
      if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) apply(*update);
      if (const auto* fault = std::get_if<BookFaulted>(&event.body)) books_[fault->id.value].mark(fault->fault);
      if (const auto* trade = std::get_if<SpotTrade>(&event.body)) trades.push_back(*trade);
      if (const auto* quote = std::get_if<SpotQuote>(&event.body)) quotes.push_back(*quote);
    }
  }

  [[nodiscard]] const SpotBook& book(const SpotProduct& product) {
    return books_[instrument_id(product.venue, product.symbol).value];
  }
  // Empty if the book is proven and has exactly these levels; else what is different.
  [[nodiscard]] std::string difference(const SpotProduct& product, const SpotBookView& view) {
    const SpotBook& kept = book(product);
    if (kept.status() != BookStatus::Proven) return "not proven";
    return side_difference(kept, BookSide::Bid, view.bids) + side_difference(kept, BookSide::Ask, view.asks);
  }

  std::vector<std::string> anomalies;
  std::vector<SpotTrade> trades;
  std::vector<SpotQuote> quotes;

 private:
  void apply(const SpotBookUpdate& update) {
    SpotBook& book = books_[update.id.value];
    if (update.is_snapshot_start()) book.begin_snapshot();
    book.apply(update.action, update.side, update.price, update.quantity);
    if (update.is_last()) book.end_snapshot();
  }
  [[nodiscard]] static std::string side_difference(const SpotBook& book, BookSide side,
                                                   const std::vector<SpotLevel>& expected) {
    std::size_t index = 0;
    std::string found;
    book.walk(side, [&](const auto& level) {
      const bool is_same =
          index < expected.size() && expected[index].price == level.price && expected[index].quantity == level.quantity;
      if (!is_same) found = "level " + std::to_string(index) + " differs; ";
      ++index;
      return is_same;
    });
    if (found.empty() && index != expected.size()) found = "levels are missing; ";
    return found;
  }

  FrameDecoder& decoder_;
  FrameBuffer buffer_;
  DecodedFrame decoded_;
  std::map<std::uint64_t, SpotBook> books_;
};

}  // namespace arbees::sim
