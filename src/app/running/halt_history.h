#pragma once
// DIR/halt-history: when and why a latch of the folder was set, and when and why it ended.
//
//   halt TIME REASON                         set, or a later reason of it
//   halted TIME REASON; resumed TIME REASON  ended
//
// and likewise "flatten", "flattening". The last word counts: a latch whose file is gone without an end here was not
// lifted by anybody.

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::app {

class HaltHistory {
 public:
  enum class Kind : std::uint8_t { Halt, Flatten };

  struct Told {
    std::vector<std::string> open;  // reasons that were told since the last end; none: it has ended, or never began
    std::uint64_t ends = 0;
    std::string last_end;

    [[nodiscard]] bool has_ended_since(const Told& before) const {
      return open.empty() && ends > 0 && (ends != before.ends || last_end != before.last_end);
    }
  };

  // The right to write, held by one process at a time: what is looked at before a line is written still holds after it.
  class Writer {
   public:
    Writer(Writer&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Writer& operator=(Writer&&) = delete;
    ~Writer();
    // Durable when it returns. Empty, or what is wrong.
    [[nodiscard]] std::string append(const std::string& lines) const;

   private:
    friend class HaltHistory;
    explicit Writer(int descriptor) noexcept : descriptor_(descriptor) {}
    int descriptor_ = -1;
  };

  explicit HaltHistory(const std::string& folder);

  // The error is that of the system: EWOULDBLOCK if another process holds it for longer than `most`.
  [[nodiscard]] Result<Writer, int> writer(Duration most) const;

  enum class Look : std::uint8_t { Read, Missing, Unreadable };
  // Read only where it differs from the last look.
  Look look();
  // By the last look.
  [[nodiscard]] const Told& told(Kind kind) const { return told_[static_cast<std::size_t>(kind)]; }
  // The last end of either; empty if there was none.
  [[nodiscard]] const std::string& last_end() const noexcept { return last_end_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  [[nodiscard]] static std::string begin_line(Kind kind, const std::string& reason);
  // `resumed` is "TIME REASON".
  [[nodiscard]] static std::string end_line(Kind kind, const std::string& reason, const std::string& resumed);

 private:
  [[nodiscard]] bool read();
  void take(const std::string& line);

  std::string path_;
  std::array<Told, 2> told_;
  std::string last_end_;
  struct stat seen_{};  // when it was read last
  bool is_read_ = false;
};

}  // namespace arbees::app
