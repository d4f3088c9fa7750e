#include "tests/hosts/host_network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace arbees::hosts {
namespace {

void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  std::abort();
}

bool write_file(const char* path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  return static_cast<bool>(out.flush());
}

// The exit code; what it says goes nowhere.
int run(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void enter_network(pid_t host) {
  const std::string path = "/proc/" + std::to_string(host) + "/ns/net";
  const int network = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  must(network >= 0 && ::setns(network, CLONE_NEWNET) == 0, "setns");
  ::close(network);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int to, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t sent = ::send(to, bytes, count, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    count -= static_cast<std::size_t>(sent);
  }
  return true;
}

// Copies both ways until one side ends.
void pump(int one, int other) {
  std::array<char, 65'536> buffer;
  const int on = 1;
  for (const int end : {one, other}) ::setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::array<pollfd, 2> ends = {{{one, POLLIN, 0}, {other, POLLIN, 0}}};
  for (;;) {
    if (::poll(ends.data(), ends.size(), -1) < 0) return;
    for (std::size_t i = 0; i < 2; ++i) {
      if (ends[i].revents == 0) continue;
      const ssize_t count = ::recv(ends[i].fd, buffer.data(), buffer.size(), 0);
      if (count <= 0 || !send_all(ends[1 - i].fd, buffer.data(), static_cast<std::size_t>(count))) return;
    }
  }
}

[[noreturn]] void serve_pass(pid_t to, const std::vector<pollfd>& listeners, const std::vector<std::uint16_t>& ports) {
  ::signal(SIGCHLD, SIG_IGN);
  std::vector<pollfd> polled = listeners;
  for (;;) {
    ::poll(polled.data(), polled.size(), -1);
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].revents == 0) continue;
      const int accepted = ::accept4(polled[i].fd, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) continue;
      if (::fork() == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        enter_network(to);
        const int target = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(ports[i]);
        if (::connect(target, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) pump(accepted, target);
        ::_exit(0);
      }
      ::close(accepted);
    }
  }
}

// A process that keeps a host's namespaces alive; returns when they are there.
pid_t keep_host(const std::string& hosts_file) {
  std::array<int, 2> ready{};
  must(::pipe2(ready.data(), O_CLOEXEC) == 0, "pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    must(::unshare(CLONE_NEWNET | CLONE_NEWNS) == 0, "unshare");
    must(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount");
    must(::mount(hosts_file.c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr) == 0, "mount /etc/hosts");
    must(::write(ready[1], "r", 1) == 1, "write");
    for (;;) ::pause();
  }
  ::close(ready[1]);
  char byte = 0;
  must(::read(ready[0], &byte, 1) == 1, "the host did not start");
  ::close(ready[0]);
  return child;
}

std::string cable(std::size_t host) { return "cable" + std::to_string(host); }

}  // namespace

std::string HostNetwork::move_in() {
  static bool is_inside = false;
  if (is_inside) return {};
  if (run({"ip", "-Version"}) != 0) return "the program ip is missing (apt-get install iproute2)";
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  const int own_user = user == 0 ? 0 : CLONE_NEWUSER;
  if (::unshare(own_user | CLONE_NEWNET | CLONE_NEWNS) != 0) {
    return std::string("this user may not make network namespaces: ") + std::strerror(errno);
  }
  if (own_user != 0) {
    const bool is_mapped = write_file("/proc/self/setgroups", "deny") &&
                           write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1") &&
                           write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    if (!is_mapped) return "this user cannot be root of a namespace of its own";
  }
  const bool has_bridge = run({"ip", "link", "add", "switch", "type", "bridge"}) == 0 &&
                          run({"ip", "link", "set", "switch", "up"}) == 0 &&
                          run({"ip", "link", "set", "lo", "up"}) == 0;
  if (!has_bridge) return "this kernel makes no bridges";
  is_inside = true;
  return {};
}

HostNetwork::HostNetwork(const std::vector<std::string>& names, const std::string& hosts_file) {
  std::string known = "127.0.0.1 localhost\n";
  for (std::size_t i = 0; i < names.size(); ++i) known += address(i) + " " + names[i] + "\n";
  must(write_file(hosts_file.c_str(), known), "hosts file");
  for (std::size_t i = 0; i < names.size(); ++i) {
    hosts_.push_back(keep_host(hosts_file));
    const bool is_cabled =
        run({"ip", "link", "add", cable(i), "type", "veth", "peer", "name", "eth0", "netns",
             std::to_string(hosts_[i])}) == 0 &&
        run({"ip", "link", "set", cable(i), "master", "switch", "up"}) == 0 &&
        run(inside(i, {"/bin/sh", "-c",
                       "ip addr add " + address(i) + "/24 dev eth0 && ip link set eth0 up && ip link set lo up"})) == 0;
    must(is_cabled, "cable");
  }
}

HostNetwork::~HostNetwork() {
  for (const auto* all : {&passes_, &hosts_}) {
    for (const pid_t one : *all) {
      ::kill(one, SIGKILL);
      ::waitpid(one, nullptr, 0);
    }
  }
  // The kernel takes a host's cables away in its own time; their names are wanted again.
  for (std::size_t i = 0; i < hosts_.size(); ++i) (void)run({"ip", "link", "del", cable(i)});
}

std::string HostNetwork::address(std::size_t host) const { return "10.77.0." + std::to_string(host + 1); }

std::vector<std::string> HostNetwork::inside(std::size_t host, const std::vector<std::string>& words) const {
  std::vector<std::string> all{"nsenter", "--target=" + std::to_string(hosts_[host]), "--net", "--mount", "--"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

void HostNetwork::pass_loopback(std::size_t from, std::size_t to, const std::vector<std::uint16_t>& ports) {
  std::array<int, 2> ready{};
  must(::pipe2(ready.data(), O_CLOEXEC) == 0, "pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    enter_network(hosts_[from]);
    std::vector<pollfd> listeners;
    for (const std::uint16_t port : ports) {
      const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in address = loopback(port);
      must(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "bind");
      must(::listen(descriptor, 64) == 0, "listen");
      listeners.push_back({descriptor, POLLIN, 0});
    }
    must(::write(ready[1], "r", 1) == 1, "write");
    serve_pass(hosts_[to], listeners, ports);
  }
  ::close(ready[1]);
  char byte = 0;
  must(::read(ready[0], &byte, 1) == 1, "the pass did not start");
  ::close(ready[0]);
  passes_.push_back(child);
}

void HostNetwork::plug(std::size_t host, bool is_in) {
  must(run({"ip", "link", "set", cable(host), is_in ? "up" : "down"}) == 0, "plug");
}

}  // namespace arbees::hosts
