#pragma once
// A subscriber that is served by a loop, in the loop's own thread: no hand-over between a message's arrival and its
// use.
//
// What the loop does not take in time waits in the library, up to the subscriber's high-water mark of each publisher;
// what goes beyond is lost there, and seen as a gap like any other.

#include <functional>
#include <memory>
#include <vector>

#include "adapters/bus/subscriber.h"
#include "adapters/net/descriptor_watch.h"

namespace arbees::bus {

class Intake {
 public:
  // `take` is called from inside the loop's run_for(), and does not destroy this object.
  Intake(std::unique_ptr<Subscriber> subscriber, net::IoLoop& loop, std::function<void(BusFrame&&)> take);

 private:
  void receive(std::size_t publisher);

  std::unique_ptr<Subscriber> subscriber_;
  std::function<void(BusFrame&&)> take_;
  std::vector<std::unique_ptr<net::DescriptorWatch>> watches_;  // by publisher; gone before what they watch
};

}  // namespace arbees::bus
