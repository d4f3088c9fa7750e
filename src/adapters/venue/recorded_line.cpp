#include "adapters/venue/recorded_line.h"

#include <simdjson.h>

#include <string>

namespace arbees {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view trim(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// A time as a JSON number or string: a unix time of any unit, or ISO-8601.
std::optional<Timestamp> read_time(ondemand::value value) {
  std::string_view text = trim(value.raw_json_token());
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (const auto time = parse_iso8601(text)) return time;
  return parse_unix_time(text);
}

bool is_time_key(std::string_view key) noexcept {
  return key == "received_at" || key == "recv_ns" || key == "recv_ts" || key == "recv_ms" || key == "recv_ts_ns" ||
         key == "capturedAt";
}

// "1723161253937085768 {…}" and "1633998512.0633569: {…}": the time before the frame.
bool split_time_prefix(std::string_view line, RecordedFrame& out) {
  std::size_t end = 0;
  while (end < line.size() && ((line[end] >= '0' && line[end] <= '9') || line[end] == '.')) ++end;
  if (end == 0 || end >= line.size()) return false;
  const auto time = parse_unix_time(line.substr(0, end));
  if (!time) return false;
  if (line[end] == ':') ++end;
  if (end >= line.size() || line[end] != ' ') return false;
  out.received_at = time;
  out.frame = trim(line.substr(end));
  return true;
}

bool is_connection_log(std::string_view line) noexcept {
  return (line.starts_with("ws://") || line.starts_with("wss://") || line.starts_with("http")) &&
         (line.find(" <-> ") != std::string_view::npos || line.find(" <- ") != std::string_view::npos);
}

}  // namespace

struct RecordedLineReader::Implementation {
  ondemand::parser parser;
  FrameBuffer line;
  FrameBuffer frame;

  // Looks for wrapper keys at the top level of an object; true if a frame was found inside.
  void unwrap_object(RecordedFrame& out) {
    ondemand::document document;
    ondemand::object object;
    if (parser.iterate(out.frame.data(), out.frame.size(), out.frame.size() + kFramePadding).get(document) !=
            simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS) {
      return;
    }
    std::string_view inner;
    bool is_payload = false;
    bool has_time = false;
    for (auto item : object) {
      ondemand::field field;
      if (std::move(item).get(field) != simdjson::SUCCESS) return;
      std::string_view key;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return;
      if (is_time_key(key)) {
        has_time = true;
        out.received_at = read_time(field.value());
      } else if (key == "src") {
        if (field.value().get_string().get(out.source) != simdjson::SUCCESS) return;
      } else if (key == "connection" && has_time) {
        std::uint64_t number = 0;
        if (field.value().get_uint64().get(number) == simdjson::SUCCESS) {
          out.connection = static_cast<std::uint32_t>(number);
        }
      } else if (key == "marker" && has_time) {
        out.is_received = false;
        return;
      } else if (key == "frame" || key == "payload") {
        is_payload = key == "payload";
        if (simdjson::to_json_string(field.value()).get(inner) != simdjson::SUCCESS) return;
      } else if (key == "raw") {
        // What is no text is no frame either: the decoder is to say so.
        ondemand::value raw = field.value();
        if (raw.get_string().get(inner) != simdjson::SUCCESS) inner = raw.raw_json_token();
      } else if (key == "type" || key == "msg" || key == "channel" || key == "event_type") {
        if (out.received_at || inner.empty()) break;  // the frame's own keys follow
      }
    }
    // Polymarket's own messages of prices have a payload too: only with a receive time beside it is it a wrapping.
    if (is_payload && !has_time) return;
    if (!inner.empty()) out.frame = frame.assign(trim(inner));
  }
};

RecordedLineReader::RecordedLineReader() : implementation_(std::make_unique<Implementation>()) {}
RecordedLineReader::~RecordedLineReader() = default;

RecordedFrame RecordedLineReader::unwrap(std::string_view text) {
  RecordedFrame out;
  const std::string_view line = trim(text);
  if (is_connection_log(line)) {
    out.is_received = false;
    return out;
  }
  if (!split_time_prefix(line, out)) out.frame = line;
  out.frame = implementation_->line.assign(out.frame);
  if (out.frame.starts_with('{')) implementation_->unwrap_object(out);
  return out;
}

bool source_is_venue(std::string_view source, Venue venue) noexcept {
  return source.empty() || source.starts_with(venue_name(venue));
}

}  // namespace arbees
