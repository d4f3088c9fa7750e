#include "sim/recorded_venue.h"

#include <algorithm>
#include <map>

#include "adapters/store/text_file.h"
#include "adapters/venue/recorded_line.h"

namespace arbees::sim {
namespace {

// A recording is held in memory: more than this is refused rather than let the machine swap.
constexpr std::size_t kMostBytes = std::size_t{2} << 30;

class Player final : public net::ServerSocketHandler {
 public:
  Player(net::IoLoop& loop, const RecordedConnection* frames) : timer_(loop), frames_(frames) {}

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    socket_ = std::move(socket);
    started_at_ = net::IoLoop::now();
    play();
  }
  void on_text(std::string_view, Timestamp) override {}
  void on_closed() override { timer_.cancel(); }

 private:
  void play() {
    if (frames_ == nullptr) return;
    const Duration elapsed = net::IoLoop::now() - started_at_;
    for (; next_ < frames_->size() && (*frames_)[next_].after <= elapsed; ++next_)
      socket_->send((*frames_)[next_].text);
    if (next_ == frames_->size()) return;
    timer_.after(std::max((*frames_)[next_].after - elapsed, Duration(1)), [this] { play(); });
  }

  net::Timer timer_;
  const RecordedConnection* frames_;
  std::shared_ptr<net::ServerSocket> socket_;
  Timestamp started_at_ = kNoTime;
  std::size_t next_ = 0;
};

class RecordedVenue final : public net::ServerHandler {
 public:
  RecordedVenue(net::IoLoop& loop, const std::vector<RecordedConnection>& connections)
      : loop_(loop), connections_(connections) {}

  void on_request(net::ServerRequest, net::Responder responder) override {
    responder.send({404, "application/json", R"({"error":"a recording has no REST answers"})", {}});
  }
  Upgrade on_upgrade(const net::ServerRequest&) override {
    Upgrade upgrade;
    const RecordedConnection* frames = connections_.empty() ? nullptr : &connections_[next_++ % connections_.size()];
    upgrade.handler = std::make_unique<Player>(loop_, frames);
    return upgrade;
  }

 private:
  net::IoLoop& loop_;
  const std::vector<RecordedConnection>& connections_;
  std::size_t next_ = 0;
};

std::optional<Venue> venue_of(std::string_view source) {
  for (std::size_t i = 1; i < kVenueCount; ++i) {
    const auto venue = static_cast<Venue>(i);
    if (!source.empty() && source_is_venue(source, venue)) return venue;
  }
  return std::nullopt;
}

}  // namespace

Result<RecordedVenues, std::string> read_recording(const std::vector<std::string>& files) {
  RecordedVenues recording;
  recording.connections.resize(kVenueCount);
  std::map<std::pair<Venue, std::uint32_t>, std::pair<std::size_t, Timestamp>> places;
  RecordedLineReader lines;
  std::size_t bytes = 0;
  for (const std::string& file : files) {
    auto reader = LineReader::open(file);
    if (!reader) return failure(file + ": " + std::string(read_error_text(reader.error())));
    for (std::string_view line; reader->next(line);) {
      const RecordedFrame recorded = lines.unwrap(line);
      if (!recorded.is_received || line.empty()) continue;
      const auto venue = venue_of(recorded.source);
      if (!venue || !recorded.received_at) {
        ++recording.bad_lines;
        continue;
      }
      bytes += recorded.frame.size();
      if (bytes > kMostBytes) return failure(file + ": more than 2 GiB of frames: give fewer files");
      auto& connections = recording.connections[static_cast<std::size_t>(*venue)];
      const auto [place, is_new] =
          places.try_emplace({*venue, recorded.connection}, connections.size(), *recorded.received_at);
      if (is_new) connections.emplace_back();
      const auto& [index, first_at] = place->second;
      connections[index].push_back(
          {std::max(*recorded.received_at - first_at, Duration(0)), std::string(recorded.frame)});
      ++recording.frames;
    }
    // A torn tail costs what came after the last flush; the rest is played.
    if (reader->error() != ReadError::None && reader->error() != ReadError::Truncated) {
      return failure(file + ": " + std::string(read_error_text(reader->error())));
    }
  }
  if (recording.frames == 0) return failure(std::string("no frames in the recording (is it one of arbees record?)"));
  return recording;
}

std::unique_ptr<net::ServerHandler> make_recorded_venue(net::IoLoop& loop,
                                                        const std::vector<RecordedConnection>& connections) {
  return std::make_unique<RecordedVenue>(loop, connections);
}

}  // namespace arbees::sim
