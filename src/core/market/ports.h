#pragma once
// The three doors of the core: where events come from, where they are written, where outputs go.

#include "core/market/event.h"
#include "core/market/outputs.h"

namespace arbees {

class EventSource {
 public:
  virtual ~EventSource() = default;
  // The next event, if there is one now. received_at never decreases.
  virtual bool poll(Event& event) = 0;
};

class EventJournal {
 public:
  virtual ~EventJournal() = default;
  // Written before the event is handled. False: it could not be recorded, and trading must halt.
  virtual bool append(const Event& event) = 0;
};

class OutputSink {
 public:
  virtual ~OutputSink() = default;
  virtual void deliver(const Event& cause, const Outputs& outputs) = 0;
};

class EventHandler {
 public:
  virtual ~EventHandler() = default;
  virtual void on_event(const Event& event, Outputs& outputs) = 0;
};

}  // namespace arbees
