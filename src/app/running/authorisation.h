#pragma once
// What live trading needs before anything is sent: permission, keys, and the accounts for itself alone.
//
// Against venues that are all on this machine nothing can be lost: keys come from the configuration and nobody is
// asked. Otherwise: run.allow_live, keys from the encrypted keystore of the data folder, and a person's LIVE. Secrets
// are in no error.

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/keystore/keystore.h"
#include "adapters/net/io_loop.h"
#include "adapters/venue/kalshi/stream.h"
#include "adapters/venue/polymarket/signer.h"
#include "app/config/config.h"
#include "app/running/live_gateways.h"
#include "app/running/process_lock.h"

namespace arbees::app {

// Why live trading does not begin, with the exit code that says so.
struct LiveRefusal {
  int code = 4;
  std::string text;
};

// The enabled prediction venues' keys; null where the venue is not enabled.
struct LiveKeys {
  std::unique_ptr<kalshi::Credentials> kalshi;
  std::optional<polymarket::Wallet> polymarket;
};

// Whether every enabled venue is on this machine.
[[nodiscard]] bool is_all_loopback(const Config& config);

struct PasswordSource {
  std::string file;  // its first line; else ARBEES_KEYSTORE_PASSWORD, else the first line of `input`
  std::FILE* input = nullptr;
};

// Keys in force. With the keystore's Kalshi key the configuration's feeds use it as well.
[[nodiscard]] Result<LiveKeys, LiveRefusal> live_keys(Config& config, const std::string& folder,
                                                      const PasswordSource& password);

// The password that opens the keystore; empty if none is given.
[[nodiscard]] std::string keystore_password(const PasswordSource& source);
// The name of the entry of that kind: the one called `wanted` if there is one, else the only one. The error says that
// there is none, or more than one.
[[nodiscard]] Result<std::string, std::string> stored_entry(const std::vector<KeystoreEntry>& entries,
                                                            std::string_view kind, std::string_view wanted);
// For processes that only watch, or trade on paper: with a password, Kalshi's feed uses the key that the keystore of
// the folder has for venues.kalshi.key_id. Without one, or without such an entry, nothing changes, and public books are
// polled. The error is a text: a wrong password, a keystore that cannot be read.
[[nodiscard]] std::string open_feed_key(Config& config, const std::string& folder, const PasswordSource& password);

// The order group of a trading session (adapters/venue/kalshi/order_group.h); without contracts there is none.
struct GroupAtVenue {
  std::int64_t contracts = 0;
  std::string folder;  // remembers it
};
// More contracts than that cannot trade within fifteen seconds while our own limits work: everything that a venue may
// hold, bought at the least price and sold again.
[[nodiscard]] std::int64_t group_contracts(const RiskLimits& limits);

// Gateways of the enabled prediction venues; the error names the setting that is wrong.
[[nodiscard]] std::string add_gateways(LiveGateways& gateways, net::IoLoop& loop, const Config& config,
                                       const LiveKeys& keys, const GroupAtVenue& group = {});

// One engine for each account, whatever its data folder and user: of all processes that see run.account_locks. Known
// by API key and wallet with the venue's address: two keys of one account are two to it. The error says who has it.
[[nodiscard]] Result<std::vector<ProcessLock>, std::string> lock_accounts(const Config& config, const LiveKeys& keys);

// Whether a person sits there: `input` is a terminal.
[[nodiscard]] bool is_terminal(std::FILE* input);
// Reads one line of a terminal; true if it is LIVE. What comes from elsewhere is not read and confirms nothing.
[[nodiscard]] bool is_confirmed(std::FILE* input);

}  // namespace arbees::app
