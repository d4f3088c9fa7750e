#include "adapters/net/tls.h"

#include <boost/asio/ssl/context.hpp>

namespace arbees::net {
namespace {

TlsContext make_context(asio::ssl::context::method method) {
  auto context = std::make_shared<asio::ssl::context>(method);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  return context;
}

}  // namespace

Result<TlsContext, std::string> client_tls(IoLoop::Impl& loop, const std::string& ca_file) {
  if (const auto known = loop.client_tls.find(ca_file); known != loop.client_tls.end()) return known->second;
  TlsContext context = make_context(asio::ssl::context::tls_client);
  ErrorCode error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
    if (error) return failure("tls: the system's roots cannot be read: " + error.message());
  } else {
    context->load_verify_file(ca_file, error);
    if (error) return failure("tls: no roots in " + ca_file + ": " + error.message());
  }
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (error) return failure("tls: " + error.message());
  loop.client_tls.emplace(ca_file, context);
  return context;
}

Result<TlsContext, std::string> server_tls(const std::string& certificate_file, const std::string& key_file) {
  TlsContext context = make_context(asio::ssl::context::tls_server);
  ErrorCode error;
  context->use_certificate_chain_file(certificate_file, error);
  if (error) return failure("tls: no certificate in " + certificate_file + ": " + error.message());
  context->use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error) return failure("tls: no key for the certificate in " + key_file + ": " + error.message());
  return context;
}

}  // namespace arbees::net
