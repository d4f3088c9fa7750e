#pragma once
// The settlement index as Kalshi rebroadcasts it: the vendor's frame travels as JSON text inside JSON.

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/venue/frame.h"
#include "adapters/venue/json/json_walk.h"
#include "adapters/venue/kalshi/message.h"
#include "core/market/event.h"

namespace arbees::kalshi {

// "BRTI" is Bitcoin's index, "ETHUSD_RTI" that of ETH; Unknown for assets we do not know.
[[nodiscard]] Asset index_asset(std::string_view index_id) noexcept;

class IndexValueReader {
 public:
  // nullptr, or what is wrong. A print of an unknown asset has Asset::Unknown.
  [[nodiscard]] const char* read(const Message& message, IndexPrint& print);

 private:
  [[nodiscard]] const char* read_vendor_frame(std::string_view index_id, std::string_view data, IndexPrint& print);

  JsonWalker walker_;
  FrameBuffer buffer_;
};

}  // namespace arbees::kalshi
