#include "adapters/postgres/batch_queue.h"

namespace arbees::postgres {

BatchQueue::BatchQueue(std::string folder, std::uint64_t max_bytes, std::size_t max_pending)
    : folder_(std::move(folder), max_bytes), max_pending_(max_pending) {}

void BatchQueue::spill(const Batch& batch) {
  if (folder_.add(batch)) {
    ++counts_.spills;
  } else {
    counts_.rows_dropped += batch.rows();
  }
}

void BatchQueue::add(Batch batch) {
  const std::lock_guard guard(lock_);
  if (folder_.empty() && pending_.size() < max_pending_) {
    pending_.push_back(std::move(batch));
  } else {
    spill(batch);
  }
  news_.notify_one();
}

std::optional<Batch> BatchQueue::first(std::chrono::milliseconds patience) {
  std::unique_lock guard(lock_);
  news_.wait_for(guard, patience, [&] { return is_woken_ || !pending_.empty() || !folder_.empty(); });
  is_woken_ = false;
  if (!pending_.empty()) return pending_.front();
  return folder_.oldest();
}

void BatchQueue::settle() {
  const std::lock_guard guard(lock_);
  if (!pending_.empty()) {
    pending_.pop_front();
  } else {
    folder_.remove_oldest();
  }
}

void BatchQueue::refuse() {
  const std::lock_guard guard(lock_);
  if (!pending_.empty()) {
    folder_.keep_refused(pending_.front());
    pending_.pop_front();
  } else {
    folder_.set_aside_oldest();
  }
}

void BatchQueue::spill_all() {
  const std::lock_guard guard(lock_);
  while (!pending_.empty()) {
    spill(pending_.front());
    pending_.pop_front();
  }
}

void BatchQueue::wake() {
  const std::lock_guard guard(lock_);
  is_woken_ = true;
  news_.notify_all();
}

bool BatchQueue::empty() const {
  const std::lock_guard guard(lock_);
  return pending_.empty() && folder_.empty();
}

QueueCounts BatchQueue::counts() const {
  const std::lock_guard guard(lock_);
  QueueCounts counts = counts_;
  counts.pending_batches = pending_.size();
  counts.spilled_batches = folder_.count();
  counts.spilled_bytes = folder_.bytes();
  counts.damaged = folder_.damaged();
  counts.trouble = folder_.trouble();
  return counts;
}

}  // namespace arbees::postgres
