#include "adapters/postgres/connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/except>
#include <pqxx/nontransaction>
#include <pqxx/result>
#include <pqxx/tablewriter>
#include <pqxx/transaction>

namespace arbees::postgres {
namespace {

// Only what the URL itself does not say; the library takes the last of two values.
std::string with_defaults(const DatabaseUrl& url, const ConnectionOptions& options) {
  std::string text = url.secret();
  const auto add = [&](std::string_view name, std::string_view value) {
    if (text.find(fmt::format("{}=", name)) != std::string::npos) return;
    text += fmt::format("{}{}={}", text.find('?') == std::string::npos ? '?' : '&', name, value);
  };
  add("connect_timeout", std::to_string(options.connect_timeout_s));
  add("application_name", options.application);
  add("tcp_user_timeout", "10000");
  add("keepalives_idle", "10");
  return text;
}

// The library's texts end in newlines, and say more in further lines.
std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (std::size_t at = text.find_first_of("\n\t"); at != std::string::npos; at = text.find_first_of("\n\t", at)) {
    text[at] = ' ';
  }
  return text;
}

}  // namespace

struct Connection::Parts {
  explicit Parts(const DatabaseUrl& database) : url(database) {}

  DatabaseUrl url;
  std::unique_ptr<pqxx::connection> link;
  std::unique_ptr<pqxx::quiet_errorhandler> quiet;
  std::unique_ptr<pqxx::transaction_base> transaction;
  std::mutex socket_lock;
  int socket = -1;  // our own name of the library's socket: the library may close its own at any time
  std::atomic<bool> is_lost = false;

  // Calls what uses the library, and makes its exceptions values.
  template <class Value, class Work>
  DatabaseResult<Value> attempt(Work&& work) {
    if (is_lost) return lost("the connection was lost before");
    try {
      return work();
    } catch (const pqxx::in_doubt_error& error) {
      is_lost = true;
      return failure(DatabaseError{DatabaseTrouble::InDoubt, "", told(error.what())});
    } catch (const pqxx::broken_connection& error) {
      return lost(told(error.what()));
    } catch (const pqxx::sql_error& error) {
      // Shut down by an administrator, crashed, or starting: the server speaks, but the connection is over.
      const bool is_going = error.sqlstate().starts_with("57P") || error.sqlstate().starts_with("08");
      if (is_going || !link->is_open()) return lost(told(error.what()), error.sqlstate());
      return failure(DatabaseError{DatabaseTrouble::Sql, error.sqlstate(), told(error.what())});
    } catch (const std::exception& error) {
      if (link == nullptr || !link->is_open()) return lost(told(error.what()));
      return failure(DatabaseError{DatabaseTrouble::Sql, "", told(error.what())});
    }
  }

  [[nodiscard]] std::string told(const char* text) const { return one_line(url.without_secret(text)); }

  tl::unexpected<DatabaseError> lost(std::string text, std::string state = {}) {
    is_lost = true;
    return failure(DatabaseError{DatabaseTrouble::Unreachable, std::move(state), std::move(text)});
  }

  pqxx::result execute(pqxx::transaction_base& with, const std::string& sql,
                       const std::vector<DatabaseField>& parameters) const {
    if (parameters.empty()) return with.exec(sql);
    std::vector<const char*> values;
    for (const DatabaseField& field : parameters) values.push_back(field ? field->c_str() : nullptr);
    return with.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
  }

  void close() noexcept {
    {
      const std::lock_guard guard(socket_lock);
      if (socket >= 0) ::close(socket);
      socket = -1;
    }
    transaction.reset();
    quiet.reset();
    link.reset();
  }
};

Connection::Connection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Connection::~Connection() {
  if (is_lost()) interrupt();  // the library would say goodbye to a server that does not listen
  parts_->close();
}

DatabaseResult<std::unique_ptr<Connection>> Connection::open(const DatabaseUrl& url, const ConnectionOptions& options) {
  auto parts = std::make_unique<Parts>(url);
  Parts& opened = *parts;
  try {
    opened.link = std::make_unique<pqxx::connection>(with_defaults(url, options));
  } catch (const std::exception& error) {
    const std::string text = opened.told(error.what());
    const bool is_refused = text.find("FATAL:") != std::string::npos && text.find("starting up") == std::string::npos &&
                            text.find("shutting down") == std::string::npos &&
                            text.find("recovery") == std::string::npos;
    return failure(DatabaseError{is_refused ? DatabaseTrouble::Refused : DatabaseTrouble::Unreachable, "", text});
  }
  opened.quiet = std::make_unique<pqxx::quiet_errorhandler>(*opened.link);
  opened.socket = ::fcntl(opened.link->sock(), F_DUPFD_CLOEXEC, 0);
  std::unique_ptr<Connection> connection(new Connection(std::move(parts)));
  const auto set =
      connection->run(fmt::format("SET client_min_messages = warning; SET TimeZone = 'UTC'; SET lock_timeout = 20000; "
                                  "SET statement_timeout = {}",
                                  options.statement_timeout_ms));
  if (!set) return failure(set.error());
  return connection;
}

DatabaseResult<DatabaseRows> Connection::run(const std::string& sql, const std::vector<DatabaseField>& parameters) {
  return parts_->attempt<DatabaseRows>([&] {
    pqxx::result result;
    if (parts_->transaction != nullptr) {
      result = parts_->execute(*parts_->transaction, sql, parameters);
    } else {
      pqxx::nontransaction alone(*parts_->link);
      result = parts_->execute(alone, sql, parameters);
    }
    DatabaseRows rows;
    rows.affected = static_cast<std::uint64_t>(result.affected_rows());
    rows.rows.reserve(static_cast<std::size_t>(result.size()));
    for (const auto& row : result) {
      DatabaseRow& copy = rows.rows.emplace_back();
      copy.reserve(static_cast<std::size_t>(row.size()));
      for (const auto& field : row) {
        copy.push_back(field.is_null() ? DatabaseField() : DatabaseField(std::string(field.c_str(), field.size())));
      }
    }
    return rows;
  });
}

DatabaseResult<DatabaseField> Connection::value(const std::string& sql, const std::vector<DatabaseField>& parameters) {
  auto rows = run(sql, parameters);
  if (!rows) return failure(rows.error());
  if (rows->rows.empty() || rows->rows.front().empty()) return DatabaseField();
  return std::move(rows->rows.front().front());
}

DatabaseResult<bool> Connection::begin() {
  return parts_->attempt<bool>([&] {
    parts_->transaction.reset();
    parts_->transaction = std::make_unique<pqxx::work>(*parts_->link);
    return true;
  });
}

DatabaseResult<bool> Connection::commit() {
  const auto done = parts_->attempt<bool>([&] {
    parts_->transaction->commit();
    return true;
  });
  parts_->transaction.reset();
  return done;
}

void Connection::rollback() noexcept { parts_->transaction.reset(); }

DatabaseResult<bool> Connection::copy(const std::string& target, const std::string& lines) {
  return parts_->attempt<bool>([&] {
    const std::size_t bracket = target.find('(');
    const std::string table = target.substr(0, target.find_last_not_of(" (", bracket) + 1);
    const std::string columns = target.substr(bracket + 1, target.rfind(')') - bracket - 1);
    const std::vector<std::string> list{columns};  // the writer joins names with commas; they are joined already
// The library's newer writer takes rows apart field by field only; whole lines are what makes COPY fast.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    pqxx::tablewriter writer(*parts_->transaction, table, list.begin(), list.end(), "\\N");
#pragma GCC diagnostic pop
    // Large enough to be few calls, small enough that the library's copy of it is no burden.
    constexpr std::size_t kPiece = 64 * 1024;
    for (std::size_t at = 0; at < lines.size();) {
      std::size_t end = at + kPiece >= lines.size() ? lines.size() : lines.rfind('\n', at + kPiece) + 1;
      if (end <= at) end = lines.find('\n', at) + 1;
      writer.write_raw_line(lines.substr(at, end - at - 1));  // it adds the last newline itself
      at = end;
    }
    writer.complete();
    return true;
  });
}

bool Connection::is_lost() const noexcept { return parts_->is_lost; }

void Connection::interrupt() noexcept {
  const std::lock_guard guard(parts_->socket_lock);
  parts_->is_lost = true;
  if (parts_->socket >= 0) ::shutdown(parts_->socket, SHUT_RDWR);
}

void append_copy_text(std::string& line, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '\\': line += "\\\\"; break;
      case '\t': line += "\\t"; break;
      case '\n': line += "\\n"; break;
      case '\r': line += "\\r"; break;
      case '\0': break;  // the server knows no such character
      default: line += c;
    }
  }
}

}  // namespace arbees::postgres
