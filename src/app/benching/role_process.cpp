#include "app/benching/role_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

namespace arbees::app {
namespace {

constexpr int kReadyMs = 30'000;

[[noreturn]] void become(std::vector<std::string>& words, const std::string& log, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int in = ::open("/dev/null", O_RDONLY);
  const int error = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv("/proc/self/exe", argv.data());
  ::_exit(127);
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Whether a first line comes in time.
bool says_ready(int from) {
  pollfd item{from, POLLIN, 0};
  std::array<char, 4096> line{};
  return ::poll(&item, 1, kReadyMs) > 0 && ::read(from, line.data(), line.size()) > 0;
}

}  // namespace

Result<std::unique_ptr<RoleProcess>, std::string> RoleProcess::start(std::vector<std::string> words,
                                                                     const std::string& folder) {
  const std::string role = words.front();
  const std::string log = folder + "/" + role + ".log";
  words.insert(words.begin(), "arbees");
  std::array<int, 2> ready{};
  if (::pipe2(ready.data(), O_CLOEXEC) != 0) return failure(role + ": no pipe can be made");
  std::unique_ptr<RoleProcess> process(new RoleProcess());
  process->child_ = ::fork();
  if (process->child_ == 0) become(words, log, ready[1]);
  ::close(ready[1]);
  const bool is_ready = process->child_ > 0 && says_ready(ready[0]);
  ::close(ready[0]);
  if (!is_ready) return failure(fmt::format("{} does not start: {}", role, text_of(log)));
  return process;
}

RoleProcess::~RoleProcess() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);  // what it leaves is in a folder that goes as well
  ::waitpid(child_, nullptr, 0);
}

std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<std::uint16_t> ports;
  std::vector<int> held;  // until all are chosen
  for (std::size_t i = 0; i < count; ++i) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    held.push_back(descriptor);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) continue;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) continue;
    ports.push_back(ntohs(address.sin_port));
  }
  for (const int descriptor : held) ::close(descriptor);
  return ports;
}

}  // namespace arbees::app
