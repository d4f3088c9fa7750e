// arbees zmq-listener: what is said on the bus, as lines.

#include "app/command.h"
#include "app/roles/listener.h"

namespace arbees::app {
namespace {

struct Options {
  RoleOptions role;
  ListenerOptions listener;
  std::string format;
  std::string out;
  bool redis = false;
};

int listen(Options& options) {
  auto& overrides = options.role.config.overrides;
  if (!options.format.empty()) overrides.emplace_back("listener.format", options.format);
  if (!options.out.empty()) overrides.emplace_back("listener.out", options.out);
  if (options.redis) overrides.emplace_back("listener.redis_streams", "true");
  return run_role({"zmq-listener"}, options.role,
                  [&](const RoleContext& context) { return make_listener(options.listener, context); });
}

}  // namespace

void add_zmq_listener_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("zmq-listener", "Print every message of the bus, and at the end what was missing");
  add_role_options(command, options->role);
  command.choice("--format", options->format, {"json", "compact", "pretty"},
                 "json: {\"topic\",\"message\"} lines; compact: short lines; pretty: indented");
  command.option("--out", options->out,
                 "Append to this file instead of standard output; at listener.out_megabytes it becomes FILE.1");
  command.flag("--redis", options->redis, "Add the messages to streams of Redis, too (docs/operations.md)");
  command.option("--topic", options->listener.topics, "Only topics that begin so; may be given more than once");
  add_database_option(command, options->role.config);
  command.flag("--quiet", options->listener.is_quiet, "Print no messages: they only go to the database and to Redis");
  command.run([options] { return listen(*options); });
}

}  // namespace arbees::app
