#pragma once
// Wiping of key material: what held a secret is overwritten before its memory is given back.
//
// The compiler may not remove these writes (explicit_bzero), as it may those of std::fill.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace arbees {

void wipe(std::span<std::uint8_t> bytes) noexcept;
// All of its capacity; the string is empty afterwards.
void wipe(std::string& text) noexcept;

// Whether two texts are equal, in a time that tells nothing of where they differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

// Wipes a buffer of bytes at the end of a scope.
class WipedAtExit {
 public:
  explicit WipedAtExit(std::span<std::uint8_t> bytes) noexcept : bytes_(bytes) {}
  ~WipedAtExit() { wipe(bytes_); }
  WipedAtExit(const WipedAtExit&) = delete;
  WipedAtExit& operator=(const WipedAtExit&) = delete;

 private:
  std::span<std::uint8_t> bytes_;
};

}  // namespace arbees
