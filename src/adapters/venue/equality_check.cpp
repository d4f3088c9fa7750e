#include "adapters/venue/equality_check.h"

#include <algorithm>

namespace arbees {

void EqualityCheck::begin(std::uint64_t digest, Timestamp now) {
  states_.clear();
  states_.push_back(digest);
  asked_at_ = now;
  answered_at_ = kNoTime;
  answers_ = 0;
  verdict_ = EqualityVerdict::Pending;
}

void EqualityCheck::on_streamed(std::uint64_t digest) {
  if (verdict_ != EqualityVerdict::Pending) return;
  if (answered_at_ != kNoTime && digest == answer_) {
    verdict_ = EqualityVerdict::Equal;
    return;
  }
  if (states_.back() != digest) states_.push_back(digest);
}

void EqualityCheck::on_answer(std::uint64_t digest, Timestamp now) {
  if (verdict_ != EqualityVerdict::Pending) return;
  answer_ = digest;
  answered_at_ = now;
  ++answers_;
  if (std::find(states_.begin(), states_.end(), digest) != states_.end()) verdict_ = EqualityVerdict::Equal;
}

EqualityVerdict EqualityCheck::verdict(Timestamp now) {
  if (verdict_ != EqualityVerdict::Pending) return verdict_;
  if (answered_at_ == kNoTime) {
    if (now - asked_at_ > kAnswerLimit) verdict_ = EqualityVerdict::Void;
    return verdict_;
  }
  if (now - answered_at_ <= kWindow) return verdict_;
  if (answers_ < kAnswers) {
    answered_at_ = kNoTime;
    asked_at_ = now;
    return EqualityVerdict::AskAgain;
  }
  verdict_ = EqualityVerdict::Different;
  return verdict_;
}

}  // namespace arbees
