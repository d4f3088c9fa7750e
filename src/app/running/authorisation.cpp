#include "app/running/authorisation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/keystore/private_file.h"
#include "adapters/telemetry/format.h"
#include "adapters/venue/kalshi/order_gateway.h"
#include "adapters/venue/polymarket/order_gateway.h"
#include "adapters/venue/secret.h"
#include "app/cli.h"
#include "app/data_folder.h"
#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

// Of a price's unit, in those of money.
constexpr std::int64_t kMicroPerPriceUnit = 100;

bool is_loopback(const std::string& url) {
  const auto parsed = net::parse_url(url);
  return url.empty() || (parsed && parsed->is_loopback());
}

std::string first_line(std::FILE* file) {
  std::string line;
  for (int c = std::fgetc(file); c != EOF && c != '\n' && line.size() < 4096; c = std::fgetc(file)) {
    line.push_back(static_cast<char>(c));
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<polymarket::Wallet> wallet_of(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  auto wallet = polymarket::Wallet::from_hex(text);
  wipe(text);
  return wallet;
}

LiveRefusal refused(std::string text) { return {kRefused, std::move(text)}; }
LiveRefusal wrong(std::string text) { return {kUsage, std::move(text)}; }

// Keys as the configuration has them: for loopback venues, and nothing else.
Result<LiveKeys, LiveRefusal> configured_keys(const Config& config) {
  LiveKeys keys;
  if (config.venue(Venue::Kalshi).enabled) {
    auto credentials = kalshi_credentials(config.kalshi);
    if (!credentials) return failure(wrong(credentials.error()));
    if (*credentials == nullptr) {
      return failure(wrong(config.kalshi.key_id.empty()
                               ? "venues.kalshi.key_id is empty: live orders need a key"
                               : "venues.kalshi.private_key_file is empty: the key of venues on this machine is read "
                                 "from it, not from the keystore"));
    }
    keys.kalshi = std::move(*credentials);
  }
  if (config.venue(Venue::Polymarket).enabled) {
    const PolymarketAccess& access = config.polymarket;
    keys.polymarket =
        wallet_of(access.private_key_file.empty() ? access.private_key : text_of(access.private_key_file));
    if (!keys.polymarket) return failure(wrong("venues.polymarket.private_key is not 64 hex digits of a key"));
  }
  return keys;
}

Result<LiveKeys, LiveRefusal> stored_keys(Config& config, const Keystore& store, std::string password) {
  LiveKeys keys;
  const auto entries = store.list();
  if (!entries) {
    return failure(refused(fmt::format("the keystore: {}", keystore_error_text(entries.error()))));
  }
  const auto reveal = [&](std::string_view kind, std::string_view wanted) -> Result<std::string, LiveRefusal> {
    const auto name = stored_entry(*entries, kind, wanted);
    if (!name) return failure(refused("the keystore: " + name.error()));
    auto secret = store.reveal(*name, password);
    if (!secret) return failure(refused(fmt::format("the keystore: {}", keystore_error_text(secret.error()))));
    return std::move(*secret);
  };
  if (config.venue(Venue::Kalshi).enabled) {
    auto pem = reveal("kalshi", config.kalshi.key_id);
    if (!pem) return failure(pem.error());
    auto signer = kalshi::PreparedSigner::from_pem(*pem);
    config.kalshi.private_key = *pem;
    wipe(*pem);
    if (!signer || config.kalshi.key_id.empty()) return failure(wrong("venues.kalshi.key_id is empty"));
    keys.kalshi =
        std::unique_ptr<kalshi::Credentials>(new kalshi::Credentials{config.kalshi.key_id, std::move(*signer)});
  }
  if (config.venue(Venue::Polymarket).enabled) {
    auto key = reveal("polymarket", "polymarket");
    if (!key) return failure(key.error());
    keys.polymarket = wallet_of(std::move(*key));
    if (!keys.polymarket) return failure(refused("the keystore: the Polymarket key is no private key"));
  }
  wipe(password);
  return keys;
}

net::HttpClientOptions http_options(const VenueConfig& venue) {
  net::HttpClientOptions http;
  http.ca_file = venue.ca_file;
  return http;
}

std::string keystore_path(const std::string& folder) { return (std::filesystem::path(folder) / "keystore").string(); }

}  // namespace

std::string keystore_password(const PasswordSource& source) {
  if (!source.file.empty()) {
    std::FILE* const file = std::fopen(source.file.c_str(), "rb");
    if (file == nullptr) return {};
    std::string line = first_line(file);
    std::fclose(file);
    return line;
  }
  std::string given = environment("ARBEES_KEYSTORE_PASSWORD");
  if (given.empty() && source.input != nullptr) given = first_line(source.input);
  return given;
}

Result<std::string, std::string> stored_entry(const std::vector<KeystoreEntry>& entries, std::string_view kind,
                                              std::string_view wanted) {
  std::vector<std::string> names;
  for (const KeystoreEntry& entry : entries) {
    if (entry.kind != kind) continue;
    if (entry.name == wanted) return entry.name;
    names.push_back(entry.name);
  }
  if (names.size() == 1) return names.front();
  if (names.empty()) return failure(fmt::format("no key of kind {} (arbees keys add NAME --kind {})", kind, kind));
  return failure(fmt::format("several keys of kind {}, and none has the account's name", kind));
}

std::string open_feed_key(Config& config, const std::string& folder, const PasswordSource& password) {
  KalshiAccess& access = config.kalshi;
  const bool is_named = config.venue(Venue::Kalshi).enabled && !access.key_id.empty();
  if (!is_named || !access.private_key_file.empty() || !access.private_key.empty()) return {};
  if (std::string exposed = password.file.empty() ? "" : exposed_file(password.file); !exposed.empty()) return exposed;
  std::string given = keystore_password(password);
  if (given.empty()) return {};
  const Keystore store(keystore_path(folder));
  const auto entries = store.list();
  if (!entries) return fmt::format("the keystore: {}", keystore_error_text(entries.error()));
  const auto name = stored_entry(*entries, "kalshi", access.key_id);
  if (!name) return {};
  auto pem = store.reveal(*name, given);
  wipe(given);
  if (!pem) return fmt::format("the keystore: {}: {}", *name, keystore_error_text(pem.error()));
  access.private_key = *pem;
  wipe(*pem);
  const auto credentials = kalshi_credentials(access);
  return credentials ? std::string() : credentials.error();
}

bool is_all_loopback(const Config& config) {
  for (std::size_t i = 1; i < kVenueCount; ++i) {
    const VenueConfig& venue = config.venues[i];
    if (venue.enabled && !(is_loopback(venue.rest_url) && is_loopback(venue.ws_url))) return false;
  }
  const bool has_gamma = config.venue(Venue::Polymarket).enabled;
  return !has_gamma || is_loopback(config.polymarket.gamma_url);
}

Result<LiveKeys, LiveRefusal> live_keys(Config& config, const std::string& folder, const PasswordSource& password) {
  const std::string exposed = password.file.empty() ? std::string() : exposed_file(password.file);
  if (!exposed.empty()) return failure(refused(exposed));
  if (is_all_loopback(config)) return configured_keys(config);
  if (!config.allow_live) {
    return failure(refused("live trading is not allowed: set run.allow_live = true (docs/operations.md, Going live)"));
  }
  if (!config.polymarket.private_key.empty() || !config.polymarket.private_key_file.empty() ||
      !config.kalshi.private_key_file.empty()) {
    return failure(
        refused("live keys belong into the keystore (arbees keys add), not into the configuration: remove "
                "venues.kalshi.private_key_file and venues.polymarket.private_key and private_key_file"));
  }
  std::string given = keystore_password(password);
  if (given.empty()) return failure(refused("no password for the keystore: file, ARBEES_KEYSTORE_PASSWORD or stdin"));
  const Keystore store(keystore_path(folder));
  return stored_keys(config, store, std::move(given));
}

std::int64_t group_contracts(const RiskLimits& limits) {
  constexpr std::int64_t kMost = 1'000'000;  // the venue's own bound
  const std::int64_t price = std::max<std::int64_t>(limits.min_price.units(), 1) * kMicroPerPriceUnit;
  const std::int64_t bought = std::min(limits.max_venue_exposure, limits.max_total_exposure).units() / price;
  return std::clamp<std::int64_t>(2 * bought, 1, kMost);
}

std::string add_gateways(LiveGateways& gateways, net::IoLoop& loop, const Config& config, const LiveKeys& keys,
                         const GroupAtVenue& group) {
  const auto seed = static_cast<std::uint64_t>(unix_ns(net::IoLoop::now()));
  if (keys.kalshi != nullptr) {
    const VenueConfig& venue = config.venue(Venue::Kalshi);
    const auto rest = net::parse_url(venue.rest_url);
    const auto websocket = net::parse_url(venue.ws_url);
    if (!rest || !websocket) return "venues.kalshi.rest_url and venues.kalshi.ws_url are needed for live orders";
    kalshi::GatewayOptions options;
    options.rest = *rest;
    options.websocket = *websocket;
    options.requests.http = http_options(venue);
    options.seed = seed;
    options.group.contracts = group.contracts;
    options.group.file = (std::filesystem::path(group.folder) / "kalshi.order-group").string();
    gateways.add(Venue::Kalshi, std::make_unique<kalshi::KalshiOrderGateway>(
                                    loop, gateways, std::move(options),
                                    kalshi::Credentials{keys.kalshi->key_id, keys.kalshi->signer.clone()}));
  }
  if (keys.polymarket) {
    const VenueConfig& venue = config.venue(Venue::Polymarket);
    const auto rest = net::parse_url(venue.rest_url);
    const auto websocket = net::parse_url(venue.ws_url);
    if (!rest || !websocket)
      return "venues.polymarket.clob_url and venues.polymarket.ws_url are needed for live orders";
    polymarket::GatewayOptions options;
    options.rest = *rest;
    options.websocket = net::join(*websocket, "/user");
    options.requests.http = http_options(venue);
    options.kind = static_cast<polymarket::WalletKind>(config.polymarket.signature_type);
    options.chain_id = static_cast<std::uint64_t>(config.polymarket.chain_id);
    options.seed = seed + 1;
    if (options.kind != polymarket::WalletKind::Eoa) {
      const auto funder = polymarket::parse_address(config.polymarket.funder);
      if (!funder) return "venues.polymarket.funder is needed for this signature_type";
      options.funder = *funder;
    }
    gateways.add(Venue::Polymarket, std::make_unique<polymarket::PolymarketOrderGateway>(loop, gateways, options,
                                                                                         keys.polymarket->clone()));
  }
  return {};
}

namespace {

std::string lock_refusal(const std::string& wrong, const std::string& folder) {
  if (wrong.starts_with("process ")) {
    return fmt::format(
        "another process trades this account, {}: stop it first (one account, one process, whatever its data folder)",
        wrong);
  }
  return fmt::format(
      "the lock of the account: {}: make {} for all users (mode 1777), or set run.account_locks to a folder that every "
      "process of this host can write which may trade the account",
      wrong, folder);
}

}  // namespace

Result<std::vector<ProcessLock>, std::string> lock_accounts(const Config& config, const LiveKeys& keys) {
  std::vector<std::string> accounts;
  if (keys.kalshi != nullptr) accounts.push_back(config.venue(Venue::Kalshi).rest_url + keys.kalshi->key_id);
  if (keys.polymarket) {
    accounts.push_back(config.venue(Venue::Polymarket).rest_url +
                       polymarket::to_checksum_text(keys.polymarket->address()));
  }
  std::vector<ProcessLock> locks;
  for (const std::string& account : accounts) {
    const std::string name = to_hex(hash64(account)) + ".lock";
    auto lock = ProcessLock::take_shared(config.account_locks, name);
    if (!lock) return failure(lock_refusal(lock.error(), config.account_locks));
    locks.push_back(std::move(*lock));
  }
  return locks;
}

bool is_terminal(std::FILE* input) { return input != nullptr && ::isatty(::fileno(input)) == 1; }

bool is_confirmed(std::FILE* input) { return is_terminal(input) && first_line(input) == "LIVE"; }

}  // namespace arbees::app
