// arbees import: recordings of others → an event journal.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "adapters/store/journal_writer.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/import/importer.h"
#include "app/refusal.h"

namespace arbees::app {
namespace {

constexpr std::size_t kIssuesShown = 20;

struct ImportOptions {
  std::string format;
  std::vector<std::string> files;
  std::string out;
  bool compress = false;
  bool force = false;
  bool json = false;
};

void write_json(const ImportOptions& options, const ImportSummary& summary) {
  JsonWriter json;
  json.begin_object().field("journal", options.out).field("lines", summary.lines).field("frames", summary.frames);
  json.field("events", summary.events).field("bad_lines", summary.bad_lines);
  json.field("corrected_times", summary.corrected_times);
  json.key("anomalies").begin_object();
  for (const auto& [kind, count] : summary.anomalies) json.field(kind, count);
  json.end_object().key("issues").begin_array();
  for (const ImportIssue& issue : summary.issues) {
    json.begin_object().field("file", issue.file).field("line", issue.line).field("kind", issue.kind);
    json.field("detail", issue.detail).end_object();
  }
  json.end_array().end_object();
  std::printf("%s\n", json.take().c_str());
}

void write_text(const ImportOptions& options, const ImportSummary& summary) {
  fmt::print("{}: {} events from {} lines\n", options.out, summary.events, summary.lines);
  for (const auto& [kind, count] : summary.anomalies) fmt::print("  {} {}\n", count, kind);
  for (std::size_t i = 0; i < summary.issues.size() && i < kIssuesShown; ++i) {
    const ImportIssue& issue = summary.issues[i];
    fmt::print(stderr, "{}:{}: {}: {}\n", issue.file, issue.line, issue.kind, issue.detail);
  }
  if (summary.issues.size() > kIssuesShown) {
    fmt::print(stderr, "… and {} more; --json lists them\n", summary.issues.size() - kIssuesShown);
  }
}

int run_import(const ImportOptions& options) {
  const std::unique_ptr<Importer> importer = make_importer(options.format);
  if (importer == nullptr) {
    return refuse("import", kUsage,
                  fmt::format("unknown format '{}'; --format takes one of {}", options.format, importer_names()),
                  options.json);
  }
  for (const std::string& file : options.files) {
    if (file != "-" && !std::filesystem::exists(file)) {
      return refuse("import", kNotFound, file + ": no such file", options.json);
    }
  }
  if (options.force) std::filesystem::remove(options.out);
  auto journal =
      JournalWriter::create(options.out, JournalHeader{}, options.compress ? Compression::Zstd : Compression::None);
  if (!journal) {
    return refuse("import", kFailed, journal.error() + (options.force ? "" : " (--force overwrites)"), options.json);
  }
  ImportSummary summary;
  ImportSink sink(**journal, summary);
  const bool show_progress = options.files.size() > 1 && isatty(STDERR_FILENO) != 0;
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    if (show_progress) fmt::print(stderr, "\r[{}/{}] {}\033[K", i + 1, options.files.size(), options.files[i]);
    const std::string error = importer->import_file(options.files[i], sink, summary);
    if (error.empty()) continue;
    if (show_progress) fmt::print(stderr, "\n");
    return refuse("import", kFailed, error, options.json);
  }
  if (show_progress) fmt::print(stderr, "\r\033[K");
  if (!sink.finish() || !(*journal)->flush(Sync::ToDisk)) {
    return refuse("import", kFailed, std::string((*journal)->error()), options.json);
  }
  if (options.json) {
    write_json(options, summary);
  } else {
    write_text(options, summary);
  }
  return summary.bad_lines == 0 ? kDone : kBadInput;
}

}  // namespace

void add_import_command(CommandLine& line) {
  Command& command = line.add("import", "Turn recordings of others into an event journal");
  auto options = std::make_shared<ImportOptions>();
  command.option("--format", options->format, "Form of the recordings: " + importer_names());
  command.require("--format");
  command.positionals("FILE", options->files, true, "Recordings, plain or .zst, in order of time");
  command.option("--out", options->out, "The journal to make");
  command.require("--out");
  command.flag("--zstd", options->compress, "Compress the journal");
  command.flag("--force", options->force, "Overwrite an existing journal");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run_import(*options); });
}

}  // namespace arbees::app
