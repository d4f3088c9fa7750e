#include "app/running/account_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/venue/secret.h"
#include "app/running/authorisation.h"

namespace arbees::app {
namespace {

constexpr Duration kPatience = std::chrono::seconds(6);

// Venues on this machine need no permission; without keys they are watched, and that is all.
bool has_configured_keys(const Config& config) {
  const bool has_key = !config.kalshi.key_id.empty() && !config.kalshi.private_key_file.empty();
  const bool has_kalshi = has_key || !config.venue(Venue::Kalshi).enabled;
  const PolymarketAccess& access = config.polymarket;
  const bool has_wallet = !access.private_key.empty() || !access.private_key_file.empty();
  return has_kalshi && (has_wallet || !config.venue(Venue::Polymarket).enabled);
}

Keystore keystore_of(const std::string& folder) {
  return Keystore((std::filesystem::path(folder) / "keystore").string());
}

// As live trading wants it; with any other key in the configuration it would refuse.
bool has_only_stored_keys(const Config& config, const std::string& folder) {
  const auto entries = keystore_of(folder).list();
  const PolymarketAccess& access = config.polymarket;
  return entries && !entries->empty() && config.kalshi.private_key_file.empty() && access.private_key.empty() &&
         access.private_key_file.empty();
}

// What to look at when the account does not open.
std::string settings_of(Venue venue, bool is_stored) {
  if (venue == Venue::Kalshi) {
    return fmt::format("look at venues.kalshi.key_id and {}",
                       is_stored ? "its key in the keystore (arbees keys list)" : "venues.kalshi.private_key_file");
  }
  return fmt::format(
      "look at {}, venues.polymarket.signature_type and venues.polymarket.funder",
      is_stored ? "the wallet's key in the keystore (arbees keys list)" : "venues.polymarket.private_key");
}

// The venue has answered, and does not take the keys.
bool is_refusal(const std::string& trouble) {
  const auto has = [&](const char* text) { return trouble.find(text) != std::string::npos; };
  return has("HTTP 400") || has("HTTP 401") || has("HTTP 403") || has("refused the upgrade: 401") ||
         has("refused the upgrade: 403");
}

AccountCheck check_of(Venue venue, const std::optional<CashAnswer>& answer, bool is_stored) {
  AccountCheck check;
  check.name = fmt::format("{} account", venue_name(venue));
  if (answer && *answer && (*answer)->is_positive()) {
    check.is_ok = true;
    check.detail = "cash " + to_short_text(**answer);
    return check;
  }
  // Any private key is some wallet's: a wrong one opens an account without money.
  const std::string wrong = !answer   ? std::string("no answer in time")
                            : *answer ? fmt::format("cash {}: nothing can be bought", to_short_text(**answer))
                                      : answer->error();
  const bool is_answered = answer && (*answer || is_refusal(wrong));
  check.detail = is_answered ? fmt::format("{}; {}", wrong, settings_of(venue, is_stored)) : wrong;
  return check;
}

}  // namespace

AccountCheck check_kalshi_key(const Config& config, const std::string& folder) {
  AccountCheck check{"kalshi key", true, "named"};
  const KalshiAccess& access = config.kalshi;
  if (access.key_id.empty()) {
    check.is_ok = !config.venue(Venue::Kalshi).enabled;
    check.detail = "none: public books are polled, no live orders";
  }
  if (access.key_id.empty() || !access.private_key_file.empty()) return check;
  const auto entries = keystore_of(folder).list();
  const auto name_of = [&]() -> Result<std::string, std::string> {
    if (!entries) return failure(std::string(keystore_error_text(entries.error())));
    return stored_entry(*entries, "kalshi", access.key_id);
  };
  const auto name = name_of();
  if (name) {
    check.detail = fmt::format("named; its private key is entry {} of the keystore", *name);
    return check;
  }
  check.is_ok = !config.venue(Venue::Kalshi).enabled;
  check.detail = fmt::format(
      "venues.kalshi.key_id names {}, venues.kalshi.private_key_file is empty, and in the keystore of {}: {}",
      access.key_id, folder, name.error());
  return check;
}

AccountCheck check_keystore(const Config& config, const std::string& folder) {
  const Keystore store = keystore_of(folder);
  const auto entries = store.list();
  const bool is_stored = entries && !entries->empty();
  AccountCheck check{"keystore", is_stored || is_all_loopback(config) || !config.allow_live, "empty or not there"};
  if (!entries && entries.error() != KeystoreError::NotFound) {
    check.detail = std::string(keystore_error_text(entries.error()));
  }
  if (!is_stored) return check;
  check.detail = fmt::format("{} {}", entries->size(), entries->size() == 1 ? "key" : "keys");
  std::string password = keystore_password({});
  if (password.empty()) return check;
  // One password opens them all.
  auto secret = store.reveal(entries->front().name, password);
  wipe(password);
  check.is_ok = secret.has_value();
  if (secret) wipe(*secret);
  check.detail += check.is_ok ? std::string(", opened by ARBEES_KEYSTORE_PASSWORD")
                              : fmt::format(
                                    ", and ARBEES_KEYSTORE_PASSWORD does not open them: {}; give the password "
                                    "that they were added with (arbees keys list)",
                                    keystore_error_text(secret.error()));
  return check;
}

std::vector<AccountCheck> check_accounts(const Config& config, const std::string& folder) {
  const bool is_loopback = is_all_loopback(config);
  const bool has_password = !keystore_password({}).empty();
  // Without permission keys may still be tried: asking for cash risks nothing.
  const bool is_tried = is_loopback ? has_configured_keys(config) : config.allow_live;
  if (!is_tried && (is_loopback || !has_password || !has_only_stored_keys(config, folder))) return {};
  if (!is_loopback && !has_password) {
    return {{"accounts", true, "not tried: ARBEES_KEYSTORE_PASSWORD, which opens the keystore, is not set"}};
  }
  Config own = config;
  own.allow_live = true;
  const auto keys = live_keys(own, folder, {});
  if (!keys) return {{"accounts", !is_tried, (is_tried ? "" : "not tried: ") + keys.error().text}};
  net::IoLoop loop;
  LiveGateways gateways;
  if (std::string wrong = add_gateways(gateways, loop, own, *keys); !wrong.empty()) {
    return {{"accounts", false, std::move(wrong)}};
  }
  // Neither started nor ticked, so nothing but these questions is sent. Answers may come when this has returned.
  std::vector<std::pair<Venue, std::shared_ptr<std::optional<CashAnswer>>>> asked;
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    OrderGateway* const gateway = gateways.find(venue);
    if (gateway == nullptr) continue;
    const auto told = std::make_shared<std::optional<CashAnswer>>();
    gateway->read_cash([told](CashAnswer answer) { *told = std::move(answer); });
    asked.emplace_back(venue, told);
  }
  const Timestamp end = net::IoLoop::now() + kPatience;
  const auto is_open = [](const auto& question) { return !question.second->has_value(); };
  while (std::any_of(asked.begin(), asked.end(), is_open) && net::IoLoop::now() < end) {
    loop.run_for(std::chrono::milliseconds(20));
  }
  std::vector<AccountCheck> checks;
  for (const auto& [venue, told] : asked) checks.push_back(check_of(venue, *told, !is_loopback));
  return checks;
}

std::string refused_login(const std::vector<GatewayHealth>& gateways, const Config& config) {
  std::string text;
  for (const GatewayHealth& health : gateways) {
    if (health.is_ready) continue;
    text += fmt::format("{}{}: {}", text.empty() ? "no account: " : "; ", venue_name(health.venue),
                        health.last_trouble.empty() ? "no answer in time" : health.last_trouble);
    if (is_refusal(health.last_trouble)) text += "; " + settings_of(health.venue, !is_all_loopback(config));
  }
  return text;
}

}  // namespace arbees::app
