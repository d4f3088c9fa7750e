#pragma once
// The status document as it is shown: a process that has not written it lately is not believed about its feeds.

#include <optional>
#include <string>

#include "app/running/halt_latch.h"
#include "core/base/time.h"

namespace arbees::app {

struct StatusText {
  std::string json;  // the document, feeds made "stale" if it is older than two seconds
  std::string text;  // the same for people
};

// Nothing if the document is not complete. With the latch of the process's data folder, a halt or resume of a moment
// ago is told although the process has not written it yet; a halt of another kind (Redis) is left as the process tells
// it.
[[nodiscard]] std::optional<StatusText> status_text(const std::string& document, Timestamp now,
                                                    const HaltLatch* latch = nullptr);

// Why a process does not do its work, in its own words: "degraded (no prices are heard)". Of the fields "state" and
// "reasons", which a shard has as in its heartbeat; empty if there are no reasons.
[[nodiscard]] std::string state_trouble(const std::string& json);

}  // namespace arbees::app
