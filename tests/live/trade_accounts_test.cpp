// A live session against the loopback venues, judged by additions of its own: the parts of its profit are the change
// of the venues' cash plus what is held, to the millionth of a dollar, and the ledger holds what the venues say.
//
// ARBEES_LIVE_TRADES=300 makes it three hundred trades of two or more legs; ./test makes a few.

#include <chrono>
#include <cstdio>
#include <memory>

#include "adapters/telemetry/format.h"
#include "app/running/sim_thread.h"
#include "core/market/values.h"
#include "tests/live/live_system.h"
#include "tests/live/own_books.h"

namespace arbees::live {
namespace {

using testing::HasSubstr;

constexpr Micro kOpeningCash = 10'000'000'000;  // of the loopback accounts
constexpr std::array<const char*, 7> kParts = {"edge",        "fees",       "slippage", "unwinds",
                                               "adjustments", "settlement", "open_cost"};

// Small trades, so that the cash lasts for hundreds; lost answers count as errors, and many of them are the test.
constexpr const char* kLimits =
    "\n[limits]\nmax_position_size = 12\nmax_order_errors_per_minute = 10000\nmin_liquidity = 1\n";

class TradeAccounts : public testing::Test {
 protected:
  void start(const char* faults, const std::string& limits = kLimits) {
    sim::SimOptions venues;
    venues.seed = 7;
    venues.folder = folder_.file("");
    venues.world.opportunity_every = std::chrono::milliseconds(400);
    const auto plan = sim::parse_fault_plan(faults);
    ASSERT_TRUE(plan) << plan.error();
    venues.faults = *plan;
    auto sim = app::SimThread::start(venues);
    ASSERT_TRUE(sim) << sim.error();
    sim_ = std::move(*sim);
    cli::write_text(folder_.file("sim.toml"), sim_->configuration() + limits);
    ASSERT_EQ(::chmod(folder_.file("sim.toml").c_str(), 0600), 0);
    run_ = std::make_unique<Running>(std::vector<std::string>{"run", "--mode", "live", "--config",
                                                              folder_.file("sim.toml"), "--profile", "testing",
                                                              "--data", data_, "--port", "0"});
  }

  void trade(unsigned trades, std::int64_t reversals = 0) {
    const auto patience = std::chrono::seconds(240 + 3 * trades);
    EXPECT_TRUE(becomes_true_by_trading(data_, patience, [&] {
      const SoFar done = so_far(ledger_);
      return run_->has_ended() || (done.legged >= static_cast<std::int64_t>(trades) && done.reversals >= reversals);
    })) << run_->error();
    status_ = parse(command({"status", "--json"}).out);
    run_->send(SIGTERM);
    const cli::Result ended = run_->wait();
    run_.reset();
    EXPECT_EQ(ended.exit_code, 0) << ended.error;
    summary_ = ended.error;
    books_ = own_books(ledger_);
    EXPECT_GE(books_.legged, static_cast<std::int64_t>(trades)) << summary_;
  }

  [[nodiscard]] cli::Result command(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", data_});
    return cli::run(words);
  }

  // What the venues say about themselves, from inside: no request, no answer, no parser of ours is between.
  void expect_that_venues_hold_the_same() {
    sim_->with_server([this](sim::SimServer& server) {
      const sim::World& world = server.world();
      for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
        const std::string name(venue_name(venue));
        venue_cash_[name] = world.cash(venue).units();
      }
      venue_cash_["polymarket"] += unredeemed(world);
      for (const auto& [name, cash] : venue_cash_) {
        EXPECT_EQ(kOpeningCash + books_.cash_change[name] + netted(name), cash) << name;
      }
      std::size_t kalshi_markets = 0;
      std::map<std::string, std::int64_t> nets;  // Kalshi: Yes less No
      for (const auto& [key, position] : books_.positions) {
        const auto& [symbol, outcome] = key.second;
        if (key.first == "kalshi") {
          nets[symbol] += outcome == "yes" ? position.centi : -position.centi;
          continue;
        }
        const sim::World::Token token = world.find_token(symbol);
        ASSERT_NE(token.market, nullptr) << symbol;
        const sim::Position held = world.position(Venue::Polymarket, token.market->id);
        EXPECT_EQ((token.outcome == Outcome::Yes ? held.yes : held.no).units(), position.centi) << symbol;
      }
      for (const auto& [symbol, net] : nets) {
        const sim::Market* market = world.find_market(Venue::Kalshi, symbol);
        ASSERT_NE(market, nullptr) << symbol;
        const sim::Position held = world.position(Venue::Kalshi, market->id);
        EXPECT_EQ(held.yes.units() - held.no.units(), net) << symbol;
        if (net != 0) ++kalshi_markets;
      }
      std::size_t stated = 0;
      for (const sim::Position& position : world.positions(Venue::Kalshi)) {
        if (position.yes != position.no) ++stated;
      }
      EXPECT_EQ(stated, kalshi_markets) << "Kalshi holds something that is not in the ledger";
    });
  }

  [[nodiscard]] Quantity held_in_books(const std::string& token) const {
    std::int64_t centi = 0;
    for (const auto& [key, position] : books_.positions) {
      if (key.first == "polymarket" && key.second.first == token) centi += position.centi;
    }
    return Quantity::from_units(centi);
  }

  // What Polymarket tokens pay that the books have settled and the wallet still holds: the books count them as cash.
  [[nodiscard]] Micro unredeemed(const sim::World& world) const {
    Money sum;
    for (const sim::Position& held : world.positions(Venue::Polymarket)) {
      const sim::Market& market = world.market(held.market);
      if (!market.has_result) continue;
      sum += market.payout * (held.yes - held_in_books(market.token_ids[0]));
      sum += complement(market.payout) * (held.no - held_in_books(market.token_ids[1]));
    }
    return sum.units();
  }

  [[nodiscard]] Micro netted(const std::string& venue) const { return venue == "kalshi" ? books_.netted(venue) : 0; }

  void expect_that_the_parts_add_up() {
    const rapidjson::Document pnl = parse(command({"pnl", "--json"}).out);
    ASSERT_TRUE(pnl.IsObject() && pnl.HasMember("parts"));
    const auto part = [](const rapidjson::Value& parts, const char* name) { return micro_of(parts[name].GetString()); };
    Micro sum = 0;
    for (const char* name : kParts) sum += part(pnl["parts"], name);
    const Micro cash = venue_cash_["kalshi"] + venue_cash_["polymarket"] - 2 * kOpeningCash - netted("kalshi");
    EXPECT_EQ(sum, cash + books_.at_cost);
    EXPECT_EQ(part(pnl["parts"], "fees"), -books_.fees);
    EXPECT_EQ(part(pnl["parts"], "slippage"), books_.slippage);
    EXPECT_EQ(part(pnl, "cash_change"), cash);
    EXPECT_EQ(part(pnl, "positions_at_cost"), books_.at_cost);
    for (const char* by : {"by_venue", "by_asset", "by_detector", "by_day"}) {
      for (const char* name : kParts) {
        Micro split = 0;
        for (const auto& member : pnl[by].GetObject()) split += part(member.value, name);
        EXPECT_EQ(split, part(pnl["parts"], name)) << by << ' ' << name;
      }
    }
    std::printf("profit: ");
    for (const char* name : kParts) std::printf("%s %s, ", name, pnl["parts"][name].GetString());
    std::printf("total %s\n", pnl["parts"]["total"].GetString());
    std::fflush(stdout);  // before it is copied into the next process
  }

  // The distribution of nakedness, and what unwinding and slippage cost, in the summary and in the status.
  void expect_that_legs_are_reported() {
    const std::string costs =
        "unwinding cost $" + to_text(books_.unwind_cost) + ", slippage $" + to_text(books_.told_slippage);
    EXPECT_THAT(summary_, HasSubstr(costs));
    if (books_.unequal > 0) {
      EXPECT_THAT(summary_, HasSubstr("unequal legs in "));
    }
    ASSERT_TRUE(status_.IsObject() && status_.HasMember("naked_ms"));
    const rapidjson::Value& naked = status_["naked_ms"];
    EXPECT_LE(naked["p50"].GetDouble(), naked["p99"].GetDouble());
    EXPECT_LE(naked["p99"].GetDouble(), naked["max"].GetDouble());
    std::printf(
        "%lld requests of two or more legs, %lld fills, %lld settlements; unequal in %lld: p50 %.1f ms, p99 %.1f "
        "ms; %s\n",
        static_cast<long long>(books_.legged), static_cast<long long>(books_.fills),
        static_cast<long long>(books_.settlements), static_cast<long long>(books_.unequal), naked["p50"].GetDouble(),
        naked["p99"].GetDouble(), costs.c_str());
    std::fflush(stdout);
  }

  static std::string to_text(Micro amount) { return to_short_text(Money::from_units(amount)); }

  void expect_that_the_program_agrees() {
    const cli::Result reconciled =
        cli::run({"reconcile", "--config", folder_.file("sim.toml"), "--data", data_, "--json"});
    EXPECT_EQ(reconciled.exit_code, 0) << reconciled.out << reconciled.error;
    EXPECT_THAT(command({"ledger", "check", "--json"}).out, HasSubstr("\"ok\":true,\"problems\":[]"));
    const cli::Result compared = cli::run({"compare", "--json", data_ + "/session-1.journal"});
    EXPECT_EQ(compared.exit_code, 0) << compared.error;
    comparison_ = compared.out;
  }

  void judge() {
    expect_that_venues_hold_the_same();
    expect_that_the_parts_add_up();
    expect_that_legs_are_reported();
    expect_that_the_program_agrees();
    EXPECT_THAT(comparison_, HasSubstr("\"venue\":\"kalshi\""));
  }

  void TearDown() override {
    if (run_ == nullptr) return;
    run_->send(SIGKILL);
    run_->wait();
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::string ledger_ = data_ + "/ledger.sqlite";
  std::unique_ptr<app::SimThread> sim_;
  std::unique_ptr<Running> run_;
  rapidjson::Document status_;
  std::string summary_;
  std::string comparison_;  // of paper with live, by venue
  OwnBooks books_;
  std::map<std::string, Micro> venue_cash_;
};

TEST_F(TradeAccounts, ThePartsOfTheProfitAreTheChangeOfCashAndPositions) {
  start("none");
  trade(from_environment("ARBEES_LIVE_TRADES", 16));
  judge();
}

TEST_F(TradeAccounts, AlsoWhenVenuesLoseAnswersRefuseOrdersAndFailToSettle) {
  start("slow_ack=0.1:500ms,lost_ack=0.1,late_fill=0.1:1s,http5xx=0.05,failed_settlement=0.3");
  trade(from_environment("ARBEES_LIVE_TRADES", 16) / 2, 1);
  EXPECT_EQ(cli::run({"reconcile", "--config", folder_.file("sim.toml"), "--data", data_}).exit_code, 0);
  books_ = own_books(ledger_);
  EXPECT_GT(books_.reversals, 0);
  expect_that_venues_hold_the_same();
  expect_that_the_parts_add_up();
  expect_that_the_program_agrees();
  EXPECT_THAT(comparison_, HasSubstr("\"venue\":\"kalshi\""));
}

// Orders that are not answered are errors: too many of them within a minute halt, and whoever looks is told why.
TEST_F(TradeAccounts, TooManyLostAnswersHaltAndSaySo) {
  start("lost_ack=0.5", "\n[limits]\nmax_position_size = 12\nmin_liquidity = 1\nmax_order_errors_per_minute = 3\n");
  const auto is_halted = [&] {
    status_ = parse(command({"status", "--json"}).out);
    if (!status_.IsObject() || !status_.HasMember("halted") || !status_["halted"].GetBool()) return false;
    if (std::string_view(status_["halt_reason"].GetString()).find("heartbeat") == std::string_view::npos) return true;
    resume_if_halted(data_);  // no processor time for ten seconds
    return false;
  };
  EXPECT_TRUE(becomes_true(std::chrono::seconds(120), [&] { return run_->has_ended() || is_halted(); }));
  ASSERT_TRUE(is_halted()) << run_->error();
  EXPECT_THAT(status_["halt_reason"].GetString(),
              HasSubstr("error_rate: 3 orders were refused or not answered within a minute"));
  EXPECT_THAT(command({"status"}).out, testing::AllOf(HasSubstr("HALTED"), HasSubstr("answers lost")));
  run_->send(SIGTERM);
  EXPECT_EQ(run_->wait().exit_code, 0);
  run_.reset();
  expect_that_the_program_agrees();
}

}  // namespace
}  // namespace arbees::live
