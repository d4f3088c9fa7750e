// arbees ledger check|export, orders, positions, pnl: what the ledger of a data folder says.

#include <algorithm>
#include <fstream>
#include <optional>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_decisions.h"
#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/ledger_json.h"
#include "app/reporting/ledger_access.h"
#include "app/reporting/profit_text.h"
#include "app/reporting/text_table.h"

namespace arbees::app {
namespace {

struct Options : LedgerOptions {
  std::string format = "json";
  std::string table = "fills";
  std::string csv_folder;
  OrderChoice chosen;
};

// What a command makes of the ledger it was pointed at; its result is the exit code.
using Answer = int (*)(const Options& options, const LedgerContents& ledger);

// The data folder's ledger against its copy in the database; nothing if there is no such ledger or no database.
std::optional<LedgerComparison> compare_with_copy(const Options& options, std::string& wrong) {
  const std::string own = ledger_path(data_folder(options.data));
  std::error_code ignored;
  const auto url = postgres::DatabaseUrl::parse(options.database);
  if (!url || !std::filesystem::exists(own, ignored)) return std::nullopt;
  auto connection = postgres::Connection::open(*url);
  if (!connection) {
    wrong = connection.error().text;
    return std::nullopt;
  }
  auto compared = compare_ledger(own, **connection);
  if (compared) return std::move(*compared);
  wrong = compared.error();
  return std::nullopt;
}

void write_comparison(const LedgerComparison& comparison, JsonWriter& json) {
  json.begin_object().field("equal", comparison.is_equal()).field("ledger", std::to_string(comparison.ledger));
  json.key("tables").begin_array();
  for (const TableComparison& table : comparison.tables) {
    json.begin_object().field("table", table.table).field("rows", table.rows).field("missing", table.missing);
    json.field("extra", table.extra).field("different", table.different).end_object();
  }
  json.end_array().end_object();
}

void print_differences(const LedgerComparison& comparison) {
  for (const TableComparison& table : comparison.tables) {
    if (table.is_equal()) continue;
    std::printf("problem: %s in the database: %llu rows missing, %llu only there, %llu different\n",
                table.table.c_str(), static_cast<unsigned long long>(table.missing),
                static_cast<unsigned long long>(table.extra), static_cast<unsigned long long>(table.different));
  }
}

int check(const Options& options, const LedgerContents& ledger) {
  const LedgerAudit audit = audit_ledger(ledger);
  std::string wrong;
  const auto comparison = compare_with_copy(options, wrong);
  if (!wrong.empty()) std::fprintf(stderr, "arbees ledger check: %s\n", wrong.c_str());
  const bool is_right = audit.problems.empty() && wrong.empty() && (!comparison || comparison->is_equal());
  if (options.json) {
    std::string document = audit_document(ledger, audit);
    if (comparison) {
      JsonWriter json;
      write_comparison(*comparison, json);
      document.pop_back();
      document += ",\"database\":" + json.take() + "}";
    }
    print_answer(document);
    return is_right ? kDone : kFailed;
  }
  if (comparison) print_differences(*comparison);
  for (const std::string& problem : audit.problems) std::printf("problem: %s\n", problem.c_str());
  for (const LedgerExcess& each : audit.excesses) {
    std::printf("over a limit at %s: %s of %s%s%s, the books are right: %s\n", to_iso_ms(each.at).c_str(),
                to_short_text(each.amount).c_str(), each.key.c_str(), each.asset.empty() ? "" : " in ",
                each.asset.c_str(), each.cause.c_str());
  }
  for (const auto& [venue, cash] : audit.cash) {
    std::printf("cash %s %s", venue.c_str(), to_short_text(cash).c_str());
    const Money pairs = pairs_paid(audit, venue);
    if (!pairs.is_zero()) {
      std::printf(", %s to spend: %s are paid already for pairs of Yes and No, which the books settle with the market",
                  to_short_text(cash + pairs).c_str(), to_short_text(pairs).c_str());
    }
    std::printf("\n");
  }
  std::printf("%zu orders, %zu fills, %zu settlements, %zu open positions: %s\n", ledger.orders.size(),
              ledger.fills.size(), ledger.settlements.size(), audit.positions.size(),
              is_right ? "the ledger is right" : "the ledger is WRONG");
  return is_right ? kDone : kFailed;
}

// orders.csv, fills.csv and settlements.csv.
int export_tables(const Options& options, const LedgerContents& ledger) {
  std::error_code error;
  std::filesystem::create_directories(options.csv_folder, error);
  for (const char* table : {"orders", "fills", "settlements"}) {
    const std::string path = (std::filesystem::path(options.csv_folder) / (std::string(table) + ".csv")).string();
    std::ofstream file(path);
    file << csv_table(ledger, table);
    file.close();
    if (!error && file) continue;
    return refuse({}, kFailed, path + ": cannot be written", options.json);
  }
  return kDone;
}

int export_all(const Options& options, const LedgerContents& ledger) {
  if (!options.csv_folder.empty()) {
    const int code = export_tables(options, ledger);
    if (code != kDone || !options.json) return code;
  }
  if (options.format == "json" || options.json) return print_answer(export_document(ledger));
  return print_answer(csv_table(ledger, options.table));
}

int show_orders(const Options& options, const LedgerContents& all) {
  const LedgerContents ledger = chosen_orders(all, options.chosen);
  if (options.json) return print_answer(orders_document(ledger));
  std::vector<std::vector<std::string>> rows{
      {"time", "order", "venue", "symbol", "side", "outcome", "quantity", "price", "status", "reason", "market"}};
  for (const LedgerOrder& order : ledger.orders) {
    rows.push_back({to_iso_ms(order.submitted_at), to_hex(order.order_id), order.contract.venue, order.contract.symbol,
                    order.is_buy ? "buy" : "sell", order.contract.outcome, to_short_text(order.quantity),
                    to_short_text(order.limit), order.state, order.reason, order.contract.title});
  }
  return print_answer(text_table(rows));
}

int show_positions(const Options& options, const LedgerContents& ledger) {
  const LedgerAudit audit = audit_ledger(ledger);
  if (options.json) return print_answer(positions_document(audit));
  std::vector<std::vector<std::string>> rows{{"venue", "symbol", "outcome", "asset", "quantity", "cost", "market"}};
  for (const LedgerPosition& position : audit.positions) {
    rows.push_back({position.contract.venue, position.contract.symbol, position.contract.outcome,
                    position.contract.asset, to_short_text(position.quantity), to_short_text(position.cost),
                    position.contract.title});
  }
  return print_answer(text_table(rows));
}

int show_profit(const Options& options, const LedgerContents& ledger) {
  return with_ledger(options, read_decisions, [&](const LedgerDecisions& decisions) {
    const LedgerAudit audit = audit_ledger(ledger);
    const ProfitBreakdown breakdown = profit_breakdown(ledger, audit, decisions.requests);
    return print_answer(options.json ? profit_document(profit_of(ledger, audit), breakdown) : profit_text(breakdown));
  });
}

std::shared_ptr<Options> add_options(Command& command) {
  auto options = std::make_shared<Options>();
  add_ledger_options(command, *options);
  return options;
}

void set_work(Command& command, const std::shared_ptr<Options>& options, Answer make) {
  command.run([options, make] {
    return with_ledger(*options, read_ledger, [&](const LedgerContents& ledger) { return make(*options, ledger); });
  });
}

}  // namespace

void add_ledger_command(CommandLine& line) {
  Command& ledger = line.add("ledger", "Check or export the ledger");
  Command& checking = ledger.add(
      "check", "Reconcile cash, positions, fills and limits; exit code 0 right, 1 problems, 3 unreadable, 6 no ledger");
  set_work(checking, add_options(checking), check);

  Command& exporting = ledger.add("export", "Print orders, fills, settlements and cash as JSON, or one table as CSV");
  const auto options = add_options(exporting);
  exporting.choice("--format", options->format, {"json", "csv"}, "Form of the output (default json)");
  exporting.choice("--table", options->table, {"fills", "orders", "settlements"}, "Table for csv (default fills)");
  exporting.option("--csv", options->csv_folder, "Write orders.csv, fills.csv and settlements.csv to this folder");
  exporting.run([options] {
    if (options->json && options->format == "csv") {
      return refuse("ledger export", kUsage, "--json and --format csv contradict each other: give one of them", true);
    }
    return with_ledger(*options, read_ledger,
                       [&](const LedgerContents& contents) { return export_all(*options, contents); });
  });

  Command& orders = line.add("orders", "All orders of the ledger");
  const auto order_options = add_options(orders);
  orders.flag("--open", order_options->chosen.open_only, "Only orders that are not known to have ended");
  orders.choice("--venue", order_options->chosen.venue, {"kalshi", "polymarket"}, "Only orders at this venue");
  set_work(orders, order_options, show_orders);
  Command& positions = line.add("positions", "Open positions and what they have cost, fees included");
  set_work(positions, add_options(positions), show_positions);
  Command& profit = line.add("pnl", "Profit and loss by part, venue, asset, detector and day");
  set_work(profit, add_options(profit), show_profit);
}

}  // namespace arbees::app
