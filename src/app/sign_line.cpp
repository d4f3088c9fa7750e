#include "app/sign_line.h"

#include <vector>

#include "adapters/telemetry/json.h"
#include "adapters/venue/encoding.h"
#include "adapters/venue/kalshi/signer.h"
#include "adapters/venue/polymarket/signer.h"
#include "adapters/venue/secret.h"
#include "app/sign_fields.h"

namespace arbees::app {
namespace {

using polymarket::Address;
using polymarket::Bytes32;
using polymarket::DomainVersion;
using polymarket::OrderDomain;
using polymarket::OrderSide;
using polymarket::SignedOrder;
using polymarket::TypedDataHash;
using polymarket::Wallet;
using polymarket::WalletKind;

// Every scheme's function returns its answer, or nothing with the document's error set.
using Answer = std::optional<std::string>;

std::string validity(bool valid) {
  JsonWriter json;
  json.begin_object().field("valid", valid).end_object();
  return json.take();
}

std::string signature_only(std::string_view signature) {
  JsonWriter json;
  json.begin_object().field("signature", signature).end_object();
  return json.take();
}

std::string typed_data_answer(std::span<const std::uint8_t> signature, const TypedDataHash& hash,
                              const Address& address) {
  JsonWriter json;
  json.begin_object().field("signature", to_hex_text(signature));
  json.field("struct_hash", to_hex_text(hash.struct_hash)).field("digest", to_hex_text(hash.digest));
  json.field("address", polymarket::to_checksum_text(address)).end_object();
  return json.take();
}

// The bytes of a signature of up to the longest kind; empty if the text is no hex.
std::vector<std::uint8_t> signature_bytes(std::string_view text) {
  std::vector<std::uint8_t> bytes((text.size() - (text.starts_with("0x") ? 2 : 0)) / 2);
  if (bytes.size() > std::tuple_size_v<polymarket::DepositSignature> || !from_hex_text(text, bytes)) bytes.clear();
  return bytes;
}

std::string_view path_of(SignDocument& fields) {
  const std::string_view path = fields.text("path");
  if (!path.starts_with('/')) fields.fail("invalid_field", "path", "must start with '/'");
  return path;
}

std::string_view method_of(SignDocument& fields) {
  const std::string_view method = fields.text("method");
  const auto is_method_character = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'; };
  if (!std::all_of(method.begin(), method.end(), is_method_character) || method.empty()) {
    fields.fail("invalid_field", "method", "must be an HTTP method");
  }
  return method;
}

// Seconds that are signed as text, exactly as given.
std::string_view timestamp_text(SignDocument& fields) {
  static_cast<void>(fields.integer("timestamp"));
  return fields.error() ? std::string_view() : fields.text("timestamp");
}

std::optional<Wallet> wallet_of(SignDocument& fields) {
  auto wallet = Wallet::from_hex(fields.text("private_key"));
  if (!wallet) fields.fail("invalid_key", "private_key", "must be 64 hex digits of a secp256k1 key");
  return wallet;
}

Answer sign_kalshi(SignDocument& fields, const std::string& presign) {
  auto signer = kalshi::PreparedSigner::from_pem(fields.text("private_key"));
  if (!signer) {
    fields.fail("invalid_key", "private_key", kalshi::key_error_text(signer.error()));
    return std::nullopt;
  }
  kalshi::SignatureText signature;
  if (!signer->sign(presign, signature)) {
    fields.fail("signing_failed", "private_key", "the cryptographic library refused");
    return std::nullopt;
  }
  return signature_only(signature.view());
}

Answer verify_kalshi(SignDocument& fields, const std::string& presign) {
  const std::string_view signature = fields.text("verify");
  const auto key = kalshi::VerifyingKey::from_pem(fields.text("public_key"));
  if (!key) fields.fail("invalid_key", "public_key", kalshi::key_error_text(key.error()));
  if (fields.error()) return std::nullopt;
  return validity(key->verify(presign, signature));
}

Answer answer_kalshi(SignDocument& fields) {
  const std::int64_t timestamp_ms = fields.integer("timestamp_ms");
  const std::string_view method = method_of(fields);
  const std::string_view path = path_of(fields);
  if (fields.error()) return std::nullopt;
  const std::string presign = kalshi::presign_text(timestamp_ms, method, path);
  return fields.has("verify") ? verify_kalshi(fields, presign) : sign_kalshi(fields, presign);
}

Answer answer_hmac(SignDocument& fields) {
  polymarket::L2Request request;
  request.timestamp = timestamp_text(fields);
  request.method = method_of(fields);
  request.path = path_of(fields);
  request.body = fields.text_or("body", "");
  const auto secret = polymarket::ApiSecret::from_base64(fields.text("secret"));
  if (!secret) fields.fail("invalid_key", "secret", "must be base64");
  const std::string_view given = fields.text_or("verify", "");
  if (fields.error()) return std::nullopt;
  const std::string signature = secret->sign(request);
  if (!fields.has("verify")) return signature_only(signature);
  return validity(equal_in_constant_time(signature, given));
}

Answer verify_auth(SignDocument& fields, const polymarket::ClobAuth& auth) {
  const auto signature = signature_bytes(fields.text("verify"));
  if (fields.error()) return std::nullopt;
  const auto signer = polymarket::recover_signer(hash_clob_auth(auth).digest, signature);
  return validity(signer && *signer == auth.address);
}

Answer answer_auth(SignDocument& fields) {
  polymarket::ClobAuth auth;
  auth.timestamp = timestamp_text(fields);
  auth.nonce = fields.number_or_zero("nonce");
  auth.chain_id = static_cast<std::uint64_t>(fields.integer_or("chain_id", polymarket::kPolygonChainId));
  if (fields.has("verify") && fields.has("address")) {
    auth.address = fields.address("address");
    return verify_auth(fields, auth);
  }
  const auto wallet = wallet_of(fields);
  if (fields.error()) return std::nullopt;
  auth.address = fields.address_or("address", wallet->address());
  if (fields.error()) return std::nullopt;
  if (fields.has("verify")) return verify_auth(fields, auth);
  const TypedDataHash hash = hash_clob_auth(auth);
  return typed_data_answer(wallet->sign(hash.digest), hash, wallet->address());
}

DomainVersion version_of(SignDocument& fields) {
  const std::string_view version = fields.text("version");
  if (version == "1") return DomainVersion::One;
  if (version == "2") return DomainVersion::Two;
  if (version != "3") fields.fail("invalid_field", "version", "must be \"1\", \"2\" or \"3\"");
  return DomainVersion::Three;
}

// "BUY" and "SELL", or the contract's own 0 and 1.
OrderSide side_of(SignDocument& fields) {
  const std::string_view side = fields.text("side");
  if (side == "SELL" || side == "1") return OrderSide::Sell;
  if (side != "BUY" && side != "0") fields.fail("invalid_field", "side", "must be \"BUY\" or \"SELL\"");
  return OrderSide::Buy;
}

SignedOrder order_of(SignDocument& fields, DomainVersion version) {
  SignedOrder order;
  fields.enter("order");
  order.salt = fields.number("salt");
  order.maker = fields.address("maker");
  order.signer = fields.address("signer");
  order.token_id = fields.number("tokenId");
  order.maker_amount = fields.number("makerAmount");
  order.taker_amount = fields.number("takerAmount");
  order.side = side_of(fields);
  const std::int64_t wallet = fields.integer_or("signatureType", 0);
  if (wallet > static_cast<std::int64_t>(WalletKind::Deposit)) {
    fields.fail("invalid_field", "signatureType", "must be from 0 to 3");
  } else {
    order.wallet = static_cast<WalletKind>(wallet);
  }
  if (version == DomainVersion::One) {
    order.taker = fields.address_or("taker", Address{});
    order.expiration = fields.number_or_zero("expiration");
    order.nonce = fields.number_or_zero("nonce");
    order.fee_rate_bps = fields.number_or_zero("feeRateBps");
  } else {
    order.timestamp = fields.number("timestamp");
    order.metadata = fields.bytes32_or_zero("metadata");
    order.builder = fields.bytes32_or_zero("builder");
  }
  if (order.wallet == WalletKind::Deposit && version == DomainVersion::One) {
    fields.fail("invalid_field", "signatureType", "version 1 has no deposit wallets");
  }
  if (order.wallet == WalletKind::Deposit && order.maker != order.signer) {
    fields.fail("invalid_field", "signer", "must be the maker: both are the deposit wallet");
  }
  fields.leave();
  return order;
}

Answer verify_order(SignDocument& fields, const OrderDomain& domain, const SignedOrder& order) {
  const auto signature = signature_bytes(fields.text("verify"));
  // A deposit wallet is a contract and signs nothing itself; who owns it only the caller can know.
  const Address owner = fields.address_or("owner", order.signer);
  if (fields.error()) return std::nullopt;
  if (order.wallet == WalletKind::Deposit) return validity(verify_deposit(domain, order, owner, signature));
  const auto signer = polymarket::recover_signer(domain.hash(order).digest, signature);
  return validity(signer && *signer == order.signer);
}

Answer answer_order(SignDocument& fields) {
  const DomainVersion version = version_of(fields);
  const bool neg_risk = fields.flag_or("neg_risk", false);
  const auto chain_id = static_cast<std::uint64_t>(fields.integer_or("chain_id", polymarket::kPolygonChainId));
  const SignedOrder order = order_of(fields, version);
  if (fields.error()) return std::nullopt;
  const OrderDomain domain(version, neg_risk, chain_id);
  if (fields.has("verify")) return verify_order(fields, domain, order);
  const auto wallet = wallet_of(fields);
  if (fields.error()) return std::nullopt;
  const TypedDataHash hash = domain.hash(order);
  if (order.wallet != WalletKind::Deposit) {
    return typed_data_answer(wallet->sign(hash.digest), hash, wallet->address());
  }
  return typed_data_answer(wallet->sign_deposit(domain, order, hash.struct_hash), hash, wallet->address());
}

Answer answer_scheme(SignDocument& fields) {
  const std::string_view scheme = fields.text("scheme");
  if (scheme == "kalshi") return answer_kalshi(fields);
  if (scheme == "polymarket-hmac") return answer_hmac(fields);
  if (scheme == "polymarket-auth") return answer_auth(fields);
  if (scheme == "polymarket-order") return answer_order(fields);
  fields.fail("unknown_scheme", "scheme", "must be kalshi, polymarket-hmac, polymarket-auth or polymarket-order");
  return std::nullopt;
}

}  // namespace

LineAnswer answer_sign_line(std::string_view line) {
  SignDocument fields(line);
  if (fields.is_object()) {
    if (const Answer answer = answer_scheme(fields)) return {*answer, false};
  }
  return {error_document(fields.error()->code, fields.error()->message), true};
}

}  // namespace arbees::app
