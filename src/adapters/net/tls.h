#pragma once
// TLS contexts: TLS 1.2 or newer, certificates always checked by clients. For this folder's .cpp files only.

#include <string>

#include "adapters/net/io_loop_impl.h"
#include "core/base/result.h"

namespace arbees::net {

// Trusts the roots in `ca_file` (PEM), or the system's; made once per loop and file.
[[nodiscard]] Result<TlsContext, std::string> client_tls(IoLoop::Impl& loop, const std::string& ca_file);

[[nodiscard]] Result<TlsContext, std::string> server_tls(const std::string& certificate_file,
                                                         const std::string& key_file);

}  // namespace arbees::net
