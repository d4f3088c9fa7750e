#include "adapters/store/ledger.h"

#include <tuple>
#include <utility>

#include "adapters/store/ledger_names.h"
#include "adapters/store/ledger_schema.h"
#include "adapters/store/sqlite.h"

namespace arbees {
namespace {

// A transaction this long is committed on its own, so that none grows without limit.
constexpr std::uint64_t kMaxRowsPerTransaction = 4096;

std::optional<std::int64_t> request_or_null(RequestId request) noexcept {
  if (request.value == 0) return std::nullopt;
  return static_cast<std::int64_t>(request.value);
}

}  // namespace

struct Ledger::Books {
  Database database;
  std::string error;
  bool in_transaction = false;
  std::uint64_t rows = 0;  // in the transaction

  // Where the session stands: the event being recorded and the place of the report among its reports.
  std::uint64_t session = 0;
  bool has_session = false;
  std::uint64_t sequence = 0;
  std::int64_t ordinal = -1;
  std::uint64_t recorded_sequence = 0;  // the last report that the ledger has
  std::int64_t recorded_ordinal = -1;

  std::optional<std::int64_t> limits_id;
  LedgerLimits limits;
  std::array<Money, kVenueCount> cash{};
  std::array<bool, kVenueCount> is_opened{};
  std::uint64_t ignored_duplicates = 0;
  std::int64_t duplicates_to_store = 0;
  std::uint64_t ignored_reports = 0;

  Statement insert_session, update_session, insert_instrument, describe_instrument, insert_limits, insert_decision,
      insert_end, insert_request, insert_leg, insert_order, end_order, rest_order, insert_entry, insert_posting,
      insert_movement, insert_fill, insert_fill_name, insert_settlement, insert_state, find_fill, find_settling,
      insert_reversal, end_request, insert_adjustment;

  [[nodiscard]] Result<bool, std::string> prepare();
  [[nodiscard]] bool load_balances();
  [[nodiscard]] bool load_session();
  [[nodiscard]] bool load_limits();

  [[nodiscard]] bool begin();
  [[nodiscard]] bool end_transaction();
  // Notes the error of the database unless the work succeeded.
  [[nodiscard]] bool finish(bool is_done);
  // Whether the ledger lacks the report that comes now.
  [[nodiscard]] bool advance(std::uint64_t event_sequence) noexcept;

  // A balanced entry begins; its number is database.last_row() afterwards.
  [[nodiscard]] bool open_entry(Timestamp at, std::string_view kind, std::int64_t& entry);
  [[nodiscard]] bool post(std::int64_t entry, Venue venue, std::string_view account, Money amount);
  [[nodiscard]] bool move_cash(Timestamp at, std::string_view kind, Venue venue, Money amount,
                               std::string_view reason = "");
  [[nodiscard]] bool adjust(const PositionAdjustment& adjustment, std::string_view reason, Timestamp at);
  [[nodiscard]] bool add_order(const OrderRequest& order, Timestamp at);

  [[nodiscard]] bool write(const OpportunityJudged& judged, Timestamp at);
  [[nodiscard]] bool write(const OrderSubmitted& submitted, Timestamp at) { return add_order(submitted.order, at); }
  [[nodiscard]] bool write(const OrderFilled& filled, Timestamp at);
  [[nodiscard]] bool write(const OrderEnded& ended, Timestamp at);
  [[nodiscard]] bool write(const PositionSettled& settled, Timestamp at);
  [[nodiscard]] bool write(const CashOpened& opened, Timestamp at);
  [[nodiscard]] bool write(const TradingStateChanged& changed, Timestamp at);
  [[nodiscard]] bool write(const OpportunityEnded& ended, Timestamp at);
  [[nodiscard]] bool write(const OrderDoubted& doubted, Timestamp at);
  [[nodiscard]] bool write(const RequestEnded& ended, Timestamp at);
  [[nodiscard]] bool write(const FillReverted& reverted, Timestamp at);
};

Result<bool, std::string> Ledger::Books::prepare() {
  const std::pair<Statement&, std::string_view> statements[] = {
      {insert_session, "INSERT OR IGNORE INTO sessions (session, mode, started_at_ns) VALUES (?, ?, ?)"},
      {update_session,
       "UPDATE sessions SET last_sequence = ?, last_ordinal = ?, ignored_duplicates = ignored_duplicates + ? "
       "WHERE session = ?"},
      {insert_instrument, "INSERT OR IGNORE INTO instruments (instrument, venue, symbol) VALUES (?, ?, ?)"},
      {describe_instrument,
       "INSERT INTO instruments VALUES (?, ?, ?, ?, ?) ON CONFLICT (instrument) DO UPDATE SET "
       "asset = CASE excluded.asset WHEN 'unknown' THEN asset ELSE excluded.asset END, "
       "title = CASE excluded.title WHEN '' THEN title ELSE excluded.title END "
       "WHERE asset <> excluded.asset OR title <> excluded.title"},
      {insert_limits, "INSERT INTO limits (session, position_micro, asset_micro, total_micro) VALUES (?, ?, ?, ?)"},
      {insert_decision, "INSERT INTO decisions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_end, "INSERT OR REPLACE INTO opportunities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_request, "INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_leg, "INSERT OR IGNORE INTO request_legs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_order,
       "INSERT OR IGNORE INTO orders (order_id, request, leg, session, limits_id, instrument, venue, asset, outcome, "
       "side, time_in_force, limit_e4, quantity_centi, submitted_at_ns, deadline_ns) "
       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {end_order,
       // An end may be told again, for a fill that came late or failed: the first one stays the order's end.
       "UPDATE orders SET state = ?, reason = ?, ended_at_ns = coalesce(ended_at_ns, ?), ended_filled_centi = ? "
       "WHERE order_id = ?"},
      {rest_order, "UPDATE orders SET state = ?, reason = ? WHERE order_id = ?"},
      {insert_entry, "INSERT INTO entries (session, sequence, at_ns, kind) VALUES (?, ?, ?, ?)"},
      {insert_posting, "INSERT INTO postings VALUES (?, ?, ?, ?)"},
      {insert_movement, "INSERT INTO cash_movements VALUES (?, ?, ?, ?)"},
      {insert_fill, "INSERT INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_fill_name, "INSERT OR IGNORE INTO fill_names VALUES (?, ?, ?)"},
      {insert_settlement, "INSERT INTO settlements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_state, "INSERT INTO trading_states VALUES (?, ?, ?, ?, ?)"},
      {find_fill, "SELECT 1 FROM fills WHERE order_id = ? AND venue_fill_id = ? AND venue = ?"},
      {find_settling,
       "SELECT fill_id FROM fills WHERE order_id = ? AND venue_fill_id = ? AND venue = ? "
       "AND fill_id NOT IN (SELECT fill_id FROM fill_reversals)"},
      {insert_reversal, "INSERT INTO fill_reversals VALUES (?, ?, ?)"},
      {insert_adjustment, "INSERT INTO adjustments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {end_request, "INSERT OR REPLACE INTO request_ends VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = database.prepare(sql);
    if (!prepared) return failure(prepared.error());
    statement = std::move(*prepared);
  }
  return true;
}

bool Ledger::Books::load_balances() {
  auto balances =
      database.prepare("SELECT venue, sum(amount_micro) FROM postings WHERE account = 'cash' GROUP BY venue");
  auto openings =
      database.prepare("SELECT venue FROM cash_movements JOIN entries USING (entry_id) WHERE kind = 'opening'");
  if (!balances || !openings) return false;
  Statement::Step step;
  while ((step = balances->step()) == Statement::Step::Row) {
    const auto venue = parse_venue(balances->text(0));
    if (venue) cash[static_cast<std::size_t>(*venue)] = Money::from_units(balances->integer(1));
  }
  if (step == Statement::Step::Error) return false;
  while ((step = openings->step()) == Statement::Step::Row) {
    const auto venue = parse_venue(openings->text(0));
    if (venue) is_opened[static_cast<std::size_t>(*venue)] = true;
  }
  return step == Statement::Step::Done;
}

bool Ledger::Books::load_limits() {
  auto latest = database.prepare(
      "SELECT limits_id, position_micro, asset_micro, total_micro FROM limits ORDER BY limits_id DESC LIMIT 1");
  if (!latest) return false;
  const auto step = latest->step();
  if (step != Statement::Step::Row) return step == Statement::Step::Done;
  limits_id = latest->integer(0);
  limits = {Money::from_units(latest->integer(1)), Money::from_units(latest->integer(2)),
            Money::from_units(latest->integer(3))};
  return true;
}

bool Ledger::Books::load_session() {
  auto found = database.prepare("SELECT last_sequence, last_ordinal FROM sessions WHERE session = ?");
  if (!found) return false;
  found->start(session);
  if (found->step() != Statement::Step::Row) return false;
  recorded_sequence = found->identifier(0);
  recorded_ordinal = found->integer(1);
  sequence = 0;
  ordinal = -1;
  return true;
}

bool Ledger::Books::begin() {
  if (!error.empty()) return false;
  if (in_transaction) return true;
  in_transaction = finish(database.execute("BEGIN IMMEDIATE"));
  return in_transaction;
}

bool Ledger::Books::end_transaction() {
  if (!error.empty()) return false;
  if (!in_transaction) return true;
  if (has_session && !finish(update_session.run(recorded_sequence, recorded_ordinal, duplicates_to_store, session))) {
    return false;
  }
  if (!finish(database.execute("COMMIT"))) return false;
  in_transaction = false;
  duplicates_to_store = 0;
  rows = 0;
  return true;
}

bool Ledger::Books::finish(bool is_done) {
  if (is_done) {
    ++rows;
    return true;
  }
  if (error.empty()) error = database.error();
  if (in_transaction) static_cast<void>(database.execute("ROLLBACK"));
  in_transaction = false;
  return false;
}

bool Ledger::Books::advance(std::uint64_t event_sequence) noexcept {
  ordinal = event_sequence == sequence ? ordinal + 1 : 0;
  sequence = event_sequence;
  if (std::tie(sequence, ordinal) <= std::tie(recorded_sequence, recorded_ordinal)) {
    ++ignored_reports;
    return false;
  }
  recorded_sequence = sequence;
  recorded_ordinal = ordinal;
  return true;
}

bool Ledger::Books::open_entry(Timestamp at, std::string_view kind, std::int64_t& entry) {
  if (!insert_entry.run(session, sequence, unix_ns(at), kind)) return false;
  entry = database.last_row();
  return true;
}

bool Ledger::Books::post(std::int64_t entry, Venue venue, std::string_view account, Money amount) {
  if (account == "cash") cash[static_cast<std::size_t>(venue)] += amount;
  return insert_posting.run(entry, venue_name(venue), account, amount.units());
}

bool Ledger::Books::move_cash(Timestamp at, std::string_view kind, Venue venue, Money amount, std::string_view reason) {
  std::int64_t entry = 0;
  return open_entry(at, kind, entry) && insert_movement.run(entry, venue_name(venue), amount.units(), reason) &&
         post(entry, venue, "cash", amount) && post(entry, venue, "equity", -amount);
}

bool Ledger::Books::adjust(const PositionAdjustment& adjustment, std::string_view reason, Timestamp at) {
  const InstrumentNamed& contract = adjustment.contract;
  std::int64_t entry = 0;
  return insert_instrument.run(contract.id.value, venue_name(contract.venue), contract.symbol_view()) &&
         open_entry(at, "adjustment", entry) &&
         insert_adjustment.run(entry, contract.id.value, venue_name(contract.venue), asset_name(adjustment.asset),
                               outcome_name(adjustment.outcome), adjustment.quantity.units(), adjustment.cost.units(),
                               unix_ns(at), reason) &&
         post(entry, contract.venue, "position", adjustment.cost) &&
         post(entry, contract.venue, "equity", -adjustment.cost);
}

bool Ledger::Books::add_order(const OrderRequest& order, Timestamp at) {
  return insert_order.run(order.id.value, order.request.value, int{order.leg}, session, limits_id,
                          order.instrument.value, venue_name(order.venue), asset_name(order.asset),
                          outcome_name(order.outcome), side_name(order.side), time_in_force_name(order.time_in_force),
                          order.limit.units(), order.quantity.units(), unix_ns(at), unix_ns(order.deadline));
}

bool Ledger::Books::write(const OpportunityJudged& judged, Timestamp at) {
  return insert_decision.run(
      session, sequence, unix_ns(at), judged.opportunity_id, judged.event_group, detector_name(judged.detector),
      verdict_name(judged.verdict), int{judged.leg_count}, judged.outlay.units(), judged.guaranteed.units(),
      judged.fees.units(), request_or_null(judged.request), unix_ns(judged.started_at), unix_ns(judged.settles_at),
      judged.size.units(), verdict_name(judged.binding), judged.expected_loss.units(), judged.tail_reserve.units());
}

bool Ledger::Books::write(const OpportunityEnded& ended, Timestamp) {
  return insert_end.run(ended.opportunity_id, session, sequence, ended.event_group, detector_name(ended.detector),
                        verdict_name(ended.verdict), unix_ns(ended.started_at), unix_ns(ended.ended_at),
                        ended.best_profit.units(), ended.best_outlay.units(), ended.best_size.units(), ended.judgements,
                        request_or_null(ended.request));
}

bool Ledger::Books::write(const OrderFilled& filled, Timestamp at) {
  const OrderRequest& order = filled.order;
  find_fill.start(order.id.value, filled.venue_fill_id, venue_name(order.venue));
  const auto found = find_fill.step();
  find_fill.reset();
  if (found == Statement::Step::Error) return false;
  if (found == Statement::Step::Row) {
    ++ignored_duplicates;
    ++duplicates_to_store;
    return true;
  }
  const Money paid = order.side == Side::Buy ? filled.price * filled.quantity : -(filled.price * filled.quantity);
  std::int64_t entry = 0;
  // The order is normally there; a fill that a new session learns of may come before its order.
  return add_order(order, at) && open_entry(at, "fill", entry) &&
         insert_fill.run(entry, order.id.value, venue_name(order.venue), filled.venue_fill_id, filled.price.units(),
                         filled.quantity.units(), filled.fee.units(), unix_ns(at)) &&
         post(entry, order.venue, "cash", -paid - filled.fee) && post(entry, order.venue, "position", paid) &&
         post(entry, order.venue, "fees", filled.fee);
}

bool Ledger::Books::write(const OrderEnded& ended, Timestamp at) {
  if (!add_order(ended.order, at)) return false;
  const auto state = order_state_name(ended.state);
  const auto reason = reject_reason_name(ended.reason);
  if (!is_final(ended.state)) return rest_order.run(state, reason, ended.order.id.value);
  return end_order.run(state, reason, unix_ns(at), ended.filled.units(), ended.order.id.value);
}

bool Ledger::Books::write(const PositionSettled& settled, Timestamp at) {
  std::int64_t entry = 0;
  return open_entry(at, "settlement", entry) &&
         insert_settlement.run(entry, settled.instrument.value, venue_name(settled.venue), asset_name(settled.asset),
                               outcome_name(settled.outcome), settled.quantity.units(), settled.payout.units(),
                               settled.cost.units(), unix_ns(at)) &&
         post(entry, settled.venue, "cash", settled.payout) &&
         post(entry, settled.venue, "settlement", -settled.payout);
}

// The first statement of a venue's cash is its opening balance. A later session starts with another; what the books
// cannot explain of it came or went from outside: a transfer.
bool Ledger::Books::write(const CashOpened& opened, Timestamp at) {
  const auto venue = static_cast<std::size_t>(opened.venue);
  if (!is_opened[venue]) {
    is_opened[venue] = true;
    return move_cash(at, "opening", opened.venue, opened.cash - cash[venue]);
  }
  const Money difference = opened.cash - cash[venue];
  return difference.is_zero() || move_cash(at, "transfer", opened.venue, difference);
}

bool Ledger::Books::write(const TradingStateChanged& changed, Timestamp at) {
  return insert_state.run(session, sequence, unix_ns(at), trading_state_name(changed.state),
                          control_reason_name(changed.reason));
}

bool Ledger::Books::write(const OrderDoubted& doubted, Timestamp at) {
  return add_order(doubted.order, at) && rest_order.run(order_state_name(OrderState::Unknown),
                                                        reject_reason_name(RejectReason::None), doubted.order.id.value);
}

bool Ledger::Books::write(const RequestEnded& ended, Timestamp at) {
  return end_request.run(ended.request.value, session, unix_ns(at), ended.opportunity_id, detector_name(ended.detector),
                         request_outcome_name(ended.outcome), int{ended.leg_count}, std::int64_t{ended.orders},
                         ended.asked.units(), ended.matched.units(), ended.kept.units(), ended.naked_time.count(),
                         ended.naked_loss.units(), ended.unwind_cost.units(), ended.slippage.units());
}

bool Ledger::Books::write(const FillReverted& reverted, Timestamp at) {
  const OrderRequest& order = reverted.order;
  find_settling.start(order.id.value, reverted.venue_fill_id, venue_name(order.venue));
  const auto found = find_settling.step();
  const std::int64_t fill = found == Statement::Step::Row ? find_settling.integer(0) : 0;
  find_settling.reset();
  if (found != Statement::Step::Row) return found == Statement::Step::Done;  // never booked, or undone already
  const Money gross = reverted.price * reverted.quantity;
  const Money paid = order.side == Side::Buy ? gross : -gross;
  std::int64_t entry = 0;
  return open_entry(at, "reversal", entry) && insert_reversal.run(entry, fill, unix_ns(at)) &&
         post(entry, order.venue, "cash", paid + reverted.fee) && post(entry, order.venue, "position", -paid) &&
         post(entry, order.venue, "fees", -reverted.fee);
}

Ledger::Ledger(std::unique_ptr<Books> books) : books_(std::move(books)) {}

Ledger::~Ledger() { static_cast<void>(commit()); }

Result<std::unique_ptr<Ledger>, std::string> Ledger::open(const std::string& path, Durability durability) {
  auto database = Database::open(path, Database::Access::ReadWrite);
  if (!database) return failure(database.error());
  // Nothing is changed in the file before it is known to be a ledger.
  const auto migrated = migrate_ledger(*database);
  if (!migrated) return failure(migrated.error());
  const char* const sync = durability == Durability::Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
  auto books = std::make_unique<Books>();
  books->database = std::move(*database);
  Database& opened = books->database;
  if (!opened.execute("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON") || !opened.execute(sync)) {
    return failure(opened.error());
  }
  const auto prepared = books->prepare();
  if (!prepared) return failure(prepared.error());
  if (!books->load_balances() || !books->load_limits()) return failure(opened.error());
  return std::unique_ptr<Ledger>(new Ledger(std::move(books)));
}

std::uint64_t Ledger::next_session() {
  const auto highest = books_->database.query_integer("SELECT max(session) FROM sessions");
  return highest ? static_cast<std::uint64_t>(*highest) + 1 : 1;
}

bool Ledger::has_paper_sessions() {
  return books_->database.query_integer("SELECT count(*) FROM sessions WHERE mode = 'paper'").value_or(0) > 0;
}

bool Ledger::has_live_sessions() {
  return books_->database.query_integer("SELECT count(*) FROM sessions WHERE mode = 'live'").value_or(0) > 0;
}

bool Ledger::begin_session(std::uint64_t session, std::string_view mode, Timestamp started_at) {
  Books& books = *books_;
  if (!books.end_transaction() || !books.begin()) return false;
  books.session = session;
  books.has_session = true;
  if (!books.finish(books.insert_session.run(session, mode, unix_ns(started_at)))) return false;
  return books.finish(books.load_session()) && books.end_transaction();
}

bool Ledger::set_limits(const LedgerLimits& limits) {
  Books& books = *books_;
  if (books.limits_id && books.limits == limits) return !failed();
  if (!books.begin()) return false;
  if (!books.finish(books.insert_limits.run(books.session, limits.position.units(), limits.asset.units(),
                                            limits.total.units()))) {
    return false;
  }
  books.limits_id = books.database.last_row();
  books.limits = limits;
  return true;
}

bool Ledger::record(const InstrumentNamed& named) {
  Books& books = *books_;
  return books.begin() &&
         books.finish(books.insert_instrument.run(named.id.value, venue_name(named.venue), named.symbol_view()));
}

bool Ledger::describe(const ContractDescription& description) {
  Books& books = *books_;
  const InstrumentNamed& contract = description.contract;
  return books.begin() && books.finish(books.describe_instrument.run(contract.id.value, venue_name(contract.venue),
                                                                     contract.symbol_view(),
                                                                     asset_name(description.asset), description.title));
}

bool Ledger::record(const ExecutionRequest& request) {
  Books& books = *books_;
  if (!books.begin()) return false;
  if (!books.finish(books.insert_request.run(request.id.value, books.session, request.opportunity_id,
                                             detector_name(request.detector), unix_ns(request.created_at),
                                             unix_ns(request.deadline), request.outlay.units(),
                                             request.guaranteed.units()))) {
    return false;
  }
  int index = 0;
  for (const Leg& leg : request.legs) {
    if (!books.finish(books.insert_leg.run(request.id.value, index++, leg.instrument.value, venue_name(leg.venue),
                                           asset_name(leg.asset), outcome_name(leg.outcome), leg.price.units(),
                                           leg.quantity.units(), leg.cost.units(), leg.fee.units()))) {
      return false;
    }
  }
  return true;
}

bool Ledger::record(const Report& report) {
  Books& books = *books_;
  ARBEES_ASSERT(books.has_session);
  if (failed()) return false;
  if (books.rows >= kMaxRowsPerTransaction && !books.end_transaction()) return false;
  if (!books.begin()) return false;
  if (!books.advance(report.sequence)) return true;
  return std::visit([&](const auto& body) { return books.finish(books.write(body, report.at)); }, report.body);
}

bool Ledger::name_fill(OrderId order, std::uint64_t venue_fill_id, std::string_view name) {
  Books& books = *books_;
  return books.begin() && books.finish(books.insert_fill_name.run(order.value, venue_fill_id, name));
}

bool Ledger::transfer(Venue venue, Money amount, std::string_view reason, Timestamp at) {
  Books& books = *books_;
  ARBEES_ASSERT(books.has_session);
  return books.begin() && books.finish(books.move_cash(at, "transfer", venue, amount, reason));
}

bool Ledger::adjust(const PositionAdjustment& adjustment, std::string_view reason, Timestamp at) {
  Books& books = *books_;
  ARBEES_ASSERT(books.has_session);
  ARBEES_ASSERT(adjustment.quantity.is_positive() || adjustment.cost.is_zero());
  return books.begin() && books.finish(books.adjust(adjustment, reason, at));
}

bool Ledger::record(const Event& cause, const Outputs& outputs) {
  const auto* const named = std::get_if<InstrumentNamed>(&cause.body);
  if (named != nullptr && !record(*named)) return false;
  for (const ExecutionRequest& request : outputs.requests) {
    if (!record(request)) return false;
  }
  for (const Report& report : outputs.reports) {
    if (!record(report)) return false;
  }
  return !failed();
}

bool Ledger::commit() { return books_->end_transaction(); }

bool Ledger::failed() const noexcept { return !books_->error.empty(); }
const std::string& Ledger::error() const noexcept { return books_->error; }
std::uint64_t Ledger::ignored_duplicates() const noexcept { return books_->ignored_duplicates; }
std::uint64_t Ledger::ignored_reports() const noexcept { return books_->ignored_reports; }
Money Ledger::cash(Venue venue) const noexcept { return books_->cash[static_cast<std::size_t>(venue)]; }

}  // namespace arbees
