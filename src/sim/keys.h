#pragma once
// Keys and credentials of the loopback venues, all from the seed: the same seed has the same ones on every machine.
//
// They guard nothing. The generator is not a cryptographic one: never use them anywhere else.

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/seeded_names.h"

namespace arbees::sim {

struct SimKeys {
  // Kalshi: two API keys of one account.
  std::string rsa_key_id;  // UUID
  std::string rsa_private_pem;
  std::string rsa_public_pem;
  std::string ed25519_key_id;
  std::string ed25519_private_pem;
  std::string ed25519_public_pem;
  std::string kalshi_user_id;  // UUID
  // Polymarket: one wallet.
  std::string wallet_private_key;  // 0x and 64 hex digits
  std::string wallet_address;      // with the checksum of EIP-55
  std::string deposit_address;     // its deposit wallet (signature type 3)
  std::string proxy_address;       // funder of signature types 1 and 2
};

[[nodiscard]] SimKeys make_keys(std::uint64_t seed);

// Polymarket's L2 credentials of a wallet: POST /auth/api-key makes them, GET /auth/derive-api-key finds them again.
struct ApiCredentials {
  std::string api_key;     // UUID
  std::string secret;      // base64 (url-safe alphabet, padded) of 32 bytes
  std::string passphrase;  // 64 hex digits
};
// `address` in any spelling.
[[nodiscard]] ApiCredentials derive_credentials(std::uint64_t seed, std::string_view address, std::uint64_t nonce);

}  // namespace arbees::sim
