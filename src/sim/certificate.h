#pragma once
// A certificate for this machine's loopback names, made anew at every start: so that clients can check it like any
// other.

#include <string>

#include "core/base/result.h"

namespace arbees::sim {

struct CertificateFiles {
  std::string certificate;  // PEM: the server's certificate, which is its own root
  std::string key;          // PEM, mode 0600
};

// For localhost, 127.0.0.1 and ::1, valid for a year. The error says what could not be made.
[[nodiscard]] Result<CertificateFiles, std::string> make_certificate(const std::string& folder);

}  // namespace arbees::sim
