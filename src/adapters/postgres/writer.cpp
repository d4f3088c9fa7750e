#include "adapters/postgres/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "adapters/postgres/migration.h"
#include "adapters/telemetry/format.h"

namespace arbees::postgres {
namespace {

// The collector looks at the ring this often; a ring of 65,536 rows is then good for six million rows a second.
constexpr auto kLook = std::chrono::milliseconds(10);
constexpr std::size_t kMaxBatchBytes = 8 << 20;
constexpr Duration kLeastBackoff = std::chrono::milliseconds(100);
constexpr Duration kMostBackoff = std::chrono::seconds(5);
constexpr Duration kMostPatience = std::chrono::minutes(10);
constexpr Duration kRefusedBackoff = std::chrono::seconds(30);
constexpr Duration kRetentionEvery = std::chrono::hours(1);

// Begins with the time, so that files of an earlier process come first.
std::string drawn_name() {
  std::random_device random;
  const auto now = static_cast<std::uint64_t>(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count());
  return to_hex(now) + to_hex(std::uint64_t{random()} << 32 | random());
}

}  // namespace

std::string_view writer_state_name(WriterState state) noexcept {
  switch (state) {
    case WriterState::Connecting: return "connecting";
    case WriterState::Connected: return "connected";
    case WriterState::Down: return "down";
    case WriterState::Refused: return "refused";
  }
  return "down";
}

Writer::Writer(DatabaseUrl url, const WriterOptions& options)
    : url_(std::move(url)),
      options_(options),
      ring_(options.ring_rows),
      queue_(options.spill_folder, options.max_spill_bytes, options.max_pending),
      patience_ns_(options.patience.count()) {
  open_.writer = options.writer.empty() ? drawn_name() : options.writer;
  open_.number = 1;
  collector_ = std::thread([this] { collect(); });
  sender_ = std::thread([this] { send(); });
}

Writer::~Writer() { (void)finish(Duration::zero()); }

// ---- The putting side. ----

bool Writer::put(const PriceRow& row) noexcept {
  if (ring_.try_push(row)) return true;
  dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void Writer::name(InstrumentId instrument, MarketNames names) {
  const std::lock_guard guard(lines_lock_);
  lines_.push_back({Table::MarketPrices, {}, kNoTime, instrument, std::move(names)});
}

void Writer::put_line(Table table, std::string line, Timestamp at) {
  const std::lock_guard guard(lines_lock_);
  lines_.push_back({table, std::move(line), at, {}, {}});
}

void Writer::note(Timestamp at, std::string_view kind, std::string_view detail) {
  std::string line;
  append_audit_row(line, at, options_.process, kind, detail);
  put_line(Table::Audit, std::move(line), at);
}

WriterStatus Writer::status() const {
  const std::lock_guard guard(status_lock_);
  WriterStatus status = status_;
  status.rows_dropped = status.queue.rows_dropped + dropped_.load(std::memory_order_relaxed);
  return status;
}

bool Writer::finish(Duration patience) {
  if (is_finished_) return queue_.empty();
  is_finished_ = true;
  deadline_ns_ = (Clock::now() + patience).time_since_epoch().count();
  is_stopping_ = true;
  collector_.join();
  is_collected_ = true;
  queue_.wake();
  // The sender may be in a call that the database does not answer.
  while (!is_sent_) {
    if (is_over()) interrupt();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  sender_.join();
  queue_.spill_all();
  tell();
  return queue_.empty();
}

// ---- The collector. ----

void Writer::collect() {
  open_since_ = Clock::now();
  auto told_at = Clock::now();
  for (;;) {
    const bool is_last = is_stopping_;
    // Names first: a row's market was named before the row was put in.
    bool has_taken = take_lines();
    has_taken = take_rows() || has_taken;
    const auto now = Clock::now();
    if (open_.parts.empty() && open_rows_.empty()) open_since_ = now;
    if (now - open_since_ >= options_.flush_every || (is_last && !has_taken)) close_batch();
    if (now - told_at >= std::chrono::milliseconds(100)) {
      told_at = now;
      tell();
    }
    const std::int64_t in_call_since = in_call_since_ns_;
    if (in_call_since != INT64_MAX && now.time_since_epoch().count() - in_call_since > patience_ns_) {
      interrupt();
    }
    if (is_last && !has_taken) return;
    if (!has_taken) std::this_thread::sleep_for(kLook);
  }
}

void Writer::interrupt() {
  const std::lock_guard guard(connection_lock_);
  if (connection_) connection_->interrupt();
}

bool Writer::take_lines() {
  std::vector<Line> lines;
  {
    const std::lock_guard guard(lines_lock_);
    lines.swap(lines_);
  }
  for (Line& line : lines) {
    if (line.instrument) {
      names_[line.instrument.value] = std::move(line.names);
      continue;
    }
    BatchPart& part = open_.part(line.table);
    part.lines += line.text;
    ++part.rows;
    if (table_form(line.table).is_partitioned) part.days.insert(day_of(unix_ns(line.at)));
    if (part.rows >= options_.max_batch_rows || part.lines.size() >= kMaxBatchBytes) close_batch();
  }
  return !lines.empty();
}

bool Writer::take_rows() {
  PriceRow row;
  bool has_taken = false;
  // At most one batch at a time: lines and the clock are to be looked at in between.
  for (std::uint64_t i = 0; i < options_.max_batch_rows && ring_.try_pop(row); ++i) {
    has_taken = true;
    add_price(row);
  }
  return has_taken;
}

void Writer::add_price(const PriceRow& row) {
  open_rows_.push_back(row);
  if (open_rows_.size() >= options_.max_batch_rows) close_batch();
}

// Each market's rows together: an index by market is then filled in runs, which costs the server half of what it costs
// to jump about in it.
void Writer::write_rows() {
  const auto key = [](const PriceRow& row) {
    return row.kind == PriceRow::Kind::Market ? row.instrument.value : static_cast<std::uint64_t>(row.asset);
  };
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(open_rows_.size());
  for (std::uint32_t i = 0; i < open_rows_.size(); ++i) order.emplace_back(key(open_rows_[i]), i);
  std::sort(order.begin(), order.end());
  for (const auto& [market, place] : order) write_row(open_rows_[place]);
  open_rows_.clear();
}

void Writer::write_row(const PriceRow& row) {
  const bool is_market = row.kind == PriceRow::Kind::Market;
  BatchPart& part = open_.part(is_market ? Table::MarketPrices : Table::CryptoPrices);
  if (is_market) {
    const auto named = names_.find(row.instrument.value);
    if (named == names_.end()) {
      const std::string unnamed = "#" + to_hex(row.instrument.value);
      append_market_row(part.lines, row, {unnamed, unnamed});
    } else {
      append_market_row(part.lines, row, named->second);
    }
  } else {
    append_spot_row(part.lines, row);
  }
  ++part.rows;
  const std::int32_t day = day_of(row.received_ns);
  if (part.days.empty() || *part.days.rbegin() != day) part.days.insert(day);
}

void Writer::close_batch() {
  open_since_ = Clock::now();
  write_rows();
  if (open_.parts.empty()) return;
  Batch next;
  next.writer = open_.writer;
  next.number = open_.number + 1;
  std::swap(next, open_);
  queue_.add(std::move(next));
}

// The sender's counts, and the queue's; the queue may be busy with the disk, and who asks for the status must not wait.
void Writer::tell() {
  QueueCounts counts = queue_.counts();
  const std::lock_guard guard(status_lock_);
  status_.queue = std::move(counts);
}

// ---- The sender. ----

void Writer::send() {
  for (;;) {
    if (is_collected_ && (queue_.empty() || is_over())) break;
    if (!connection_) {
      const bool is_hopeless = told_.state == WriterState::Refused;
      if (is_stopping_ && (is_over() || is_hopeless)) break;
      connect();
    } else {
      send_first();
    }
    publish();
  }
  if (connection_ && !is_over()) do_chores();
  publish();
  is_sent_ = true;
}

void Writer::publish() {
  const std::lock_guard guard(status_lock_);
  QueueCounts counts = std::move(status_.queue);
  status_ = told_;
  status_.queue = std::move(counts);
}

void Writer::connect() {
  ConnectionOptions wanted;
  wanted.application = "arbees " + options_.process;
  if (is_stopping_) wanted.connect_timeout_s = 2;  // the least that the library knows
  auto opened = Connection::open(url_, wanted);
  if (!opened) return lose(opened.error());
  {
    const std::lock_guard guard(connection_lock_);
    connection_ = std::move(*opened);
  }
  in_call_since_ns_ = Clock::now().time_since_epoch().count();
  const auto migrated = migrate(*connection_);
  in_call_since_ns_ = INT64_MAX;
  if (!migrated) {
    DatabaseError error = migrated.error();
    if (error.trouble == DatabaseTrouble::Sql) error.trouble = DatabaseTrouble::Refused;
    return lose(error);
  }
  store_ = std::make_unique<BatchStore>(*connection_);
  told_.state = WriterState::Connected;
  ++told_.connects;
  backoff_ = Duration::zero();
}

void Writer::send_first() {
  const auto batch = queue_.first(std::chrono::milliseconds(100));
  if (batch) store(*batch);
  if (connection_ && Clock::now() >= next_chore_) do_chores();
  if (connection_ && Clock::now() >= next_retention_) drop_expired();
}

void Writer::store(const Batch& batch) {
  in_call_since_ns_ = Clock::now().time_since_epoch().count();
  const auto stored = store_->store(batch);
  in_call_since_ns_ = INT64_MAX;
  if (stored) {
    patience_ns_ = options_.patience.count();
    queue_.settle();
    if (*stored == BatchStore::Outcome::WasThere) {
      ++told_.batches_repeated;
    } else {
      ++told_.batches_written;
      told_.rows_written += batch.rows();
    }
    return;
  }
  if (!stored.error().is_about_values()) return lose(stored.error());
  // It would be refused for ever, and everything behind it would wait.
  queue_.refuse();
  ++told_.batches_refused;
  told_.last_trouble = fmt::format("batch {} of {} set aside: {}", batch.number, batch.writer, stored.error().text);
}

void Writer::do_chores() {
  const auto start = Clock::now();
  next_chore_ = start + options_.chore_every;
  if (!options_.chore) return;
  in_call_since_ns_ = start.time_since_epoch().count();
  const auto done = options_.chore(*connection_);
  in_call_since_ns_ = INT64_MAX;
  // A long chore is not to take more than a tenth of the time.
  const auto end = Clock::now();
  next_chore_ = std::max(next_chore_, end + (end - start) * 10);
  told_.chore_trouble = done ? std::string() : done.error().text;
  if (!done && connection_->is_lost()) lose(done.error());
}

void Writer::drop_expired() {
  next_retention_ = Clock::now() + kRetentionEvery;
  if (options_.retention_days == 0) return;
  in_call_since_ns_ = Clock::now().time_since_epoch().count();
  for (const char* table : {"crypto_prices", "market_prices"}) {
    const auto dropped = connection_->run("SELECT arbees_drop_before($1, now() - $2::integer * interval '1 day')",
                                          {std::string(table), std::to_string(options_.retention_days)});
    if (dropped) continue;
    if (connection_->is_lost()) {
      lose(dropped.error());
      break;
    }
    told_.last_trouble = dropped.error().text;
  }
  in_call_since_ns_ = INT64_MAX;
  if (connection_)
    store_ = std::make_unique<BatchStore>(*connection_);  // which partitions there are is to be asked anew
}

void Writer::lose(const DatabaseError& error) {
  store_.reset();
  {
    const std::lock_guard guard(connection_lock_);
    connection_.reset();
  }
  in_call_since_ns_ = INT64_MAX;
  // A server that is only slow must get through in the end, or what it is given would be given up for ever.
  patience_ns_ = std::min(patience_ns_ * 2, std::max(Duration{kMostPatience}, options_.patience).count());
  // While it is away files keep what memory would lose with the process.
  queue_.spill_all();
  const bool is_refused = error.trouble == DatabaseTrouble::Refused;
  told_.state = is_refused ? WriterState::Refused : WriterState::Down;
  told_.last_trouble = error.text;
  backoff_ = std::clamp(backoff_ * 2, kLeastBackoff, kMostBackoff);
  publish();
  rest(is_refused ? kRefusedBackoff : backoff_);
}

void Writer::rest(Duration length) {
  const auto end = Clock::now() + length;
  while (Clock::now() < end && !is_over()) {
    if (is_stopping_ && told_.state == WriterState::Refused) return;
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace arbees::postgres
