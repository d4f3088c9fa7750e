// Vector kernels and inverted detection on recorded days: decisions must be those of pricing each contract exactly.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "adapters/store/text_file.h"
#include "core/base/random.h"
#include "core/pricing/edge_watch.h"
#include "core/pricing/volatility.h"
#include "tests/support/project_file.h"

namespace arbees {
namespace {

const std::string kData = testing_support::project_file("../shared/data/");
const MoveLaw kLaw{ReturnModel::StudentT, 4.4};

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else {
      fields.back().push_back(c);
    }
  }
  return fields;
}

struct Minute {
  Timestamp end;
  PriceBar candle;
};

std::vector<Minute> binance_minutes(std::size_t count) {
  std::vector<Minute> minutes;
  auto reader = LineReader::open(kData + "binance-btcusdt-1m/BTCUSDT-1m-2026-03.csv.zst");
  if (!reader) return minutes;
  std::string_view line;
  while (minutes.size() < count && reader->next(line)) {
    const std::vector<std::string> f = fields_of(line);
    minutes.push_back(
        {*parse_unix_time(f[0]) + std::chrono::minutes(1),
         {std::atof(f[1].c_str()), std::atof(f[2].c_str()), std::atof(f[3].c_str()), std::atof(f[4].c_str())}});
  }
  return minutes;
}

// The three forms at one spot; counts what fired, so that the test cannot pass by silence.
class Comparison {
 public:
  Comparison(FairValueBatch& batch, EdgeWatch& watch) : batch_(batch), watch_(watch), signals_(batch.size()) {}

  void check(const std::vector<std::uint32_t>& numbers, double spot) {
    const double x = batch_.coordinate(spot);
    std::vector<Edge> expected;
    for (const std::uint32_t number : numbers) expected.push_back(batch_.decide(number, batch_.exact(number, x)));
    std::vector<Edge> screened(expected.size(), Edge::None);
    for (const EdgeSignal& signal : batch_.tick(spot, signals_)) {
      const auto at = std::find(numbers.begin(), numbers.end(), signal.contract) - numbers.begin();
      screened[static_cast<std::size_t>(at)] = signal.edge;
    }
    looked_ += watch_.tick(batch_.law(), x) ? 1 : 0;
    const auto inverted = watch_.edges();
    mismatches += screened == expected ? 0 : 1;
    mismatches += std::equal(inverted.begin(), inverted.end(), expected.begin(), expected.end()) ? 0 : 1;
    fired += std::count_if(expected.begin(), expected.end(), [](Edge edge) { return edge != Edge::None; });
    ++ticks;
  }

  long mismatches = 0;
  long fired = 0;
  long ticks = 0;
  [[nodiscard]] long looked() const { return looked_; }

 private:
  FairValueBatch& batch_;
  EdgeWatch& watch_;
  std::vector<EdgeSignal> signals_;
  long looked_ = 0;
};

TEST(RecordedDay, LadderOverADayOfMinuteCandles) {
  const std::vector<Minute> minutes = binance_minutes(3 * 1440);
  ASSERT_EQ(minutes.size(), 3U * 1440) << "recorded data missing under " << kData;
  constexpr std::uint64_t kSeed = 17;
  constexpr int kStrikes = 40;
  Random random(kSeed);
  auto volatility = std::make_unique<Volatility>(VolatilitySettings{});
  std::size_t next = 0;
  for (; next < 2 * 1440; ++next) volatility->add_candle(minutes[next].end, 60, minutes[next].candle);

  long fired = 0;
  long ticks = 0;
  long looked = 0;
  for (; next + 1 < minutes.size(); ++next) {
    volatility->add_candle(minutes[next].end, 60, minutes[next].candle);
    const Timestamp now = minutes[next].end;
    const std::int64_t second = unix_ns(now) / 1'000'000'000;
    const double to_close = static_cast<double>(3600 - second % 3600);
    const auto forecast = volatility->forecast(now, now + std::chrono::seconds(static_cast<int>(to_close)));
    ASSERT_TRUE(forecast.has_value());
    const double spot = minutes[next].candle.close;
    const PricingInputs inputs{.spot = spot,
                               .volatility = forecast->annual,
                               .spot_sd = 2.0,
                               .rounding_unit = 0.01,
                               .window = average_before(std::max(to_close, 61.0), 60, 1, 1),
                               .law = kLaw};
    // Quotes made around the fair value of this minute, which the next minute's prices meet.
    FairValueBatch batch(kLaw, spot, kStrikes, kStrikes);
    EdgeWatch watch(2 * kStrikes);
    std::vector<std::uint32_t> numbers;
    const double base = std::floor(spot / 100) * 100 - 100.0 * kStrikes / 2;
    for (int i = 0; i < 2 * kStrikes; ++i) {
      const double strike = base + 100.0 * (i / 2);
      const CompiledContract contract = i % 2 == 0 ? batch.compile_threshold(inputs, Comparator::Greater, strike - 0.01)
                                                   : batch.compile_range(inputs, strike, strike + 99.99, true);
      const double fair = exact_probability(batch.law(), contract, 0);
      const double margin = static_cast<double>(random.between(5, 400)) * 1e-4;
      numbers.push_back(batch.add(contract, {fair + margin, fair - margin}));
      static_cast<void>(watch.add(contract, {fair + margin, fair - margin}));
    }
    Comparison comparison(batch, watch);
    const PriceBar& path = minutes[next + 1].candle;
    for (const double tick : {path.open, path.low, path.high, path.close}) comparison.check(numbers, tick);
    ASSERT_EQ(comparison.mismatches, 0) << "minute " << next << " seed " << kSeed;
    fired += comparison.fired;
    ticks += comparison.ticks;
    looked += comparison.looked();
  }
  EXPECT_GT(ticks, 5000);
  EXPECT_GT(fired, 1000);
  EXPECT_LE(looked, ticks);
}

TEST(RecordedDay, QuotesAndSpotOfFifteenMinuteMarkets) {
  auto reader = LineReader::open(kData + "kalshi-15m-quotes-spot/kapelame_2026-02-25.csv.zst");
  ASSERT_TRUE(reader.has_value()) << "recorded data missing under " << kData;
  FairValueBatch batch(kLaw, 65000, 1, 0);
  EdgeWatch watch(1);
  const std::uint32_t number = batch.add({}, {});
  static_cast<void>(watch.add({}, {}));
  Comparison comparison(batch, watch);
  std::string_view line;
  while (reader->next(line)) {
    const std::vector<std::string> f = fields_of(line);
    if (f.size() < 10 || !f[1].starts_with("KXBTC15M")) continue;
    const double seconds = std::atof(f[7].c_str());
    if (seconds < 61) continue;
    const PricingInputs inputs{
        .spot = std::atof(f[9].c_str()), .volatility = 0.45, .window = average_before(seconds, 60, 1, 1), .law = kLaw};
    const CompiledContract contract =
        batch.compile_threshold(inputs, Comparator::GreaterOrEqual, std::atof(f[6].c_str()));
    const EdgeLevels levels{std::atof(f[3].c_str()) / 100 + 0.02, std::atof(f[2].c_str()) / 100 - 0.02};
    batch.set(number, contract);
    batch.set_levels(number, levels);
    watch.set(0, contract, levels);
    comparison.check({number}, inputs.spot);
  }
  EXPECT_EQ(comparison.mismatches, 0);
  EXPECT_GT(comparison.ticks, 2000);
  EXPECT_GT(comparison.fired, 100);
}

}  // namespace
}  // namespace arbees
