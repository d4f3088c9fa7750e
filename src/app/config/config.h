#pragma once
// All that can be configured, as typed values, validated once at start and constant from then on.
//
// The keys, their defaults, ranges and meanings are one table (settings.h); docs/configuration.md is made from it.
// Precedence: command line > environment > files > profile > built-in default. A wrong value is never replaced by a
// default: it is an error that names the key, the value, where it was given and what is allowed.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/venue.h"
#include "core/pricing/model_parameters.h"
#include "core/risk/limits.h"

namespace arbees::app {

// One venue's servers. Plain http and ws are for loopback only.
struct VenueConfig {
  bool enabled = true;
  std::string rest_url;
  std::string ws_url;
  std::string ca_file;  // trusted roots instead of the system's; empty: the system's
};

struct KalshiAccess {
  std::string key_id;
  std::string private_key_file;
  std::string private_key;  // PEM of the keystore; never configured
};

struct PolymarketAccess {
  std::string gamma_url;
  std::string live_data_url;  // reference prices; empty: not subscribed
  std::string private_key;    // 0x…, or from the file
  std::string private_key_file;
  std::string funder;  // the wallet that holds the money, if it is not the key's own
  std::int64_t signature_type = 0;
  std::int64_t chain_id = 137;
};

struct PaperConfig {
  Duration kalshi_round_trip = std::chrono::milliseconds(576);
  Duration polymarket_round_trip = std::chrono::milliseconds(243);
  std::int64_t spread_percent = 25;
  std::int64_t seed = 1;
};

struct RecordConfig {
  std::int64_t max_megabytes = 20'000;  // of raw frames on disk; the oldest files go first
  Duration rotate_every = std::chrono::hours(1);
};

// Where the processes of a split system meet. Ports or endpoints (adapters/bus/endpoint.h); lists are separated by
// commas, and an empty one follows the bound keys on this machine.
struct BusConfig {
  std::string bind_address = "127.0.0.1";
  std::string spot_pub = "5560";
  std::string kalshi_pub = "5555";
  std::string polymarket_pub = "5556";
  std::string requests_pub = "5559";
  std::string results_pub = "5561";
  std::string contracts_pub = "5562";
  std::string price_sub;
  std::string requests_sub;
  std::string results_sub;
  std::string contracts_sub;
  std::string curve_secret_key_file;  // empty: plain
  std::string curve_server_key;       // of the publishers that are listened to
};

// Redis: kill switch, heartbeats, leases of shards (app/coordination). Without a URL nothing of it is used.
struct RedisConfig {
  std::string url;       // holds a password perhaps
  std::string instance;  // of this process in heartbeats; empty: the machine's name
};

struct ShardConfig {
  std::string id = "crypto_1";
  Duration heartbeat_interval = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(8);  // silent for so long, a shard counts as dead
};

// Lists of bounds between settlement sources (config/basis_text.h).
struct BasisConfig {
  std::string strict;
  std::string statistical;
};

// Metrics for Prometheus on a port of their own.
struct MetricsConfig {
  std::string bind_address = "127.0.0.1";
  std::int64_t port = 0;  // 0: none
};

struct LogConfig {
  std::string level = "info";
  std::string format = "text";
};

struct DatabaseConfig {
  std::string url;                       // postgres://…; empty: none
  std::int64_t retention_days = 30;      // of prices; 0: for ever
  std::int64_t price_interval_ms = 100;  // of one market or asset at most one row in this time
  std::int64_t spill_megabytes = 2'000;  // of what waits on disk while the database is away
};

// zmq-listener: where the messages of the bus go.
struct ListenerConfig {
  std::string format = "json";
  std::string out;                   // file; empty: standard output
  std::int64_t out_megabytes = 100;  // of one file; a full one becomes FILE.1
  std::int64_t out_files = 10;       // kept, the current one included
  bool redis_streams = false;
  std::int64_t price_stream_length = 50'000;  // about; of each stream of prices
  std::int64_t stream_length = 5'000;         // about; of each other stream
};

struct JournalConfig {
  std::int64_t max_megabytes = 20'000;  // of event journals on disk; the oldest files go first
};

struct Config {
  RiskLimits limits;
  BasisConfig basis;
  ModelParameters model;
  std::array<VenueConfig, kVenueCount> venues;  // by Venue
  KalshiAccess kalshi;
  PolymarketAccess polymarket;
  PaperConfig paper;
  RecordConfig record;
  BusConfig bus;
  ListenerConfig listener;
  JournalConfig journal;
  MetricsConfig metrics;
  LogConfig log;
  DatabaseConfig database;
  RedisConfig redis;
  ShardConfig shard;
  std::string assets = "BTC,ETH,SOL";  // what is discovered and traded
  Duration discovery_interval = std::chrono::seconds(30);
  Duration equality_interval = std::chrono::seconds(60);
  bool allow_live = false;
  std::string account_locks = "/run/lock/arbees";  // a folder that all processes of this host share

  [[nodiscard]] const VenueConfig& venue(Venue venue) const noexcept { return venues[static_cast<std::size_t>(venue)]; }
  [[nodiscard]] VenueConfig& venue(Venue venue) noexcept { return venues[static_cast<std::size_t>(venue)]; }
};

struct ConfigRequest {
  std::string profile;  // empty: none
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> overrides;  // "limits.min_edge_pct", "2": the command line's
  // The value of an environment variable, empty if unset: the process's environment, or a test's.
  std::string (*environment)(const char* name) = nullptr;
};

struct LoadedConfig {
  Config config;
  std::vector<std::string> origins;  // by row of settings(): "default", "profile testing", "FILE", "environment NAME" …
};

// All that is wrong, one text each; empty never.
using ConfigErrors = std::vector<std::string>;

[[nodiscard]] Result<LoadedConfig, ConfigErrors> load_config(const ConfigRequest& request);

// The built-in values alone.
[[nodiscard]] Config default_config();

}  // namespace arbees::app
