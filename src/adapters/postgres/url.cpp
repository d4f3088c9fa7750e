#include "adapters/postgres/url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace arbees::postgres {
namespace {

constexpr std::array<std::string_view, 2> kSchemes = {"postgresql://", "postgres://"};
constexpr const char* kForm = "not a URL of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE";

std::string_view scheme_of(std::string_view text) noexcept {
  for (const std::string_view scheme : kSchemes) {
    if (text.starts_with(scheme)) return scheme;
  }
  return {};
}

// "%41" → "A"; nothing if a percent sign is followed by anything else.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto [end, error] = std::from_chars(digits, digits + 2, value, 16);
    if (error != std::errc() || end != digits + 2) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

void blank(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
    text.replace(at, secret.size(), "***");
  }
}

std::string password_of_query(std::string_view query) {
  constexpr std::string_view kName = "password=";
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    if (part.starts_with(kName)) return std::string(part.substr(kName.size()));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
  }
  return {};
}

}  // namespace

bool is_database_url(std::string_view text) noexcept { return !scheme_of(text).empty(); }

Result<DatabaseUrl, std::string> DatabaseUrl::parse(std::string_view text) {
  const std::string_view scheme = scheme_of(text);
  if (scheme.empty() || text.size() > 2048) return failure<std::string>(kForm);
  const bool is_printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_printable) return failure<std::string>(kForm);
  DatabaseUrl url;
  url.text_ = std::string(text);
  std::string_view rest = text.substr(scheme.size());
  const std::string_view before_query = rest.substr(0, rest.find('?'));
  const std::string_view authority = before_query.substr(0, before_query.find('/'));
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view login = authority.substr(0, at);
    const std::size_t colon = login.find(':');
    url.user_ = std::string(login.substr(0, colon));
    if (colon != std::string_view::npos) url.password_ = std::string(login.substr(colon + 1));
    rest.remove_prefix(at + 1);
  }
  url.place_ = std::string(rest.substr(0, rest.find('?')));
  if (before_query.size() < text.size() - scheme.size() && url.password_.empty()) {
    url.password_ = password_of_query(text.substr(scheme.size() + before_query.size() + 1));
  }
  const auto plain = percent_decoded(url.password_);
  if (!plain || !percent_decoded(url.place_)) return failure<std::string>(kForm);
  url.plain_ = *plain;
  return url;
}

std::string DatabaseUrl::shown() const {
  std::string login = user_;
  if (!password_.empty()) login += ":***";
  return "postgres://" + login + (login.empty() ? "" : "@") + place_;
}

std::string DatabaseUrl::without_secret(std::string text) const {
  blank(text, text_);
  blank(text, password_);
  blank(text, plain_);
  return text;
}

}  // namespace arbees::postgres
