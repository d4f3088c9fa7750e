#pragma once
// Streams of events out of memory, for measuring without a disk: journal records, and venue frames.
//
// The stores outlive the sources made over them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/venue/frame.h"
#include "core/market/ports.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {

// Events in the form they have in the journal, 50 to 200 bytes each.
class RecordStore {
 public:
  void add(const Event& event);
  [[nodiscard]] const std::vector<std::byte>& bytes() const noexcept { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

class RecordSource final : public EventSource {
 public:
  explicit RecordSource(const RecordStore& store) noexcept : bytes_(store.bytes()) {}
  bool poll(Event& event) override;

 private:
  const std::vector<std::byte>& bytes_;
  std::size_t offset_ = 0;
};

// Frames as a socket would leave them: each followed by the padding that decoders may read.
class FrameStore {
 public:
  void add(std::string_view frame, Timestamp received_at);
  [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
  [[nodiscard]] std::string_view text(std::size_t i) const noexcept {
    return std::string_view(bytes_).substr(frames_[i].offset, frames_[i].size);
  }
  [[nodiscard]] Timestamp received_at(std::size_t i) const noexcept { return frames_[i].received_at; }

 private:
  struct Frame {
    std::size_t offset;
    std::size_t size;
    Timestamp received_at;
  };

  std::string bytes_;
  std::vector<Frame> frames_;
};

// What a decoder makes of the frames.
class FrameSource final : public EventSource {
 public:
  FrameSource(const FrameStore& store, std::unique_ptr<FrameDecoder> decoder) noexcept
      : store_(store), decoder_(std::move(decoder)) {}
  bool poll(Event& event) override;

 private:
  const FrameStore& store_;
  std::unique_ptr<FrameDecoder> decoder_;
  DecodedFrame decoded_;
  std::size_t next_frame_ = 0;
  std::size_t next_event_ = 0;
};

// A source that it owns, with some events put before its first.
class PrefixedStream final : public EventSource {
 public:
  PrefixedStream(std::unique_ptr<EventSource> source, std::vector<EventBody> prefix)
      : source_(std::move(source)), prefixed_(*source_, std::move(prefix)) {}
  bool poll(Event& event) override { return prefixed_.poll(event); }

 private:
  std::unique_ptr<EventSource> source_;
  PrefixedSource prefixed_;
};

}  // namespace arbees::app
