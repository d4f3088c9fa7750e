#include "app/running/halt_latch.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace arbees::app {
namespace {

// Others hold the history for as long as a disk needs.
constexpr Duration kWriting = std::chrono::seconds(2);

}  // namespace

HaltLatch::HaltLatch(const std::string& folder)
    : folder_(folder), halt_(folder, HaltHistory::Kind::Halt), flatten_(folder, HaltHistory::Kind::Flatten) {}

Result<bool, std::string> HaltLatch::flatten(const std::string& reason, Timestamp now) const {
  if (is_halted()) return failure(std::string("halted: nothing is sold before `arbees resume`"));
  return flatten_.set(reason, now);
}

void HaltLatch::keep(Timestamp now) const {
  halt_.keep(now);
  flatten_.keep(now);
}

std::string HaltLatch::last_resume() const {
  HaltHistory history(folder_);
  (void)history.look();
  return history.last_end();
}

std::string HaltLatch::ends(const std::string& reason, Timestamp now) const {
  std::string lines;
  const std::string resumed = dated_reason(reason, now);
  if (flatten_.is_set()) lines += HaltHistory::end_line(HaltHistory::Kind::Flatten, flatten_.reason(), resumed);
  if (halt_.is_set()) lines += HaltHistory::end_line(HaltHistory::Kind::Halt, halt_.reason(), resumed);
  return lines;
}

Result<bool, std::string> HaltLatch::resume(const std::string& reason, Timestamp now) const {
  if (!is_set()) return false;
  // Nothing is armed again without a trace of it; and until the files are gone nobody writes that they are set.
  const HaltHistory history(folder_);
  const auto writer = history.writer(kWriting);
  if (!writer) return failure(fmt::format("{}: {}", history.path(), std::strerror(writer.error())));
  const std::string wrong = writer->append(ends(reason, now));
  if (!wrong.empty()) return failure(fmt::format("{}: {}", history.path(), wrong));
  // The halt goes last: if one of the two cannot be removed, nothing is traded.
  const auto flattened = flatten_.clear();
  if (!flattened) return flattened;
  const auto halted = halt_.clear();
  if (!halted) return halted;
  return true;
}

}  // namespace arbees::app
