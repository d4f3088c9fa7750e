#pragma once
// Where a database is: a postgres:// URL, whose password is never shown, logged or repeated in an error.

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace arbees::postgres {

// Whether the text names a server, and not a file.
[[nodiscard]] bool is_database_url(std::string_view text) noexcept;

class DatabaseUrl {
 public:
  // The error does not repeat the text.
  [[nodiscard]] static Result<DatabaseUrl, std::string> parse(std::string_view text);

  // As it was given: for the client library alone.
  [[nodiscard]] const std::string& secret() const noexcept { return text_; }
  // The same for people: the password is "***", and options behind '?' that could hold one are left out.
  [[nodiscard]] std::string shown() const;
  // A text of the library or the server with this URL and its password blanked out.
  [[nodiscard]] std::string without_secret(std::string text) const;

 private:
  std::string text_;
  std::string user_;
  std::string password_;  // as written
  std::string plain_;     // decoded
  std::string place_;     // host, port and database
};

}  // namespace arbees::postgres
