#pragma once
// Reading a ledger row by row: what its readers (ledger_contents, ledger_decisions) share.

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "adapters/store/ledger_contents.h"
#include "adapters/store/sqlite.h"

namespace arbees {

// A ledger that this build can read; the error says why not.
[[nodiscard]] Result<Database, std::string> open_ledger_to_read(const std::string& path);

class LedgerRows {
 public:
  explicit LedgerRows(Database& database) : database_(database) {}

  // What `read` makes of the file in one read transaction, symbols known; nothing from it means a failed query.
  template <class Contents, class Read>
  [[nodiscard]] Result<Contents, std::string> in_one_look(Read&& read) {
    if (!database_.execute("BEGIN")) return failure(database_.error());
    std::optional<Contents> contents;
    if (read_instruments()) contents = read();
    if (is_out_of_range_) return failure(database_.path() + ": damaged: a row has a number beyond any real one");
    if (!contents) return failure(database_.error());
    static_cast<void>(database_.execute("COMMIT"));
    return std::move(*contents);
  }

  // Calls `take` for every row; false if the query fails or the file is damaged.
  template <class Take>
  [[nodiscard]] bool each(std::string_view sql, Take&& take) {
    auto statement = database_.prepare(sql);
    if (!statement) return false;
    for (;;) {
      const auto step = statement->step();
      if (step == Statement::Step::Done) return true;
      if (step == Statement::Step::Error) return false;
      take(*statement);
    }
  }

  // A number that sums and products of many rows still fit; a ledger that we wrote has no other.
  template <class Value>
  [[nodiscard]] Value bounded(const Statement& row, int column) {
    constexpr std::int64_t kMost = std::is_same_v<Value, Price>      ? Price::kScale
                                   : std::is_same_v<Value, Quantity> ? 100'000'000'000
                                                                     : 1'000'000'000'000'000;
    const std::int64_t units = row.integer(column);
    if (units >= -kMost && units <= kMost) return Value::from_units(units);
    is_out_of_range_ = true;
    return Value{};
  }

  // From the columns instrument, venue, asset, outcome.
  [[nodiscard]] LedgerContract contract_at(const Statement& row, int column) const;

 private:
  struct Instrument {
    std::string symbol;
    std::string asset;
    std::string title;
  };
  [[nodiscard]] bool read_instruments();

  Database& database_;
  std::unordered_map<std::uint64_t, Instrument> instruments_;
  bool is_out_of_range_ = false;
};

}  // namespace arbees
