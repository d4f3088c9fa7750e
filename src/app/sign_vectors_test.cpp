// Every vector of the two published files, through the command's own code, byte for byte.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "app/sign_line.h"
#include "tests/support/project_file.h"

namespace arbees::app {
namespace {

using rapidjson::Document;
using rapidjson::Value;

const std::string kFolder = testing_support::project_file("../shared/protocols/vendor/");

Document load(const std::string& name) {
  const std::string path = kFolder + name;
  std::string text;
  if (std::FILE* file = std::fopen(path.c_str(), "rb")) {
    char chunk[4096];
    for (std::size_t count = 0; (count = std::fread(chunk, 1, sizeof chunk, file)) > 0;) text.append(chunk, count);
    std::fclose(file);
  }
  Document document;
  document.Parse(text.c_str());
  if (!document.IsObject()) throw std::runtime_error(path + " is missing or no JSON");
  return document;
}

// One line being put together.
class Line {
 public:
  explicit Line(const std::string& scheme) {
    document_.SetObject();
    set("scheme", scheme);
  }
  Line& set(const char* name, const std::string& text) {
    Value value(text.c_str(), static_cast<rapidjson::SizeType>(text.size()), document_.GetAllocator());
    document_.AddMember(rapidjson::StringRef(name), value, document_.GetAllocator());
    return *this;
  }
  Line& set(const char* name, const Value& value) {
    document_.AddMember(rapidjson::StringRef(name), Value(value, document_.GetAllocator()), document_.GetAllocator());
    return *this;
  }
  Line& set_flag(const char* name, bool flag) { return set(name, Value(flag)); }
  // "1790000000123GET/path" in its parts, with a query that must not count.
  Line& set_presign(const std::string& presign) {
    const std::size_t method = presign.find_first_not_of("0123456789");
    const std::size_t path = presign.find('/');
    return set("timestamp_ms", presign.substr(0, method))
        .set("method", presign.substr(method, path - method))
        .set("path", presign.substr(path) + "?limit=7");
  }
  [[nodiscard]] Document answer() const {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    document_.Accept(writer);
    const LineAnswer answered = answer_sign_line({buffer.GetString(), buffer.GetSize()});
    EXPECT_FALSE(answered.is_error) << answered.json;
    Document document;
    document.Parse(answered.json.c_str());
    return document;
  }
  [[nodiscard]] std::string field(const char* name) const {
    const Document document = answer();
    return document.HasMember(name) && document[name].IsString() ? document[name].GetString() : "absent";
  }
  [[nodiscard]] bool valid() const {
    const Document document = answer();
    return document.HasMember("valid") && document["valid"].GetBool();
  }

 private:
  Document document_;
};

Line auth_line(const Value& vector) {
  Line line("polymarket-auth");
  line.set("chain_id", vector["domain"]["chainId"]).set("timestamp", vector["message"]["timestamp"]);
  line.set("nonce", vector["message"]["nonce"]);
  return line;
}

TEST(SigningVectors, ClobAuth) {
  const Document file = load("polymarket-vectors.json");
  for (const Value& vector : file["clob_auth_l1"].GetArray()) {
    Line line = auth_line(vector);
    line.set("private_key", file["constants"]["key"]);
    EXPECT_EQ(line.field("signature"), vector["signature"].GetString());
    EXPECT_EQ(line.field("digest"), vector["digest"].GetString());
    Line check = auth_line(vector);
    check.set("address", vector["message"]["address"]).set("verify", vector["signature"]);
    EXPECT_TRUE(check.valid());
  }
}

TEST(SigningVectors, RequestHmac) {
  const Document file = load("polymarket-vectors.json");
  for (const Value& vector : file["l2_hmac"].GetArray()) {
    Line line("polymarket-hmac");
    for (const char* name : {"secret", "timestamp", "method", "path", "body"}) line.set(name, vector[name]);
    EXPECT_EQ(line.field("signature"), vector["signature"].GetString());
    line.set("verify", vector["signature"]);
    EXPECT_TRUE(line.valid());
  }
}

Line order_line(const Value& vector) {
  const std::string contract = vector["domain"]["verifyingContract"].GetString();
  Line line("polymarket-order");
  line.set("version", vector["domain"]["version"]).set("chain_id", vector["domain"]["chainId"]);
  line.set_flag("neg_risk", contract == "0xe2222d279d744050d28e00520010520000310F59");
  line.set("order", vector["order"]);
  return line;
}

TEST(SigningVectors, OrdersOfAllDomainsAndWallets) {
  const Document file = load("polymarket-vectors.json");
  int orders = 0;
  for (const char* group : {"orders_v2_domain", "orders_v3_domain", "orders_signature_type_3", "orders_v1_legacy"}) {
    for (const Value& vector : file[group].GetArray()) {
      SCOPED_TRACE(vector["name"].GetString());
      const char* hash_name = vector.HasMember("structHash") ? "structHash" : "contentsHash";
      Line line = order_line(vector);
      line.set("private_key", file["constants"]["key"]);
      EXPECT_EQ(line.field("signature"), vector["signature"].GetString());
      EXPECT_EQ(line.field("digest"), vector["orderHash"].GetString());
      EXPECT_EQ(line.field("struct_hash"), vector[hash_name].GetString());
      Line check = order_line(vector);
      check.set("verify", vector["signature"]).set("owner", file["constants"]["address"]);
      EXPECT_TRUE(check.valid());
      ++orders;
    }
  }
  EXPECT_EQ(orders, 14);
}

TEST(SigningVectors, KalshiRsa) {
  const Document file = load("kalshi-signing-vectors.json");
  const Value& rsa = file["rsa"];
  for (const Value& vector : rsa["valid"].GetArray()) {
    Line line("kalshi");
    line.set_presign(vector["presign"].GetString()).set("public_key", rsa["public_key_pem"]);
    line.set("verify", vector["signature_b64"]);
    EXPECT_TRUE(line.valid()) << vector["presign"].GetString();
  }
  for (const Value& vector : rsa["invalid"].GetArray()) {
    Line line("kalshi");
    line.set_presign(vector["must_fail_against"].GetString()).set("public_key", rsa["public_key_pem"]);
    line.set("verify", vector["signature_b64"]);
    EXPECT_FALSE(line.valid()) << vector["why"].GetString();
  }
}

TEST(SigningVectors, KalshiEd25519) {
  const Document file = load("kalshi-signing-vectors.json");
  const Value& ed25519 = file["ed25519"];
  for (const Value& vector : ed25519["valid"].GetArray()) {
    Line line("kalshi");
    line.set_presign(vector["presign"].GetString()).set("private_key", ed25519["private_key_pem_pkcs8"]);
    EXPECT_EQ(line.field("signature"), vector["signature_b64"].GetString());
    Line check("kalshi");
    check.set_presign(vector["presign"].GetString()).set("public_key", ed25519["public_key_pem"]);
    check.set("verify", vector["signature_b64"]);
    EXPECT_TRUE(check.valid());
  }
}

}  // namespace
}  // namespace arbees::app
