#pragma once
// A redis-server of a test's own: on a socket in a temporary folder, started, waited for by asking, and ended in any
// case.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/redis/redis_connection.h"

namespace arbees::test {

class RedisServer {
 public:
  // In a folder that exists, and outlives it. Ready when it returns.
  explicit RedisServer(const std::string& folder, std::vector<std::string> more = {})
      : folder_(folder), more_(std::move(more)) {
    start();
  }
  ~RedisServer() { end(SIGKILL); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::string socket() const { return folder_ + "/redis.sock"; }
  [[nodiscard]] std::string url() const { return "unix://" + socket(); }
  void send(int signal) const { ::kill(pid_, signal); }

  void start() {
    if (pid_ > 0) return;
    std::error_code ignored;
    std::filesystem::remove(socket(), ignored);
    std::vector<std::string> words{"redis-server", "--port", "0",     "--unixsocket", socket(), "--save", "",
                                   "--appendonly", "no",     "--dir", folder_};
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string log = folder_ + "/redis.log";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing running
      const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    wait_until_ready();
  }

  void end(int signal = SIGTERM) {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGCONT);
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  // A command of the test's own.
  redis::Reply ask(const redis::Words& words) {
    redis::Connection connection(address(), std::chrono::seconds(10));
    const std::string wrong = connection.open();
    EXPECT_EQ(wrong, "");
    return connection.command(words);
  }
  [[nodiscard]] redis::Address address() const {
    redis::Address address;
    address.socket = socket();
    return address;
  }

 private:
  void wait_until_ready() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      redis::Connection connection(address(), std::chrono::seconds(5));
      if (connection.open().empty()) return;
      int status = 0;
      const bool has_ended = ::waitpid(pid_, &status, WNOHANG) == pid_;
      if (has_ended) pid_ = -1;
      if (has_ended || std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "redis-server does not start (is the package redis-server installed?)";
        return;
      }
      ::poll(nullptr, 0, 10);
    }
  }

  std::string folder_;
  std::vector<std::string> more_;
  pid_t pid_ = -1;
};

}  // namespace arbees::test
