#include "adapters/bus/intake.h"

#include <utility>

namespace arbees::bus {

Intake::Intake(std::unique_ptr<Subscriber> subscriber, net::IoLoop& loop, std::function<void(BusFrame&&)> take)
    : subscriber_(std::move(subscriber)), take_(std::move(take)) {
  for (std::size_t i = 0; i < subscriber_->publishers(); ++i) {
    watches_.push_back(
        std::make_unique<net::DescriptorWatch>(loop, subscriber_->descriptor(i), [this, i] { receive(i); }));
  }
}

// A publisher that never runs dry may not keep the loop from the others.
void Intake::receive(std::size_t publisher) {
  if (subscriber_->take_ready(publisher, take_) == Subscriber::kMostAtOnce) watches_[publisher]->call_again();
}

}  // namespace arbees::bus
