#include "adapters/net/http_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "adapters/net/http_text.h"
#include "adapters/net/io_loop_impl.h"

namespace arbees::net {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMaxRequestHeader = 16 * 1024;
constexpr std::uint32_t kMaxResponseHeader = 64 * 1024;

ParseState state_of(const ErrorCode& error) {
  if (error == http::error::header_limit) return ParseState::HeaderTooLarge;
  if (error == http::error::body_limit) return ParseState::BodyTooLarge;
  return ParseState::Malformed;
}

// `header_bytes`: consumed before; Beast's own limit does not hold when headers come in many small pieces.
template <class Parser>
Parsed feed_parser(Parser& parser, std::size_t& header_bytes, std::string_view bytes) {
  constexpr std::size_t kLimit = Parser::is_request::value ? kMaxRequestHeader : kMaxResponseHeader;
  Parsed parsed;
  while (parsed.consumed < bytes.size() && !parser.is_done()) {
    ErrorCode error;
    const std::string_view rest = bytes.substr(parsed.consumed);
    const std::size_t count = parser.put(asio::buffer(rest), error);
    parsed.consumed += count;
    if (error == http::error::need_more) break;
    if (error) {
      parsed.state = state_of(error);
      return parsed;
    }
    if (count == 0) break;
  }
  parsed.state = parser.is_done() ? ParseState::Done : ParseState::NeedMore;
  if (parser.is_header_done()) return parsed;
  header_bytes += parsed.consumed;
  if (header_bytes + bytes.size() - parsed.consumed > kLimit) parsed.state = ParseState::HeaderTooLarge;
  return parsed;
}

template <class Fields>
std::vector<Header> headers_of(const Fields& fields) {
  std::vector<Header> headers;
  for (const auto& field : fields) {
    const auto name = field.name_string();
    const auto value = field.value();
    headers.emplace_back(lower_case({name.data(), name.size()}), std::string(value.data(), value.size()));
  }
  return headers;
}

std::string to_string(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// ---- Requests ----

struct RequestParser::Impl {
  http::request_parser<http::string_body> parser;
  std::size_t header_bytes = 0;
};

RequestParser::RequestParser(std::size_t max_body_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->parser.eager(true);
  impl_->parser.header_limit(kMaxRequestHeader);
  impl_->parser.body_limit(max_body_bytes);
}
RequestParser::~RequestParser() = default;

Parsed RequestParser::feed(std::string_view bytes) { return feed_parser(impl_->parser, impl_->header_bytes, bytes); }

ServerRequest RequestParser::take() {
  auto& message = impl_->parser.get();
  ServerRequest request;
  request.method = to_string(message.method_string());
  request.target = to_string(message.target());
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  request.path = percent_decoded(std::string_view(request.target).substr(0, question), false);
  if (question < request.target.size()) request.query = request.target.substr(question + 1);
  request.headers = headers_of(message);
  request.body = std::move(message.body());
  return request;
}

bool RequestParser::keeps_alive() const { return impl_->parser.keep_alive(); }
bool RequestParser::is_old_client() const { return impl_->parser.get().version() < 11; }

bool RequestParser::asks_for_websocket() const {
  const auto& message = impl_->parser.get();
  return impl_->parser.upgrade() && equals_ignoring_case(to_string(message[http::field::upgrade]), "websocket");
}

bool RequestParser::waits_for_continue() const {
  const auto& parser = impl_->parser;
  return parser.is_header_done() && !parser.is_done() &&
         equals_ignoring_case(to_string(parser.get()[http::field::expect]), "100-continue");
}

// ---- Responses ----

struct ResponseParser::Impl {
  http::response_parser<http::string_body> parser;
  std::size_t header_bytes = 0;
};

ResponseParser::ResponseParser(std::size_t max_body_bytes, bool is_head) : impl_(std::make_unique<Impl>()) {
  impl_->parser.eager(true);
  impl_->parser.skip(is_head);
  impl_->parser.header_limit(kMaxResponseHeader);
  impl_->parser.body_limit(max_body_bytes);
}
ResponseParser::~ResponseParser() = default;

Parsed ResponseParser::feed(std::string_view bytes) { return feed_parser(impl_->parser, impl_->header_bytes, bytes); }

ParseState ResponseParser::end_of_input() {
  if (!impl_->parser.is_header_done()) return ParseState::Malformed;
  ErrorCode error;
  impl_->parser.put_eof(error);
  return !error && impl_->parser.is_done() ? ParseState::Done : ParseState::Malformed;
}

int ResponseParser::status() const { return static_cast<int>(impl_->parser.get().result_int()); }

HttpResponse ResponseParser::take() {
  auto& message = impl_->parser.get();
  HttpResponse response;
  response.status = status();
  response.headers = headers_of(message);
  response.body = std::move(message.body());
  response.body.reserve(response.body.size() + kReadPadding);
  return response;
}

bool ResponseParser::keeps_alive() const { return impl_->parser.keep_alive(); }

}  // namespace arbees::net
