#include "app/benching/live_speed.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <unordered_set>

#include "adapters/telemetry/json.h"
#include "app/benching/load_process.h"
#include "app/benching/measure.h"
#include "app/running/live_trading.h"
#include "app/running/status_document.h"
#include "app/running/venue_feeds.h"
#include "sim/keys.h"
#include "sim/private_file.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr Duration kStatusEvery = std::chrono::milliseconds(250);
// Books of all contracts, and some rest, before the clock starts.
constexpr Duration kMostWait = std::chrono::seconds(60);
constexpr Duration kWarmUp = std::chrono::seconds(3);

double process_seconds() noexcept {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t resident_bytes() noexcept {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long long size = 0;
  unsigned long long resident = 0;
  const int read = std::fscanf(file, "%llu %llu", &size, &resident);
  std::fclose(file);
  return read == 2 ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

// Counts what passes to the session, and notes when each message was read.
class Counter final : public FeedSink {
 public:
  explicit Counter(LiveTrading& trading) noexcept : trading_(trading) {}

  void on_event(const Event& event) override {
    ++events;
    if (!is_measuring) note_proof(event);
    trading_.on_event(event);
  }
  void on_raw(Venue, std::uint32_t, std::string_view, Timestamp received_at) override {
    ++messages;
    if (is_measuring) waiting_.push_back(received_at);
  }
  void on_handled(Timestamp now) {
    for (const Timestamp at : waiting_) latencies.push_back((now - at).count());
    waiting_.clear();
  }

  std::uint64_t messages = 0;
  std::uint64_t events = 0;
  std::vector<std::int64_t> latencies;  // nanoseconds
  std::unordered_set<std::uint64_t> proven;
  bool is_measuring = false;

 private:
  void note_proof(const Event& event) {
    if (const auto* update = std::get_if<BookUpdate>(&event.body); update != nullptr && update->is_last()) {
      proven.insert(update->id.value);
    }
    if (const auto* fault = std::get_if<BookFaulted>(&event.body)) proven.erase(fault->id.value);
  }

  LiveTrading& trading_;
  std::vector<Timestamp> waiting_;
};

class LiveMeasure {
 public:
  LiveMeasure(const LoadPlan& plan, std::string folder) : plan_(plan), folder_(std::move(folder)) {}

  std::string begin() {
    auto load = LoadProcess::start(plan_, folder_);
    if (!load) return load.error();
    load_ = std::move(*load);
    LiveTradingOptions options;
    options.folder = folder_ + "/data";
    options.clock = net::IoLoop::now;
    auto trading = LiveTrading::open(options, net::IoLoop::now());
    if (!trading) return trading.error();
    trading_ = std::move(*trading);
    counter_ = std::make_unique<Counter>(*trading_);
    const Config config = configuration();
    auto feeds = VenueFeeds::make(loop_, config, *counter_, {});
    if (!feeds) return feeds.error();
    feeds_ = std::move(*feeds);
    const LoadContracts contracts = load_contracts(plan_);
    for (const EventBody& body : contracts.listings) trading_->add(body, net::IoLoop::now());
    feeds_->find(Venue::Kalshi)->subscribe(contracts.kalshi);
    feeds_->find(Venue::Polymarket)->subscribe(contracts.polymarket);
    wanted_ = contracts.kalshi.size() + contracts.polymarket.size();
    feeds_->start();
    return {};
  }

  std::string warm_up() {
    const Timestamp end = net::IoLoop::now() + kMostWait;
    serve_until([&] { return counter_->proven.size() >= wanted_ || net::IoLoop::now() > end; });
    if (counter_->proven.size() < wanted_) {
      return fmt::format("only {} of {} books came within a minute", counter_->proven.size(), wanted_);
    }
    load_->begin();
    const Timestamp warm = net::IoLoop::now() + kWarmUp;
    serve_until([&] { return net::IoLoop::now() >= warm; });
    return trading_->trouble();
  }

  LiveSpeed measure(double seconds) {
    LiveSpeed speed;
    speed.contracts = counter_->proven.size();
    const std::uint64_t messages = counter_->messages;
    const std::uint64_t events = counter_->events;
    counter_->latencies.reserve(static_cast<std::size_t>(seconds * 1.5 * static_cast<double>(plan_.rate)));
    counter_->is_measuring = true;
    const double processor = process_seconds();
    const Timestamp start = net::IoLoop::now();
    const Timestamp end = start + Duration(static_cast<std::int64_t>(seconds * 1e9));
    serve_until([&] { return net::IoLoop::now() >= end; });
    speed.processor_seconds = process_seconds() - processor;
    speed.seconds = std::chrono::duration<double>(net::IoLoop::now() - start).count();
    speed.messages = counter_->messages - messages;
    speed.events = counter_->events - events;
    speed.resident_bytes = resident_bytes();
    speed.peak_resident_bytes = peak_resident_bytes();
    add_health(speed);
    auto& latencies = counter_->latencies;
    std::sort(latencies.begin(), latencies.end());
    if (!latencies.empty()) {
      speed.us_p50 = static_cast<double>(latencies[latencies.size() / 2]) / 1e3;
      speed.us_p99 = static_cast<double>(latencies[latencies.size() * 99 / 100]) / 1e3;
    }
    return speed;
  }

  std::string finish() {
    feeds_->stop();
    trading_->drain(net::IoLoop::now());
    return trading_->finish();
  }

 private:
  [[nodiscard]] Config configuration() const {
    Config config = default_config();
    config.assets = "BTC,ETH,SOL,XRP,DOGE";
    for (VenueConfig& venue : config.venues) venue = {.enabled = false, .ca_file = load_->ca_file()};
    const auto point = [&](Venue venue, LoadHost host, const char* websocket, const char* rest) {
      config.venue(venue).enabled = true;
      config.venue(venue).ws_url = load_->url(host, true) + websocket;
      config.venue(venue).rest_url = load_->url(host, false) + rest;
    };
    point(Venue::Kalshi, LoadHost::Kalshi, "/trade-api/ws/v2", "/trade-api/v2");
    point(Venue::Polymarket, LoadHost::Polymarket, "/ws", "");
    point(Venue::Coinbase, LoadHost::Coinbase, "", "");
    point(Venue::Binance, LoadHost::Binance, "", "");
    config.polymarket.live_data_url.clear();
    const sim::SimKeys keys = sim::make_keys(plan_.seed);
    config.kalshi = {keys.rsa_key_id, folder_ + "/kalshi.pem"};
    (void)sim::write_private_file(config.kalshi.private_key_file, keys.rsa_private_pem);  // its reader complains
    return config;
  }

  // LiveProcess does the same, with a dashboard.
  template <class Done>
  void serve_until(Done done) {
    while (!done() && trading_->trouble().empty()) {
      const Timestamp now = net::IoLoop::now();
      Timestamp next = std::min({next_tick_, trading_->next_due(), now + kTick});
      loop_.run_for(std::max(next - now, Duration::zero()));
      const Timestamp after = net::IoLoop::now();
      if (after >= next_tick_) {
        next_tick_ = after + kTick;
        feeds_->tick(after);
        trading_->tick(after);
      } else {
        trading_->drain(after);
      }
      counter_->on_handled(net::IoLoop::now());
      if (after < next_status_) continue;
      next_status_ = after + kStatusEvery;
      StatusInput input;
      input.feeds = feeds_->health(after);
      input.now = after;
      (void)write_status(folder_ + "/data", status_document(input, *trading_));
    }
  }

  void add_health(LiveSpeed& speed) const {
    for (const FeedHealth& health : feeds_->health(net::IoLoop::now())) {
      speed.gaps += health.gaps;
      speed.equality_checks += health.equality_checks;
      speed.equality_failures += health.equality_failures;
    }
  }

  LoadPlan plan_;
  std::string folder_;
  std::unique_ptr<LoadProcess> load_;
  net::IoLoop loop_;
  std::unique_ptr<LiveTrading> trading_;
  std::unique_ptr<Counter> counter_;
  std::unique_ptr<VenueFeeds> feeds_;  // before the loop and the sink
  std::size_t wanted_ = 0;
  Timestamp next_tick_ = kNoTime;
  Timestamp next_status_ = kNoTime;
};

Result<LiveSpeed, std::string> measure_in(const LoadPlan& plan, const std::string& folder, double seconds) {
  LiveMeasure measure(plan, folder);
  std::string wrong = measure.begin();
  if (wrong.empty()) wrong = measure.warm_up();
  if (!wrong.empty()) return failure(std::move(wrong));
  const LiveSpeed speed = measure.measure(seconds);
  wrong = measure.finish();
  if (!wrong.empty()) return failure(std::move(wrong));
  return speed;
}

}  // namespace

double LiveSpeed::core_percent() const noexcept { return seconds > 0.0 ? 100.0 * processor_seconds / seconds : 0.0; }

std::string LiveSpeed::to_json() const {
  JsonWriter json;
  json.begin_object().key("live").begin_object().field("contracts", contracts).field("seconds", seconds);
  json.field("messages", messages).field("events", events);
  json.field("messages_per_second", seconds > 0.0 ? static_cast<double>(messages) / seconds : 0.0);
  json.field("core_percent", core_percent()).field("rss_bytes", resident_bytes);
  json.field("peak_rss_bytes", peak_resident_bytes);
  json.key("us_to_handled").begin_object().field("p50", us_p50).field("p99", us_p99).end_object();
  json.field("gaps", gaps).field("equality_checks", equality_checks).field("equality_failures", equality_failures);
  json.end_object().end_object();
  return json.take();
}

std::string LiveSpeed::to_text() const {
  return fmt::format(
      "{} contracts, {:.0f} messages/s ({:.0f} events/s) for {:.1f} s: {:.1f} % of a core, {:.1f} us a message\n"
      "{:.1f} MB resident, {:.1f} MB at most; read to handled p50 {:.0f} us, p99 {:.0f} us\n"
      "{} gaps, {} equality checks, {} of them failed\n",
      contracts, static_cast<double>(messages) / seconds, static_cast<double>(events) / seconds, seconds,
      core_percent(), messages == 0 ? 0.0 : 1e6 * processor_seconds / static_cast<double>(messages),
      static_cast<double>(resident_bytes) / 1e6, static_cast<double>(peak_resident_bytes) / 1e6, us_p50, us_p99, gaps,
      equality_checks, equality_failures);
}

Result<LiveSpeed, std::string> measure_live(LoadPlan plan, double seconds) {
  plan.begins_at = net::IoLoop::now();
  std::string folder = (std::filesystem::temp_directory_path() / "arbees-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return failure("no folder can be made at " + folder);
  auto speed = measure_in(plan, folder, seconds);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return speed;
}

}  // namespace arbees::app
