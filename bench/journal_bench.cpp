// Events per second through the journal: append, and read plain and compressed from a warm file.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/store/journal_reader.h"
#include "adapters/store/journal_writer.h"
#include "core/base/random.h"

namespace arbees {
namespace {

constexpr std::uint64_t kEvents = 1'000'000;

std::string temporary_path(const char* name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name)).string();
}

// What a busy minute looks like: changes of contract books between spot trades.
Event market_event(Random& random, std::uint64_t sequence) {
  Event event;
  event.sequence = sequence;
  event.received_at = from_unix_ns(1'785'000'000'000'000'000 + static_cast<std::int64_t>(sequence * 60'000));
  event.exchange_at = event.received_at - std::chrono::milliseconds(random.between(2, 40));
  if (random.chance(1, 4)) {
    SpotTrade trade;
    trade.id = InstrumentId{77};
    trade.price = SpotPrice::from_units(random.between(6'400'000'000'000, 6'410'000'000'000));
    trade.quantity = SpotQuantity::from_units(random.between(1, 100'000'000));
    event.body = trade;
    return event;
  }
  BookUpdate update;
  update.id = InstrumentId{1 + random.below(200)};
  update.price = Price::from_units(random.between(1, 99) * 100);
  update.quantity = Quantity::from_units(random.between(0, 1'000) * 100);
  event.body = update;
  return event;
}

void write_journal(const std::string& path, Compression compression) {
  std::filesystem::remove(path);
  const auto writer = JournalWriter::create(path, JournalHeader{}, compression);
  if (!writer) std::abort();
  Random random(1);
  for (std::uint64_t sequence = 1; sequence <= kEvents; ++sequence) {
    if (!(*writer)->append(market_event(random, sequence))) std::abort();
  }
}

void append_events(benchmark::State& state) {
  const auto compression = state.range(0) == 0 ? Compression::None : Compression::Zstd;
  const std::string path = temporary_path("-append.journal");
  std::vector<Event> events;
  Random random(1);
  for (std::uint64_t sequence = 1; sequence <= 4096; ++sequence) events.push_back(market_event(random, sequence));
  std::filesystem::remove(path);
  const auto writer = JournalWriter::create(path, JournalHeader{}, compression);
  if (!writer) std::abort();
  std::uint64_t appended = 0;
  for (auto _ : state) {
    if (!(*writer)->append(events[appended++ % events.size()])) state.SkipWithError("cannot append");
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes_per_event"] = static_cast<double>((*writer)->bytes_written()) / static_cast<double>(appended);
  std::filesystem::remove(path);
}
BENCHMARK(append_events)->ArgName("zstd")->Arg(0)->Arg(1)->Iterations(2'000'000);

void read_events(benchmark::State& state) {
  const std::string path = temporary_path("-read.journal");
  write_journal(path, state.range(0) == 0 ? Compression::None : Compression::Zstd);
  std::uint64_t count = 0;
  for (auto _ : state) {
    auto reader = JournalReader::open(path);
    if (!reader) std::abort();
    Event event;
    while (reader->next(event)) benchmark::DoNotOptimize(event);
    count += reader->events();
  }
  if (count != kEvents * static_cast<std::uint64_t>(state.iterations())) state.SkipWithError("events are missing");
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  std::filesystem::remove(path);
}
BENCHMARK(read_events)->ArgName("zstd")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace arbees
