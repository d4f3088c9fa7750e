#include "app/running/halt_latch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace arbees::app {

HaltLatch::HaltLatch(const std::string& folder)
    : history_path_((std::filesystem::path(folder) / "halt-history").string()),
      halt_(folder, "halt"),
      flatten_(folder, "flatten") {}

Result<bool, std::string> HaltLatch::flatten(const std::string& reason, Timestamp now) const {
  if (is_halted()) return failure(std::string("halted: nothing is sold before `arbees resume`"));
  return flatten_.set(reason, now);
}

std::string HaltLatch::remember(const std::string& reason, Timestamp now) const {
  std::string lines;
  const std::string end = "; resumed " + dated_reason(reason, now) + '\n';
  if (flatten_.is_set()) lines += "flattening " + flatten_.reason() + end;
  if (halt_.is_set()) lines += "halted " + halt_.reason() + end;
  if (lines.empty()) return {};
  const int descriptor = ::open(history_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool ok = descriptor >= 0 &&
                  ::write(descriptor, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()) &&
                  ::fsync(descriptor) == 0;
  std::string wrong = ok ? std::string() : fmt::format("{}: {}", history_path_, std::strerror(errno));
  if (descriptor >= 0) ::close(descriptor);
  return wrong;
}

std::string HaltLatch::last_resume() const {
  std::ifstream history(history_path_);
  std::string last;
  for (std::string line; std::getline(history, line);) last = line;
  return last;
}

Result<bool, std::string> HaltLatch::resume(const std::string& reason, Timestamp now) const {
  const std::string wrong = remember(reason, now);
  if (!wrong.empty()) return failure(wrong);
  // The halt goes last: if one of the two cannot be removed, nothing is traded.
  const auto flattened = flatten_.clear();
  if (!flattened) return flattened;
  const auto halted = halt_.clear();
  if (!halted) return halted;
  return *halted || *flattened;
}

}  // namespace arbees::app
