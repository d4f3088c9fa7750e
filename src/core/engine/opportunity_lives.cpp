#include "core/engine/opportunity_lives.h"

#include <algorithm>

#include "core/base/hash.h"

namespace arbees {
namespace {

// Reports of one event that are left to what the event itself causes: a request's orders, above all.
constexpr std::size_t kLeftForOthers = 32;

}  // namespace

OpportunityLives::OpportunityLives(std::size_t limit) : lives_(limit) { keys_.reserve(limit); }

OpportunityLives::Life* OpportunityLives::see(std::uint64_t key, std::uint64_t event_group, const Event& event,
                                              Outputs& outputs) noexcept {
  Life* life = lives_.find(key);
  if (life != nullptr && is_over(*life, event.received_at)) {
    if (outputs.reports.full()) return nullptr;
    end(key, event, outputs);
    life = nullptr;
  }
  if (life == nullptr) {
    life = lives_.insert(key);
    if (life == nullptr) return nullptr;
    keys_.push_back(key);
    life->id = mix64(key, static_cast<std::uint64_t>(unix_ns(event.received_at)));
    life->event_group = event_group;
    life->started_at = event.received_at;
  }
  life->gone_at = kNoTime;
  return life;
}

void OpportunityLives::lose(std::uint64_t key, Timestamp now) noexcept {
  Life* life = lives_.find(key);
  if (life == nullptr || life->gone_at != kNoTime) return;
  life->gone_at = now;
  next_end_ = std::min(next_end_, now + kInterruption);
}

void OpportunityLives::note_offer(Life& life, const Opportunity& opportunity) noexcept {
  life.detector = opportunity.detector;
  const Money profit = opportunity.safe_profit();
  if (life.judgements > 0 && profit <= life.best_profit) return;
  life.best_profit = profit;
  life.best_outlay = opportunity.outlay;
  life.best_size = opportunity.size;
}

bool OpportunityLives::judge(Life& life, Verdict verdict) noexcept {
  const bool is_news = life.judgements == 0 || verdict != life.verdict;
  ++life.judgements;
  life.verdict = verdict;
  return is_news;
}

void OpportunityLives::end_all_due(const Event& event, Outputs& outputs) noexcept {
  next_end_ = Timestamp::max();
  for (std::size_t i = 0; i < keys_.size();) {
    const Life& life = *lives_.find(keys_[i]);
    const bool has_room = outputs.reports.size() + kLeftForOthers < outputs.reports.capacity();
    if (has_room && is_over(life, event.received_at)) {
      end(keys_[i], event, outputs);
      continue;  // another key is in its place now
    }
    if (life.gone_at != kNoTime) next_end_ = std::min(next_end_, life.gone_at + kInterruption);
    ++i;
  }
}

OpportunityEnded OpportunityLives::told(const Life& life) noexcept {
  OpportunityEnded ended;
  ended.opportunity_id = life.id;
  ended.event_group = life.event_group;
  ended.started_at = life.started_at;
  ended.ended_at = life.gone_at;
  ended.best_profit = life.best_profit;
  ended.best_outlay = life.best_outlay;
  ended.best_size = life.best_size;
  ended.judgements = life.judgements;
  ended.request = life.request;
  ended.detector = life.detector;
  ended.verdict = life.verdict;
  return ended;
}

void OpportunityLives::end(std::uint64_t key, const Event& event, Outputs& outputs) noexcept {
  outputs.reports.push_back(Report{event.received_at, event.sequence, told(*lives_.find(key))});
  lives_.erase(key);
  *std::find(keys_.begin(), keys_.end(), key) = keys_.back();
  keys_.pop_back();
}

}  // namespace arbees
