#include "adapters/venue/kalshi/delta_scan.h"

#include <bit>
#include <cstring>

#include "adapters/venue/frame.h"
#include "adapters/venue/kalshi/fields.h"
#include "adapters/venue/symbol.h"

namespace arbees::kalshi {
namespace {

// Bits of the fields seen; a second one of a kind ends the scan.
enum Seen : unsigned {
  kType = 1,
  kSid = 2,
  kSequence = 4,
  kBody = 8,
  kTicker = 16,
  kPrice = 32,
  kChange = 64,
  kSide = 128,
  kTimeMs = 256,
  kNeeded = kType | kSid | kSequence | kBody | kTicker | kPrice | kChange | kSide | kTimeMs,
  kMarketId = 512,
  kTime = 1024,
  kSendingTime = 2048,
  kClientOrder = 4096,
};

// Walks over the frame; every step says whether what it expects stands there. A step may look at a byte
// of the padding, but what reaches beyond the end is never accepted (is_at_end).
class Scanner {
 public:
  explicit Scanner(std::string_view frame) noexcept : at_(frame.data()), end_(frame.data() + frame.size()) {}

  [[nodiscard]] bool take(char expected) noexcept {
    if (*at_ != expected) return false;
    ++at_;
    return true;
  }

  // The padding behind the frame lets eight bytes be read at once.
  [[nodiscard]] bool take_string(std::string_view& text) noexcept {
    if (!take('"')) return false;
    const char* begin = at_;
    for (; at_ < end_; at_ += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at_, 8);
      if (const std::uint64_t stops = special_bytes(word); stops != 0) {
        at_ += static_cast<unsigned>(std::countr_zero(stops)) / 8;
        if (at_ >= end_ || *at_ != '"') return false;
        text = {begin, static_cast<std::size_t>(at_ - begin)};
        ++at_;
        return true;
      }
    }
    return false;
  }

  // Up to 18 digits without a leading zero, so that nothing overflows.
  [[nodiscard]] bool take_integer(std::uint64_t& value) noexcept {
    const char* begin = at_;
    value = 0;
    for (; at_ < end_ && *at_ >= '0' && *at_ <= '9'; ++at_) value = value * 10 + static_cast<std::uint64_t>(*at_ - '0');
    const auto length = at_ - begin;
    return length > 0 && length <= 18 && (length == 1 || *begin != '0');
  }

  [[nodiscard]] bool take_key(std::string_view& key) noexcept { return take_string(key) && take(':'); }

  [[nodiscard]] bool is_at_end() noexcept {
    while (at_ < end_ && (*at_ == '\n' || *at_ == '\r' || *at_ == ' ')) ++at_;
    return at_ == end_;
  }

 private:
  // The high bit of every byte that is '"', '\\', below space or beyond ASCII. The lowest set bit is exact:
  // borrows of the subtractions only reach higher bytes.
  [[nodiscard]] static constexpr std::uint64_t special_bytes(std::uint64_t word) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
    const std::uint64_t quote = word ^ (kOnes * '"');
    const std::uint64_t escape = word ^ (kOnes * '\\');
    const std::uint64_t hits = (quote - kOnes) | (escape - kOnes) | (word - kOnes * 0x20) | word;
    return hits & kHighs;
  }

  const char* at_;
  const char* end_;
};

bool is_new(unsigned& seen, unsigned bit) noexcept {
  const bool known = (seen & bit) != 0;
  seen |= bit;
  return !known;
}

bool scan_price(std::string_view text, Price& price) noexcept {
  return read_dollars(JsonScalar{text, JsonKind::String}, price) == LevelProblem::None && is_contract_price(price);
}

bool scan_change(std::string_view text, Quantity& change) noexcept {
  return read_exact_quantity(JsonScalar{text, JsonKind::String}, change) == LevelProblem::None;
}

bool scan_side(std::string_view text, BookSide& side) noexcept {
  side = text == "yes" ? BookSide::Bid : BookSide::Ask;
  return text == "yes" || text == "no";
}

bool scan_time_ms(Scanner& scanner, Timestamp& at) noexcept {
  std::uint64_t ms = 0;
  if (!scanner.take_integer(ms) || !fits_unix_ms(static_cast<std::int64_t>(ms))) return false;
  at = from_unix_ms(static_cast<std::int64_t>(ms));
  return at != kNoTime;
}

bool scan_body_field(Scanner& scanner, unsigned& seen, ScannedDelta& delta) noexcept {
  std::string_view key;
  std::string_view text;
  if (!scanner.take_key(key)) return false;
  if (key == "ts_ms") return is_new(seen, kTimeMs) && scan_time_ms(scanner, delta.exchange_at);
  if (!scanner.take_string(text)) return false;
  if (key == "market_ticker") {
    delta.ticker = text;
    return is_new(seen, kTicker) && is_symbol(text);
  }
  if (key == "price_dollars") return is_new(seen, kPrice) && scan_price(text, delta.price);
  if (key == "delta_fp") return is_new(seen, kChange) && scan_change(text, delta.change);
  if (key == "side") return is_new(seen, kSide) && scan_side(text, delta.side);
  if (key == "market_id") return is_new(seen, kMarketId);
  if (key == "ts") return is_new(seen, kTime);
  if (key == "client_order_id") return is_new(seen, kClientOrder);
  return false;
}

bool scan_body(Scanner& scanner, unsigned& seen, ScannedDelta& delta) noexcept {
  if (!scanner.take('{')) return false;
  do {
    if (!scan_body_field(scanner, seen, delta)) return false;
  } while (scanner.take(','));
  return scanner.take('}');
}

bool scan_top_field(Scanner& scanner, unsigned& seen, ScannedDelta& delta) noexcept {
  std::string_view key;
  if (!scanner.take_key(key)) return false;
  if (key == "type") {
    std::string_view type;
    return is_new(seen, kType) && scanner.take_string(type) && type == "orderbook_delta";
  }
  if (key == "sid") return is_new(seen, kSid) && scanner.take_integer(delta.sid);
  if (key == "seq") return is_new(seen, kSequence) && scanner.take_integer(delta.sequence);
  if (key == "msg") return is_new(seen, kBody) && scan_body(scanner, seen, delta);
  std::uint64_t sent = 0;
  return key == "sending_ts_ms" && is_new(seen, kSendingTime) && scanner.take_integer(sent);
}

}  // namespace

bool scan_delta(std::string_view frame, ScannedDelta& delta) noexcept {
  Scanner scanner(frame);
  unsigned seen = 0;
  if (frame.empty() || !scanner.take('{')) return false;
  do {
    if (!scan_top_field(scanner, seen, delta)) return false;
  } while (scanner.take(','));
  return scanner.take('}') && (seen & kNeeded) == kNeeded && scanner.is_at_end();
}

}  // namespace arbees::kalshi
