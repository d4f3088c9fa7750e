#pragma once
// The status document as it is shown: a process that has not written it lately is not believed about its feeds.

#include <optional>
#include <string>

#include "core/base/time.h"

namespace arbees::app {

struct StatusText {
  std::string json;  // the document, feeds made "stale" if it is older than two seconds
  std::string text;  // the same for people
};

// Nothing if the document is not complete.
[[nodiscard]] std::optional<StatusText> status_text(const std::string& document, Timestamp now);

}  // namespace arbees::app
