#include "app/roles/listener.h"

#include <fmt/format.h>

#include <cstdio>

#include "adapters/bus/envelope.h"
#include "adapters/bus/intake.h"
#include "adapters/bus/sequence_watch.h"
#include "adapters/telemetry/log.h"
#include "app/config/bus_endpoints.h"
#include "app/roles/bus_keys.h"
#include "app/storing/bus_rows.h"
#include "app/storing/database_sink.h"

namespace arbees::app {
namespace {

// A publisher that was heard and then says nothing for so long is reported once.
constexpr Duration kSilence = std::chrono::seconds(30);
// The database gets so long at the end.
constexpr Duration kLastStoring = std::chrono::seconds(3);

struct FileCloser {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

class Listener final : public Role {
 public:
  Listener(const ListenerOptions& options, const RoleContext& context) : options_(options), context_(context) {}

  std::string start(Timestamp) override {
    if (!options_.out.empty()) {
      file_.reset(std::fopen(options_.out.c_str(), "ab"));
      if (!file_) return fmt::format("--out {}: cannot be written", options_.out);
    }
    const BusConfig& config = context_.config.bus;
    const auto keys = bus_keys(config);
    if (!keys) return keys.error();
    bus::SubscriberOptions wanted;
    wanted.endpoints = price_endpoints(config);
    for (const auto& more : {request_endpoints(config), result_endpoints(config),
                             connected_endpoints(config, config.contracts_sub, {config.contracts_pub})}) {
      wanted.endpoints.insert(wanted.endpoints.end(), more.begin(), more.end());
    }
    if (!options_.topics.empty()) wanted.topics = options_.topics;
    wanted.keys = *keys;
    warn_if_plain("zmq-listener", wanted.endpoints, *keys);
    const std::string wrong = open_database();
    if (!wrong.empty()) return wrong;
    for (const bus::Endpoint& endpoint : wanted.endpoints) publishers_.emplace_back().endpoint = endpoint.text();
    auto subscriber = bus::Subscriber::connect(bus_, wanted);
    if (!subscriber) return subscriber.error();
    intake_ = std::make_unique<bus::Intake>(std::move(*subscriber), context_.loop,
                                            [this](bus::BusFrame&& frame) { take(frame); });
    return {};
  }

  void tick(Timestamp now) override {
    for (Publisher& publisher : publishers_) {
      const bool is_silent = publisher.last_at != kNoTime && now - publisher.last_at > kSilence;
      if (is_silent && !publisher.is_silent) fmt::print(stderr, "{}: silent\n", publisher.endpoint);
      publisher.is_silent = is_silent;
    }
    if (database_) {
      rows_->tick(now);
      database_->tick(now);
    }
  }

  void serve(Timestamp) override { std::fflush(out()); }
  [[nodiscard]] std::string trouble() const override {
    return failed_ ? "the output cannot be written" : std::string();
  }

  std::string finish() override {
    intake_.reset();
    if (database_) {
      const Timestamp now = net::IoLoop::now();
      rows_->tick(now, true);
      if (!database_->finish(kLastStoring, now)) {
        log(LogLevel::Warning, "not all is stored in the database; the next start goes on with it",
            {{"trouble", database_->trouble()}});
      }
    }
    failed_ = std::fflush(out()) != 0 || failed_;
    for (const Publisher& publisher : publishers_) {
      const bus::SequenceCounts& counts = publisher.watch.counts();
      if (counts.messages == 0 && publisher.malformed == 0) continue;
      fmt::print(stderr, "{}: {} messages, {} gaps ({} missed), {} duplicates, {} restarts, {} malformed\n",
                 publisher.endpoint, counts.messages, counts.gaps, counts.missed, counts.duplicates, counts.restarts,
                 publisher.malformed);
    }
    return trouble();
  }

  void write_counts(JsonWriter& json) const override {
    json.key("publishers").begin_array();
    for (const Publisher& publisher : publishers_) {
      const bus::SequenceCounts& counts = publisher.watch.counts();
      json.begin_object().field("endpoint", publisher.endpoint).field("messages", counts.messages);
      json.field("gaps", counts.gaps).field("missed", counts.missed).field("duplicates", counts.duplicates);
      json.field("restarts", counts.restarts).field("malformed", publisher.malformed);
      json.field("silent", publisher.is_silent).end_object();
    }
    json.end_array();
    if (!database_) return;
    json.field("not_stored", rows_->unknown()).key("database");
    database_->write_status(json);
  }

 private:
  struct Publisher {
    std::string endpoint;
    bus::SequenceWatch watch;
    Timestamp last_at = kNoTime;
    std::uint64_t malformed = 0;
    bool is_silent = false;
  };

  [[nodiscard]] std::FILE* out() const noexcept { return file_ ? file_.get() : stdout; }

  // An error text; empty also without a database.
  [[nodiscard]] std::string open_database() {
    if (context_.config.database.url.empty()) return {};
    DatabaseSinkOptions wanted;
    wanted.config = context_.config.database;
    wanted.process = "zmq-listener";
    wanted.folder = context_.folder;
    auto opened = DatabaseSink::open(wanted);
    if (!opened) return opened.error();
    database_ = std::move(*opened);
    const Duration interval = std::chrono::milliseconds(context_.config.database.price_interval_ms);
    rows_ = std::make_unique<BusRows>(database_->writer(), interval);
    database_->writer().note(net::IoLoop::now(), "start", context_.folder);
    return {};
  }

  void take(const bus::BusFrame& frame) {
    Publisher& publisher = publishers_[frame.publisher];
    publisher.last_at = frame.received_at;
    if (const auto envelope = bus::decode_envelope(frame.body)) {
      publisher.watch.on(frame.topic, *envelope);
    } else {
      ++publisher.malformed;
    }
    if (rows_) rows_->take(frame.topic, frame.body, frame.received_at);
    if (options_.is_quiet) return;
    const std::string line = listener_line(options_.format, frame.topic, frame.body);
    failed_ = std::fwrite(line.data(), 1, line.size(), out()) != line.size() || failed_;
  }

  ListenerOptions options_;
  const RoleContext& context_;
  bus::BusContext bus_;
  std::unique_ptr<std::FILE, FileCloser> file_;
  std::vector<Publisher> publishers_;
  std::unique_ptr<DatabaseSink> database_;  // null: without one, as the next
  std::unique_ptr<BusRows> rows_;
  std::unique_ptr<bus::Intake> intake_;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<Role> make_listener(const ListenerOptions& options, const RoleContext& context) {
  return std::make_unique<Listener>(options, context);
}

}  // namespace arbees::app
