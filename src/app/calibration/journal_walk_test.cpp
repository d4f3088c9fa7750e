#include "app/calibration/journal_walk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/benching/memory_sources.h"
#include "app/import/importer.h"
#include "tests/support/project_file.h"

namespace arbees::app {
namespace {

const std::string kData = testing_support::project_file("../shared/data/");

class StoreJournal final : public EventJournal {
 public:
  explicit StoreJournal(RecordStore& store) noexcept : store_(store) {}
  bool append(const Event& event) override {
    store_.add(event);
    return true;
  }

 private:
  RecordStore& store_;
};

// From an instant on every spot price is a tenth higher: what a leak would see.
class ChangedFuture final : public EventSource {
 public:
  ChangedFuture(EventSource& source, Timestamp from) noexcept : source_(source), from_(from) {}
  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    auto* trade = std::get_if<SpotTrade>(&event.body);
    if (trade != nullptr && event.received_at >= from_) {
      trade->price = SpotPrice::from_units(trade->price.units() / 10 * 11);
    }
    return true;
  }

 private:
  EventSource& source_;
  Timestamp from_;
};

const RecordStore& recorded_session() {
  static const RecordStore store = [] {
    RecordStore made;
    StoreJournal journal(made);
    ImportSummary summary;
    ImportSink sink(journal, summary);
    const auto importer = make_importer("kalshi-btc15m-l2");
    EXPECT_EQ(importer->import_file(kData + "kalshi-btc15m-l2/20260513T230110Z.jsonl.zst", sink, summary), "");
    EXPECT_TRUE(sink.finish());
    return made;
  }();
  return store;
}

JournalSettings settings() {
  JournalSettings settings;
  settings.parameters.required_sources = 1;
  settings.spot_files = {kData + "binance-btcusdt-1m/BTCUSDT-1m-2026-05.csv.zst"};
  return settings;
}

TEST(RecordedJournalCalibration, PricesASessionWithWhatWasKnownAndSettlesIt) {
  RecordSource source(recorded_session());
  const auto sample = walk_journal(source, settings());
  ASSERT_TRUE(sample) << sample.error();
  EXPECT_GE(sample->contracts, 1);
  EXPECT_GT(sample->settlement_checked, 0);
  EXPECT_EQ(sample->settlement_checked, sample->settlement_reproduced);
  ASSERT_GT(sample->evaluation.rows.size(), 3u);
  EXPECT_EQ(count_leaks(sample->evaluation.rows), 0);
  for (const Row& row : sample->evaluation.rows) {
    EXPECT_GT(row.market, 0.0);
    EXPECT_LT(row.market, 1.0);
    EXPECT_LT(row.at, row.close);
    EXPECT_GT(row.inputs.volatility, 0.05);
    EXPECT_LT(row.inputs.volatility, 3.0);
  }
}

TEST(RecordedJournalCalibration, WhatComesLaterChangesNoPrice) {
  RecordSource source(recorded_session());
  const auto known = walk_journal(source, settings());
  ASSERT_TRUE(known);
  const std::vector<Row>& rows = known->evaluation.rows;
  ASSERT_GT(rows.size(), 3u);
  const Timestamp turn = rows[rows.size() / 2].at;
  RecordSource again(recorded_session());
  ChangedFuture changed(again, turn);
  const auto other = walk_journal(changed, settings());
  ASSERT_TRUE(other);
  std::size_t compared = 0;
  bool has_changed = false;
  for (const Row& row : rows) {
    const auto same = std::find_if(other->evaluation.rows.begin(), other->evaluation.rows.end(),
                                   [&](const Row& r) { return r.at == row.at && r.lower == row.lower; });
    if (row.at > turn) {
      has_changed = has_changed || same == other->evaluation.rows.end() || same->model != row.model;
      continue;
    }
    ASSERT_NE(same, other->evaluation.rows.end());
    EXPECT_EQ(same->model, row.model);
    ++compared;
  }
  EXPECT_GT(compared, 1u);
  EXPECT_TRUE(has_changed) << "the changed future must show where it is past";
}

}  // namespace
}  // namespace arbees::app
