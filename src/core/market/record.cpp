#include "core/market/record.h"

#include <array>
#include <cstring>
#include <utility>

namespace arbees {
namespace {

struct RecordHeader {
  std::uint16_t kind;
  std::uint16_t size;
  std::uint32_t version;
  std::int64_t received_at;
  std::int64_t exchange_at;
  std::uint64_t sequence;
};
static_assert(sizeof(RecordHeader) == kRecordHeaderSize);

using BodyDecoder = void (*)(const std::byte* bytes, EventBody& body) noexcept;

template <std::size_t Kind>
void decode_body(const std::byte* bytes, EventBody& body) noexcept {
  using Body = std::variant_alternative_t<Kind, EventBody>;
  std::memcpy(static_cast<void*>(&body.emplace<Kind>()), bytes, sizeof(Body));
}

struct KindCodec {
  std::uint16_t size;
  BodyDecoder decode;
};

template <std::size_t... Kinds>
constexpr std::array<KindCodec, sizeof...(Kinds)> make_codecs(std::index_sequence<Kinds...>) noexcept {
  static_assert((is_record_v<std::variant_alternative_t<Kinds, EventBody>> && ...));
  return {KindCodec{static_cast<std::uint16_t>(sizeof(std::variant_alternative_t<Kinds, EventBody>)),
                    &decode_body<Kinds>}...};
}

constexpr auto kCodecs = make_codecs(std::make_index_sequence<std::variant_size_v<EventBody>>());

}  // namespace

std::size_t encode_record(const Event& event, std::span<std::byte> out) noexcept {
  ARBEES_ASSERT(out.size() >= kMaxRecordSize);
  const std::size_t kind = event.body.index();
  ARBEES_ASSERT(kind < kCodecs.size());
  const RecordHeader header{static_cast<std::uint16_t>(kind), kCodecs[kind].size,         kRecordVersion,
                            unix_ns(event.received_at),       unix_ns(event.exchange_at), event.sequence};
  std::memcpy(out.data(), &header, sizeof(header));
  std::visit([&](const auto& body) noexcept { std::memcpy(out.data() + sizeof(header), &body, sizeof(body)); },
             event.body);
  return sizeof(header) + header.size;
}

Result<std::size_t, RecordError> decode_record(std::span<const std::byte> in, Event& event) noexcept {
  RecordHeader header{};
  if (in.size() < sizeof(header)) return failure(RecordError::TooShort);
  std::memcpy(&header, in.data(), sizeof(header));
  if (header.version != kRecordVersion) return failure(RecordError::WrongVersion);
  if (header.kind >= kCodecs.size()) return failure(RecordError::UnknownKind);
  if (header.size != kCodecs[header.kind].size) return failure(RecordError::WrongSize);
  if (in.size() < sizeof(header) + header.size) return failure(RecordError::TooShort);
  event.received_at = from_unix_ns(header.received_at);
  event.exchange_at = from_unix_ns(header.exchange_at);
  event.sequence = header.sequence;
  kCodecs[header.kind].decode(in.data() + sizeof(header), event.body);
  return sizeof(header) + header.size;
}

}  // namespace arbees
