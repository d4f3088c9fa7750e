#pragma once
// Calls back in a loop's thread when a descriptor that belongs to another library has become readable.
//
// What is there when the watch begins is told, too. The call must take all that there is to take, or ask for itself to
// be called again: like the libraries' own descriptors, this tells of news, not of what is left.

#include <functional>
#include <memory>

#include "adapters/net/io_loop.h"

namespace arbees::net {

class DescriptorWatch {
 public:
  // The descriptor stays its owner's, and is open for as long as this watch.
  DescriptorWatch(IoLoop& loop, int descriptor, std::function<void()> call);
  ~DescriptorWatch();  // no call comes after it
  DescriptorWatch(const DescriptorWatch&) = delete;
  DescriptorWatch& operator=(const DescriptorWatch&) = delete;

  void call_again();  // once more, after whatever else is ready

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace arbees::net
