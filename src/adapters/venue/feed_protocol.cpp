#include "adapters/venue/feed_protocol.h"

namespace arbees {

RetryAdvice retry_advice(const net::WebSocketClosed& closed) {
  switch (closed.http_status) {
    case 401:
      return {RetryKind::Refused, "not authenticated: check the API key, its private key and this machine's clock"};
    case 403:
      return {RetryKind::Refused, "forbidden: check the rights of the API key and whether this place is served"};
    case 451: return {RetryKind::Refused, "not served in this place by law: this feed stays off"};
    case 425: return {RetryKind::Throttled, "the venue is restarting"};
    case 429: return {RetryKind::Throttled, "too many requests: waiting longer"};
    case 503: return {RetryKind::Throttled, "the venue is not available"};
    default: break;
  }
  switch (closed.close_code) {
    case 1012:
    case 4003: return {RetryKind::Draining, "the venue sends its clients away for a moment"};
    case 1013:
    case 4008: return {RetryKind::Throttled, "the venue is overloaded by us or by others"};
    case 4001: return {RetryKind::Refused, "not authenticated: check the API credentials"};
    default: return {};
  }
}

}  // namespace arbees
