#include "adapters/redis/redis_connection.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <cerrno>

namespace arbees::redis {
namespace {

constexpr std::size_t kDeepest = 8;

timeval to_timeval(Duration duration) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  timeval value{};
  value.tv_sec = static_cast<time_t>(us / 1'000'000);
  value.tv_usec = static_cast<suseconds_t>(us % 1'000'000);
  return value;
}

std::string text_of(const redisReply& reply) {
  return reply.str == nullptr ? std::string() : std::string(reply.str, reply.len);
}

Reply converted(const redisReply& from, std::size_t depth = 0) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.kind = ReplyKind::Text;
      reply.text = text_of(from);
      break;
    case REDIS_REPLY_INTEGER:
      reply.kind = ReplyKind::Integer;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = ReplyKind::List;
      for (std::size_t i = 0; depth < kDeepest && i < from.elements; ++i) {
        reply.items.push_back(converted(*from.element[i], depth + 1));
      }
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = ReplyKind::Refused;
      reply.text = text_of(from);
      break;
    default: break;
  }
  return reply;
}

struct FreeReply {
  void operator()(void* reply) const noexcept { freeReplyObject(reply); }
};
using OwnedReply = std::unique_ptr<redisReply, FreeReply>;

struct Arguments {
  explicit Arguments(const Words& words) {
    for (const std::string& word : words) {
      texts.push_back(word.data());
      lengths.push_back(word.size());
    }
  }
  [[nodiscard]] int count() const { return static_cast<int>(texts.size()); }

  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
};

}  // namespace

struct Connection::Context {
  explicit Context(redisContext* context) : raw(context) {}
  ~Context() { redisFree(raw); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  redisContext* raw;
};

Connection::Connection(Address address, Duration deadline) : address_(std::move(address)), deadline_(deadline) {}
Connection::~Connection() = default;

void Connection::close() noexcept { context_.reset(); }

int Connection::descriptor() const noexcept { return context_ ? context_->raw->fd : -1; }

Reply Connection::lost(const char* doing) {
  const redisContext* raw = context_ ? context_->raw : nullptr;
  const bool is_late = raw != nullptr && raw->err == REDIS_ERR_IO && errno == EAGAIN;
  const std::string why = raw == nullptr  ? "not connected"
                          : is_late       ? "no answer in time"
                          : raw->err != 0 ? std::string(raw->errstr)
                                          : "the connection broke";
  trouble_ = fmt::format("{} {}: {}", doing, address_.text(), why);
  close();
  Reply reply;
  reply.kind = ReplyKind::Lost;
  reply.text = trouble_;
  return reply;
}

std::string Connection::open() {
  close();
  trouble_.clear();
  const timeval deadline = to_timeval(deadline_);
  redisContext* raw = address_.socket.empty() ? redisConnectWithTimeout(address_.host.c_str(), address_.port, deadline)
                                              : redisConnectUnixWithTimeout(address_.socket.c_str(), deadline);
  if (raw == nullptr) return trouble_ = "no memory for a connection";
  context_ = std::make_unique<Context>(raw);
  if (raw->err != 0) return lost("connecting to").text;
  if (redisSetTimeout(raw, deadline) != REDIS_OK) return lost("connecting to").text;
  std::vector<Words> greetings;
  if (!address_.user.empty()) greetings.push_back({"AUTH", address_.user, address_.password});
  if (address_.user.empty() && !address_.password.empty()) greetings.push_back({"AUTH", address_.password});
  if (address_.database != 0) greetings.push_back({"SELECT", std::to_string(address_.database)});
  greetings.push_back({"PING"});
  for (const Words& words : greetings) {
    const Reply reply = command(words);
    if (reply.kind == ReplyKind::Lost) return reply.text;
    if (reply.kind != ReplyKind::Refused) continue;
    close();
    return trouble_ = fmt::format("{} {}: {}", words.front(), address_.text(), reply.text);
  }
  return {};
}

Reply Connection::command(const Words& words) {
  if (!context_) return lost("asking");
  Arguments arguments(words);
  errno = 0;
  const OwnedReply reply(static_cast<redisReply*>(
      redisCommandArgv(context_->raw, arguments.count(), arguments.texts.data(), arguments.lengths.data())));
  return reply ? converted(*reply) : lost("asking");
}

bool Connection::send(const Words& words) {
  if (!context_) return false;
  Arguments arguments(words);
  errno = 0;
  int is_done = 0;
  bool ok = redisAppendCommandArgv(context_->raw, arguments.count(), arguments.texts.data(),
                                   arguments.lengths.data()) == REDIS_OK;
  while (ok && is_done == 0) ok = redisBufferWrite(context_->raw, &is_done) == REDIS_OK;
  if (!ok) (void)lost("writing to");
  return ok;
}

bool Connection::receive(const std::function<void(const Reply&)>& take) {
  if (!context_) return false;
  errno = 0;
  if (redisBufferRead(context_->raw) != REDIS_OK) {
    (void)lost("listening to");
    return false;
  }
  while (context_) {
    void* raw = nullptr;
    if (redisReaderGetReply(context_->raw->reader, &raw) != REDIS_OK) {
      (void)lost("listening to");
      return false;
    }
    if (raw == nullptr) return true;
    const OwnedReply reply(static_cast<redisReply*>(raw));
    take(converted(*reply));
  }
  return false;
}

}  // namespace arbees::redis
