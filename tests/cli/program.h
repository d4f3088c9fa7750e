#pragma once
// Runs the built `arbees` as a user would: arguments in; exit code, standard output and error out.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "adapters/store/test_files.h"

namespace arbees::cli {

struct Result {
  int exit_code = -1;  // −signal if a signal ended it
  std::string out;
  std::string error;
};

inline std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_text(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(text.data(), static_cast<std::streamsize>(text.size()));
}

// A program that is running; its output goes to files in a folder of its own.
class Running {
 public:
  explicit Running(const std::vector<std::string>& arguments) : Running(ARBEES_PROGRAM, arguments) {}
  // Another program, by its path.
  Running(const std::string& path, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{path};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string out = folder_.file("out");
    const std::string error = folder_.file("error");
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing running
    const bool redirected = std::freopen("/dev/null", "r", stdin) != nullptr &&
                            std::freopen(out.c_str(), "w", stdout) != nullptr &&
                            std::freopen(error.c_str(), "w", stderr) != nullptr;
    if (redirected) ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // Whether the program has a handler for a signal by now; also true once it has ended.
  [[nodiscard]] bool catches(int signal) const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("State:\tZ")) return true;
      if (!line.starts_with("SigCgt:")) continue;
      return ((std::stoull(line.substr(7), nullptr, 16) >> (signal - 1)) & 1U) != 0;
    }
    return true;
  }
  void send(int signal) const { ::kill(pid_, signal); }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  // What it has written to standard output and standard error so far.
  [[nodiscard]] std::string out() const { return text_of(folder_.file("out")); }
  [[nodiscard]] std::string error() const { return text_of(folder_.file("error")); }
  [[nodiscard]] bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
  }

  Result wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return Result{WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text_of(folder_.file("out")),
                  text_of(folder_.file("error"))};
  }

 private:
  test::TemporaryFolder folder_;
  pid_t pid_ = -1;
};

inline Result run(const std::vector<std::string>& arguments) { return Running(arguments).wait(); }

}  // namespace arbees::cli
