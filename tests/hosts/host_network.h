#pragma once
// Hosts with addresses of their own, on this machine: one network namespace for each, joined by a bridge.
//
// Host i (from 1) is 10.77.0.i, and every host knows all others by their names. The bridge lies in a namespace of this
// process, so nothing of the machine's own network is touched, and everything is gone with the process. Needs root, or
// a kernel that lets users make namespaces.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace arbees::hosts {

class HostNetwork {
 public:
  // Empty, or why this process may not make namespaces. Moves this process, which must have no other thread, into
  // namespaces of its own; once.
  [[nodiscard]] static std::string move_in();

  // After move_in(). Names are those of the hosts; `hosts_file` is written, and is their /etc/hosts.
  HostNetwork(const std::vector<std::string>& names, const std::string& hosts_file);
  ~HostNetwork();
  HostNetwork(const HostNetwork&) = delete;
  HostNetwork& operator=(const HostNetwork&) = delete;

  [[nodiscard]] std::string address(std::size_t host) const;
  // The words of a command that run in that host, by the full path of a program.
  [[nodiscard]] std::vector<std::string> inside(std::size_t host, const std::vector<std::string>& words) const;
  // A program that does it.
  [[nodiscard]] static std::string program() { return "/usr/bin/nsenter"; }

  // Lets a host reach what listens at these ports of another host's 127.0.0.1 at the same ports of its own: the way
  // into the internet, where the venues are.
  void pass_loopback(std::size_t from, std::size_t to, const std::vector<std::uint16_t>& ports);

  // Pulls a host's cable out, or puts it in again.
  void plug(std::size_t host, bool is_in);

 private:
  std::vector<pid_t> hosts_;   // each keeps its namespaces
  std::vector<pid_t> passes_;  // processes of pass_loopback()
};

}  // namespace arbees::hosts
