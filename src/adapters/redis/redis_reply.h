#pragma once
// An answer of a Redis server, as values of our own.

#include <cstdint>
#include <string>
#include <vector>

namespace arbees::redis {

enum class ReplyKind : std::uint8_t {
  Text,     // also a status: "OK"
  Integer,  //
  List,     // in `items`
  Nothing,  // nil
  Refused,  // the server's error, in `text`
  Lost,     // no answer: not connected, too late, or the connection broke; why is in `text`
};

struct Reply {
  ReplyKind kind = ReplyKind::Nothing;
  std::string text;
  std::int64_t integer = 0;
  std::vector<Reply> items;

  [[nodiscard]] bool is_answer() const noexcept { return kind != ReplyKind::Lost && kind != ReplyKind::Refused; }
};

}  // namespace arbees::redis
