#include "app/running/kept_latch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "adapters/telemetry/log.h"

namespace arbees::app {
namespace {

// A disk that refuses is not asked with every look.
constexpr Duration kRetry = std::chrono::seconds(1);
// Who writes the history holds it for as long as a disk needs.
constexpr Duration kWriting = std::chrono::milliseconds(200);

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

}  // namespace

KeptLatch::KeptLatch(const std::string& folder, HaltHistory::Kind kind)
    : folder_(folder),
      name_(kind == HaltHistory::Kind::Halt ? "halt" : "flatten"),
      kind_(kind),
      latch_(folder, name_),
      memory_{HaltHistory(folder), {}, false, false, false, false, false, false, {}, kNoTime} {}

bool KeptLatch::is_folder_there() const noexcept {
  struct stat found{};
  return ::stat(folder_.c_str(), &found) == 0;
}

bool KeptLatch::is_set() const {
  if (!latch_.is_set()) return look_at_history();
  // An object that has never seen it free knows only what ended until now; likewise where its folder was gone.
  if (!memory_.has_looked || memory_.is_folder_lost) {
    (void)memory_.history.look();
    memory_.before = memory_.history.told(kind_);
    if (memory_.is_folder_lost) memory_.is_recorded = false;
    memory_.is_folder_lost = false;
  }
  memory_.has_looked = memory_.is_held = memory_.is_folder_seen = true;
  return true;
}

// Without the file.
bool KeptLatch::look_at_history() const {
  const bool is_halt = kind_ == HaltHistory::Kind::Halt;  // flattening is no answer to a doubt
  const HaltHistory::Look look = memory_.history.look();
  const bool is_there = look == HaltHistory::Look::Read || is_folder_there();
  if (!is_there && is_halt && memory_.is_folder_seen) memory_.is_folder_lost = memory_.is_held = true;
  memory_.is_folder_seen = memory_.is_folder_seen || is_there;
  const HaltHistory::Told& told = memory_.history.told(kind_);
  if (memory_.is_held) {
    if (memory_.is_folder_lost || !told.has_ended_since(memory_.before)) return true;
    memory_.is_held = memory_.is_recorded = memory_.is_told = false;
    memory_.reasons.clear();
  }
  memory_.before = told;
  memory_.has_looked = true;
  memory_.is_held = !told.open.empty() || (is_halt && look == HaltHistory::Look::Unreadable);
  return memory_.is_held;
}

std::vector<std::string> KeptLatch::remembered() const {
  std::vector<std::string> lines = memory_.history.told(kind_).open;
  for (const std::string& line : memory_.reasons) {
    if (!has(lines, line)) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> KeptLatch::reasons() const {
  if (latch_.is_set()) return latch_.reasons();
  if (!is_set()) return {};
  std::vector<std::string> lines = remembered();
  if (lines.empty()) lines.push_back(fmt::format("{}: its file {} cannot be found", folder_, name_));
  return lines;
}

std::string KeptLatch::reason() const {
  std::string text;
  for (const std::string& each : reasons()) text += (text.empty() ? "" : "; then ") + each;
  return text;
}

// Reasons that the history does not have since its last end.
bool KeptLatch::record(const HaltHistory::Writer& writer) const {
  (void)memory_.history.look();
  std::string lines;
  for (const std::string& line : latch_.reasons()) {
    if (!has(memory_.history.told(kind_).open, line)) lines += HaltHistory::begin_line(kind_, line);
  }
  return lines.empty() || writer.append(lines).empty();
}

Result<bool, std::string> KeptLatch::set(const std::string& reason, Timestamp now) const {
  if (!latch_.is_set() && is_set()) {
    if (memory_.is_folder_lost && !is_folder_there()) {
      return failure(fmt::format("{}: the folder is gone: put it back", folder_));
    }
    put_back(now);
  }
  auto made = latch_.set(reason, now);
  if (!made) return made;
  // It counts from here on; that the history cannot be written does not make it less.
  const auto writer = memory_.history.writer(kWriting);
  if (!writer) return made;
  // A resume that was under way has lifted it with what it meant to lift.
  if (!latch_.is_set()) made = latch_.set(reason, now);
  if (!made) return made;
  memory_.is_recorded = record(*writer);
  memory_.reasons = latch_.reasons();
  return made;
}

void KeptLatch::keep(Timestamp now) const {
  if (!is_set()) return;
  if (latch_.is_set()) return keep_set(now);
  if (!memory_.is_told) {
    const std::string found =
        is_folder_there() ? fmt::format("the file {} vanished without a resume: only `arbees resume` ends it", name_)
                          : fmt::format("the data folder {} vanished: put it back, then `arbees resume`", folder_);
    memory_.is_told = true;
    memory_.reasons = remembered();
    memory_.reasons.push_back(dated_reason(found, now));
    log(LogLevel::Error, found, {{name_, reason()}});
  }
  // A folder that somebody moved is not made anew: it could not be moved back.
  if (is_folder_there() && now >= memory_.next_try) put_back(now);
}

void KeptLatch::keep_set(Timestamp now) const {
  memory_.is_told = false;
  if (memory_.is_recorded || now < memory_.next_try) return;
  memory_.reasons = latch_.reasons();
  const auto writer = memory_.history.writer(Duration::zero());
  if (!writer && writer.error() == EWOULDBLOCK) return;  // most likely a resume, and the next look knows
  memory_.is_recorded = writer && latch_.is_set() && record(*writer);
  if (!memory_.is_recorded) memory_.next_try = now + kRetry;
}

void KeptLatch::put_back(Timestamp now) const {
  const auto writer = memory_.history.writer(Duration::zero());
  // Another process writes: most likely a resume, and the next look knows.
  if (!writer && writer.error() == EWOULDBLOCK) return;
  if (!is_set() || latch_.is_set()) return;
  std::vector<std::string> lines = remembered();
  if (lines.empty()) lines.push_back(dated_reason("its file vanished without a resume", now));
  if (!latch_.put_back(lines)) {
    memory_.next_try = now + kRetry;
    return;
  }
  memory_.is_recorded = writer && record(*writer);
  (void)is_set();  // with the file in its place, the folder counts as found
}

}  // namespace arbees::app
