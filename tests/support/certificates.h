#pragma once
// Certificates made for one test: a root of its own, and servers that it vouches for.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

#include "core/base/assert.h"

namespace arbees::testing {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

struct ServerFiles {
  std::string certificate;
  std::string key;
};

class CertificateAuthority {
 public:
  // Files go to `folder`, which ends in '/'.
  explicit CertificateAuthority(std::string folder) : folder_(std::move(folder)) {
    sign_as("arbees test root", root_.get(), key_.get());
    add_extension(root_.get(), NID_basic_constraints, "critical,CA:TRUE");
    finish(root_.get());
    write_certificate(root_file(), root_.get());
  }

  [[nodiscard]] std::string root_file() const { return folder_ + "root.pem"; }

  // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". Valid until `seconds` from now.
  ServerFiles issue(const std::string& file, const std::string& names, long seconds = 3600) {
    const Key key = make_key();
    const Certificate certificate = make_certificate(seconds);
    sign_as(file, certificate.get(), key.get());
    add_extension(certificate.get(), NID_subject_alt_name, names);
    finish(certificate.get());
    const ServerFiles files{folder_ + file + ".pem", folder_ + file + ".key"};
    write_certificate(files.certificate, certificate.get());
    FILE* const out = std::fopen(files.key.c_str(), "w");
    ARBEES_ASSERT(out != nullptr);
    PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    return files;
  }

 private:
  static Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

  static Certificate make_certificate(long seconds) {
    constexpr long kVersion3 = 2;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), kVersion3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
    return certificate;
  }

  void sign_as(const std::string& name, X509* certificate, EVP_PKEY* key) {
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial_);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(root_.get()));
  }

  void add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, root_.get(), certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    ARBEES_ASSERT(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  void finish(X509* certificate) { ARBEES_ASSERT(X509_sign(certificate, key_.get(), EVP_sha256()) > 0); }

  static void write_certificate(const std::string& path, X509* certificate) {
    FILE* const out = std::fopen(path.c_str(), "w");
    ARBEES_ASSERT(out != nullptr);
    PEM_write_X509(out, certificate);
    std::fclose(out);
  }

  std::string folder_;
  long serial_ = 0;
  Key key_ = make_key();
  Certificate root_ = make_certificate(3600);
};

}  // namespace arbees::testing
