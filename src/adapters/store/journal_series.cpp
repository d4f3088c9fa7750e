#include "adapters/store/journal_series.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <filesystem>

namespace arbees {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFilesInBudget = 16;
constexpr std::string_view kMiddle = ".journal";
constexpr std::size_t kDigits = 4;
constexpr unsigned kLastNumber = 9999;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string numbered(const std::string& path, unsigned number) {
  return number == 1 ? path : fmt::format("{}.{:04}", path, number);
}

// The number behind ".journal."; 1 without one, 0 for a name that is none of ours.
unsigned number_of(std::string_view name) noexcept {
  if (name.ends_with(kMiddle)) return 1;
  if (name.size() < kDigits + 1) return 0;
  unsigned number = 0;
  for (const char c : name.substr(name.size() - kDigits)) {
    if (!is_digit(c)) return 0;
    number = 10 * number + static_cast<unsigned>(c - '0');
  }
  return name.substr(0, name.size() - kDigits - 1).ends_with(kMiddle) ? number : 0;
}

// A writer holds a lock on its file (journal_writer.h).
bool is_in_use(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.is_open() && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0;
}

}  // namespace

bool is_name_before(std::string_view a, std::string_view b) noexcept {
  while (!a.empty() && !b.empty()) {
    if (!is_digit(a.front()) || !is_digit(b.front())) {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const auto digits = [](std::string_view text) {
      return text.substr(0,
                         static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()));
    };
    const std::string_view of_a = digits(a);
    const std::string_view of_b = digits(b);
    if (of_a.size() != of_b.size()) return of_a.size() < of_b.size();
    if (of_a != of_b) return of_a < of_b;
    a.remove_prefix(of_a.size());
    b.remove_prefix(of_b.size());
  }
  return a.size() < b.size();
}

JournalSeries::JournalSeries(std::string path, JournalSpace space, std::unique_ptr<JournalWriter> writer)
    : path_(std::move(path)), space_(std::move(space)), writer_(std::move(writer)) {}

Result<std::unique_ptr<JournalSeries>, std::string> JournalSeries::create(const std::string& path,
                                                                          const JournalHeader& header,
                                                                          JournalSpace space) {
  auto writer = JournalWriter::create(path, header, Compression::Zstd);
  if (!writer) return failure(writer.error());
  std::unique_ptr<JournalSeries> series(new JournalSeries(path, std::move(space), std::move(*writer)));
  series->remove_oldest();
  return series;
}

bool JournalSeries::rotate(Timestamp now) {
  if (writer_->failed()) return false;
  // After the last number the last file grows: better a large file than none.
  if (writer_->file_bytes() < space_.max_bytes / kFilesInBudget || number_ == kLastNumber) return true;
  if (!writer_->continue_in(numbered(path_, ++number_), now)) return false;
  remove_oldest();
  return true;
}

void JournalSeries::remove_oldest() {
  std::vector<fs::path> files;
  std::uint64_t total = 0;
  std::error_code error;
  const fs::path folder = fs::path(path_).parent_path();
  for (const auto& entry : fs::directory_iterator(folder.empty() ? fs::path(".") : folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(space_.prefix) || number_of(name) == 0) continue;
    files.push_back(entry.path());
    const std::uint64_t size = entry.file_size(error);
    if (!error) total += size;
  }
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return is_name_before(a.filename().string(), b.filename().string());
  });
  // What the present file may grow to is kept free.
  const std::uint64_t most = space_.max_bytes - space_.max_bytes / kFilesInBudget;
  for (const fs::path& file : files) {
    if (total <= most) return;
    if (is_in_use(file)) continue;
    const std::uint64_t size = fs::file_size(file, error);
    if (!fs::remove(file, error)) continue;
    total -= std::min(total, size);
    ++files_removed_;
  }
}

std::vector<std::string> journal_series(const std::string& path) {
  std::vector<std::string> files = {path};
  const unsigned number = number_of(path);
  if (number == 0) return files;
  const std::string first = number == 1 ? path : path.substr(0, path.size() - kDigits - 1);
  for (unsigned next = number + 1; next <= kLastNumber; ++next) {
    std::string file = numbered(first, next);
    std::error_code ignored;
    if (!fs::exists(file, ignored)) break;
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace arbees
