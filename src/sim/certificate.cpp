#include "sim/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <stdexcept>

namespace arbees::sim {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using Memory = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

constexpr long kDay = 24 * 60 * 60;
constexpr long kValidDays = 3650;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL refuses to make a certificate");
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

std::string self_signed_certificate(std::string_view private_key_pem, Timestamp now) {
  const Memory input(BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(private_key_pem.size())));
  const Key key(PEM_read_bio_PrivateKey(input.get(), nullptr, nullptr, nullptr));
  const Certificate certificate(X509_new());
  require(key != nullptr && certificate != nullptr);
  X509* const x509 = certificate.get();
  std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  require(X509_set_version(x509, X509_VERSION_3) == 1);
  require(ASN1_INTEGER_set(X509_get_serialNumber(x509), static_cast<long>(seconds)) == 1);
  require(X509_time_adj_ex(X509_getm_notBefore(x509), -1, 0, &seconds) != nullptr);
  require(X509_time_adj_ex(X509_getm_notAfter(x509), kValidDays, kDay - 1, &seconds) != nullptr);
  X509_NAME* const name = X509_get_subject_name(x509);
  const auto* text = reinterpret_cast<const unsigned char*>("localhost");
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
  require(X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key.get()) == 1);
  add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x509, NID_key_usage, "critical,digitalSignature,keyCertSign");
  add_extension(x509, NID_ext_key_usage, "serverAuth");
  add_extension(x509, NID_subject_key_identifier, "hash");
  add_extension(x509, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
  require(X509_sign(x509, key.get(), EVP_sha256()) > 0);
  const Memory output(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(output.get(), x509) == 1);
  char* data = nullptr;
  const long length = BIO_get_mem_data(output.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace arbees::sim
