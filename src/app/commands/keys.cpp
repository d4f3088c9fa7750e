// arbees keys: the encrypted keys of a data folder. Secrets and passwords never come as arguments.

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "adapters/bus/socket.h"
#include "adapters/keystore/keystore.h"
#include "adapters/keystore/private_file.h"
#include "adapters/telemetry/json.h"
#include "adapters/venue/kalshi/signer.h"
#include "adapters/venue/polymarket/signer.h"
#include "adapters/venue/secret.h"
#include "app/cli.h"
#include "app/command.h"
#include "sim/private_file.h"

namespace arbees::app {
namespace {

constexpr char kPasswordVariable[] = "ARBEES_KEYSTORE_PASSWORD";
constexpr std::size_t kMaxInputBytes = 128 * 1024;

constexpr char kKalshi[] = "kalshi";
constexpr char kPolymarket[] = "polymarket";
constexpr char kPolymarketApi[] = "polymarket-api";

struct KeysOptions {
  std::string data;
  std::string name;
  std::string kind;
  std::string password_file;
  bool json = false;
};

// A text that is wiped at its end.
struct SecretText {
  std::string text;
  SecretText() { text.reserve(kMaxInputBytes); }  // so that growing leaves no copies behind
  ~SecretText() { wipe(text); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
};

int refuse(const KeysOptions& options, int code, std::string_view name, std::string_view message) {
  if (options.json) std::printf("%s\n", error_document(name, message).c_str());
  std::fprintf(stderr, "arbees keys: %.*s\n", static_cast<int>(message.size()), message.data());
  return code;
}

int refuse(const KeysOptions& options, KeystoreError error) {
  switch (error) {
    case KeystoreError::NotFound: return refuse(options, kNotFound, "not_found", keystore_error_text(error));
    case KeystoreError::Exposed: return refuse(options, kRefused, "exposed", keystore_error_text(error));
    case KeystoreError::Damaged: return refuse(options, kBadInput, "damaged", keystore_error_text(error));
    case KeystoreError::Exists:
    case KeystoreError::BadName:
    case KeystoreError::EmptySecret:
    case KeystoreError::EmptyPassword: return refuse(options, kUsage, "invalid", keystore_error_text(error));
    default: return refuse(options, kFailed, "failed", keystore_error_text(error));
  }
}

// Reads to the end; false if the input cannot be read or is longer than any key.
bool read_to_end(std::FILE* file, std::string& text) {
  char chunk[4096];
  std::size_t count = 0;
  while ((count = std::fread(chunk, 1, sizeof chunk, file)) > 0 && text.size() + count <= kMaxInputBytes) {
    text.append(chunk, count);
  }
  wipe(std::span(reinterpret_cast<std::uint8_t*>(chunk), sizeof chunk));
  return count == 0 && std::ferror(file) == 0;
}

// The first line leaves `text`, without its end.
std::string_view first_line(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The password is, in this order: the file's first line, the variable, the first line of standard input; then the
// key is what follows there.
bool read_password_and_key(const KeysOptions& options, SecretText& password, SecretText& key) {
  std::setvbuf(stdin, nullptr, _IONBF, 0);  // the library's buffer would keep a copy
  if (!read_to_end(stdin, key.text)) return false;
  if (!options.password_file.empty()) {
    std::FILE* file = std::fopen(options.password_file.c_str(), "rb");
    if (file == nullptr) return false;
    std::setvbuf(file, nullptr, _IONBF, 0);
    SecretText whole;
    const bool is_read = read_to_end(file, whole.text);
    std::fclose(file);
    password.text.assign(first_line(whole.text));
    return is_read;
  }
  const char* variable = std::getenv(kPasswordVariable);
  if (variable != nullptr && *variable != '\0') {
    password.text.assign(variable);
    return true;
  }
  password.text.assign(first_line(key.text));
  const std::size_t end = key.text.find('\n');
  key.text.erase(0, end == std::string::npos ? key.text.size() : end + 1);
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// What the venue's signer would say of it: better now than at the first order.
std::string_view wrong_key(const std::string& kind, std::string_view key) {
  if (kind == kKalshi) {
    const auto signer = kalshi::PreparedSigner::from_pem(key);
    return signer ? std::string_view() : kalshi::key_error_text(signer.error());
  }
  if (kind == kPolymarket && !polymarket::Wallet::from_hex(trimmed(key)))
    return "is not 64 hex digits of a secp256k1 key";
  if (kind == kPolymarketApi && !polymarket::ApiSecret::from_base64(trimmed(key))) return "is not base64";
  return {};
}

// Names are readable in the file and in the shell's history: what can be no name of a person's choice is a key that was
// put in the wrong place. Key ids of venues, with their dashes, are names.
bool looks_like_a_secret(std::string_view name) {
  constexpr std::size_t kLeastHex = 32;
  constexpr std::size_t kLeastMixed = 40;
  const std::string_view digits = name.starts_with("0x") ? name.substr(2) : name;
  const bool is_hex = digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (is_hex && digits.size() >= kLeastHex) return true;
  const auto has = [name](auto&& is_one) {
    return std::any_of(name.begin(), name.end(), [&](unsigned char c) { return is_one(c) != 0; });
  };
  return name.size() >= kLeastMixed && has(::isupper) && has(::islower) && has(::isdigit);
}

Keystore store_of(const KeysOptions& options) { return Keystore(options.data + "/keystore"); }

// One password opens them all: a live start asks for one.
std::string other_password(const Keystore& store, std::string_view password) {
  const auto entries = store.list();
  if (!entries || entries->empty()) return {};
  auto other = store.reveal(entries->front().name, password);
  if (other) wipe(*other);
  if (other || other.error() != KeystoreError::WrongPassword) return {};
  return "the key '" + entries->front().name +
         "' has another password, and a live start asks for one: add this key with the same, or keep it in another "
         "data folder";
}

int add_key(const KeysOptions& options) {
  if (looks_like_a_secret(options.name)) {
    return refuse(
        options, kUsage, "secret_as_name",
        "NAME looks like a secret: keys come from standard input. If it was one, it is in the shell's history "
        "now: take another");
  }
  const std::string exposed = options.password_file.empty() ? std::string() : exposed_file(options.password_file);
  if (!exposed.empty()) return refuse(options, kRefused, "exposed", exposed);
  SecretText password;
  SecretText key;
  if (!options.password_file.empty() && ::access(options.password_file.c_str(), R_OK) != 0) {
    return refuse(options, kUsage, "unreadable", "--password-file " + options.password_file + ": cannot be read");
  }
  if (!read_password_and_key(options, password, key)) {
    return refuse(options, kFailed, "failed", "standard input or the password file cannot be read, or is too long");
  }
  if (const auto wrong = wrong_key(options.kind, key.text); !wrong.empty()) {
    return refuse(options, kBadInput, "invalid_key", "the key " + std::string(wrong));
  }
  if (const std::string wrong = other_password(store_of(options), password.text); !wrong.empty()) {
    return refuse(options, kUsage, "other_password", wrong);
  }
  // Keys come before the first start, which makes the folder otherwise.
  std::error_code failed;
  std::filesystem::create_directories(options.data, failed);
  if (failed) return refuse(options, kFailed, "failed", options.data + ": " + failed.message());
  const std::string_view kept = options.kind == kKalshi ? std::string_view(key.text) : trimmed(key.text);
  if (const auto error = store_of(options).add({options.name, options.kind}, kept, password.text)) {
    return refuse(options, *error);
  }
  JsonWriter json;
  json.begin_object().field("added", options.name).field("kind", options.kind).end_object();
  std::printf("%s\n", options.json ? json.take().c_str() : ("added " + options.name).c_str());
  return kDone;
}

int list_keys(const KeysOptions& options) {
  const auto entries = store_of(options).list();
  if (!entries) return refuse(options, entries.error());
  JsonWriter json;
  json.begin_object().key("keys").begin_array();
  for (const KeystoreEntry& entry : *entries) {
    json.begin_object().field("name", entry.name).field("kind", entry.kind).end_object();
    if (!options.json) std::printf("%-24s %s\n", entry.name.c_str(), entry.kind.c_str());
  }
  json.end_array().end_object();
  if (options.json) std::printf("%s\n", json.take().c_str());
  return kDone;
}

int remove_key(const KeysOptions& options) {
  if (const auto error = store_of(options).remove(options.name)) return refuse(options, *error);
  JsonWriter json;
  json.begin_object().field("removed", options.name).end_object();
  std::printf("%s\n", options.json ? json.take().c_str() : ("removed " + options.name).c_str());
  return kDone;
}

struct BusKeyOptions {
  std::string file;
  bool json = false;
};

int make_bus_key(const BusKeyOptions& options) {
  KeysOptions shown;
  shown.json = options.json;
  if (std::filesystem::exists(options.file)) {
    return refuse(shown, kUsage, "exists", options.file + " is there already: choose another name");
  }
  bus::CurveKeys keys = bus::make_curve_keys();
  if (keys.empty()) return refuse(shown, kFailed, "failed", "this ZeroMQ has no CURVE");
  const std::string wrong = sim::write_private_file(options.file, keys.secret_key + "\n");
  wipe(keys.secret_key);
  if (!wrong.empty()) return refuse(shown, kFailed, "failed", wrong);
  JsonWriter json;
  json.begin_object().field("file", options.file).field("public_key", keys.public_key).end_object();
  std::printf("%s\n", options.json ? json.take().c_str() : ("public key " + keys.public_key).c_str());
  return kDone;
}

using KeysWork = int (*)(const KeysOptions&);

int with_data_folder(KeysOptions options, KeysWork work) {
  const char* variable = std::getenv("ARBEES_DATA_DIR");
  if (options.data.empty() && variable != nullptr) options.data = variable;
  if (options.data.empty())
    return refuse(options, kUsage, "usage", "--data or ARBEES_DATA_DIR must name the data folder");
  return work(options);
}

std::shared_ptr<KeysOptions> add_common(Command& command, KeysWork work) {
  auto options = std::make_shared<KeysOptions>();
  command.option("--data", options->data, "Data folder (ARBEES_DATA_DIR)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options, work] { return with_data_folder(*options, work); });
  return options;
}

}  // namespace

void add_keys_command(CommandLine& line) {
  Command& keys = line.add("keys", "Trading keys, encrypted in the data folder");
  Command& add =
      keys.add("add", "Add a key from standard input; the password is its first line unless given otherwise");
  auto added = add_common(add, add_key);
  add.positional("NAME", added->name, true, "What the key is called");
  add.choice("--kind", added->kind, {kKalshi, kPolymarket, kPolymarketApi},
             "What it is: an API key (PEM), a wallet's private key (hex), an API secret (base64)");
  add.require("--kind");
  add.option("--password-file", added->password_file,
             "File whose first line is the password (or ARBEES_KEYSTORE_PASSWORD)");
  add_common(keys.add("list", "Names and kinds of the keys"), list_keys);
  Command& remove = keys.add("remove", "Remove a key");
  remove.positional("NAME", add_common(remove, remove_key)->name, true, "What the key is called");
  Command& bus = keys.add("bus", "Make a key for bus.curve_secret_key_file; its public key is printed");
  auto made = std::make_shared<BusKeyOptions>();
  bus.positional("FILE", made->file, true, "Where the secret key goes, readable by you only");
  bus.flag("--json", made->json, "Print one JSON document");
  bus.run([made] { return make_bus_key(*made); });
}

}  // namespace arbees::app
