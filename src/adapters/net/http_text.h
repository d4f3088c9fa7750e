#pragma once
// HTTP/1.1 as text: writing messages, and the small grammar that both ends need. Pure functions.
//
// What would break a message apart (a line feed in a header, a blank in a target) is refused, never escaped.

#include <string>
#include <string_view>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"
#include "adapters/net/url.h"

namespace arbees::net {

// "arbees/0.1.0"
[[nodiscard]] std::string_view user_agent() noexcept;

// A name of token characters, and a value without control characters (RFC 9110, 5.1 and 5.5).
[[nodiscard]] bool is_header(std::string_view name, std::string_view value) noexcept;
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] std::string lower_case(std::string_view text);
// Bytes outside of printable ASCII become '?': what others sent, for people.
[[nodiscard]] std::string printable(std::string_view text);

// "%41" is "A"; an escape that is none stays as it is. `is_form`: '+' is a blank.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool is_form);

// The whole message, or why it cannot be sent.
[[nodiscard]] Result<std::string, std::string> request_text(const Url& base, const HttpRequest& request);

struct AnswerForm {
  bool is_head = false;        // the length of the body, but not the body
  bool is_last = false;        // the connection is closed after it
  bool is_old_client = false;  // HTTP/1.0, which must be told that the connection stays
};
// A header that cannot be sent makes it a 500.
[[nodiscard]] std::string response_text(const ServerResponse& response, const AnswerForm& form);

}  // namespace arbees::net
