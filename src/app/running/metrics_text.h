#pragma once
// The status document as metrics for Prometheus: the same numbers under conventional names.
//
// One table says which field becomes which metric (docs/monitoring.md lists them); what a document does not have is
// left out, so the whole system and every role are served by the same code. A number that the table does not know
// becomes arbees_role_value{name="…"}.

#include <string>

namespace arbees::app {

// Empty if the text is not a status document.
[[nodiscard]] std::string metrics_text(const std::string& status_document);

}  // namespace arbees::app
