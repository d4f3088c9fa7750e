#pragma once
// The file that keeps trading keys, each encrypted with a password: DIR/keystore.
//
// Names and kinds are readable, secrets are not: each is sealed with AES-256-GCM under a key that scrypt (RFC 7914)
// makes of the password and a salt of its own; name, kind and parameters are authenticated with it, so that no
// entry can be renamed, retyped or weakened. The file is a text of one line per entry, mode 0600, and replaced as a
// whole (write, sync, rename). Neither passwords nor secrets appear in errors; both are wiped by who owns them.
// Why so: docs/decisions/keystore.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace arbees {

enum class KeystoreError : std::uint8_t {
  NotFound,     // no entry of this name
  Exists,       // an entry of this name is there
  BadName,      // name or kind is not 1–64 of a–z, A–Z, 0–9, '.', '_', '-'
  EmptySecret,  // or longer than 64 KiB
  EmptyPassword,
  WrongPassword,  // or a changed entry: the two cannot be told apart
  Exposed,        // others than the owner may read or write the file, or it is no plain file of ours
  Damaged,        // not a keystore, or a line is cut
  Unreadable,
  Unwritable,
  LibraryFailed,  // no randomness or no memory
};
// For people: "the file may be read by others (chmod 600 it)", …
[[nodiscard]] std::string_view keystore_error_text(KeystoreError error) noexcept;

struct KeystoreEntry {
  std::string name;
  std::string kind;
};

// Work of one password guess: N = 2^log2_n, r, p of scrypt. The default takes 32 MiB and about 0.1 s.
struct ScryptCost {
  std::uint32_t log2_n = 15;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
};

class Keystore {
 public:
  // The file need not exist yet; its folder must. Every call reads the file anew.
  explicit Keystore(std::string path, ScryptCost cost = {}) : path_(std::move(path)), cost_(cost) {}

  [[nodiscard]] Result<std::vector<KeystoreEntry>, KeystoreError> list() const;
  // Nothing if it worked. Two processes may add at the same time; both entries are kept.
  [[nodiscard]] std::optional<KeystoreError> add(const KeystoreEntry& entry, std::string_view secret,
                                                 std::string_view password);
  [[nodiscard]] std::optional<KeystoreError> remove(std::string_view name);
  // The secret; the caller wipes it.
  [[nodiscard]] Result<std::string, KeystoreError> reveal(std::string_view name, std::string_view password) const;

 private:
  std::string path_;
  ScryptCost cost_;
};

}  // namespace arbees
