#pragma once
// For tests over a real server: a folder, a session that a ledger could have had, and patience.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <functional>

#include "adapters/postgres/migration.h"
#include "adapters/postgres/test_server.h"
#include "adapters/store/ledger.h"
#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/test_files.h"

namespace arbees::app {

inline bool becomes_true(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 10);
  }
  return true;
}

// A ledger that is written to step by step, as a session does.
class GrowingLedger {
 public:
  GrowingLedger(const std::string& path, std::uint64_t seed) : session_(seed) {
    auto ledger = Ledger::open(path, Ledger::Durability::Normal);
    EXPECT_TRUE(ledger.has_value()) << (ledger ? "" : ledger.error());
    ledger_ = std::move(*ledger);
    EXPECT_TRUE(ledger_->begin_session(test::kSession, "paper", test::kStart));
    EXPECT_TRUE(ledger_->set_limits({Money::whole(1000), Money::whole(5000), Money::whole(9000)}));
    EXPECT_TRUE(ledger_->record(test::named(1, Venue::Polymarket, "it's a\ttoken")));
  }

  // So many orders with their fills and ends, a settlement for every tenth; durable afterwards.
  void grow(int orders) {
    for (int i = 0; i < orders; ++i) {
      session_.add_order();
      if (i % 10 == 9) session_.settle_one();
    }
    for (; recorded_ < session_.reports.size(); ++recorded_) {
      EXPECT_TRUE(ledger_->record(session_.reports[recorded_])) << ledger_->error();
    }
    EXPECT_TRUE(ledger_->commit());
  }
  void name_fill(std::uint64_t order, const std::string& name) {
    EXPECT_TRUE(ledger_->name_fill(OrderId{order}, 1, name));
    EXPECT_TRUE(ledger_->commit());
  }
  [[nodiscard]] Ledger& ledger() noexcept { return *ledger_; }
  [[nodiscard]] const test::LedgerModel& model() const noexcept { return session_.model; }

 private:
  test::RandomSession session_;
  std::unique_ptr<Ledger> ledger_;
  std::size_t recorded_ = 0;
};

}  // namespace arbees::app
