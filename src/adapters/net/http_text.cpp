#include "adapters/net/http_text.h"

#include <algorithm>
#include <cctype>

namespace arbees::net {
namespace {

bool is_token_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char); }

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

bool has_header(const std::vector<Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const Header& h) { return equals_ignoring_case(h.first, name); });
}

void add_header(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 425: return "Too Early";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Status";
  }
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

std::string_view user_agent() noexcept { return "arbees/" ARBEES_VERSION; }

bool is_header(std::string_view name, std::string_view value) noexcept {
  return is_token(name) && std::all_of(value.begin(), value.end(), [](char c) {
           return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
         });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

std::string lower_case(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return low;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

std::string percent_decoded(std::string_view text, bool is_form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && is_form) {
      out += ' ';
      continue;
    }
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

Result<std::string, std::string> request_text(const Url& base, const HttpRequest& request) {
  if (!is_token(request.method)) return failure(std::string("the method cannot be sent"));
  const bool is_path =
      request.target.starts_with('/') && std::all_of(request.target.begin(), request.target.end(), is_visible);
  if (!is_path) return failure(std::string("the target cannot be sent"));
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : request.headers) {
    if (!is_header(name, value)) return failure("a header that cannot be sent: " + printable(name));
  }
  if (!has_header(request.headers, "host")) add_header(text, "Host", base.authority());
  if (!has_header(request.headers, "user-agent")) add_header(text, "User-Agent", user_agent());
  if (!has_header(request.headers, "accept")) add_header(text, "Accept", "*/*");
  const bool needs_length = !request.body.empty() || (request.method != "GET" && request.method != "HEAD");
  if (needs_length && !has_header(request.headers, "content-length")) {
    add_header(text, "Content-Length", std::to_string(request.body.size()));
  }
  for (const auto& [name, value] : request.headers) add_header(text, name, value);
  return text + "\r\n" + request.body;
}

std::string response_text(const ServerResponse& response, const AnswerForm& form) {
  const bool is_sound = response.status >= 200 && response.status <= 999 &&
                        is_header("content-type", response.content_type) &&
                        std::all_of(response.headers.begin(), response.headers.end(),
                                    [](const Header& h) { return is_header(h.first, h.second); });
  if (!is_sound) return response_text({500, "application/json", "{}", {}}, form);
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text.append(reason_phrase(response.status)).append("\r\n");
  if (has_body(response.status)) {
    if (!response.content_type.empty()) add_header(text, "Content-Type", response.content_type);
    add_header(text, "Content-Length", std::to_string(response.body.size()));
  }
  if (form.is_last) add_header(text, "Connection", "close");
  if (!form.is_last && form.is_old_client) add_header(text, "Connection", "keep-alive");
  for (const auto& [name, value] : response.headers) add_header(text, name, value);
  text += "\r\n";
  if (has_body(response.status) && !form.is_head) text += response.body;
  return text;
}

// ---- What a server's handler asks of a request ----

namespace {

std::string_view value_of(const std::vector<Header>& headers, std::string_view name) noexcept {
  const auto it = std::find_if(headers.begin(), headers.end(), [&](const Header& h) { return h.first == name; });
  return it == headers.end() ? std::string_view() : std::string_view(it->second);
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const noexcept { return value_of(headers, name); }
std::string_view ServerRequest::header(std::string_view name) const noexcept { return value_of(headers, name); }

std::string ServerRequest::parameter(std::string_view name) const {
  const auto all = parameters(name);
  return all.empty() ? std::string() : all.front();
}

std::vector<std::string> ServerRequest::parameters(std::string_view name) const {
  std::vector<std::string> values;
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (percent_decoded(pair.substr(0, equals), true) != name) continue;
    values.push_back(percent_decoded(pair.substr(std::min(pair.size(), equals + 1)), true));
  }
  return values;
}

}  // namespace arbees::net
