// arbees zmq-listener: what is said on the bus, as lines.

#include "app/command.h"
#include "app/roles/listener.h"

namespace arbees::app {
namespace {

struct Options {
  RoleOptions role;
  ListenerOptions listener;
};

}  // namespace

void add_zmq_listener_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("zmq-listener", "Print every message of the bus, and at the end what was missing");
  add_role_options(command, options->role);
  command.choice("--format", options->listener.format, {"json", "compact", "pretty"},
                 "json: {\"topic\",\"message\"} lines; compact: short lines; pretty: indented");
  command.option("--out", options->listener.out, "Append to this file instead of standard output");
  command.option("--topic", options->listener.topics, "Only topics that begin so; may be given more than once");
  add_database_option(command, options->role.config);
  command.flag("--quiet", options->listener.is_quiet, "Print no messages: they only go to the database");
  command.run([options] {
    return run_role({"zmq-listener"}, options->role,
                    [&](const RoleContext& context) { return make_listener(options->listener, context); });
  });
}

}  // namespace arbees::app
