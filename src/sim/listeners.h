#pragma once
// Who is told what happens in the world.

#include <algorithm>
#include <vector>

#include "sim/world_listener.h"

namespace arbees::sim {

class Listeners {
 public:
  void add(WorldListener& listener) { listeners_.push_back(&listener); }
  void remove(WorldListener& listener) { std::erase(listeners_, &listener); }

  template <class Call>
  void tell(Call call) const {
    for (WorldListener* listener : listeners_) call(*listener);
  }

 private:
  std::vector<WorldListener*> listeners_;
};

}  // namespace arbees::sim
