#include "app/roles/listener.h"

#include <fmt/format.h>

#include <cstdio>

#include "adapters/bus/intake.h"
#include "adapters/redis/redis_address.h"
#include "adapters/telemetry/log.h"
#include "app/config/bus_endpoints.h"
#include "app/roles/bus_keys.h"
#include "app/roles/bus_watch.h"
#include "app/roles/redis_streams.h"
#include "app/roles/rotating_file.h"
#include "app/storing/bus_rows.h"
#include "app/storing/database_sink.h"

namespace arbees::app {
namespace {

// The database gets so long at the end.
constexpr Duration kLastStoring = std::chrono::seconds(3);

class Listener final : public Role {
 public:
  Listener(const ListenerOptions& options, const RoleContext& context)
      : options_(options), context_(context), to_(context.config.listener) {}

  std::string start(Timestamp) override {
    if (!to_.out.empty()) {
      constexpr std::uint64_t kMegabyte = 1'000'000;
      const RotatingFile::Limits limits{static_cast<std::uint64_t>(to_.out_megabytes) * kMegabyte,
                                        static_cast<std::uint64_t>(to_.out_files)};
      file_ = std::make_unique<RotatingFile>(to_.out, limits);
      if (!file_->open()) return fmt::format("listener.out (--out) {}: cannot be written", to_.out);
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
    open_streams();
    watch_.add(wanted.endpoints);
    auto subscriber = bus::Subscriber::connect(bus_, wanted);
    if (!subscriber) return subscriber.error();
    intake_ = std::make_unique<bus::Intake>(std::move(*subscriber), context_.loop,
                                            [this](bus::BusFrame&& frame) { take(frame); });
    return {};
  }

  void tick(Timestamp now) override {
    watch_.tick(now);
    if (streams_) streams_->tick(now);
    if (database_) {
      rows_->tick(now);
      database_->tick(now);
    }
  }

  void serve(Timestamp) override { failed_ = !flush() || failed_; }
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
    if (streams_) streams_->finish();
    failed_ = !flush() || failed_;
    watch_.log_report();
    return trouble();
  }

  void write_counts(JsonWriter& json) const override {
    watch_.write(json);
    if (file_) json.field("rotations", file_->rotations());
    if (streams_) streams_->write_status(json);
    if (!database_) return;
    json.field("not_stored", rows_->unknown()).key("database");
    database_->write_status(json);
  }

 private:
  [[nodiscard]] bool flush() { return file_ ? file_->flush() : std::fflush(stdout) == 0; }
  [[nodiscard]] bool write(const std::string& line) {
    return file_ ? file_->write(line) : std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  }

  void open_streams() {
    const auto address = redis::parse_address(context_.config.redis.url);
    if (!to_.redis_streams || !address) return;  // refused with the configuration
    streams_ = std::make_unique<RedisStreams>(context_.loop, *address,
                                              StreamLengths{to_.price_stream_length, to_.stream_length});
  }

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
    const auto envelope = watch_.take(frame);
    if (streams_) streams_->add(frame.topic, frame.body, envelope, frame.received_at);
    if (rows_) rows_->take(frame.topic, frame.body, frame.received_at);
    if (options_.is_quiet) return;
    failed_ = !write(listener_line(to_.format, frame.topic, frame.body)) || failed_;
  }

  ListenerOptions options_;
  const RoleContext& context_;
  const ListenerConfig& to_;
  bus::BusContext bus_;
  std::unique_ptr<RotatingFile> file_;  // null: standard output
  BusWatch watch_;
  std::unique_ptr<RedisStreams> streams_;   // null: not wanted
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
