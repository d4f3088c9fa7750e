#pragma once
// The life of each opportunity: when it began, the best it offered, when it was gone.
//
// What is watched (an event group, a contract of the model) has a key of the caller's; under a key there is at most
// one opportunity at a time. Quotes flicker: one that is gone and back within kInterruption is still the same, with
// the same id and, if it has one, the same request. Ids come from the key and the start alone, so a replay gives the
// same ones. The end is reported when it is certain, with the instant when it was gone.

#include <cstdint>
#include <vector>

#include "core/base/flat_table.h"
#include "core/market/outputs.h"

namespace arbees {

class OpportunityLives {
 public:
  // Longer than a book needs to be rebuilt after a lost message, or a quote to be pulled and shown again.
  static constexpr Duration kInterruption = std::chrono::seconds(1);

  struct Life {
    std::uint64_t id = 0;
    std::uint64_t event_group = 0;
    Timestamp started_at = kNoTime;
    Timestamp gone_at = kNoTime;  // kNoTime: it is there
    Money best_profit;
    Money best_outlay;
    Quantity best_size;
    std::uint64_t judgements = 0;
    RequestId request;  // zero: none yet
    Detector detector = Detector::SameMarket;
    Verdict verdict = Verdict::Accepted;

    [[nodiscard]] bool is_requested() const noexcept { return request.value != 0; }
  };

  // At most `limit` at one time.
  explicit OpportunityLives(std::size_t limit);

  // It is there now: the life that goes on, or a new one. nullptr if there is no room for another.
  [[nodiscard]] Life* see(std::uint64_t key, std::uint64_t event_group, const Event& event, Outputs& outputs) noexcept;
  // It is not there now. Repeating this changes nothing.
  void lose(std::uint64_t key, Timestamp now) noexcept;
  [[nodiscard]] const Life* find(std::uint64_t key) const noexcept { return lives_.find(key); }

  // Notes what it offers now.
  static void note_offer(Life& life, const Opportunity& opportunity) noexcept;
  // Notes a judgement. True if it is to be reported: the first, or another than before.
  static bool judge(Life& life, Verdict verdict) noexcept;

  // What is told of a life that is over.
  [[nodiscard]] static OpportunityEnded told(const Life& life) noexcept;

  // Reports those that have been gone for longer than an interruption, as far as the outputs have room.
  void end_due(const Event& event, Outputs& outputs) noexcept {
    if (event.received_at > next_end_) end_all_due(event, outputs);
  }

  [[nodiscard]] std::size_t size() const noexcept { return lives_.size(); }

 private:
  void end_all_due(const Event& event, Outputs& outputs) noexcept;
  void end(std::uint64_t key, const Event& event, Outputs& outputs) noexcept;
  [[nodiscard]] static bool is_over(const Life& life, Timestamp now) noexcept {
    return life.gone_at != kNoTime && now > life.gone_at + kInterruption;
  }

  FlatTable<Life> lives_;
  std::vector<std::uint64_t> keys_;  // of lives_, in no order that matters
  Timestamp next_end_ = Timestamp::max();
};

}  // namespace arbees
