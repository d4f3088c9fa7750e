#pragma once
// Judges a finished session from its journal and ledger alone, sharing no code with books, feeds or engine.
//
// A book is proven from the end of a snapshot until something says otherwise: a fault, a venue that is not live, the
// start of another snapshot. Every order must rest on a book that was proven and fresh when it was decided. A session
// that still runs can be looked at too: what is asked of its end is asked of what there is by then.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/market/venue.h"

namespace arbees::soak {

struct SessionFacts {
  std::vector<std::string> problems;  // texts; empty: nothing was wrong
  std::uint64_t events = 0;
  std::uint64_t faults = 0;      // BookFaulted
  std::uint64_t lost_feeds = 0;  // FeedStatus other than Live
  std::uint64_t orders = 0;
  std::uint64_t watched = 0;          // contracts that were proven at least once
  std::vector<std::string> unhealed;  // proven once, still open, and not proven again in time
  // Found to differ from its venue although it had begun anew after the faults' end, when nothing gets lost.
  std::vector<std::string> wrong_again;
  Duration longest_heal{};  // of those that healed after `faults_end`
};

struct SessionQuestion {
  std::string journal;
  std::string ledger;
  Duration staleness = std::chrono::seconds(60);
  Timestamp faults_end = Timestamp::max();          // from then on nothing goes wrong any more
  Duration heal_within = std::chrono::seconds(5);   // or until the end of the session
  Duration last_effects = std::chrono::seconds(2);  // what was held back before `faults_end` comes until then
};

[[nodiscard]] SessionFacts check_session(const SessionQuestion& question);

}  // namespace arbees::soak
