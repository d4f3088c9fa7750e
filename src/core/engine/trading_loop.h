#pragma once
// One step of the machine: take an event, write it down, handle it, hand out what came of it.
//
// The same loop runs live, on paper, in replay and in simulation; only its three doors differ.

#include <cstdint>

#include "core/engine/output_digest.h"
#include "core/market/ports.h"

namespace arbees {

class TradingLoop {
 public:
  // `journal` may be null: a replay reads what is written already.
  TradingLoop(EventSource& source, EventJournal* journal, EventHandler& handler, OutputSink& sink) noexcept
      : source_(source), journal_(journal), handler_(handler), sink_(sink) {}

  // False when the source has nothing now.
  bool step();

  [[nodiscard]] std::uint64_t event_count() const noexcept { return sequence_; }
  [[nodiscard]] std::uint64_t digest() const noexcept { return digest_.value(); }

 private:
  EventSource& source_;
  EventJournal* journal_;
  EventHandler& handler_;
  OutputSink& sink_;
  Event event_;
  Outputs outputs_;
  OutputDigest digest_;
  std::uint64_t sequence_ = 0;
  bool journal_failed_ = false;
};

}  // namespace arbees
