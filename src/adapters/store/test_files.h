#pragma once
// For tests of the store: a folder that disappears with the test, and random events of every kind.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/market/event.h"
#include "core/market/record.h"

namespace arbees::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    // Memory where there is some: many small databases would wait for the disk most of the time.
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = ::access(memory.c_str(), W_OK) == 0;
    std::string pattern =
        ((has_memory ? memory : std::filesystem::temp_directory_path()) / "arbees-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::byte> read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline void write_bytes(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  for (const std::byte byte : bytes) out.put(static_cast<char>(byte));
}

template <std::size_t Kind>
void fill_body(Random& random, EventBody& body) {
  auto& record = body.emplace<Kind>();
  std::array<std::uint8_t, sizeof(record)> bytes;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  std::memcpy(static_cast<void*>(&record), bytes.data(), bytes.size());
}

// An event of the given kind whose body has random bytes.
inline Event random_event(Random& random, std::size_t kind) {
  using Fill = void (*)(Random&, EventBody&);
  static constexpr auto kFills = []<std::size_t... Kinds>(std::index_sequence<Kinds...>) {
    return std::array<Fill, sizeof...(Kinds)>{&fill_body<Kinds>...};
  }(std::make_index_sequence<std::variant_size_v<EventBody>>());
  Event event;
  event.received_at = from_unix_ns(random.between(0, 4'000'000'000'000'000'000));
  event.exchange_at = from_unix_ns(random.between(0, 4'000'000'000'000'000'000));
  event.sequence = random.next();
  kFills[kind](random, event.body);
  return event;
}

// The event's bytes: two events are the same if these are.
inline std::string bytes_of(const Event& event) {
  std::array<std::byte, kMaxRecordSize> buffer{};
  const std::size_t size = encode_record(event, buffer);
  std::string text(size, '\0');
  std::memcpy(text.data(), buffer.data(), size);
  return text;
}

}  // namespace arbees::test
