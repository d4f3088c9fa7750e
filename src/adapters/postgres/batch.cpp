#include "adapters/postgres/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "adapters/telemetry/format.h"
#include "core/base/hash.h"

namespace arbees::postgres {
namespace {

constexpr std::string_view kMagic = "arbees-batch 1 ";

// Reads a text from its beginning to its end.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  // Up to the end of the line, which is consumed.
  std::string_view line() {
    const std::string_view found = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(rest_.size(), found.size() + 1));
    return found;
  }
  [[nodiscard]] std::optional<std::string_view> take(std::size_t bytes) {
    if (bytes > rest_.size()) return std::nullopt;
    const std::string_view found = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return found;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

// The next word of a line as a number.
std::optional<std::int64_t> number_of(std::string_view& line) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return value;
}

// "TABLE ROWS BYTES DAY DAY …" and its lines.
std::optional<BatchPart> read_part(Cursor& cursor) {
  std::string_view line = cursor.line();
  const auto table = number_of(line);
  const auto rows = number_of(line);
  const auto bytes = number_of(line);
  if (!table || !rows || !bytes || *table < 0 || *table >= static_cast<std::int64_t>(kTableCount) || *rows < 0 ||
      *bytes < 0) {
    return std::nullopt;
  }
  BatchPart part;
  part.table = static_cast<Table>(*table);
  part.rows = static_cast<std::uint64_t>(*rows);
  while (!line.empty()) {
    const auto day = number_of(line);
    if (!day) return std::nullopt;
    part.days.insert(static_cast<std::int32_t>(*day));
  }
  const auto lines = cursor.take(static_cast<std::size_t>(*bytes));
  if (!lines) return std::nullopt;
  part.lines = std::string(*lines);
  return part;
}

}  // namespace

std::uint64_t Batch::rows() const noexcept {
  std::uint64_t sum = 0;
  for (const BatchPart& part : parts) sum += part.rows;
  return sum;
}

std::size_t Batch::bytes() const noexcept {
  std::size_t sum = 0;
  for (const BatchPart& part : parts) sum += part.lines.size();
  return sum;
}

BatchPart& Batch::part(Table table) {
  const auto it = std::find_if(parts.begin(), parts.end(), [&](const BatchPart& p) { return p.table == table; });
  if (it != parts.end()) return *it;
  parts.emplace_back().table = table;
  return parts.back();
}

std::string encode(const Batch& batch) {
  std::string body = fmt::format("{} {} {}\n", batch.writer, batch.number, batch.parts.size());
  for (const BatchPart& part : batch.parts) {
    body += fmt::format("{} {} {}", static_cast<int>(part.table), part.rows, part.lines.size());
    for (const std::int32_t day : part.days) body += fmt::format(" {}", day);
    body += '\n';
    body += part.lines;
  }
  return fmt::format("{}{}\n{}", kMagic, to_hex(hash64(body)), body);
}

Result<Batch, std::string> decode(const std::string& bytes) {
  Cursor cursor(bytes);
  const std::string_view header = cursor.line();
  if (!header.starts_with(kMagic)) return failure<std::string>("not a batch of this program");
  if (header.substr(kMagic.size()) != to_hex(hash64(cursor.rest()))) {
    return failure<std::string>("damaged: its contents do not have the hash that it states");
  }
  std::string_view line = cursor.line();
  const std::string_view writer = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), writer.size() + 1));
  const auto number = number_of(line);
  const auto count = number_of(line);
  if (writer.empty() || !number || !count || *number <= 0) return failure<std::string>("no number");
  Batch batch;
  batch.writer = std::string(writer);
  batch.number = static_cast<std::uint64_t>(*number);
  for (std::int64_t i = 0; i < *count; ++i) {
    auto part = read_part(cursor);
    if (!part) return failure<std::string>("a table is not whole");
    batch.parts.push_back(std::move(*part));
  }
  if (!cursor.rest().empty()) return failure<std::string>("it does not end where it should");
  return batch;
}

}  // namespace arbees::postgres
