#include "app/benching/kalshi_frames.h"

#include <fmt/format.h>

#include "core/base/random.h"

namespace arbees::app {
namespace {

constexpr std::size_t kContracts = 64;
constexpr std::size_t kCents = 100;
constexpr Timestamp kStart = from_unix_s(1'795'384'800);

std::string ticker(std::size_t number) { return fmt::format("KXBTCD-26NOV2217-T{}.99", 80'000 + 250 * number); }

void add_listing(std::size_t number, std::vector<EventBody>& listings) {
  InstrumentNamed named;
  named.venue = Venue::Kalshi;
  set_symbol(named, ticker(number));
  named.id = instrument_id(Venue::Kalshi, named.symbol_view());
  ContractListed listed;
  listed.id = named.id;
  ContractTerms& terms = listed.terms;
  terms.venue = Venue::Kalshi;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.rounding_decimals = 2;
  terms.lower = Strike::whole(static_cast<std::int64_t>(80'001 + 250 * number));
  terms.has_lower = 1;
  terms.opens_at = kStart;
  terms.closes_at = kStart + std::chrono::hours(24);
  terms.grid = PriceGrid::uniform(Price::from_units(100));
  terms.fees.model = FeeModel::KalshiQuadratic;
  terms.fees.taker_rate = 70'000;
  terms.lot = Quantity::from_units(1);
  terms.minimum_order = Quantity::from_units(1);
  terms.not_tradable = NotTradable::None;
  ContractPhaseChanged active;
  active.id = named.id;
  active.phase = ContractPhase::Active;
  listings.insert(listings.end(), {EventBody(named), EventBody(listed), EventBody(active)});
}

// Bids of Yes and bids of No, both at 1..49 cents: their sum stays below a dollar.
struct Sides {
  std::array<std::array<std::int64_t, kCents>, 2> contracts{};
};

std::string levels(const std::array<std::int64_t, kCents>& side) {
  std::string text;
  for (std::size_t cent = 1; cent < kCents; ++cent) {
    if (side[cent] == 0) continue;
    text += fmt::format(R"({}["0.{:02}00","{}.00"])", text.empty() ? "" : ",", cent, side[cent]);
  }
  return text;
}

}  // namespace

KalshiFrames make_kalshi_frames(std::size_t changes, std::uint64_t seed) {
  KalshiFrames made;
  Random random(seed);
  std::vector<Sides> books(kContracts);
  std::uint64_t sequence = 0;
  for (std::size_t i = 0; i < kContracts; ++i) {
    add_listing(i, made.listings);
    for (auto& side : books[i].contracts) {
      for (std::size_t cent = 30; cent < 50; ++cent) side[cent] = random.between(0, 900);
    }
    made.frames.add(
        fmt::format(
            R"({{"type":"orderbook_snapshot","sid":1,"seq":{},"msg":{{"market_ticker":"{}","yes_dollars_fp":[{}],"no_dollars_fp":[{}]}}}})",
            ++sequence, ticker(i), levels(books[i].contracts[0]), levels(books[i].contracts[1])),
        kStart);
  }
  for (std::size_t change = 0; change < changes; ++change) {
    const std::size_t contract = random.below(kContracts);
    const std::size_t side = random.below(2);
    const std::size_t cent = 50 - 1 - random.below(20);
    std::int64_t& quantity = books[contract].contracts[side][cent];
    const std::int64_t added = random.chance(1, 4) ? -quantity : random.between(-quantity, 900);
    quantity += added;
    made.frames.add(
        fmt::format(
            R"({{"type":"orderbook_delta","sid":1,"seq":{},"msg":{{"market_ticker":"{}","market_id":"aef1d57b-e4d1-41be-9d56-4d6270ff9108","price_dollars":"0.{:02}00","delta_fp":"{}.00","side":"{}","ts":"2026-11-22T22:01:02.345678Z","ts_ms":1795384862345}}}})",
            ++sequence, ticker(contract), cent, added, side == 0 ? "yes" : "no"),
        kStart + std::chrono::milliseconds(change));
  }
  return made;
}

}  // namespace arbees::app
