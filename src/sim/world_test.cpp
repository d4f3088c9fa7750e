#include "sim/world.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "core/base/hash.h"
#include "core/market/fees.h"
#include "core/market/settlement_value.h"
#include "sim/dislocator.h"

namespace arbees::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// 2026-11-22 18:10:07 UTC, 13:10 in New York.
const Timestamp kStart = from_unix_s(1'795'371'007);
constexpr Duration kStep = milliseconds(50);

WorldSettings settings(std::uint64_t seed = 1) {
  WorldSettings settings;
  settings.seed = seed;
  settings.starts_at = kStart;
  return settings;
}

std::uint64_t joined(std::uint64_t digest, std::string_view text) { return hash64(text, digest); }

// Everything that is told, as one number.
class Digest final : public WorldListener {
 public:
  void on_market_created(const Market& market) override { add(market.ticker); }
  void on_strike(const Market& market) override { add(market.ticker, market.lower.units()); }
  void on_settled(const Market& market) override { add(market.ticker, market.payout.units()); }
  void on_book_change(const Market& market, const BookChange& change) override {
    add(market.ticker, change.price.units() * 1'000'003 + change.delta);
  }
  void on_trade(const Market&, const MarketTrade& trade) override { add(trade.trade_id, trade.quantity.units()); }
  void on_spot_change(const SpotProduct& product, const SpotLevelChange& change) override {
    add(product.symbol, change.price.units() + change.quantity.units());
  }
  void on_index(const IndexValue& value) override { add("index", value.value.units()); }
  [[nodiscard]] std::uint64_t value() const { return digest_; }

 private:
  void add(std::string_view name, std::int64_t number = 0) {
    digest_ = joined(digest_ + static_cast<std::uint64_t>(number), name);
  }
  std::uint64_t digest_ = 0;
};

TEST(World, IsTheSameForTheSameSeedHoweverItIsStepped) {
  const auto run = [](std::uint64_t seed, Duration spacing) {
    World world(settings(seed));
    Digest digest;
    world.add_listener(digest);
    for (Timestamp now = kStart; now <= kStart + seconds(90); now += spacing) world.advance(now);
    world.advance(kStart + seconds(90));
    return digest.value();
  };
  EXPECT_EQ(run(7, kStep), run(7, milliseconds(770)));
  EXPECT_NE(run(7, kStep), run(8, kStep));
}

// What must be open at every moment for scripts that look for it.
struct Open {
  int kalshi = 0;
  int ordinary = 0;
  int neg_risk = 0;
};
Open open_for(const World& world, Duration least) {
  Open open;
  for (MarketId id = 0; id < world.market_count(); ++id) {
    const Market& market = world.market(id);
    if (!market.is_active() || market.closes_at - world.now() < least) continue;
    if (world.levels(id, BookSide::Bid).empty() && world.levels(id, BookSide::Ask).empty()) continue;
    if (market.venue == Venue::Kalshi) ++open.kalshi;
    if (market.venue == Venue::Polymarket) ++(market.neg_risk ? open.neg_risk : open.ordinary);
  }
  return open;
}

// Through the change of the hour, and through noon in New York, when the daily ladders end.
TEST(World, AlwaysHasMarketsOpenForThreeMoreMinutes) {
  for (const Timestamp start : {kStart + minutes(45), kStart - minutes(74)}) {
    WorldSettings given = settings();
    given.starts_at = start;
    World world(given);
    for (Timestamp now = start; now < start + minutes(7); now += seconds(5)) {
      world.advance(now);
      const Open open = open_for(world, minutes(3));
      ASSERT_GE(open.kalshi, 2) << unix_ns(now);
      ASSERT_GE(open.ordinary, 1) << unix_ns(now);
      ASSERT_GE(open.neg_risk, 1) << unix_ns(now);
    }
  }
}

// Longest time without a change, by market.
class Changes final : public WorldListener {
 public:
  void on_book_change(const Market& market, const BookChange& change) override {
    Duration& longest = longest_[market.ticker];
    Timestamp& last = last_[market.ticker];
    if (last != kNoTime) longest = std::max(longest, Duration(change.time - last));
    last = change.time;
  }
  std::map<std::string, Duration> longest_;
  std::map<std::string, Timestamp> last_;
};

TEST(World, EveryBookChangesAtLeastOnceASecondAndIsNeverCrossed) {
  World world(settings(3));
  Changes changes;
  world.add_listener(changes);
  for (Timestamp now = kStart; now < kStart + minutes(2); now += kStep) {
    world.advance(now);
    for (MarketId id = 0; id < world.market_count(); ++id) ASSERT_LT(world.best_bid(id), world.best_ask(id));
  }
  for (const auto& [ticker, longest] : changes.longest_) EXPECT_LE(longest, seconds(1)) << ticker;
  EXPECT_GT(changes.longest_.size(), 100u);
}

TEST(World, SettlesByTheStatedRule) {
  WorldSettings given = settings(5);
  given.kalshi_ladder = minutes(3);
  World world(given);
  // By the index prints as they were published, kept here.
  class Prints final : public WorldListener {
   public:
    void on_index(const IndexValue& value) override {
      const auto key = std::make_pair(value.asset, value.time);
      (value.source == SettlementSource::ChainlinkTwap60 ? twaps : prints)[key] = value.value;
    }
    std::map<std::pair<Asset, Timestamp>, SpotPrice> prints;
    std::map<std::pair<Asset, Timestamp>, SpotPrice> twaps;
  } seen;
  world.add_listener(seen);
  world.advance(kStart + minutes(11));
  int kalshi_windows = 0;
  int ladders = 0;
  int windows = 0;
  for (MarketId id = 0; id < world.market_count(); ++id) {
    const Market& market = world.market(id);
    if (market.phase != ContractPhase::Settled) continue;
    ASSERT_EQ(market.settled_at - market.closes_at, seconds(3)) << market.ticker;
    bool pays = false;
    if (market.venue == Venue::Kalshi) {
      const std::int64_t unit = market.asset == Asset::SOL ? 10'000 : 1'000'000;
      std::int64_t sum = 0;
      for (int i = 1; i <= 60; ++i) sum += seen.prints.at({market.asset, market.closes_at - seconds(i)}).units() / unit;
      ASSERT_EQ(market.settled_value.units(), (2 * sum + 60) / 120 * unit) << market.ticker;
      const std::int64_t value = market.settled_value.units();
      if (market.payoff == Payoff::UpDown) {
        pays = value >= market.lower.units();
        ++kalshi_windows;
      } else {
        pays = market.payoff == Payoff::Range          ? value >= market.lower.units() && value <= market.upper.units()
               : market.comparator == Comparator::Less ? value < market.lower.units()
                                                       : value > market.lower.units();
        ++ladders;
      }
    } else {
      ASSERT_EQ(market.payoff, Payoff::UpDown);
      ASSERT_EQ(market.settled_value, seen.twaps.at({market.asset, market.closes_at}));
      pays = market.settled_value >= market.lower;
      ++windows;
    }
    EXPECT_EQ(market.payout, pays ? kPriceOne : kPriceZero) << market.ticker;
  }
  EXPECT_EQ(kalshi_windows, 3);
  EXPECT_GE(ladders, 3 * 3 * 13);
  EXPECT_EQ(windows, 3 * 3);
}

TEST(World, AWindowBeginsWhereTheLastOneSettled) {
  World world(settings(6));
  world.advance(kStart + minutes(6));
  std::map<std::pair<Asset, Timestamp>, SpotPrice> settled;
  int checked = 0;
  for (MarketId id = 0; id < world.market_count(); ++id) {
    const Market& market = world.market(id);
    if (market.venue != Venue::Kalshi || market.payoff != Payoff::UpDown) continue;
    const auto before = settled.find({market.asset, market.opens_at});
    if (before != settled.end() && market.has_lower) {
      EXPECT_EQ(market.lower, before->second);
      ++checked;
    }
    if (market.has_result) settled[{market.asset, market.closes_at}] = market.settled_value;
  }
  EXPECT_EQ(checked, 3);
}

// ---- riskless trades ----

// Counts spells during which two contracts of one venue, one containing the other, can be bought for less than a
// dollar, fees included, with at least ten dollars in each leg.
class Spells {
 public:
  explicit Spells(const World& world) : world_(world) {}

  void look(Timestamp now) {
    for (const Asset asset : kAssets) {
      for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) look(asset, venue, now);
    }
  }
  struct Spell {
    Timestamp from = kNoTime;
    Timestamp last = kNoTime;
  };
  std::map<Asset, std::vector<Spell>> spells;

 private:
  static bool contains(const Market& outer, const Market& inner) {
    const bool is_above = outer.comparator == Comparator::Greater && outer.payoff == Payoff::Threshold;
    if (!is_above || inner.lower <= outer.lower) return false;
    return inner.payoff == Payoff::Range || inner.comparator == Comparator::Greater;
  }

  void look(Asset asset, Venue venue, Timestamp now) {
    for (const auto& [inner, outer] : pairs(asset, venue, now)) {
      if (is_riskless(world_.market(inner), world_.market(outer))) note(asset, {inner, outer}, now);
    }
  }

  // Related markets; sought anew once a minute.
  const std::vector<std::pair<MarketId, MarketId>>& pairs(Asset asset, Venue venue, Timestamp now) {
    auto& [known, at] = pairs_[{asset, venue}];
    if (at != kNoTime && now - at < minutes(1)) return known;
    at = now;
    known.clear();
    for (MarketId a = 0; a < world_.market_count(); ++a) {
      for (MarketId b = 0; b < world_.market_count(); ++b) {
        const Market& inner = world_.market(a);
        const Market& outer = world_.market(b);
        const bool is_here = inner.asset == asset && inner.venue == venue && inner.is_active();
        const bool settle_alike = outer.asset == asset && outer.source == inner.source &&
                                  outer.closes_at == inner.closes_at && outer.is_active();
        const bool is_window = outer.payoff == Payoff::UpDown || inner.payoff == Payoff::UpDown;
        if (is_here && settle_alike && !is_window && contains(outer, inner)) known.emplace_back(a, b);
      }
    }
    return known;
  }

  [[nodiscard]] bool is_riskless(const Market& inner, const Market& outer) const {
    const Price bid = world_.best_bid(inner.id);
    const Price ask = world_.best_ask(outer.id);
    if (bid <= ask || !is_contract_price(bid) || !is_contract_price(ask)) return false;
    const Quantity there = std::min(world_.levels(inner.id, BookSide::Bid)[0].quantity,
                                    world_.levels(outer.id, BookSide::Ask)[0].quantity);
    const Money ask_fee = fee(outer.fees, Role::Taker, ask, there).value();
    const Money bid_fee = fee(inner.fees, Role::Taker, bid, there).value();
    const Money cost = ask * there + complement(bid) * there + ask_fee + bid_fee;
    const Money certain = kPriceOne * there;
    const Money least = Money::whole(10);
    return (certain - cost).units() * 100 >= cost.units() && ask * there >= least && complement(bid) * there >= least;
  }

  void note(Asset asset, std::pair<MarketId, MarketId> pair, Timestamp now) {
    const auto running = running_.find(pair);
    if (running != running_.end() && now - spells[asset][running->second].last <= kStep) {
      spells[asset][running->second].last = now;
      return;
    }
    running_[pair] = spells[asset].size();
    spells[asset].push_back(Spell{now, now});
  }

  const World& world_;
  std::map<std::pair<MarketId, MarketId>, std::size_t> running_;
  struct Pairs {
    std::vector<std::pair<MarketId, MarketId>> known;
    Timestamp at = kNoTime;
  };
  std::map<std::pair<Asset, Venue>, Pairs> pairs_;
};

TEST(World, OffersARisklessTradeAboutEveryTwoSecondsInEachAsset) {
  World world(settings(9));
  Spells spells(world);
  for (Timestamp now = kStart; now < kStart + minutes(10); now += kStep) {
    world.advance(now);
    spells.look(now);
  }
  for (const Asset asset : kAssets) {
    std::int64_t lasting = 0;
    std::int64_t fleeting = 0;
    std::int64_t fillable = 0;
    // One dislocation makes several pairs riskless: spells that begin together are one.
    std::set<Timestamp> begun;
    for (const auto& spell : spells.spells[asset]) {
      if (!begun.insert(spell.from).second) continue;
      const Duration length = spell.last - spell.from;
      ++(length >= milliseconds(1400) ? lasting : fleeting);
      if (length >= milliseconds(600)) ++fillable;
    }
    RecordProperty(std::string(asset_name(asset)) + "_fillable", static_cast<int>(fillable));
    EXPECT_GE(fillable, 200) << asset_name(asset);
    EXPECT_LE(lasting + fleeting, 600) << asset_name(asset);
    EXPECT_GE(fleeting, 15) << asset_name(asset);
  }
}

}  // namespace
}  // namespace arbees::sim
