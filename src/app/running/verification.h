#pragma once
// Whether prices flow: two status documents of one process, some time apart, and what lies between them.

#include <cstdint>
#include <string>

namespace arbees::app {

struct Verification {
  std::string role;            // "run", "kalshi-monitor" …
  std::uint64_t messages = 0;  // of venues, or of the bus, between the two
  std::size_t feeds = 0;
  std::size_t live = 0;  // of them, at the end
  std::string trouble;   // why it does not do its work; empty: it does
};

// A process with feeds must have taken in prices from one that is live in the end, a shard and a listener prices or
// messages of the bus; others must only be there.
// Who says himself why he does not do his work ("reasons") does not do it.
// An empty document means that nothing was told.
[[nodiscard]] Verification verify_flow(const std::string& before, const std::string& after);

}  // namespace arbees::app
