// arbees config show|check|schema|docs|profiles: what is configured, where it came from, and what could be.

#include <unistd.h>

#include <cstdio>

#include "app/cli.h"
#include "app/command.h"
#include "app/config/config_text.h"
#include "app/config/options.h"
#include "app/config/predecessor_names.h"
#include "app/refusal.h"
#include "app/running/secret_check.h"

namespace arbees::app {
namespace {

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (!text.empty() && text.back() != '\n') std::fputc('\n', stdout);
  return kDone;
}

}  // namespace

void add_config_command(CommandLine& line) {
  struct Options {
    ConfigOptions config;
    bool json = false;
    bool sample = false;
  };
  auto options = std::make_shared<Options>();
  Command& config = line.add("config", "Settings in force, their origin, their meaning");

  Command& show = config.add("show", "Every setting in force and where it came from; secrets are not shown");
  add_config_options(show, options->config);
  show.flag("--json", options->json, "Print JSON");
  show.run([options]() -> int {
    const auto loaded = load_or_complain(options->config, "config show", options->json);
    if (!loaded) return loaded.error();
    return print(options->json ? config_json(*loaded) : config_table(*loaded));
  });

  Command& check = config.add("check", "Whether the settings are right, and their keys usable; exit code 2 if not");
  add_config_options(check, options->config);
  check.flag("--json", options->json, "Print JSON");
  check.run([options]() -> int {
    const auto loaded = load_or_complain(options->config, "config check", false);
    if (!loaded) return options->json ? (print("{\"ok\":false}"), loaded.error()) : loaded.error();
    const auto unusable = unusable_secrets(loaded->config);
    for (const std::string& text : unusable) std::fprintf(stderr, "arbees config check: %s\n", text.c_str());
    if (!unusable.empty()) return options->json ? (print("{\"ok\":false}"), kUsage) : kUsage;
    for (const std::string& text : unread_predecessor_names(environ)) std::fprintf(stderr, "note: %s\n", text.c_str());
    return print(options->json ? "{\"ok\":true}" : "The settings are right.");
  });

  Command& schema = config.add("schema", "JSON schema of the settings");
  schema.flag("--json", options->json, "Accepted for symmetry: the schema is JSON anyway");
  schema.run([] { return print(config_schema()); });

  Command& docs = config.add("docs", "The configuration guide as Markdown");
  docs.flag("--sample", options->sample, "A settings file with every key instead");
  docs.flag("--json", options->json, "The settings as one JSON document");
  docs.run([options] {
    if (options->json && options->sample) {
      return refuse("config docs", kUsage, "--json and --sample contradict each other: give one of them", true);
    }
    return print(options->json ? settings_json() : options->sample ? config_sample() : config_guide());
  });

  Command& profiles = config.add("profiles", "The built-in profiles");
  profiles.flag("--json", options->json, "Print JSON");
  profiles.run([options] { return print(options->json ? profiles_json() : profiles_table()); });
}

}  // namespace arbees::app
