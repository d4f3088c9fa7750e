#pragma once
// One line of text for one event: for golden files, logs and `explain`. Not a format to parse.
//
// Layout: kind, instrument (its id in hex), then name=value pairs; times are the venue's, then ours.

#include <string>

#include "core/market/event.h"

namespace arbees {

// "book_update 0123456789abcdef set bid 0.4700 120.00 flags=snapshot|last …", without a line end.
[[nodiscard]] std::string event_text(const Event& event);

}  // namespace arbees
