// arbees sign: signs and checks requests and orders, offline. Keys come on standard input only, never as arguments.

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>
#include <system_error>
#include <vector>

#include "adapters/telemetry/json.h"
#include "adapters/venue/secret.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/sign_line.h"

namespace arbees::app {
namespace {

constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;

void print(const std::string& document) {
  std::fwrite(document.data(), 1, document.size(), stdout);
  std::fputc('\n', stdout);
}

// Lines of standard input, read without the C library's buffer: the only copy of a key is here and is wiped.
class SecretLines {
 public:
  SecretLines() : buffer_(kMaxLineBytes + 1) {}
  ~SecretLines() { wipe(std::span(buffer_)); }
  SecretLines(const SecretLines&) = delete;
  SecretLines& operator=(const SecretLines&) = delete;

  enum class Status : std::uint8_t { Line, TooLong, End, Failed };

  // `line` holds until the next call.
  Status next(std::string_view& line) {
    bool skipping = false;  // the rest of a line that is too long
    while (true) {
      const std::uint8_t* begin = buffer_.data() + begin_;
      const void* found = std::memchr(begin, '\n', end_ - begin_);
      if (found == nullptr && !ended_) {
        if (skipping || end_ - begin_ == buffer_.size()) {
          skipping = true;
          begin_ = end_;
        }
        if (!read_more()) return Status::Failed;
        continue;
      }
      if (found == nullptr && begin_ == end_ && !skipping) return Status::End;
      const std::size_t length =
          found != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - begin) : end_ - begin_;
      line = std::string_view(reinterpret_cast<const char*>(begin), length);
      begin_ += length + (found != nullptr ? 1 : 0);
      return skipping ? Status::TooLong : Status::Line;
    }
  }

 private:
  bool read_more() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    ssize_t count = 0;
    do {
      count = ::read(STDIN_FILENO, buffer_.data() + end_, buffer_.size() - end_);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return false;
    ended_ = count == 0;
    end_ += static_cast<std::size_t>(count);
    return true;
  }

  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

int sign_lines() {
  SecretLines lines;
  std::string_view line;
  bool all_good = true;
  while (true) {
    const auto status = lines.next(line);
    if (status == SecretLines::Status::End) break;
    if (status == SecretLines::Status::Failed) {
      const std::string reason = std::generic_category().message(errno);
      std::fprintf(stderr, "arbees sign: cannot read standard input: %s\n", reason.c_str());
      return kFailed;
    }
    if (status == SecretLines::Status::TooLong) {
      print(error_document("malformed", "the line is longer than 1 MiB"));
      all_good = false;
    } else if (!is_blank(line)) {
      const LineAnswer answer = answer_sign_line(line);
      print(answer.json);
      all_good = all_good && !answer.is_error;
    }
    std::fflush(stdout);
  }
  return all_good ? kDone : kBadInput;
}

}  // namespace

void add_sign_command(CommandLine& line) {
  Command& command = line.add("sign", "Sign or check requests and orders, offline; JSON lines on standard input");
  auto json = std::make_shared<bool>(false);
  command.flag("--json", *json, "JSON lines, as always");
  command.run([json] { return sign_lines(); });
}

}  // namespace arbees::app
