// arbees db migrate|status|sync|restore: the database that keeps prices and a copy of the ledger.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "adapters/postgres/migration.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/config/options.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/storing/database_check.h"
#include "app/storing/ledger_copy.h"
#include "app/storing/ledger_mirror.h"

namespace arbees::app {
namespace {

using postgres::Connection;

struct Options {
  ConfigOptions config;
  std::string ledger;
  std::string file;
  std::string print;
  bool json = false;
};

int complain(const Options& options, int code, const std::string& text) {
  return refuse("db", code, text, options.json);
}

// Exit code 2 without a database, 1 without a server.
int use_database(const Options& options, const std::function<int(Connection&, const postgres::DatabaseUrl&)>& use) {
  const auto loaded = load_or_complain(options.config, "db", options.json);
  if (!loaded) return loaded.error();
  const std::string& text = loaded->config.database.url;
  if (text.empty()) return complain(options, kUsage, "no database: give --db URL, DATABASE_URL or database.url");
  const auto url = postgres::DatabaseUrl::parse(text);
  if (!url) return complain(options, kUsage, url.error());
  const auto connection = Connection::open(*url);
  if (!connection) return complain(options, kFailed, url->shown() + ": " + connection.error().text);
  return use(**connection, *url);
}

// What would be run in the one or the other layout, without a database.
int print_sql(const std::string& layout_name) {
  const auto layout = postgres::parse_layout(layout_name);
  for (const postgres::Migration& step : postgres::migrations()) {
    fmt::print("-- {} (checksum {})\n{}", step.name, postgres::checksum(step), postgres::sql_for(step, *layout));
  }
  return kDone;
}

int migrate(const Options& options) {
  if (!options.print.empty()) return print_sql(options.print);
  return use_database(options, [&](Connection& connection, const postgres::DatabaseUrl& url) -> int {
    const auto report = postgres::migrate(connection);
    if (!report) return complain(options, kFailed, report.error().text);
    if (options.json) {
      JsonWriter json;
      json.begin_object().field("url", url.shown()).field("version", report->version);
      json.field("layout", postgres::layout_name(report->layout)).key("applied").begin_array();
      for (const std::string& step : report->applied) json.value(step);
      json.end_array().end_object();
      fmt::print("{}\n", json.take());
      return kDone;
    }
    for (const std::string& step : report->applied) fmt::print("applied {}\n", step);
    fmt::print("{}: schema version {}, {}\n", url.shown(), report->version, postgres::layout_name(report->layout));
    return kDone;
  });
}

void write_state(const postgres::SchemaState& state, JsonWriter& json) {
  const bool is_behind = state.version < static_cast<int>(postgres::migrations().size());
  json.field("server", state.server).field("version", state.version);
  json.field("known", static_cast<std::uint64_t>(postgres::migrations().size()));
  json.field("layout", postgres::layout_name(state.layout)).field("timescaledb", state.has_timescaledb);
  json.field("up_to_date", !is_behind && state.problem.empty());
  if (!state.problem.empty()) json.field("problem", state.problem);
}

int status(const Options& options) {
  return use_database(options, [&](Connection& connection, const postgres::DatabaseUrl& url) -> int {
    const auto state = postgres::read_schema(connection, postgres::migrations());
    if (!state) return complain(options, kFailed, state.error().text);
    const auto ledgers = copied_ledgers(connection);
    const std::vector<CopiedLedger> none;
    JsonWriter json;
    json.begin_object().field("url", url.shown());
    write_state(*state, json);
    json.key("ledgers").begin_array();
    if (!options.json) fmt::print("{}: {}\n", url.shown(), schema_text(*state));
    if (!options.json && !state->problem.empty()) fmt::print("problem: {}\n", state->problem);
    for (const CopiedLedger& ledger : ledgers ? *ledgers : none) {
      json.begin_object().field("ledger", std::to_string(ledger.ledger)).field("mode", ledger.mode);
      json.field("started_at", ledger.started_at).field("mirrored_at", ledger.mirrored_at).end_object();
      if (options.json) continue;
      fmt::print("ledger {} ({}): begun {}, copied {}\n", ledger.ledger, ledger.mode, ledger.started_at,
                 ledger.mirrored_at);
    }
    json.end_array().end_object();
    if (options.json) fmt::print("{}\n", json.take());
    return state->problem.empty() ? kDone : kFailed;
  });
}

int sync(const Options& options) {
  const std::string path = ledger_path(data_folder(options.config.data));
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return complain(options, kNotFound, "no ledger at " + path);
  return use_database(options, [&](Connection& connection, const postgres::DatabaseUrl& url) -> int {
    if (const auto migrated = postgres::migrate(connection); !migrated)
      return complain(options, kFailed, migrated.error().text);
    LedgerMirror mirror(path);
    do {
      if (const auto done = mirror.round(connection); !done) return complain(options, kFailed, done.error().text);
    } while (mirror.has_ledger() && !mirror.is_complete());
    if (options.json) {
      JsonWriter json;
      json.begin_object().field("url", url.shown()).field("ledger", path).field("complete", true).end_object();
      fmt::print("{}\n", json.take());
    } else {
      fmt::print("{}: {} is copied\n", url.shown(), path);
    }
    return kDone;
  });
}

int restore(const Options& options) {
  return use_database(options, [&](Connection& connection, const postgres::DatabaseUrl& url) -> int {
    if (const auto known = check_copy_schema(connection); !known) {
      return complain(options, kFailed, url.shown() + ": " + known.error());
    }
    const auto ledgers = copied_ledgers(connection);
    if (!ledgers) return complain(options, kFailed, ledgers.error());
    if (ledgers->empty()) return complain(options, kNotFound, "there is no ledger in this database");
    std::int64_t wanted = ledgers->front().ledger;
    const std::string& text = options.ledger;
    const char* const end = text.data() + text.size();
    if (!text.empty() && std::from_chars(text.data(), end, wanted).ptr != end) {
      return complain(options, kUsage, fmt::format("--ledger {}: not a number; arbees db status lists them", text));
    }
    const auto is_wanted = [&](const CopiedLedger& ledger) { return ledger.ledger == wanted; };
    if (std::none_of(ledgers->begin(), ledgers->end(), is_wanted)) {
      return complain(options, kNotFound, fmt::format("there is no ledger {}; arbees db status lists them", wanted));
    }
    const auto made = fetch_ledger(connection, wanted, options.file);
    if (!made) return complain(options, kFailed, made.error());
    if (options.json) {
      JsonWriter json;
      json.begin_object().field("ledger", std::to_string(wanted)).field("file", options.file).end_object();
      fmt::print("{}\n", json.take());
    } else {
      fmt::print("{}: ledger {}\n", options.file, wanted);
    }
    return kDone;
  });
}

void add(Command& db, const char* name, const char* help, int (*work)(const Options&)) {
  auto options = std::make_shared<Options>();
  Command& command = db.add(name, help);
  add_config_options(command, options->config);
  add_database_option(command, options->config);
  command.flag("--json", options->json, "Print one JSON document");
  if (work == migrate) {
    command.choice("--print", options->print, {"native", "timescaledb"},
                   "Only print the statements for this layout, without a database");
  } else if (work == restore) {
    command.positional("FILE", options->file, true, "Ledger file to make; it must not exist yet");
    command.option("--ledger", options->ledger,
                   "Which one (default: the one copied last; arbees db status lists them)");
  }
  command.run([options, work] { return work(*options); });
}

}  // namespace

void add_db_command(CommandLine& line) {
  Command& db = line.add("db", "PostgreSQL or TimescaleDB: schema, copies of ledgers");
  add(db, "migrate", "Bring the schema up to this program's, from nothing or from any earlier version", migrate);
  add(db, "status", "Server, schema, layout and the ledgers that the database has copies of", status);
  add(db, "sync", "Copy what the database lacks of the data folder's ledger", sync);
  add(db, "restore", "Make a ledger file from the copy in the database", restore);
}

}  // namespace arbees::app
