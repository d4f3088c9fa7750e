#pragma once
// Reads one HTTP/1.1 message from bytes as they come: Content-Length, chunked, or until the end of the connection.
//
// Bytes behind the message are left to the next one. Header names come out in lower case.
// For this folder's .cpp files only.

#include <cstddef>
#include <memory>
#include <string_view>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"

namespace arbees::net {

enum class ParseState { NeedMore, Done, Malformed, HeaderTooLarge, BodyTooLarge };

struct Parsed {
  ParseState state = ParseState::NeedMore;
  std::size_t consumed = 0;  // the rest is to be given again, with more behind it
};

class RequestParser {
 public:
  explicit RequestParser(std::size_t max_body_bytes);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  Parsed feed(std::string_view bytes);
  // Once Done:
  [[nodiscard]] ServerRequest take();
  [[nodiscard]] bool keeps_alive() const;
  [[nodiscard]] bool is_old_client() const;  // HTTP/1.0
  [[nodiscard]] bool asks_for_websocket() const;
  // The headers are there, the body is not, and the client waits for leave to send it.
  [[nodiscard]] bool waits_for_continue() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class ResponseParser {
 public:
  // `is_head`: the answer to HEAD, whose length is that of a body which does not come.
  ResponseParser(std::size_t max_body_bytes, bool is_head);
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  Parsed feed(std::string_view bytes);
  // The connection ended: Done if that is how this message ends.
  [[nodiscard]] ParseState end_of_input();
  // Once Done:
  [[nodiscard]] int status() const;
  [[nodiscard]] HttpResponse take();
  [[nodiscard]] bool keeps_alive() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::net
