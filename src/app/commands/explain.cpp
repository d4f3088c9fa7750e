// arbees explain ID: why an opportunity or a request came about, or did not.

#include "app/reporting/explain.h"

#include <fmt/format.h>

#include <charconv>

#include "app/reporting/ledger_access.h"

namespace arbees::app {
namespace {

struct Options : LedgerOptions {
  std::string id;
  std::string journal;
};

// Sixteen hex digits, as all our listings print them; fewer are as good.
std::optional<std::uint64_t> parse_id(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string journal_of(const Options& options, const LedgerDecision& decision) {
  if (!options.journal.empty()) return options.journal;
  const std::filesystem::path folder = std::filesystem::path(options.path()).parent_path();
  return (folder / fmt::format("session-{}.journal", decision.session)).string();
}

int run(const Options& options) {
  const auto id = parse_id(options.id);
  if (!id) {
    return refuse("explain", kUsage, options.id + " is no id: hex digits, as opportunities and orders print them",
                  options.json);
  }
  return with_ledger(options, read_ledger, [&](const LedgerContents& ledger) {
    return with_ledger(options, read_decisions, [&](const LedgerDecisions& decisions) -> int {
      auto explanation = explain(*id, ledger, decisions);
      if (!explanation) {
        return refuse("explain", kNotFound,
                      fmt::format("{} has no opportunity and no request {}", options.path(), options.id), options.json);
      }
      add_moment(*explanation, journal_of(options, explanation->decision()));
      return print_answer(options.json ? explanation_document(*explanation) : explanation_text(*explanation));
    });
  });
}

}  // namespace

void add_explain_command(CommandLine& line) {
  Command& command = line.add("explain", "Books, fees, certificate and verdict of an opportunity or request");
  auto options = std::make_shared<Options>();
  command.positional("ID", options->id, true, "Id of an opportunity or request, as the other commands print it");
  add_ledger_options(command, *options);
  command.option("--journal", options->journal,
                 "Journal of the session, instead of session-N.journal beside the ledger");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app
