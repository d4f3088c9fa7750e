#pragma once
// A feed that is one supervised stream, and maybe snapshots by REST: all that most venues need.

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "adapters/venue/feed.h"
#include "adapters/venue/feed_protocol.h"
#include "adapters/venue/feed_supervisor.h"
#include "adapters/venue/rest_snapshots.h"

namespace arbees {

class StreamFeed final : public Feed {
 public:
  // `rest` may be null.
  StreamFeed(std::unique_ptr<FeedProtocol> protocol, const FeedContext& context, std::unique_ptr<RestSnapshots> rest)
      : protocol_(std::move(protocol)), rest_(std::move(rest)), supervisor_(*protocol_, context, rest_.get()) {
    if (rest_) rest_->attach(supervisor_);
  }

  void start() override { supervisor_.start(); }
  void subscribe(std::span<const std::string> symbols) override { supervisor_.subscribe(symbols); }
  void unsubscribe(std::span<const std::string> symbols) override { supervisor_.unsubscribe(symbols); }
  void tick(Timestamp now) override {
    supervisor_.tick(now);
    if (rest_) rest_->tick(now);
  }
  [[nodiscard]] FeedHealth health(Timestamp now) const override { return supervisor_.health(now); }
  void stop() override { supervisor_.stop(); }

 private:
  std::unique_ptr<FeedProtocol> protocol_;
  std::unique_ptr<RestSnapshots> rest_;
  FeedSupervisor supervisor_;
};

}  // namespace arbees
