#pragma once
// zmq-listener: every message of the bus as a line, a row or an entry of a stream, and at the end what was missing.

#include <memory>
#include <string>
#include <vector>

#include "app/roles/role.h"

namespace arbees::app {

struct ListenerOptions {
  std::vector<std::string> topics;  // prefixes; empty: all
  bool is_quiet = false;            // prints no messages: they only go to the database and to Redis
};

[[nodiscard]] std::unique_ptr<Role> make_listener(const ListenerOptions& options, const RoleContext& context);

// One message, in the form json ({"topic","message"}), compact (one short line) or pretty (indented), as it is printed,
// with its final newline. What is no JSON is shown as a text.
[[nodiscard]] std::string listener_line(const std::string& format, const std::string& topic, const std::string& body);

}  // namespace arbees::app
