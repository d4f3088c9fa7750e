#include "adapters/venue/rest_snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/venue/feed_supervisor.h"

namespace arbees {

RestSnapshots::RestSnapshots(net::IoLoop& loop, const net::Url& base, const net::HttpClientOptions& options,
                             const RestLimits& limits)
    : client_(loop, base, options), rate_(limits.requests_per_second, limits.burst) {}

// A later request for the same book replaces one that still waits.
void RestSnapshots::fetch(std::uint32_t connection, SnapshotRequest request) {
  const auto same = std::find_if(waiting_.begin(), waiting_.end(),
                                 [&](const Waiting& waiting) { return waiting.request.symbol == request.symbol; });
  if (same != waiting_.end()) {
    *same = Waiting{connection, std::move(request)};
    return;
  }
  waiting_.push_back(Waiting{connection, std::move(request)});
}

void RestSnapshots::tick(Timestamp now) {
  now_ = now;
  while (!waiting_.empty() && rate_.try_take(1, now)) {
    Waiting asked = std::move(waiting_.front());
    waiting_.pop_front();
    net::HttpRequest request;
    request.target = net::join(client_.base(), asked.request.target).target;
    client_.send(std::move(request), [this, asked](const net::HttpAnswer& answer) { on_answer(asked, answer); });
  }
}

void RestSnapshots::on_answer(const Waiting& asked, const net::HttpAnswer& answer) {
  if (!answer) {
    return supervisor_->note_trouble(fmt::format("snapshot of {}: {}", asked.request.symbol, answer.error().reason));
  }
  if (answer->status == 429) {
    rate_.drain(now_);
    supervisor_->note_throttled();
  }
  if (answer->status == 404) return;  // no such book (yet): the supervisor asks again ever more rarely
  if (answer->status != 200) {
    return supervisor_->note_trouble(fmt::format("snapshot of {}: HTTP {}", asked.request.symbol, answer->status));
  }
  supervisor_->on_snapshot(asked.connection, asked.request.symbol, answer->body, answer->received_at);
}

}  // namespace arbees
