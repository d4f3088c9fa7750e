#pragma once
// A file that is appended to, and put aside when it is full: FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace arbees::app {

class RotatingFile {
 public:
  struct Limits {
    std::uint64_t bytes = 0;  // of one file; a line is never cut
    std::uint64_t files = 1;  // kept, the current one included
  };
  RotatingFile(std::string path, Limits limits) : path_(std::move(path)), limits_(limits) {}

  // Goes on with a file that is there. False: it cannot be written.
  [[nodiscard]] bool open();
  [[nodiscard]] bool write(std::string_view line);
  [[nodiscard]] bool flush() { return std::fflush(file_.get()) == 0; }
  [[nodiscard]] std::uint64_t rotations() const noexcept { return rotations_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  [[nodiscard]] bool rotate();
  [[nodiscard]] std::string name_of(std::uint64_t number) const;

  std::string path_;
  Limits limits_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::uint64_t size_ = 0;
  std::uint64_t rotations_ = 0;
};

}  // namespace arbees::app
