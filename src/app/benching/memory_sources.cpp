#include "app/benching/memory_sources.h"

#include <array>

#include "core/market/record.h"

namespace arbees::app {

void RecordStore::add(const Event& event) {
  std::array<std::byte, kMaxRecordSize> record;
  const std::size_t size = encode_record(event, record);
  bytes_.insert(bytes_.end(), record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size));
}

bool RecordSource::poll(Event& event) {
  if (offset_ == bytes_.size()) return false;
  const auto size = decode_record(std::span(bytes_).subspan(offset_), event);
  if (!size) return false;
  offset_ += *size;
  return true;
}

void FrameStore::add(std::string_view frame, Timestamp received_at) {
  frames_.push_back({bytes_.size(), frame.size(), received_at});
  bytes_.append(frame).append(kFramePadding, '\0');
}

bool FrameSource::poll(Event& event) {
  while (next_event_ == decoded_.events.size()) {
    if (next_frame_ == store_.size()) return false;
    decoded_.clear();
    next_event_ = 0;
    decoder_->decode(store_.text(next_frame_), store_.received_at(next_frame_), decoded_);
    ++next_frame_;
  }
  event = decoded_.events[next_event_++];
  return true;
}

}  // namespace arbees::app
