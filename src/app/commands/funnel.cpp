// arbees funnel, opportunities: what was seen, and why so much of it was not traded.

#include "app/reporting/funnel.h"

#include "adapters/net/io_loop.h"
#include "app/data_folder.h"
#include "app/reporting/ledger_access.h"
#include "app/reporting/opportunity_list.h"
#include "app/running/running_status.h"

namespace arbees::app {
namespace {

struct ListOptions : LedgerOptions {
  std::uint64_t limit = 50;
};

// What the shards of the folder say now.
std::vector<std::string> shard_documents(const LedgerOptions& options) {
  std::vector<std::string> documents;
  for (const std::string& folder : running_folders(data_folder(options.data), "crypto-shard")) {
    const auto status = read_status(folder, net::IoLoop::now());
    if (status) documents.push_back(status->json);
  }
  return documents;
}

int show_funnel(const LedgerOptions& options) {
  return with_ledger(options, read_ledger, [&](const LedgerContents& ledger) {
    return with_ledger(options, read_decisions, [&](const LedgerDecisions& decisions) {
      const Funnel funnel = funnel_of(ledger, decisions);
      const auto shards = shard_judgements(shard_documents(options));
      return print_answer(options.json ? funnel_document(funnel, shards) : funnel_text(funnel) + shards_text(shards));
    });
  });
}

int show_opportunities(const ListOptions& options) {
  return with_ledger(options, read_decisions, [&](const LedgerDecisions& decisions) {
    const auto listed = list_opportunities(decisions, options.limit);
    return print_answer(options.json ? opportunities_document(listed) : opportunities_text(listed));
  });
}

}  // namespace

void add_funnel_command(CommandLine& line) {
  Command& funnel = line.add("funnel", "How many opportunities came how far, and what stopped the others");
  auto options = std::make_shared<LedgerOptions>();
  add_ledger_options(funnel, *options);
  funnel.run([options] { return show_funnel(*options); });

  Command& opportunities = line.add("opportunities", "The latest opportunities with their verdicts");
  auto list = std::make_shared<ListOptions>();
  add_ledger_options(opportunities, *list);
  opportunities.option("--limit", list->limit, "How many at most (default 50)");
  opportunities.run([list] { return show_opportunities(*list); });
}

}  // namespace arbees::app
