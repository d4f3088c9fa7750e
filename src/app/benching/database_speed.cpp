#include "app/benching/database_speed.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "adapters/telemetry/json.h"
#include "adapters/telemetry/latency_histogram.h"
#include "app/benching/memory_sources.h"
#include "app/benching/run_speed.h"
#include "app/storing/price_tap.h"
#include "app/trading_run.h"
#include "core/simulation/market_generator.h"

namespace arbees::app {
namespace {

using Clock = std::chrono::steady_clock;
using postgres::PriceRow;

constexpr const char* kSchema = "arbees_bench";
constexpr std::size_t kEvents = 200'000;
constexpr std::int64_t kEventsPerSecond = 20'000;
constexpr Duration kPatience = std::chrono::minutes(10);
constexpr std::uint64_t kMarkets = 200;

// A folder for spilled batches that disappears.
class Scratch {
 public:
  Scratch() : folder_((std::filesystem::temp_directory_path() / "arbees-bench-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) folder_.clear();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] const std::string& path() const noexcept { return folder_; }

 private:
  std::string folder_;
};

Result<postgres::DatabaseUrl, std::string> in_own_schema(const std::string& url) {
  if (url.find("options=") != std::string::npos) return failure<std::string>("the URL must not have options= here");
  const char mark = url.find('?') == std::string::npos ? '?' : '&';
  return postgres::DatabaseUrl::parse(fmt::format("{}{}options=-csearch_path%3D{}", url, mark, kSchema));
}

PriceRow market_row(std::uint64_t i, std::int64_t start_ns) {
  PriceRow row;
  row.kind = PriceRow::Kind::Market;
  row.received_ns = start_ns + static_cast<std::int64_t>(i) * 1'000;
  row.exchange_ns = row.received_ns - 250'000;
  row.instrument = InstrumentId{1 + i % kMarkets};
  row.venue = Venue::Kalshi;
  row.asset = Asset::BTC;
  row.bid = static_cast<std::int64_t>(1'000 + i % 5'000);
  row.ask = row.bid + 100;
  row.bid_quantity = static_cast<std::int64_t>(100 + i % 90'000);
  row.ask_quantity = 12'345;
  row.has_bid = row.has_ask = true;
  row.status = BookStatus::Proven;
  return row;
}

constexpr std::uint64_t kBatch = 20'000;
constexpr std::uint64_t kMostBare = 200'000;

std::string copy_bare(postgres::Connection& connection, std::uint64_t rows, DatabaseSpeed& speed) {
  const auto made = connection.run("CREATE UNLOGGED TABLE bare (LIKE market_prices)");
  if (!made) return made.error().text;
  std::vector<std::string> batches;
  for (std::uint64_t i = 0; i < std::min(rows, kMostBare); ++i) {
    if (i % kBatch == 0) batches.emplace_back();
    const std::string ticker = fmt::format("KXBTCD-26NOV2317-T{}", 60'000 + i % kMarkets * 250);
    append_market_row(batches.back(), market_row(i, 1'790'000'000'000'000'000), {ticker, ticker});
  }
  const std::string target = fmt::format("bare ({})", postgres::table_form(postgres::Table::MarketPrices).columns);
  const auto start = Clock::now();
  for (const std::string& lines : batches) {
    if (const auto begun = connection.begin(); !begun) return begun.error().text;
    if (const auto copied = connection.copy(target, lines); !copied) return copied.error().text;
    if (const auto done = connection.commit(); !done) return done.error().text;
  }
  speed.bare_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  speed.bare_rows = std::min(rows, kMostBare);
  return {};
}

std::string describe_server(postgres::Connection& connection, DatabaseSpeed& speed) {
  double minute = 0.0;
  speed.load = ::getloadavg(&minute, 1) == 1 ? minute : 0.0;
  const auto told = connection.value(
      "SELECT string_agg(name || ' ' || setting || coalesce(unit, ''), ', ' ORDER BY name) FROM pg_settings WHERE name "
      "IN ('fsync', 'synchronous_commit', 'shared_buffers', 'max_wal_size')");
  if (!told) return told.error().text;
  speed.server = told->value_or("");
  return {};
}

std::string measure_rows(const postgres::DatabaseUrl& url, std::uint64_t rows, DatabaseSpeed& speed) {
  const Scratch scratch;
  postgres::WriterOptions options;
  options.spill_folder = scratch.path();
  options.process = "bench";
  postgres::Writer writer(url, options);
  for (std::uint64_t i = 1; i <= kMarkets; ++i) {
    const std::string ticker = fmt::format("KXBTCD-26NOV2317-T{}", 60'000 + i * 250);
    writer.name(InstrumentId{i}, {ticker, ticker});
  }
  // The schema is made before the clock starts.
  while (writer.status().state == postgres::WriterState::Connecting) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const std::int64_t start_ns = std::chrono::system_clock::now().time_since_epoch().count();
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < rows; ++i) {
    // Asleep, not busy: the core is the server's.
    while (!writer.has_room()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    (void)writer.put(market_row(i, start_ns));
  }
  if (!writer.finish(kPatience)) return writer.status().last_trouble;
  speed.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  speed.rows = rows;
  speed.spills = writer.status().queue.spills;
  const auto connection = postgres::Connection::open(url);
  if (!connection) return connection.error().text;
  const auto counted = (*connection)->value("SELECT count(*) FROM market_prices");
  if (!counted) return counted.error().text;
  const std::string text = counted->value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), speed.counted);
  return copy_bare(**connection, rows, speed);
}

RecordStore generated_market() {
  GeneratorSettings market;
  market.length = std::chrono::hours(24 * 365);  // longer than the events last
  MarketGenerator generator(market);
  RecordStore store;
  Event event;
  for (std::size_t i = 0; i < kEvents && generator.poll(event); ++i) store.add(event);
  return store;
}

// Steps at a steady rate: what is measured is a thread that has time, as a real one has.
StepTimes measure_steps(std::string name, const RecordStore& market, postgres::Writer* writer) {
  const auto histogram = std::make_unique<LatencyHistogram>();
  PrefixedStream source(std::make_unique<RecordSource>(market), paper_opening(1, RiskLimits{}));
  PriceTap tap(Duration::zero());
  TradingRunOptions options;
  if (writer != nullptr) {
    tap.start(*writer);
    options.tap = &tap;
  }
  TradingRun run(source, options);
  const auto start = Clock::now();
  for (std::int64_t i = 0;; ++i) {
    const auto due = start + std::chrono::nanoseconds(i * 1'000'000'000 / kEventsPerSecond);
    while (Clock::now() < due) {
    }
    const auto before = Clock::now();
    if (!run.step()) break;
    histogram->add(std::chrono::nanoseconds(Clock::now() - before).count());
  }
  StepTimes times;
  times.name = std::move(name);
  times.steps = histogram->count();
  times.p50_ns = histogram->quantile(0.5);
  times.p90_ns = histogram->quantile(0.9);
  times.p99_ns = histogram->quantile(0.99);
  times.p999_ns = histogram->quantile(0.999);
  times.max_ns = histogram->max();
  return times;
}

StepTimes measure_with(std::string name, const RecordStore& market, const postgres::DatabaseUrl& url) {
  const Scratch scratch;
  postgres::WriterOptions options;
  options.spill_folder = scratch.path();
  options.process = "bench";
  postgres::Writer writer(url, options);
  StepTimes times = measure_steps(std::move(name), market, &writer);
  (void)writer.finish(std::chrono::seconds(5));
  const postgres::WriterStatus status = writer.status();
  times.rows = status.rows_written;
  times.rows_dropped = status.rows_dropped;
  return times;
}

}  // namespace

Result<DatabaseSpeed, std::string> measure_database(const std::string& url, std::uint64_t rows) {
  const auto outside = postgres::DatabaseUrl::parse(url);
  if (!outside) return failure(outside.error());
  const auto inside = in_own_schema(url);
  if (!inside) return failure(inside.error());
  const auto connection = postgres::Connection::open(*outside);
  if (!connection) return failure(outside->shown() + ": " + connection.error().text);
  const std::string fresh = fmt::format("DROP SCHEMA IF EXISTS {} CASCADE", kSchema);
  const auto made = (*connection)->run(fmt::format("{}; CREATE SCHEMA {}", fresh, kSchema));
  if (!made) return failure(made.error().text);
  DatabaseSpeed speed;
  std::string wrong = describe_server(**connection, speed);
  if (wrong.empty()) wrong = measure_rows(*inside, rows, speed);
  if (wrong.empty()) {
    const RecordStore market = generated_market();
    const auto nowhere = postgres::DatabaseUrl::parse("postgres://127.0.0.1:1/nowhere");
    (void)measure_steps("warm-up", market, nullptr);
    speed.steps.push_back(measure_steps("without writer", market, nullptr));
    speed.steps.push_back(measure_with("with writer", market, *inside));
    speed.steps.push_back(measure_with("database away", market, *nowhere));
  }
  (void)(*connection)->run(fresh);
  if (!wrong.empty()) return failure(std::move(wrong));
  return speed;
}

std::string DatabaseSpeed::to_json() const {
  JsonWriter json;
  json.begin_object().field("rows", rows).field("seconds", seconds).field("rows_per_second", per_second(rows, seconds));
  json.field("counted", counted).field("spilled_batches", spills).field("bare_rows", bare_rows);
  json.field("bare_rows_per_second", per_second(bare_rows, bare_seconds)).field("server", server).field("load", load);
  json.key("steps").begin_array();
  for (const StepTimes& times : steps) {
    json.begin_object().field("name", times.name).field("steps", times.steps).field("p50_ns", times.p50_ns);
    json.field("p90_ns", times.p90_ns).field("p99_ns", times.p99_ns).field("p999_ns", times.p999_ns);
    json.field("max_ns", times.max_ns).field("rows", times.rows).field("rows_dropped", times.rows_dropped).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string DatabaseSpeed::to_text() const {
  std::string text = fmt::format("{} rows in {:.2f} s: {:.0f} rows/s; the database has {}; {} batches went to disk\n",
                                 rows, seconds, per_second(rows, seconds), counted, spills);
  text += fmt::format("COPY alone, without index or log: {:.0f} rows/s; {}; load of the machine {:.1f}\n",
                      per_second(bare_rows, bare_seconds), server, load);
  text += fmt::format("{:<16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>9} {:>8}\n", "step of trading", "steps", "p50 ns",
                      "p90 ns", "p99 ns", "p99.9 ns", "max ns", "stored", "dropped");
  for (const StepTimes& times : steps) {
    text +=
        fmt::format("{:<16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>9} {:>8}\n", times.name, times.steps, times.p50_ns,
                    times.p90_ns, times.p99_ns, times.p999_ns, times.max_ns, times.rows, times.rows_dropped);
  }
  return text;
}

}  // namespace arbees::app
