#pragma once
// A venue that says again what it once said: the frames of a recording, at their pace, to whoever connects.
//
// Each new WebSocket gets the next recorded connection of the venue, from its first frame on, whatever it subscribes;
// after the last recorded connection the first comes again. When its frames are over, the socket stays open and
// silent. There is no REST: what was asked by it is not in a recording of frames.

#include <memory>
#include <string>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "core/base/result.h"
#include "core/market/venue.h"

namespace arbees::sim {

struct RecordedFrameAt {
  Duration after{};  // since the first frame of the connection
  std::string text;
};
using RecordedConnection = std::vector<RecordedFrameAt>;

struct RecordedVenues {
  // By Venue, in the order in which the connections were opened.
  std::vector<std::vector<RecordedConnection>> connections;
  std::uint64_t frames = 0;
  std::uint64_t bad_lines = 0;  // lines without time or source
};

// Reads files of `arbees record` (docs/recording.md), or of one venue's frames with receive times. The error names the
// file, or says that it is too large to be held.
[[nodiscard]] Result<RecordedVenues, std::string> read_recording(const std::vector<std::string>& files);

// `connections` outlives the handler.
[[nodiscard]] std::unique_ptr<net::ServerHandler> make_recorded_venue(
    net::IoLoop& loop, const std::vector<RecordedConnection>& connections);

}  // namespace arbees::sim
