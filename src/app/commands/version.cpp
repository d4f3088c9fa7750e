// arbees version: the same line as --version, and as JSON.

#include "app/version.h"

#include <cstdio>

#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"

namespace arbees::app {

void add_version_command(CommandLine& line) {
  Command& command = line.add("version", "Print version, compiler, build type and revision");
  auto json = std::make_shared<bool>(false);
  command.flag("--json", *json, "Print one JSON document");
  command.run([json] {
    JsonWriter document;
    document.begin_object().field("version", version_text()).end_object();
    std::printf("%s\n", *json ? document.take().c_str() : version_text().c_str());
    return kDone;
  });
}

}  // namespace arbees::app
