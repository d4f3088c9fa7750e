#include "adapters/venue/kalshi/feed.h"

#include <utility>

#include "adapters/venue/health_sum.h"

namespace arbees::kalshi {
namespace {

// Signed, so that the answer is not one from a cache.
class SignedRestBook final : public RestBook {
 public:
  SignedRestBook(net::Url base, Credentials& credentials) : base_(std::move(base)), credentials_(credentials) {}

  net::HttpRequest request(std::string_view symbol, Timestamp now) override {
    net::HttpRequest request;
    request.target = net::join(base_, "/markets/" + std::string(symbol) + "/orderbook").target;
    request.headers = signed_headers(credentials_, request.target, now);
    return request;
  }
  void decode(std::string_view symbol, std::string_view body, Timestamp received_at, DecodedFrame& out) override {
    Decoder(DecoderOptions{.use_yes_price = false}).decode_rest_orderbook(symbol, body, received_at, out);
  }

 private:
  net::Url base_;
  Credentials& credentials_;
};

FeedContext with_sink(const FeedContext& context, FeedSink& sink, std::uint64_t salt) {
  return FeedContext{context.sockets, sink, context.connections, context.seed + salt};
}

}  // namespace

struct KalshiFeed::Streams {
  Streams(net::IoLoop& loop, const FeedContext& context, const FeedOptions& options, std::shared_ptr<Credentials> key)
      : credentials(std::move(key)),
        rest_book(options.rest, *credentials),
        checker(context.sink, rest_book, std::make_unique<net::HttpClient>(loop, options.rest, options.http),
                rest_limits("kalshi")),
        book_protocol(options.websocket, *credentials, options.use_yes_price),
        index_protocol(options.websocket, *credentials),
        books(book_protocol, with_sink(context, checker, 1)),
        indices(index_protocol, with_sink(context, context.sink, 2)) {
    checker.attach(books);
    checker.set_repeat_interval(options.equality_every);
    std::vector<std::string> index_ids;
    for (const Asset asset : options.references) index_ids.push_back(index_id_of(asset));
    indices.subscribe(index_ids);
  }

  std::shared_ptr<Credentials> credentials;
  SignedRestBook rest_book;
  BookChecker checker;
  BookProtocol book_protocol;
  IndexProtocol index_protocol;
  FeedSupervisor books;
  FeedSupervisor indices;
};

KalshiFeed::KalshiFeed(net::IoLoop& loop, const FeedContext& context, FeedOptions options,
                       std::shared_ptr<Credentials> credentials) {
  if (credentials) {
    streams_ = std::make_unique<Streams>(loop, context, options, std::move(credentials));
  } else {
    poller_ = std::make_unique<BookPoller>(loop, options.rest, options.http, context.sink);
  }
}

KalshiFeed::~KalshiFeed() = default;

void KalshiFeed::start() {
  if (poller_) return poller_->start();
  streams_->books.start();
  streams_->indices.start();
}

void KalshiFeed::subscribe(std::span<const std::string> symbols) {
  if (poller_) return poller_->subscribe(symbols);
  streams_->books.subscribe(symbols);
}

void KalshiFeed::unsubscribe(std::span<const std::string> symbols) {
  if (poller_) return poller_->unsubscribe(symbols);
  streams_->books.unsubscribe(symbols);
  for (const std::string& symbol : symbols) streams_->checker.forget(instrument_id(Venue::Kalshi, symbol));
}

void KalshiFeed::tick(Timestamp now) {
  if (poller_) return poller_->tick(now);
  streams_->books.tick(now);
  streams_->indices.tick(now);
  streams_->checker.tick(now);
}

FeedHealth KalshiFeed::health(Timestamp now) const {
  if (poller_) return poller_->health(now);
  FeedHealth health = streams_->books.health(now);
  add_counts(health, streams_->indices.health(now));
  streams_->checker.add_to(health);
  return health;
}

FeedHealth KalshiFeed::reference_health(Timestamp now) const {
  if (!poller_) return streams_->indices.health(now);
  FeedHealth health;
  health.venue = Venue::Kalshi;
  health.last_trouble = "the settlement indices need an API key";
  return health;
}

void KalshiFeed::stop() {
  if (poller_) return poller_->stop();
  streams_->books.stop();
  streams_->indices.stop();
}

}  // namespace arbees::kalshi
