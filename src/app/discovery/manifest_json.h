#pragma once
// The manifest as a JSON document and as a page for people; with the approvals of a data folder, or without.

#include <string>

#include "app/discovery/approvals.h"
#include "app/discovery/manifest.h"

namespace arbees::app {

// `approvals` may be null: then nothing is said about approval (the saved file).
[[nodiscard]] std::string manifest_json(const Manifest& manifest, const Approvals* approvals);
// Contracts by venue with their terms and why not, then pairs with both rules side by side.
[[nodiscard]] std::string manifest_page(const Manifest& manifest, const Approvals& approvals);

}  // namespace arbees::app
