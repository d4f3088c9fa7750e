#pragma once
// One line of progress on stderr: only on a terminal, and only for work that takes longer than two seconds.

#include <chrono>
#include <cstdint>
#include <string>

namespace arbees::app {

class Progress {
 public:
  Progress();
  // Wipes the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // What is being done: "combination 3 of 12".
  void begin(std::string what);
  // So much is done now; `total` 0: not known.
  void update(std::uint64_t done, std::uint64_t total);

 private:
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point shown_;
  std::string what_;
  bool is_terminal_;
  bool is_shown_ = false;
};

}  // namespace arbees::app
