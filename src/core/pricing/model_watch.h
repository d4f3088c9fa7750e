#pragma once
// Which listed contracts may offer a model edge now: inverted detection with quotes as witnesses.
//
// A quote is taken only if spot has left it behind: since its best prices last changed, the move of the spot alone must
// be worth what the trade costs, starting from the quote's own mid; and the model by itself must clear that cost too.
// So a market that merely disagrees with the model is no edge. What moves within half a second of a quote (kSettling)
// counts as known to its maker, who may have seen it before we did: only later moves leave a quote behind. Both become
// two probabilities per contract, inverted into spot levels (edge_watch.h), so that a spot tick is a few compares. What
// passes is a candidate, to be judged by the exact form. Contracts are compiled anew as time passes, the more often the
// nearer their close. Listing may allocate, nothing else does.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/flat_table.h"
#include "core/market/opportunity.h"
#include "core/pricing/edge_watch.h"
#include "core/pricing/fair_value_batch.h"
#include "core/pricing/live_model.h"

namespace arbees {

struct ModelCandidate {
  InstrumentId id;
  Outcome outcome = Outcome::Yes;
};

// What the model thinks of one outcome against a standing quote.
struct ModelOpinion {
  FairValueResult value{failure(PriceUnavailable::NoSpot)};  // of Yes
  double probability = 0.0;  // that the outcome pays: the lesser of the model's and of the quote's mid plus the move
  Timestamp quoted_at = kNoTime;  // when the best prices last changed
};

class ModelWatch {
 public:
  ModelWatch(std::size_t instruments, LiveModel& model);

  // Known or changed terms.
  void list(InstrumentId id, const ContractTerms& terms, Timestamp now);
  void remove(InstrumentId id) noexcept;
  // Least expected profit over cost.
  void set_min_edge(std::int64_t millionths) noexcept { min_edge_ = static_cast<double>(millionths) * 1e-6; }

  // Each of these adds its candidates to candidates().
  // The best prices of a contract's book; 0 and 1: none. True if they differ from the last ones.
  bool on_book(InstrumentId id, Price bid, Price ask, Timestamp now) noexcept;
  void on_spot(Asset asset, Timestamp now) noexcept;
  // Cheap unless something is due.
  void on_time(Timestamp now) noexcept;
  void clear_candidates() noexcept { candidates_.clear(); }
  [[nodiscard]] std::span<const ModelCandidate> candidates() const noexcept { return candidates_; }

  [[nodiscard]] ModelOpinion opinion(const ModelCandidate& candidate, Timestamp now) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
  // How many contracts have a price now, and how many have none for which reason: for people.
  struct Counts {
    std::size_t priced = 0;
    std::array<std::size_t, kPriceUnavailableCount> unavailable{};  // by PriceUnavailable
  };
  [[nodiscard]] Counts count() const noexcept;

 private:
  static constexpr std::size_t kLaws = 2;  // of the day, and lognormal beyond

  struct Row {
    InstrumentId id;
    ContractTerms terms;
    Price bid = kPriceZero;
    Price ask = kPriceOne;
    Timestamp quoted_at = kNoTime;
    Timestamp due = kNoTime;
    double quoted_spot = 0.0;  // when the quote had settled; 0: not yet
    CompiledContract compiled;
    std::uint32_t group = 0;
    std::uint32_t place = 0;
    std::size_t law = 0;
    PriceUnavailable why = PriceUnavailable::NoSpot;  // meaningful unless is_priced
    bool is_priced = false;
    bool is_used = false;
  };
  struct LawWatch {
    LawWatch(MoveLaw law, double reference) : batch(law, reference, 0, 0), watch(0) {}
    FairValueBatch batch;
    EdgeWatch watch;
  };
  // Contracts that are priced with one and the same spot.
  struct Group {
    Asset asset = Asset::Unknown;
    SettlementSource source = SettlementSource::Unknown;
    std::array<std::unique_ptr<LawWatch>, kLaws> laws;
    std::vector<std::uint32_t> rows;  // by place
    std::vector<std::uint32_t> free_places;
  };

  [[nodiscard]] std::uint32_t group_of(const ContractTerms& terms);
  [[nodiscard]] LawWatch& law_of(const Row& row) noexcept { return *groups_[row.group].laws[row.law]; }
  void compile(Row& row, Timestamp now) noexcept;
  void silence(Row& row) noexcept;
  void mute(const Row& row) noexcept;
  [[nodiscard]] EdgeLevels levels_of(const Row& row) noexcept;
  [[nodiscard]] double cost_of(const ContractTerms& terms, Price price) const noexcept;
  void note(const Row& row, Edge edge) noexcept;
  [[nodiscard]] double probability_at(const Row& row, double spot) noexcept;

  LiveModel& model_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> free_rows_;
  std::vector<Group> groups_;
  FlatTable<std::uint32_t> index_;  // row by instrument
  std::vector<ModelCandidate> candidates_;
  Timestamp next_pass_ = kNoTime;
  double min_edge_ = 0.0;
};

}  // namespace arbees
