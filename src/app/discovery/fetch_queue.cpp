#include "app/discovery/fetch_queue.h"

#include <algorithm>

namespace arbees::app {
namespace {

constexpr Duration kLongestRest = std::chrono::seconds(60);
constexpr Duration kFirstRest = std::chrono::seconds(1);

}  // namespace

bool FetchQueue::add(FetchJob job, bool urgent) {
  Server& server = servers_[static_cast<std::size_t>(job.catalogue)];
  if (!server.targets.insert(job.target).second) return false;
  ++waiting_;
  if (urgent) {
    server.jobs.push_front(std::move(job));
  } else {
    server.jobs.push_back(std::move(job));
  }
  return true;
}

void FetchQueue::tick(Timestamp now) {
  now_ = now;
  for (Server& server : servers_) {
    if (server.under_way >= kMostUnderWay || now < server.resting_until) continue;
    const auto due = std::find_if(server.jobs.begin(), server.jobs.end(),
                                  [now](const FetchJob& job) { return job.not_before <= now; });
    if (due == server.jobs.end()) continue;
    FetchJob job = std::move(*due);
    server.jobs.erase(due);
    send(server, std::move(job));
  }
}

void FetchQueue::send(Server& server, FetchJob job) {
  ++server.under_way;
  const Catalogue catalogue = job.catalogue;
  const std::string target = job.target;
  transport_.get(catalogue, target,
                 [this, &server, job = std::move(job), alive = std::weak_ptr<bool>(alive_)](const FetchAnswer& answer) {
                   if (!alive.expired()) receive(server, job, answer);
                 });
}

void FetchQueue::receive(Server& server, FetchJob job, const FetchAnswer& answer) {
  --server.under_way;
  server.targets.erase(job.target);
  --waiting_;
  const bool is_trouble = answer.status == 0 || answer.status == 429 || answer.status >= 500;
  if (!is_trouble) {
    server.rest = kFirstRest;
    job.done(answer, now_);
    return;
  }
  ++failures_;
  if (answer.status == 429) ++throttled_;
  server.resting_until = now_ + server.rest;
  server.rest = std::min(server.rest * 2, kLongestRest);
  if (--job.attempts_left > 0) {
    job.not_before = server.resting_until;
    add(std::move(job), true);
  } else {
    job.done(answer, now_);
  }
}

}  // namespace arbees::app
