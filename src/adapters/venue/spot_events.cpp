#include "adapters/venue/spot_events.h"

#include <algorithm>
#include <array>

namespace arbees {
namespace {

constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

Asset joined_pair_asset(std::string_view symbol) noexcept {
  std::array<char, 24> buffer{};
  if (symbol.size() > buffer.size()) return Asset::Unknown;
  std::transform(symbol.begin(), symbol.end(), buffer.begin(), upper);
  const std::string_view name(buffer.data(), symbol.size());
  for (const std::string_view quote : {"USDT", "USDC", "USD"}) {
    if (name.ends_with(quote)) return parse_asset(name.substr(0, name.size() - quote.size())).value_or(Asset::Unknown);
  }
  return Asset::Unknown;
}

bool read_count(std::string_view text, std::uint64_t& count) noexcept {
  if (text.find('.') != std::string_view::npos) return false;
  const auto value = parse_decimal(text, 0);
  if (!value || *value < 0) return false;
  count = static_cast<std::uint64_t>(*value);
  return true;
}

void SpotEventWriter::begin(Timestamp received_at, DecodedFrame& out) noexcept {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
}

void SpotEventWriter::name(SpotPair& pair) {
  if (pair.is_named) return;
  pair.is_named = true;
  InstrumentNamed named;
  named.id = pair.id;
  named.venue = venue_;
  set_symbol(named, pair.symbol);
  emit(named);
}

void SpotEventWriter::tell_levels(const SpotPair& pair, std::span<const SpotChange> levels, std::uint8_t flags) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    SpotBookUpdate update;
    update.id = pair.id;
    update.price = levels[i].price;
    update.quantity = levels[i].quantity;
    update.side = levels[i].side;
    update.flags = flags;
    if (i + 1 == levels.size()) update.flags |= BookUpdate::kLast;
    update.venue = venue_;
    update.asset = pair.asset;
    emit(update);
  }
}

void SpotEventWriter::tell_book(SpotPair& pair, std::span<const SpotChange> levels) {
  name(pair);
  SpotBookUpdate clear;
  clear.id = pair.id;
  clear.action = BookAction::Clear;
  clear.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot;
  if (levels.empty()) clear.flags |= BookUpdate::kLast;
  clear.venue = venue_;
  clear.asset = pair.asset;
  emit(clear);
  tell_levels(pair, levels, BookUpdate::kSnapshot);
}

void SpotEventWriter::tell_changes(SpotPair& pair, std::span<const SpotChange> changes) {
  name(pair);
  tell_levels(pair, changes, 0);
}

void SpotEventWriter::tell_fault(SpotPair& pair, BookFault fault) {
  name(pair);
  emit(BookFaulted{pair.id, fault, {}});
}

void SpotEventWriter::tell_quote(SpotPair& pair, SpotQuote quote) {
  name(pair);
  quote.id = pair.id;
  quote.venue = venue_;
  quote.asset = pair.asset;
  emit(quote);
}

void SpotEventWriter::tell_trade(SpotPair& pair, SpotTrade trade) {
  name(pair);
  trade.id = pair.id;
  trade.venue = venue_;
  trade.asset = pair.asset;
  emit(trade);
}

void SpotEventWriter::report(AnomalyKind kind, std::string_view symbol, std::string_view detail) {
  constexpr std::size_t kLongest = 64;
  out_->anomalies.push_back(
      Anomaly{kind, std::string(symbol.substr(0, kLongest)), std::string(detail.substr(0, 4 * kLongest))});
}

}  // namespace arbees
