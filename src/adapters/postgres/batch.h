#pragma once
// Rows on their way to the database: a numbered batch of one writer, in memory or as a file.
//
// A file is one batch: a header line with a hash of everything after it, then each table's lines. What is damaged is
// recognised and never sent.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "adapters/postgres/tables.h"
#include "core/base/result.h"

namespace arbees::postgres {

struct BatchPart {
  Table table = Table::CryptoPrices;
  std::uint64_t rows = 0;
  std::string lines;            // COPY's text form
  std::set<std::int32_t> days;  // of partitioned tables

  bool operator==(const BatchPart&) const = default;
};

struct Batch {
  std::string writer;        // 32 hex digits
  std::uint64_t number = 0;  // of the writer's batches, from 1
  std::vector<BatchPart> parts;

  [[nodiscard]] std::uint64_t rows() const noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept;
  // The part of the table, made if it is missing.
  BatchPart& part(Table table);

  bool operator==(const Batch&) const = default;
};

[[nodiscard]] std::string encode(const Batch& batch);
// The error says what is wrong with the bytes.
[[nodiscard]] Result<Batch, std::string> decode(const std::string& bytes);

}  // namespace arbees::postgres
