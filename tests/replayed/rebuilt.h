#pragma once
// Recorded lines through the books of the product, and the document of `arbees books` read back.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/venue.h"
#include "tests/replayed/naive_books.h"

namespace arbees {

struct RebuiltBook {
  std::string status;
  naive::Levels levels;

  bool operator==(const RebuiltBook&) const = default;
};

struct FoundAnomaly {
  std::uint64_t line = 0;
  std::string kind;
  std::string symbol;
};

struct Rebuilt {
  std::map<std::string, RebuiltBook> books;
  std::vector<FoundAnomaly> anomalies;
  std::uint64_t frames = 0;
  std::uint64_t events = 0;

  [[nodiscard]] std::size_t count(std::string_view kind) const;
  [[nodiscard]] naive::Books levels() const;
};

// Reads the document that `arbees books` prints; fails the test if it is not as promised.
[[nodiscard]] Rebuilt read_books_document(const std::string& document);

[[nodiscard]] Rebuilt rebuild(Venue venue, const std::vector<std::string>& lines);

// All lines of a recording; the test fails if it cannot be read.
[[nodiscard]] std::vector<std::string> recorded_lines(std::string_view name);
// The files of a folder of the recordings whose names end so, sorted; the test fails if there are none.
[[nodiscard]] std::vector<std::string> recorded_files(std::string_view folder, std::string_view ending);

// Polymarket's frames by the venue's times, where the recorder's own order is not exact; equal ones stay in order.
[[nodiscard]] std::vector<std::string> in_order_of_time(const std::vector<std::string>& frames);

// A sanitized build is slow: of many recordings it takes every so many.
[[nodiscard]] std::vector<std::string> sampled(std::vector<std::string> names);

}  // namespace arbees
