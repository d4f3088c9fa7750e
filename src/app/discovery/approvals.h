#pragma once
// What a person has approved: families of contracts and pairs of families, each with the rules it had then.
//
// An approval holds for one fingerprint of rules and fees (catalog_entry.h). Where a contract comes with another one,
// the approval is revoked for good, with the reason; that the old rules return does not bring it back. Rolling windows
// need one approval for all of them. Kept as "approvals" in the data folder, one line for each key, for people too:
//
//   approved kalshi:KXBTC15M 0123456789abcdef 2026-11-22T18:00:00.000Z
//   revoked  polymarket:btc-updown-15m 89abcdef01234567 2026-11-22T18:05:00.000Z rules or fees changed

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::app {

enum class ApprovalState : std::uint8_t { None, Approved, Changed, Revoked };
// "none", "approved", "changed" (approved with other rules), "revoked".
[[nodiscard]] std::string_view approval_name(ApprovalState state) noexcept;

class Approvals {
 public:
  // An absent file is no approval; a damaged one is an error, so that nothing is approved by accident.
  [[nodiscard]] static Result<Approvals, std::string> open(const std::string& folder);

  [[nodiscard]] ApprovalState state(std::string_view key, std::uint64_t fingerprint) const;
  [[nodiscard]] bool is_approved(std::string_view key, std::uint64_t fingerprint) const {
    return state(key, fingerprint) == ApprovalState::Approved;
  }
  void approve(const std::string& key, std::uint64_t fingerprint, Timestamp now);
  // False if the key was never approved.
  bool revoke(const std::string& key, std::string_view reason, Timestamp now);
  // A contract or pair with these rules was seen: true if that revoked an approval.
  bool observe(const std::string& key, std::uint64_t fingerprint, Timestamp now);
  // Empty, or what went wrong.
  [[nodiscard]] std::string save(const std::string& folder) const;

 private:
  struct Row {
    std::uint64_t fingerprint = 0;
    bool is_approved = false;
    std::string at;
    std::string reason;
  };
  [[nodiscard]] bool read_line(std::string_view line);

  std::map<std::string, Row, std::less<>> rows_;
};

}  // namespace arbees::app
