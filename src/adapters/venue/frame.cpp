#include "adapters/venue/frame.h"

#include "adapters/net/websocket_client.h"

namespace arbees {

// A frame goes from the socket to the decoder as it is.
static_assert(net::kReadPadding >= kFramePadding);

std::string_view anomaly_name(AnomalyKind kind) noexcept {
  switch (kind) {
    case AnomalyKind::Malformed: return "malformed";
    case AnomalyKind::SequenceGap: return "sequence_gap";
    case AnomalyKind::HashMismatch: return "hash_mismatch";
    case AnomalyKind::Crossed: return "crossed";
    case AnomalyKind::UnknownSymbol: return "unknown_symbol";
    case AnomalyKind::UnknownMessage: return "unknown_message";
    case AnomalyKind::UnknownField: return "unknown_field";
    case AnomalyKind::PriceOffTick: return "price_off_tick";
    case AnomalyKind::OutOfRange: return "out_of_range";
    case AnomalyKind::TickSizeChange: return "tick_size_change";
    case AnomalyKind::NegativeLevel: return "negative_level";
    case AnomalyKind::OutOfOrder: return "out_of_order";
  }
  return "malformed";
}

}  // namespace arbees
