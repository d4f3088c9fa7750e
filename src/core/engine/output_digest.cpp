#include "core/engine/output_digest.h"

#include <span>

#include "core/base/hash.h"

namespace arbees {
namespace {

// Only records without padding: their bytes are their value on every machine.
template <class Record>
std::uint64_t hash_record(const Record& record, std::uint64_t seed) noexcept {
  static_assert(is_record_v<Record>);
  return hash64(std::as_bytes(std::span(&record, 1)), seed);
}

}  // namespace

void OutputDigest::add(const Outputs& outputs) noexcept {
  for (const ExecutionRequest& request : outputs.requests) add(request);
  for (const OrderCommand& command : outputs.orders) {
    value_ = mix64(hash_record(command.order, value_), static_cast<std::uint64_t>(command.action));
  }
  for (const Report& report : outputs.reports) add(report);
}

void OutputDigest::add(const ExecutionRequest& request) noexcept {
  value_ = mix64(value_, request.id.value);
  value_ = mix64(value_, request.opportunity_id);
  value_ = mix64(value_, static_cast<std::uint64_t>(unix_ns(request.deadline)));
  value_ = mix64(value_, static_cast<std::uint64_t>(request.outlay.units()));
  value_ = mix64(value_, static_cast<std::uint64_t>(request.guaranteed.units()));
  for (const Leg& leg : request.legs) value_ = hash_record(leg, value_);
}

void OutputDigest::add(const Report& report) noexcept {
  value_ = mix64(value_, static_cast<std::uint64_t>(unix_ns(report.at)));
  value_ = mix64(value_, report.sequence);
  value_ = mix64(value_, report.body.index());
  std::visit([this](const auto& body) noexcept { value_ = hash_record(body, value_); }, report.body);
}

}  // namespace arbees
