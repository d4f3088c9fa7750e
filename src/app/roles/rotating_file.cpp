#include "app/roles/rotating_file.h"

#include <filesystem>

namespace arbees::app {

namespace fs = std::filesystem;

std::string RotatingFile::name_of(std::uint64_t number) const {
  return number == 0 ? path_ : path_ + "." + std::to_string(number);
}

bool RotatingFile::open() {
  file_.reset(std::fopen(path_.c_str(), "ab"));
  if (!file_) return false;
  std::error_code error;
  const auto size = fs::file_size(path_, error);
  size_ = error ? 0 : static_cast<std::uint64_t>(size);  // a pipe or a terminal has none
  return true;
}

bool RotatingFile::rotate() {
  std::error_code error;
  // Only a file can be put aside: /dev/stdout and the like are written on.
  if (!fs::is_regular_file(path_, error)) {
    size_ = 0;
    return true;
  }
  if (std::fflush(file_.get()) != 0) return false;
  file_.reset();
  fs::remove(name_of(limits_.files - 1), error);
  for (std::uint64_t number = limits_.files - 1; number > 0; --number) {
    fs::rename(name_of(number - 1), name_of(number), error);  // one that is not there is none to move
  }
  ++rotations_;
  return open();
}

bool RotatingFile::write(std::string_view line) {
  if (size_ > 0 && size_ + line.size() > limits_.bytes && !rotate()) return false;
  size_ += line.size();
  return file_ && std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size();
}

}  // namespace arbees::app
