#include "adapters/store/ledger_decisions.h"

#include <fmt/format.h>

#include <unordered_map>

#include "adapters/store/ledger_rows.h"

namespace arbees {
namespace {

class DecisionFile {
 public:
  explicit DecisionFile(Database& database) : rows_(database) {}

  [[nodiscard]] Result<LedgerDecisions, std::string> read() {
    return rows_.in_one_look<LedgerDecisions>([&] {
      const bool is_read = read_decisions() && read_ends() && read_requests("true") && read_legs("true");
      return is_read ? std::optional(std::move(found_)) : std::nullopt;
    });
  }

  [[nodiscard]] Result<std::vector<LedgerRequest>, std::string> read_open() {
    constexpr const char* kOpen = "request NOT IN (SELECT request FROM request_ends)";
    return rows_.in_one_look<std::vector<LedgerRequest>>([&] {
      const bool is_read = read_requests(kOpen) && read_legs(kOpen);
      return is_read ? std::optional(std::move(found_.requests)) : std::nullopt;
    });
  }

 private:
  [[nodiscard]] bool read_decisions() {
    return rows_.each(
        "SELECT session, sequence, at_ns, opportunity, event_group, detector, verdict, legs, outlay_micro, "
        "guaranteed_micro, fees_micro, request, started_at_ns, settles_at_ns, size_centi, binding, "
        "expected_loss_micro, tail_reserve_micro FROM decisions ORDER BY decision_id",
        [&](const Statement& row) {
          LedgerDecision& decision = found_.decisions.emplace_back();
          decision.session = row.identifier(0);
          decision.sequence = row.identifier(1);
          decision.at = from_unix_ns(row.integer(2));
          decision.opportunity = row.identifier(3);
          decision.event_group = row.identifier(4);
          decision.detector = row.text(5);
          decision.verdict = row.text(6);
          decision.legs = row.identifier(7);
          decision.outlay = rows_.bounded<Money>(row, 8);
          decision.guaranteed = rows_.bounded<Money>(row, 9);
          decision.fees = rows_.bounded<Money>(row, 10);
          if (!row.is_null(11)) decision.request = row.identifier(11);
          decision.started_at = from_unix_ns(row.integer(12));
          decision.settles_at = from_unix_ns(row.integer(13));
          decision.size = rows_.bounded<Quantity>(row, 14);
          decision.binding = row.text(15);
          decision.expected_loss = rows_.bounded<Money>(row, 16);
          decision.tail_reserve = rows_.bounded<Money>(row, 17);
        });
  }

  [[nodiscard]] bool read_ends() {
    return rows_.each(
        "SELECT opportunity, session, detector, verdict, started_at_ns, ended_at_ns, best_profit_micro, "
        "best_outlay_micro, best_size_centi, judgements FROM opportunities ORDER BY session, sequence",
        [&](const Statement& row) {
          LedgerOpportunityEnd& end = found_.ends.emplace_back();
          end.opportunity = row.identifier(0);
          end.session = row.identifier(1);
          end.detector = row.text(2);
          end.verdict = row.text(3);
          end.started_at = from_unix_ns(row.integer(4));
          end.ended_at = from_unix_ns(row.integer(5));
          end.best_profit = rows_.bounded<Money>(row, 6);
          end.best_outlay = rows_.bounded<Money>(row, 7);
          end.best_size = rows_.bounded<Quantity>(row, 8);
          end.judgements = row.identifier(9);
        });
  }

  // `which` is a condition of SQL.
  [[nodiscard]] bool read_requests(std::string_view which) {
    return rows_.each(
        fmt::format("SELECT request, session, opportunity, detector, created_at_ns, outlay_micro, guaranteed_micro "
                    "FROM requests WHERE {} ORDER BY created_at_ns, request",
                    which),
        [&](const Statement& row) {
          by_request_.emplace(row.identifier(0), found_.requests.size());
          LedgerRequest& request = found_.requests.emplace_back();
          request.request = row.identifier(0);
          request.session = row.identifier(1);
          request.opportunity = row.identifier(2);
          request.detector = row.text(3);
          request.created_at = from_unix_ns(row.integer(4));
          request.outlay = rows_.bounded<Money>(row, 5);
          request.guaranteed = rows_.bounded<Money>(row, 6);
        });
  }

  [[nodiscard]] bool read_legs(std::string_view which) {
    return rows_.each(
        fmt::format("SELECT request, instrument, venue, asset, outcome, price_e4, quantity_centi, cost_micro, "
                    "fee_micro FROM request_legs WHERE {} ORDER BY request, leg",
                    which),
        [&](const Statement& row) {
          const auto request = by_request_.find(row.identifier(0));
          if (request == by_request_.end()) return;
          found_.requests[request->second].legs.push_back({rows_.contract_at(row, 1), rows_.bounded<Price>(row, 5),
                                                           rows_.bounded<Quantity>(row, 6),
                                                           rows_.bounded<Money>(row, 7), rows_.bounded<Money>(row, 8)});
        });
  }

  LedgerRows rows_;
  LedgerDecisions found_;
  std::unordered_map<std::uint64_t, std::size_t> by_request_;
};

}  // namespace

Result<LedgerDecisions, std::string> read_decisions(const std::string& path) {
  auto database = open_ledger_to_read(path);
  if (!database) return failure(database.error());
  return DecisionFile(*database).read();
}

Result<std::vector<LedgerRequest>, std::string> read_open_requests(const std::string& path) {
  auto database = open_ledger_to_read(path);
  if (!database) return failure(database.error());
  return DecisionFile(*database).read_open();
}

}  // namespace arbees
