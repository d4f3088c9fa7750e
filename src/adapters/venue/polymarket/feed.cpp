#include "adapters/venue/polymarket/feed.h"

#include "adapters/venue/book_checker.h"
#include "adapters/venue/health_sum.h"
#include "adapters/venue/polymarket/decoder.h"
#include "adapters/venue/rest_snapshots.h"

namespace arbees::polymarket {
namespace {

class PublicRestBook final : public RestBook {
 public:
  explicit PublicRestBook(net::Url base) : base_(std::move(base)) {}

  net::HttpRequest request(std::string_view symbol, Timestamp) override {
    net::HttpRequest request;
    request.target = net::join(base_, "/book?token_id=" + std::string(symbol)).target;
    return request;
  }
  void decode(std::string_view, std::string_view body, Timestamp received_at, DecodedFrame& out) override {
    Decoder(DecoderOptions{.max_tokens = 4}).decode(body, received_at, out);
  }

 private:
  net::Url base_;
};

FeedContext with_sink(const FeedContext& context, FeedSink& sink, std::uint64_t salt) {
  return FeedContext{context.sockets, sink, context.connections, context.seed + salt};
}

}  // namespace

struct PolymarketFeed::Streams {
  Streams(net::IoLoop& loop, const FeedContext& context, const FeedOptions& options)
      : rest_book(options.rest),
        checker(context.sink, rest_book, std::make_unique<net::HttpClient>(loop, options.rest, options.http),
                rest_limits("polymarket")),
        snapshots(loop, options.rest, options.http, rest_limits("polymarket")),
        market_protocol(options.websocket),
        twap_protocol(options.prices, PriceTopic::ChainlinkTwap60),
        spot_protocol(options.prices, PriceTopic::ChainlinkSpot),
        books(market_protocol, with_sink(context, checker, 1), &snapshots),
        twap(twap_protocol, with_sink(context, context.sink, 2)),
        spot(spot_protocol, with_sink(context, context.sink, 3)) {
    checker.attach(books);
    checker.set_repeat_interval(options.equality_every);
    snapshots.attach(books);
    std::vector<std::string> symbols;
    for (const Asset asset : options.references) symbols.push_back(rtds_symbol(asset));
    twap.subscribe(symbols);
    spot.subscribe(symbols);
  }

  PublicRestBook rest_book;
  BookChecker checker;
  RestSnapshots snapshots;
  MarketProtocol market_protocol;
  RtdsProtocol twap_protocol;
  RtdsProtocol spot_protocol;
  FeedSupervisor books;
  FeedSupervisor twap;
  FeedSupervisor spot;
};

PolymarketFeed::PolymarketFeed(net::IoLoop& loop, const FeedContext& context, const FeedOptions& options)
    : streams_(std::make_unique<Streams>(loop, context, options)) {}

PolymarketFeed::~PolymarketFeed() = default;

void PolymarketFeed::start() {
  streams_->books.start();
  streams_->twap.start();
  streams_->spot.start();
}

void PolymarketFeed::subscribe(std::span<const std::string> symbols) { streams_->books.subscribe(symbols); }

void PolymarketFeed::unsubscribe(std::span<const std::string> symbols) {
  streams_->books.unsubscribe(symbols);
  for (const std::string& symbol : symbols) streams_->checker.forget(instrument_id(Venue::Polymarket, symbol));
}

void PolymarketFeed::tick(Timestamp now) {
  streams_->books.tick(now);
  streams_->twap.tick(now);
  streams_->spot.tick(now);
  streams_->snapshots.tick(now);
  streams_->checker.tick(now);
}

FeedHealth PolymarketFeed::health(Timestamp now) const {
  FeedHealth health = streams_->books.health(now);
  add_counts(health, streams_->twap.health(now));
  add_counts(health, streams_->spot.health(now));
  streams_->checker.add_to(health);
  return health;
}

FeedHealth PolymarketFeed::reference_health(Timestamp now) const { return streams_->twap.health(now); }

void PolymarketFeed::stop() {
  streams_->books.stop();
  streams_->twap.stop();
  streams_->spot.stop();
}

}  // namespace arbees::polymarket
