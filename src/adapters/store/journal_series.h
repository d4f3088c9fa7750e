#pragma once
// The journal of one session as a row of files of bounded size, within the space that journals of a folder may take.
//
// The first file is PATH, those after it PATH.0002, PATH.0003 …: sorted names are the order of the events. A file is
// full at a sixteenth of the budget; then the next is begun and the oldest journals of the folder are removed, earlier
// sessions first, until all are within the budget but for that sixteenth. A file in use, by whomever, is never removed.
// A session whose first file is gone can be read but not be decided again: what it began with is missing.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/store/journal_writer.h"

namespace arbees {

struct JournalSpace {
  std::string prefix;                                 // of the journals' names that share it: "session-"
  std::uint64_t max_bytes = std::uint64_t{20} << 30;  // of all of them in the folder of PATH
};

class JournalSeries {
 public:
  // The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<JournalSeries>, std::string> create(const std::string& path,
                                                                                  const JournalHeader& header,
                                                                                  JournalSpace space);

  // Stays the same object when the file changes.
  [[nodiscard]] JournalWriter& writer() noexcept { return *writer_; }
  // Goes on in the next file when it is time to; never between an event and its digest. False: writer().error().
  bool rotate(Timestamp now);
  [[nodiscard]] std::uint64_t files_removed() const noexcept { return files_removed_; }

 private:
  JournalSeries(std::string path, JournalSpace space, std::unique_ptr<JournalWriter> writer);
  void remove_oldest();

  std::string path_;  // of the first file
  JournalSpace space_;
  std::unique_ptr<JournalWriter> writer_;
  unsigned number_ = 1;  // of the present file
  std::uint64_t files_removed_ = 0;
};

// `path` and those files of its series that follow it without a gap.
[[nodiscard]] std::vector<std::string> journal_series(const std::string& path);
// "session-2" before "session-10".
[[nodiscard]] bool is_name_before(std::string_view a, std::string_view b) noexcept;

}  // namespace arbees
