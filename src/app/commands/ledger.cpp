// arbees ledger check|export, orders, positions, pnl: what the ledger of a data folder says.

#include <cstdio>
#include <filesystem>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/telemetry/format.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/ledger_json.h"

namespace arbees::app {
namespace {

struct LedgerOptions {
  std::string data;
  std::string database;
  bool json = false;
  std::string format = "json";
  std::string table = "fills";
};

// What a command makes of the ledger it was pointed at; its result is the exit code.
using Answer = int (*)(const LedgerOptions& options, const LedgerContents& ledger);

int answer(const LedgerOptions& options, Answer make) {
  const std::string path = options.database.empty() ? ledger_path(data_folder(options.data)) : options.database;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    std::fprintf(stderr, "arbees: no ledger at %s\n", path.c_str());
    return kNotFound;
  }
  const auto ledger = read_ledger(path);
  if (!ledger) {
    std::fprintf(stderr, "arbees: %s\n", ledger.error().c_str());
    return kBadInput;
  }
  return make(options, *ledger);
}

int print_line(const std::string& text) {
  std::printf("%s\n", text.c_str());
  return kDone;
}

int check(const LedgerOptions& options, const LedgerContents& ledger) {
  const LedgerAudit audit = audit_ledger(ledger);
  const bool is_right = audit.problems.empty();
  if (options.json) {
    print_line(audit_document(ledger, audit));
    return is_right ? kDone : kFailed;
  }
  for (const std::string& problem : audit.problems) std::printf("problem: %s\n", problem.c_str());
  for (const auto& [venue, cash] : audit.cash) std::printf("cash %s %s\n", venue.c_str(), to_short_text(cash).c_str());
  std::printf("%zu orders, %zu fills, %zu settlements, %zu open positions: %s\n", ledger.orders.size(),
              ledger.fills.size(), ledger.settlements.size(), audit.positions.size(),
              is_right ? "the ledger is right" : "the ledger is WRONG");
  return is_right ? kDone : kFailed;
}

int export_all(const LedgerOptions& options, const LedgerContents& ledger) {
  if (options.format == "json" || options.json) return print_line(export_document(ledger));
  std::fputs(csv_table(ledger, options.table).c_str(), stdout);
  return kDone;
}

int show_orders(const LedgerOptions& options, const LedgerContents& ledger) {
  if (options.json) return print_line(orders_document(ledger));
  for (const LedgerOrder& order : ledger.orders) {
    std::printf("%s  %s  %-10s %-32s %-4s %-3s %8s at %-6s %s\n", to_iso_ms(order.submitted_at).c_str(),
                to_hex(order.order_id).c_str(), order.contract.venue.c_str(), order.contract.symbol.c_str(),
                order.is_buy ? "buy" : "sell", order.contract.outcome.c_str(), to_short_text(order.quantity).c_str(),
                to_short_text(order.limit).c_str(), order.state.c_str());
  }
  return kDone;
}

int show_positions(const LedgerOptions& options, const LedgerContents& ledger) {
  const LedgerAudit audit = audit_ledger(ledger);
  if (options.json) return print_line(positions_document(audit));
  for (const LedgerPosition& position : audit.positions) {
    std::printf("%-10s %-32s %-3s %10s  cost %s\n", position.contract.venue.c_str(), position.contract.symbol.c_str(),
                position.contract.outcome.c_str(), to_short_text(position.quantity).c_str(),
                to_short_text(position.cost).c_str());
  }
  return kDone;
}

int show_profit(const LedgerOptions& options, const LedgerContents& ledger) {
  const LedgerProfit profit = profit_of(ledger, audit_ledger(ledger));
  if (options.json) return print_line(profit_document(profit));
  std::printf("settlement %12s\ntrading    %12s\nfees       %12s\nopen cost  %12s\ntotal      %12s\n",
              to_short_text(profit.settlement).c_str(), to_short_text(profit.trading).c_str(),
              to_short_text(profit.fees).c_str(), to_short_text(profit.open_cost).c_str(),
              to_short_text(profit.total()).c_str());
  return kDone;
}

std::shared_ptr<LedgerOptions> add_common_options(Command& command) {
  auto options = std::make_shared<LedgerOptions>();
  command.option("--data", options->data, kDataFolderHelp);
  command.option("--db", options->database, "Ledger file, instead of ledger.sqlite in the data folder");
  command.flag("--json", options->json, "Print one JSON document");
  return options;
}

void set_work(Command& command, const std::shared_ptr<LedgerOptions>& options, Answer make) {
  command.run([options, make] { return answer(*options, make); });
}

}  // namespace

void add_ledger_command(CommandLine& line) {
  Command& ledger = line.add("ledger", "Check or export the ledger");
  Command& checking = ledger.add(
      "check", "Reconcile cash, positions, fills and limits; exit code 0 right, 1 problems, 3 unreadable, 6 no ledger");
  set_work(checking, add_common_options(checking), check);

  Command& exporting = ledger.add("export", "Print orders, fills, settlements and cash as JSON, or one table as CSV");
  const auto options = add_common_options(exporting);
  exporting.choice("--format", options->format, {"json", "csv"}, "Form of the output (default json)");
  exporting.choice("--table", options->table, {"fills", "orders", "settlements"}, "Table for csv (default fills)");
  set_work(exporting, options, export_all);

  Command& orders = line.add("orders", "All orders of the ledger");
  set_work(orders, add_common_options(orders), show_orders);
  Command& positions = line.add("positions", "Open positions and what they have cost, fees included");
  set_work(positions, add_common_options(positions), show_positions);
  Command& profit = line.add("pnl", "Profit and loss; open positions count as worth what they cost");
  set_work(profit, add_common_options(profit), show_profit);
}

}  // namespace arbees::app
