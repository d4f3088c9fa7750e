#pragma once
// A self-signed TLS certificate of a loopback server, for 127.0.0.1, ::1 and localhost.

#include <string>
#include <string_view>

#include "core/base/time.h"

namespace arbees::sim {

// PEM of a certificate for this private key (PEM), valid for ten years around `now`. Clients trust it by naming it
// as their root.
[[nodiscard]] std::string self_signed_certificate(std::string_view private_key_pem, Timestamp now);

}  // namespace arbees::sim
