#include "app/running/account_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/telemetry/format.h"
#include "app/data_folder.h"
#include "app/running/authorisation.h"

namespace arbees::app {
namespace {

constexpr Duration kPatience = std::chrono::seconds(6);

// Venues on this machine need no permission; without keys they are watched, and that is all.
bool has_configured_keys(const Config& config) {
  const bool has_kalshi = !config.venue(Venue::Kalshi).enabled || !config.kalshi.key_id.empty();
  const PolymarketAccess& access = config.polymarket;
  const bool has_wallet = !access.private_key.empty() || !access.private_key_file.empty();
  return has_kalshi && (has_wallet || !config.venue(Venue::Polymarket).enabled);
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

std::vector<AccountCheck> check_accounts(const Config& config, const std::string& folder) {
  const bool is_loopback = is_all_loopback(config);
  if (is_loopback ? !has_configured_keys(config) : !config.allow_live) return {};
  if (!is_loopback && environment("ARBEES_KEYSTORE_PASSWORD").empty()) {
    return {{"accounts", true, "not tried: ARBEES_KEYSTORE_PASSWORD, which opens the keystore, is not set"}};
  }
  Config own = config;
  const auto keys = live_keys(own, folder, {});
  if (!keys) return {{"accounts", false, keys.error().text}};
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
