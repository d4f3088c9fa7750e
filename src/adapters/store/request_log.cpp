#include "adapters/store/request_log.h"

#include "adapters/store/sqlite.h"

namespace arbees {
namespace {

// A commit survives the death of the process; synchronous=FULL that of the machine as well.
constexpr const char* kSchema = R"sql(
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS requests (
  key TEXT PRIMARY KEY, request_id TEXT NOT NULL, request INTEGER NOT NULL, begun_at_ns INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS requests_by_id ON requests (request_id);
CREATE INDEX IF NOT EXISTS requests_by_time ON requests (begun_at_ns);
)sql";

LoggedRequest row_of(const Statement& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), row.identifier(2), std::string(row.text(3)),
          std::string(row.text(4))};
}

}  // namespace

struct RequestLog::Parts {
  Database database;
  Statement find;
  Statement begin;
  Statement answer;
  Statement unanswered;
};

RequestLog::RequestLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RequestLog::~RequestLog() = default;

Result<std::unique_ptr<RequestLog>, std::string> RequestLog::open(const std::string& path, Timestamp now) {
  auto database = Database::open(path, Database::Access::ReadWrite);
  if (!database) return failure(database.error());
  if (!database->execute(kSchema)) return failure(database->error());
  auto forget = database->prepare("DELETE FROM requests WHERE begun_at_ns < ?");
  if (!forget || !forget->run(unix_ns(now - kMemory))) return failure(database->error());
  auto find = database->prepare(
      "SELECT key, request_id, request, kind, answer FROM requests WHERE key = ?1 OR request_id = ?2 "
      "ORDER BY key = ?1 DESC LIMIT 1");
  auto begin = database->prepare(
      "INSERT INTO requests (key, request_id, request, begun_at_ns, kind, answer) VALUES (?, ?, ?, ?, ?, ?)");
  auto answer = database->prepare("UPDATE requests SET kind = ?2, answer = ?3 WHERE key = ?1");
  auto unanswered = database->prepare(
      "SELECT key, request_id, request, kind, answer FROM requests WHERE kind = '' ORDER BY begun_at_ns");
  if (!find || !begin || !answer || !unanswered) return failure(database->error());
  auto parts = std::make_unique<Parts>(
      Parts{std::move(*database), std::move(*find), std::move(*begin), std::move(*answer), std::move(*unanswered)});
  return std::unique_ptr<RequestLog>(new RequestLog(std::move(parts)));
}

std::optional<LoggedRequest> RequestLog::find(std::string_view key, std::string_view request_id) {
  parts_->find.start(key, request_id);
  std::optional<LoggedRequest> found;
  if (parts_->find.step() == Statement::Step::Row) found = row_of(parts_->find);
  parts_->find.reset();
  return found;
}

bool RequestLog::begin(const LoggedRequest& request, Timestamp now) {
  return parts_->begin.run(std::string_view(request.key), std::string_view(request.request_id), request.request,
                           unix_ns(now), std::string_view(request.kind), std::string_view(request.answer));
}

bool RequestLog::answer(std::string_view key, std::string_view kind, std::string_view answer) {
  return parts_->answer.run(key, kind, answer) && parts_->database.changes() == 1;
}

std::vector<LoggedRequest> RequestLog::unanswered() {
  std::vector<LoggedRequest> requests;
  parts_->unanswered.start();
  while (parts_->unanswered.step() == Statement::Step::Row) requests.push_back(row_of(parts_->unanswered));
  parts_->unanswered.reset();
  return requests;
}

std::string RequestLog::error() const { return parts_->database.error(); }

}  // namespace arbees
