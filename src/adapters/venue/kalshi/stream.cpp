#include "adapters/venue/kalshi/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

namespace arbees::kalshi {
namespace {

// From this attempt on a lost book is asked for by subscribing anew.
constexpr int kResubscribeAttempt = 3;

constexpr std::string_view kBooks = "orderbook_delta";
constexpr std::string_view kIndices = "cfbenchmarks_value";
constexpr std::array<std::string_view, 3> kMarketChannels = {kBooks, "ticker", "trade"};
constexpr std::string_view kLifecycle = "market_lifecycle_v2";

Result<FeedDial, std::string> signed_dial(const net::Url& url, Credentials& credentials, Timestamp now) {
  FeedDial to{url, signed_headers(credentials, url.target, now)};
  if (to.headers.empty()) return failure(std::string("Kalshi: the request could not be signed"));
  return to;
}

// What an error reply means for the connection; true if the subscription it names has ended.
bool on_error(const Reply& error, SessionReply& reply) {
  reply.trouble = fmt::format("Kalshi error {}: {}", error.code, error.message.substr(0, 200));
  if (error.code == kAuthenticationRequired) reply.must_reconnect = true;
  return error.code == kChannelError || error.code == kBufferOverflow;
}

// A lifecycle message of a market that was created, or whose strike has become known.
bool is_news(const DecodedFrame& decoded) noexcept {
  const auto tells = [](const Event& event) {
    const auto* changed = std::get_if<ContractPhaseChanged>(&event.body);
    return std::holds_alternative<StrikeUpdated>(event.body) ||
           (changed != nullptr && changed->phase == ContractPhase::Initialized);
  };
  constexpr std::size_t kMostEvents = 5;  // of a lifecycle message; a book may have hundreds
  return decoded.events.size() <= kMostEvents && std::any_of(decoded.events.begin(), decoded.events.end(), tells);
}

// The JSON text that stands between this key and the next quote.
std::string_view text_behind(std::string_view frame, std::string_view key) noexcept {
  const std::size_t at = frame.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = frame.substr(at + key.size());
  return rest.substr(0, std::min(rest.find('"'), rest.size()));
}

class BookSession final : public FeedSession {
 public:
  BookSession(bool is_first, bool use_yes_price)
      : decoder_(DecoderOptions{.use_yes_price = use_yes_price}), is_first_(is_first), use_yes_price_(use_yes_price) {}

  FrameDecoder& decoder() override { return decoder_; }

  void open(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    symbols_.insert(symbols.begin(), symbols.end());
    if (is_first_) reply.frames.push_back(commands_.subscribe_all(kLifecycle));
    if (!symbols.empty()) subscribe(symbols, reply);
  }

  // Subscribing again adds to what is subscribed, so it serves as long as a sid is not known yet.
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    symbols_.insert(symbols.begin(), symbols.end());
    for (std::size_t i = 0; i < kMarketChannels.size(); ++i) {
      reply.frames.push_back(sids_[i] ? commands_.update_markets(*sids_[i], "add_markets", symbols)
                                      : subscription(i, symbols));
    }
  }

  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string& symbol : symbols) symbols_.erase(symbol);
    for (std::size_t i = 0; i < kMarketChannels.size(); ++i) {
      if (sids_[i]) {
        reply.frames.push_back(commands_.update_markets(*sids_[i], "delete_markets", symbols));
      } else {
        to_remove_[i].insert(to_remove_[i].end(), symbols.begin(), symbols.end());
      }
    }
  }

  void resync(std::span<const std::string> symbols, int attempt, Timestamp, SessionReply& reply) override {
    if (sids_[0] && attempt < kResubscribeAttempt) {
      reply.frames.push_back(commands_.update_markets(*sids_[0], "get_snapshot", symbols));
      return;
    }
    resubscribe(0, reply);
  }

  void after_frame(std::string_view frame, const DecodedFrame& decoded, Timestamp, SessionReply& reply) override {
    if (is_news(decoded)) {
      const std::string_view ticker = text_behind(frame, R"("market_ticker":")");
      if (!ticker.empty()) reply.markets_heard.emplace_back(ticker);
    }
    if (!decoded.is_control || !reader_.read(frame, answer_)) return;
    switch (answer_.kind) {
      case Reply::Kind::Subscribed: return on_subscribed(reply);
      case Reply::Kind::Error: return on_error_reply(reply);
      case Reply::Kind::Unsubscribed:
      case Reply::Kind::Other: return;
    }
  }

 private:
  std::string subscription(std::size_t channel, std::span<const std::string> symbols) {
    return channel == 0 ? commands_.subscribe_books(symbols, use_yes_price_)
                        : commands_.subscribe_markets(kMarketChannels[channel], symbols);
  }

  void subscribe(std::span<const std::string> symbols, SessionReply& reply) {
    for (std::size_t i = 0; i < kMarketChannels.size(); ++i) reply.frames.push_back(subscription(i, symbols));
  }

  // All of the channel: a snapshot of every book comes with it.
  void resubscribe(std::size_t channel, SessionReply& reply) {
    if (sids_[channel]) reply.frames.push_back(commands_.unsubscribe(*sids_[channel]));
    sids_[channel].reset();
    if (symbols_.empty()) return;
    const std::vector<std::string> all(symbols_.begin(), symbols_.end());
    reply.frames.push_back(subscription(channel, all));
  }

  void on_subscribed(SessionReply& reply) {
    for (std::size_t i = 0; i < kMarketChannels.size(); ++i) {
      if (answer_.channel != kMarketChannels[i] || !answer_.sid) continue;
      sids_[i] = answer_.sid;
      if (to_remove_[i].empty()) continue;
      // Whatever was wanted again meanwhile stays.
      std::erase_if(to_remove_[i], [this](const std::string& symbol) { return symbols_.contains(symbol); });
      if (!to_remove_[i].empty()) {
        reply.frames.push_back(commands_.update_markets(*sids_[i], "delete_markets", to_remove_[i]));
      }
      to_remove_[i].clear();
    }
  }

  void on_error_reply(SessionReply& reply) {
    if (!on_error(answer_, reply) || !answer_.sid) return;
    for (std::size_t i = 0; i < kMarketChannels.size(); ++i) {
      if (sids_[i] != answer_.sid) continue;
      sids_[i].reset();
      resubscribe(i, reply);
    }
  }

  Decoder decoder_;
  Commands commands_;
  ReplyReader reader_;
  Reply answer_;
  std::set<std::string> symbols_;
  std::array<std::optional<std::uint64_t>, kMarketChannels.size()> sids_;
  std::array<std::vector<std::string>, kMarketChannels.size()> to_remove_;
  bool is_first_;
  bool use_yes_price_;
};

class IndexSession final : public FeedSession {
 public:
  FrameDecoder& decoder() override { return decoder_; }

  void open(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    symbols_.insert(symbols.begin(), symbols.end());
    reply.frames.push_back(commands_.subscribe_indices(kIndices, symbols));
  }
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    symbols_.insert(symbols.begin(), symbols.end());
    reply.frames.push_back(sid_ ? commands_.update_indices(*sid_, "subscribe_indices", symbols)
                                : commands_.subscribe_indices(kIndices, symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string& symbol : symbols) symbols_.erase(symbol);
    if (sid_) reply.frames.push_back(commands_.update_indices(*sid_, "unsubscribe_indices", symbols));
  }
  // Indices have no books to lose.
  void resync(std::span<const std::string>, int, Timestamp, SessionReply&) override {}

  void after_frame(std::string_view frame, const DecodedFrame& decoded, Timestamp, SessionReply& reply) override {
    if (!decoded.is_control || !reader_.read(frame, answer_)) return;
    if (answer_.kind == Reply::Kind::Subscribed && answer_.channel == kIndices) sid_ = answer_.sid;
    if (answer_.kind != Reply::Kind::Error || !on_error(answer_, reply)) return;
    sid_.reset();
    const std::vector<std::string> all(symbols_.begin(), symbols_.end());
    reply.frames.push_back(commands_.subscribe_indices(kIndices, all));
  }

 private:
  Decoder decoder_;
  Commands commands_;
  ReplyReader reader_;
  Reply answer_;
  std::set<std::string> symbols_;
  std::optional<std::uint64_t> sid_;
};

}  // namespace

std::vector<net::Header> signed_headers(Credentials& credentials, std::string_view target, Timestamp now) {
  const std::int64_t ms = unix_ns(now) / 1'000'000;
  SignatureText signature;
  if (!credentials.signer.sign(presign_text(ms, "GET", target), signature)) return {};
  return {{"KALSHI-ACCESS-KEY", credentials.key_id},
          {"KALSHI-ACCESS-TIMESTAMP", std::to_string(ms)},
          {"KALSHI-ACCESS-SIGNATURE", std::string(signature.view())}};
}

std::string index_id_of(Asset asset) {
  if (asset == Asset::Unknown) return {};
  if (asset == Asset::BTC) return "BRTI";
  return std::string(asset_name(asset)) + "USD_RTI";
}

BookProtocol::BookProtocol(net::Url url, Credentials& credentials, bool use_yes_price)
    : url_(std::move(url)), credentials_(credentials), use_yes_price_(use_yes_price) {}

Result<FeedDial, std::string> BookProtocol::dial(Timestamp now) { return signed_dial(url_, credentials_, now); }

std::unique_ptr<FeedSession> BookProtocol::make_session(bool is_first) {
  return std::make_unique<BookSession>(is_first, use_yes_price_);
}

IndexProtocol::IndexProtocol(net::Url url, Credentials& credentials)
    : url_(std::move(url)), credentials_(credentials) {}

Result<FeedDial, std::string> IndexProtocol::dial(Timestamp now) { return signed_dial(url_, credentials_, now); }

std::unique_ptr<FeedSession> IndexProtocol::make_session(bool) { return std::make_unique<IndexSession>(); }

}  // namespace arbees::kalshi
