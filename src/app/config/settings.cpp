#include "app/config/settings.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "adapters/bus/endpoint.h"
#include "adapters/net/url.h"
#include "adapters/postgres/url.h"
#include "adapters/telemetry/format.h"
#include "app/config/basis_text.h"
#include "core/base/stable_order.h"

namespace arbees::app {
namespace {

// ---- Values from and to text. ----

bool parse_whole(std::string_view text, std::int64_t least, std::int64_t most, std::int64_t& out) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return false;
  out = value;
  return true;
}

template <auto Member>
std::string get_text(const Config& config, const Setting&) {
  return config.*Member;
}
template <auto Member>
bool set_text(Config& config, const Setting&, std::string_view text) {
  config.*Member = std::string(text);
  return true;
}

template <auto Group, auto Member>
std::string get_member(const Config& config, const Setting&) {
  return config.*Group.*Member;
}
template <auto Group, auto Member>
bool set_member(Config& config, const Setting& setting, std::string_view text) {
  if (setting.kind == SettingKind::Url && !text.empty() && !net::parse_url(text)) return false;
  config.*Group.*Member = std::string(text);
  return true;
}

template <auto Group, auto Member, std::int64_t Least, std::int64_t Most>
std::string get_whole(const Config& config, const Setting&) {
  return std::to_string(config.*Group.*Member);
}
template <auto Group, auto Member, std::int64_t Least, std::int64_t Most>
bool set_whole(Config& config, const Setting&, std::string_view text) {
  return parse_whole(text, Least, Most, config.*Group.*Member);
}

// Durations in whole units of `Unit`.
template <class Unit>
std::string duration_text(Duration value) {
  return std::to_string(std::chrono::duration_cast<Unit>(value).count());
}
template <class Unit>
bool parse_duration(std::string_view text, std::int64_t least, std::int64_t most, Duration& out) {
  std::int64_t count = 0;
  if (!parse_whole(text, least, most, count)) return false;
  out = Unit(count);
  return true;
}

// ---- Limits: their own table says what is allowed. ----

std::string get_limit(const Config& config, const Setting& setting) {
  const LimitRow& row = limit_table()[setting.row];
  return format_decimal_short(row.get(config.limits), row.decimals);
}

bool set_limit(Config& config, const Setting& setting, std::string_view text) {
  const LimitRow& row = limit_table()[setting.row];
  const auto units = parse_decimal(text, row.decimals, ExcessDigits::Refuse);
  if (!units || *units < row.least || *units > row.most) return false;
  row.set(config.limits, *units);
  return true;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

void add_limits(std::vector<Setting>& table) {
  constexpr std::string_view kPrefix = "CRYPTO_";
  for (std::size_t i = 0; i < kLimitCount; ++i) {
    const LimitRow& row = limit_table()[i];
    Setting setting;
    setting.section = "limits";
    setting.key = lower_case(row.name.substr(kPrefix.size()));
    setting.environment = std::string(row.name);
    setting.kind = SettingKind::Number;
    setting.allowed = format_decimal_short(row.least, row.decimals) + " to " +
                      format_decimal_short(row.most, row.decimals) + " " + std::string(row.unit);
    setting.help = row.help;
    setting.get = get_limit;
    setting.set = set_limit;
    setting.row = i;
    table.push_back(std::move(setting));
  }
}

// ---- The spot model: its own table says what is allowed, too. ----

std::string get_model(const Config& config, const Setting& setting) {
  const ModelParameterRow& row = model_parameter_table()[setting.row];
  const std::int64_t units = row.get(config.model);
  if (setting.kind == SettingKind::Flag) return units != 0 ? "true" : "false";
  return format_decimal_short(units, row.decimals);
}

bool set_model(Config& config, const Setting& setting, std::string_view text) {
  const ModelParameterRow& row = model_parameter_table()[setting.row];
  if (setting.kind == SettingKind::Flag) {
    if (text != "true" && text != "false" && text != "1" && text != "0") return false;
    row.set(config.model, text == "true" || text == "1" ? 1 : 0);
    return true;
  }
  const auto units = parse_decimal(text, row.decimals, ExcessDigits::Refuse);
  return units && set_model_parameter(config.model, static_cast<std::uint32_t>(setting.row), *units);
}

void add_model(std::vector<Setting>& table) {
  for (std::size_t i = 0; i < kModelParameterCount; ++i) {
    const ModelParameterRow& row = model_parameter_table()[i];
    const std::string_view prefix = row.name.starts_with("CRYPTO_MODEL_") ? "CRYPTO_MODEL_" : "CRYPTO_";
    Setting setting;
    setting.section = "model";
    setting.key = lower_case(row.name.substr(prefix.size()));
    setting.environment = std::string(row.name);
    setting.kind = row.unit == "flag" ? SettingKind::Flag : SettingKind::Number;
    setting.allowed = setting.kind == SettingKind::Flag
                          ? std::string("true or false")
                          : format_decimal_short(row.least, row.decimals) + " to " +
                                format_decimal_short(row.most, row.decimals) + " " + std::string(row.unit);
    setting.help = row.help;
    setting.get = get_model;
    setting.set = set_model;
    setting.row = i;
    table.push_back(std::move(setting));
  }
}

// ---- Venues. ----

Venue venue_of(const Setting& setting) { return static_cast<Venue>(setting.row); }

bool set_flag(std::string_view text, bool& out) {
  if (text != "true" && text != "false" && text != "1" && text != "0") return false;
  out = text == "true" || text == "1";
  return true;
}

template <std::string VenueConfig::* Member>
std::string get_venue(const Config& config, const Setting& setting) {
  return config.venue(venue_of(setting)).*Member;
}
template <std::string VenueConfig::* Member>
bool set_venue(Config& config, const Setting& setting, std::string_view text) {
  if (setting.kind == SettingKind::Url && !text.empty() && !net::parse_url(text)) return false;
  config.venue(venue_of(setting)).*Member = std::string(text);
  return true;
}

constexpr std::string_view kUrlAllowed = "https:// or wss:// URL; http:// and ws:// for loopback only; empty: not used";

void add_venues(std::vector<Setting>& table) {
  for (std::size_t i = 1; i < kVenueCount; ++i) {
    const Venue venue = static_cast<Venue>(i);
    const std::string section = "venues." + std::string(venue_name(venue));
    const auto add = [&](const char* key, SettingKind kind, std::string_view allowed, const char* help, auto get,
                         auto set) {
      table.push_back({section, key, "", kind, std::string(allowed), help, get, set, i});
    };
    add(
        "enabled", SettingKind::Flag, "true or false", "Whether this venue is watched at all",
        +[](const Config& config, const Setting& setting) {
          return std::string(config.venue(venue_of(setting)).enabled ? "true" : "false");
        },
        +[](Config& config, const Setting& setting, std::string_view text) {
          return set_flag(text, config.venue(venue_of(setting)).enabled);
        });
    add(venue == Venue::Polymarket ? "clob_url" : "rest_url", SettingKind::Url, kUrlAllowed, "REST server",
        get_venue<&VenueConfig::rest_url>, set_venue<&VenueConfig::rest_url>);
    add("ws_url", SettingKind::Url, kUrlAllowed, "WebSocket server", get_venue<&VenueConfig::ws_url>,
        set_venue<&VenueConfig::ws_url>);
    add("ca_file", SettingKind::File, "PEM file; empty: the system's roots",
        "Certificates that this venue's servers are checked against", get_venue<&VenueConfig::ca_file>,
        set_venue<&VenueConfig::ca_file>);
  }
}

constexpr const char* kKalshi = "venues.kalshi";
constexpr const char* kPolymarket = "venues.polymarket";

// Text members of the two access groups.
template <auto Group, auto Member>
Setting member_setting(const char* section, const char* key, SettingKind kind, std::string_view allowed,
                       const char* help) {
  return {section, key, "", kind, std::string(allowed), help, get_member<Group, Member>, set_member<Group, Member>, 0};
}

// The name that the seed, or a venue's own documents, gave it in the environment.
Setting also_as(const char* environment, Setting setting) {
  setting.environment = environment;
  return setting;
}

void add_access(std::vector<Setting>& table) {
  table.push_back(also_as("KALSHI_API_KEY", member_setting<&Config::kalshi, &KalshiAccess::key_id>(
                                                kKalshi, "key_id", SettingKind::Text,
                                                "key id; empty: public data only, by polling", "API key id")));
  table.push_back(also_as("KALSHI_PRIVATE_KEY_PATH", member_setting<&Config::kalshi, &KalshiAccess::private_key_file>(
                                                         kKalshi, "private_key_file", SettingKind::File,
                                                         "PEM file, RSA or Ed25519", "Private key of the API key")));
  using Access = PolymarketAccess;
  table.push_back(member_setting<&Config::polymarket, &Access::gamma_url>(
      kPolymarket, "gamma_url", SettingKind::Url, kUrlAllowed, "REST server of market discovery"));
  table.push_back(member_setting<&Config::polymarket, &Access::live_data_url>(
      kPolymarket, "live_data_url", SettingKind::Url, kUrlAllowed, "WebSocket server of reference prices"));
  table.push_back(
      also_as("POLYMARKET_PRIVATE_KEY", member_setting<&Config::polymarket, &Access::private_key>(
                                            kPolymarket, "private_key", SettingKind::Secret, "0x and 64 hex digits",
                                            "Key that signs orders; better kept in private_key_file")));
  table.push_back(member_setting<&Config::polymarket, &Access::private_key_file>(
      kPolymarket, "private_key_file", SettingKind::File, "file with the key's hex digits", "Key that signs orders"));
  table.push_back(also_as("POLYMARKET_FUNDER_ADDRESS",
                          member_setting<&Config::polymarket, &Access::funder>(
                              kPolymarket, "funder", SettingKind::Text, "0x and 40 hex digits; empty: the key's own",
                              "Wallet that holds the money")));
  table.push_back({kPolymarket, "signature_type", "", SettingKind::Number, "0 to 3", "Kind of the wallet",
                   get_whole<&Config::polymarket, &Access::signature_type, 0, 3>,
                   set_whole<&Config::polymarket, &Access::signature_type, 0, 3>, 0});
  table.push_back({kPolymarket, "chain_id", "POLYMARKET_CHAIN_ID", SettingKind::Number, "1 to 1000000000",
                   "Chain that orders are signed for", get_whole<&Config::polymarket, &Access::chain_id, 1, 1000000000>,
                   set_whole<&Config::polymarket, &Access::chain_id, 1, 1000000000>, 0});
}

// ---- Bounds between settlement sources. ----

template <auto Member, auto Parse>
Setting basis_setting(const char* key, const char* allowed, const char* help) {
  return {"basis",
          key,
          "",
          SettingKind::Text,
          allowed,
          help,
          get_member<&Config::basis, Member>,
          [](Config& config, const Setting&, std::string_view text) {
            if (!Parse(text)) return false;
            config.basis.*Member = std::string(text);
            return true;
          },
          0};
}

void add_basis(std::vector<Setting>& table) {
  table.push_back(basis_setting<&BasisConfig::strict, parse_strict_bounds>(
      "strict", "ASSET SOURCE SOURCE DOLLARS, …; empty: none",
      "Pairs of settlement sources that never lie further apart: their contracts are riskless within it"));
  table.push_back(basis_setting<&BasisConfig::statistical, parse_statistical_bounds>(
      "statistical", "ASSET SOURCE SOURCE MEAN DEVIATION COUNT, …; empty: none",
      "First minus second source at past settlements, as `arbees basis` measures it; at least 30 make basis trades"));
}

// ---- The rest. ----

bool set_assets(Config& config, const Setting&, std::string_view text) {
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    if (!parse_asset(text.substr(from, comma - from))) return false;
    from = comma + 1;
  }
  config.assets = std::string(text);
  return true;
}

template <class Unit, Duration Config::* Member, std::int64_t Least, std::int64_t Most>
Setting duration_setting(const char* section, const char* key, const char* environment, const char* allowed,
                         const char* help) {
  return {section,
          key,
          environment,
          SettingKind::Number,
          allowed,
          help,
          [](const Config& config, const Setting&) { return duration_text<Unit>(config.*Member); },
          [](Config& config, const Setting&, std::string_view text) {
            return parse_duration<Unit>(text, Least, Most, config.*Member);
          },
          0};
}

template <class Unit, auto Group, auto Member, std::int64_t Least, std::int64_t Most>
Setting group_duration(const char* section, const char* key, const char* allowed, const char* help) {
  return {section,
          key,
          "",
          SettingKind::Number,
          allowed,
          help,
          [](const Config& config, const Setting&) { return duration_text<Unit>(config.*Group.*Member); },
          [](Config& config, const Setting&, std::string_view text) {
            return parse_duration<Unit>(text, Least, Most, config.*Group.*Member);
          },
          0};
}

void add_running(std::vector<Setting>& table) {
  using std::chrono::milliseconds;
  using std::chrono::minutes;
  using std::chrono::seconds;
  table.push_back({"run", "assets", "", SettingKind::Text, "assets, separated by commas: BTC,ETH,…",
                   "Underlyings whose contracts are discovered and traded", get_text<&Config::assets>, set_assets, 0});
  table.push_back(duration_setting<seconds, &Config::discovery_interval, 1, 3600>(
      "run", "discovery_interval_secs", "DISCOVERY_INTERVAL_SECS", "1 to 3600 seconds",
      "How often the venues are asked for new and changed contracts"));
  table.push_back(duration_setting<seconds, &Config::equality_interval, 1, 3600>(
      "run", "equality_check_secs", "", "1 to 3600 seconds",
      "Least time between two comparisons of one streamed book with the venue's REST answer"));
  table.push_back(
      {"run", "allow_live", "", SettingKind::Flag, "true or false",
       "Permits run --mode live on venues that are not on this machine",
       [](const Config& config, const Setting&) { return std::string(config.allow_live ? "true" : "false"); },
       [](Config& config, const Setting&, std::string_view text) { return set_flag(text, config.allow_live); }, 0});
  table.push_back({"run", "account_locks", "", SettingKind::File, "folder that every process of this host may write",
                   "Where live trading locks its accounts: one process for each API key and wallet, of any user",
                   get_text<&Config::account_locks>,
                   [](Config& to, const Setting&, auto text) { return !(to.account_locks = text).empty(); }, 0});
  table.push_back(group_duration<milliseconds, &Config::paper, &PaperConfig::kalshi_round_trip, 0, 60'000>(
      "paper", "kalshi_round_trip_ms", "0 to 60000 milliseconds", "Time of a simulated Kalshi order and its answer"));
  table.push_back(group_duration<milliseconds, &Config::paper, &PaperConfig::polymarket_round_trip, 0, 60'000>(
      "paper", "polymarket_round_trip_ms", "0 to 60000 milliseconds",
      "Time of a simulated Polymarket order and its answer"));
  table.push_back({"paper", "spread_percent", "", SettingKind::Number, "0 to 100 percent",
                   "How far the round trips vary, evenly, to both sides",
                   get_whole<&Config::paper, &PaperConfig::spread_percent, 0, 100>,
                   set_whole<&Config::paper, &PaperConfig::spread_percent, 0, 100>, 0});
  table.push_back({"paper", "seed", "", SettingKind::Number, "0 to 1000000000", "Seed of the simulated exchange",
                   get_whole<&Config::paper, &PaperConfig::seed, 0, 1'000'000'000>,
                   set_whole<&Config::paper, &PaperConfig::seed, 0, 1'000'000'000>, 0});
  table.push_back(
      {"journal", "max_megabytes", "", SettingKind::Number, "10 to 100000000 megabytes",
       "Event journals kept on disk, of a data folder or a recording; the oldest closed files are removed first",
       get_whole<&Config::journal, &JournalConfig::max_megabytes, 10, 100'000'000>,
       set_whole<&Config::journal, &JournalConfig::max_megabytes, 10, 100'000'000>, 0});
  table.push_back({"record", "max_megabytes", "", SettingKind::Number, "10 to 100000000 megabytes",
                   "Raw frames kept on disk; the oldest files are removed first",
                   get_whole<&Config::record, &RecordConfig::max_megabytes, 10, 100'000'000>,
                   set_whole<&Config::record, &RecordConfig::max_megabytes, 10, 100'000'000>, 0});
  table.push_back(group_duration<minutes, &Config::record, &RecordConfig::rotate_every, 1, 1440>(
      "record", "rotate_minutes", "1 to 1440 minutes", "Length of one file of raw frames"));
}

// ---- The bus. ----

// What stands for a port alone: judged when the whole configuration is known.
constexpr std::string_view kAnyHost = "127.0.0.1";

template <auto Member>
bool set_endpoint(Config& config, const Setting&, std::string_view text) {
  if (!bus::parse_endpoint(text, kAnyHost)) return false;
  config.bus.*Member = std::string(text);
  return true;
}

template <auto Member>
bool set_endpoints(Config& config, const Setting&, std::string_view text) {
  if (!bus::parse_endpoints(text, kAnyHost)) return false;
  config.bus.*Member = std::string(text);
  return true;
}

template <auto Member>
Setting bound(const char* key, const char* help) {
  return {"bus",
          key,
          "",
          SettingKind::Text,
          "port 1 to 65535, tcp://ADDRESS:PORT or ipc:///PATH",
          help,
          get_member<&Config::bus, Member>,
          set_endpoint<Member>,
          0};
}

template <auto Member>
Setting connected(const char* key, const char* help) {
  return {"bus",
          key,
          "",
          SettingKind::Text,
          "list of endpoints, separated by commas; empty: the bound keys on this machine",
          help,
          get_member<&Config::bus, Member>,
          set_endpoints<Member>,
          0};
}

void add_bus(std::vector<Setting>& table) {
  table.push_back({"bus", "bind_address", "", SettingKind::Text, "address of this machine, or *",
                   "Where bound keys that are a port alone are bound",
                   get_member<&Config::bus, &BusConfig::bind_address>,
                   +[](Config& config, const Setting&, std::string_view text) {
                     if (!bus::parse_endpoint("1", text)) return false;
                     config.bus.bind_address = std::string(text);
                     return true;
                   },
                   0});
  table.push_back(bound<&BusConfig::spot_pub>("spot_pub", "Spot prices, of crypto-spot-monitor"));
  table.push_back(bound<&BusConfig::kalshi_pub>("kalshi_pub", "Prices of kalshi-monitor"));
  table.push_back(bound<&BusConfig::polymarket_pub>("polymarket_pub", "Prices of polymarket-monitor"));
  table.push_back(bound<&BusConfig::requests_pub>("requests_pub", "Requests of crypto-shard"));
  table.push_back(bound<&BusConfig::results_pub>("results_pub", "Results of execution-service"));
  table.push_back(bound<&BusConfig::contracts_pub>("contracts_pub", "Contracts of orchestrator"));
  table.push_back(connected<&BusConfig::price_sub>("price_sub", "Where prices are listened to"));
  table.push_back(connected<&BusConfig::requests_sub>("requests_sub", "Where requests are listened to"));
  table.push_back(connected<&BusConfig::results_sub>("results_sub", "Where results are listened to"));
  table.push_back(connected<&BusConfig::contracts_sub>("contracts_sub", "Where contracts are listened to"));
  table.push_back(member_setting<&Config::bus, &BusConfig::curve_secret_key_file>(
      "bus", "curve_secret_key_file", SettingKind::File, "file with a Z85 key of 40 characters; empty: not encrypted",
      "Key of this process on the bus; needed where a bus leaves the machine"));
  table.push_back(member_setting<&Config::bus, &BusConfig::curve_server_key>(
      "bus", "curve_server_key", SettingKind::Text, "Z85 key of 40 characters",
      "Public key of the publishers that are listened to"));
}

void add_database(std::vector<Setting>& table) {
  table.push_back({"database", "url", "DATABASE_URL", SettingKind::Secret,
                   "postgres://USER:PASSWORD@HOST:PORT/DATABASE; empty: none",
                   "PostgreSQL or TimescaleDB that keeps prices and a copy of the ledger (docs/database.md)",
                   get_member<&Config::database, &DatabaseConfig::url>,
                   +[](Config& config, const Setting&, std::string_view text) {
                     if (!text.empty() && !postgres::DatabaseUrl::parse(text)) return false;
                     config.database.url = std::string(text);
                     return true;
                   },
                   0});
  table.push_back({"database", "retention_days", "", SettingKind::Number, "0 to 36500 days; 0: for ever",
                   "Prices in the database that are older are dropped",
                   get_whole<&Config::database, &DatabaseConfig::retention_days, 0, 36'500>,
                   set_whole<&Config::database, &DatabaseConfig::retention_days, 0, 36'500>, 0});
  table.push_back({"database", "price_interval_ms", "", SettingKind::Number, "0 to 60000 ms; 0: every change",
                   "Of one market or asset at most one price is stored in this time, the latest",
                   get_whole<&Config::database, &DatabaseConfig::price_interval_ms, 0, 60'000>,
                   set_whole<&Config::database, &DatabaseConfig::price_interval_ms, 0, 60'000>, 0});
  table.push_back({"database", "spill_megabytes", "", SettingKind::Number, "1 to 1000000 MB",
                   "Room on disk for what waits while the database is away; beyond it rows are lost, and counted",
                   get_whole<&Config::database, &DatabaseConfig::spill_megabytes, 1, 1'000'000>,
                   set_whole<&Config::database, &DatabaseConfig::spill_megabytes, 1, 1'000'000>, 0});
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

const std::vector<Setting>& settings() {
  static const std::vector<Setting> kTable = [] {
    std::vector<Setting> table;
    add_limits(table);
    add_basis(table);
    add_model(table);
    add_running(table);
    add_venues(table);
    add_access(table);
    add_bus(table);
    add_telemetry_settings(table);
    add_database(table);
    add_coordination_settings(table);
    add_listener_settings(table);
    // What a running process can take between two events.
    for (Setting& setting : table) setting.is_reloadable = setting.section == "limits" || setting.name() == "log.level";
    sort_stably(table, [](const Setting& a, const Setting& b) { return a.section < b.section; });
    return table;
  }();
  return kTable;
}

std::optional<SettingRange> setting_range(const Setting& setting) {
  if (setting.kind != SettingKind::Number) return std::nullopt;
  const std::string_view text = std::string_view(setting.allowed).substr(0, setting.allowed.find(';'));
  const std::size_t to = text.find(" to ");
  if (to == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(to + 4);
  const std::size_t blank = std::min(rest.find(' '), rest.size());
  SettingRange range{std::string(text.substr(0, to)), std::string(rest.substr(0, blank)), {}};
  if (blank < rest.size()) range.unit = std::string(rest.substr(blank + 1));
  return range;
}

std::size_t setting_index(std::string_view name) {
  const auto& table = settings();
  const auto it = std::find_if(table.begin(), table.end(), [&](const Setting& s) { return s.name() == name; });
  return static_cast<std::size_t>(it - table.begin());
}

std::string nearest_setting(std::string_view name) {
  const auto& table = settings();
  const auto it = std::min_element(table.begin(), table.end(), [&](const Setting& a, const Setting& b) {
    return edit_distance(a.name(), name) < edit_distance(b.name(), name);
  });
  return it->name();
}

namespace {

// For paper trading and the loopback venues.
Profile testing_profile() {
  return {"testing",
          "For paper trading and the loopback venues: whatever is riskless is taken, and thin model edges",
          {{"limits.min_edge_pct", "1"},
           {"limits.max_position_size", "10000"},
           {"limits.max_asset_exposure", "50000"},
           {"limits.max_total_exposure", "100000"},
           {"limits.min_liquidity", "10"},
           {"limits.max_venue_exposure", "100000"},
           {"limits.max_close_exposure", "100000"},
           {"limits.max_event_loss", "50000"},
           {"limits.max_model_exposure", "20000"},
           {"limits.max_naked_loss", "20000"},
           {"limits.unwind_budget", "500"},
           {"limits.max_daily_loss", "10000"},
           {"limits.max_orders_per_minute", "6000"},
           {"limits.max_orders_per_hour", "100000"},
           {"model.min_confidence", "0.4"}}};
}

}  // namespace

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> kProfiles = {
      {"conservative",
       "Low risk: wide edges, small positions",
       {{"limits.min_edge_pct", "7"},
        {"limits.max_position_size", "100"},
        {"limits.max_asset_exposure", "500"},
        {"limits.max_total_exposure", "2000"},
        {"limits.max_venue_exposure", "1500"},
        {"limits.max_close_exposure", "1000"},
        {"limits.max_event_loss", "500"},
        {"limits.max_model_exposure", "100"},
        {"limits.max_naked_loss", "200"},
        {"limits.unwind_budget", "10"},
        {"limits.max_daily_loss", "100"},
        {"limits.max_orders_per_minute", "60"},
        {"limits.max_orders_per_hour", "1000"},
        {"model.min_confidence", "0.75"}}},
      {"moderate",
       "The balance that the defaults are",
       {{"limits.min_edge_pct", "3"},
        {"limits.max_position_size", "500"},
        {"limits.max_asset_exposure", "2000"},
        {"limits.max_total_exposure", "5000"},
        {"model.min_confidence", "0.6"}}},
      {"aggressive",
       "Thin edges, large positions",
       {{"limits.min_edge_pct", "1.5"},
        {"limits.max_position_size", "1000"},
        {"limits.max_asset_exposure", "5000"},
        {"limits.max_total_exposure", "15000"},
        {"limits.max_venue_exposure", "15000"},
        {"limits.max_close_exposure", "15000"},
        {"limits.max_event_loss", "5000"},
        {"limits.max_model_exposure", "2000"},
        {"limits.max_naked_loss", "2000"},
        {"limits.unwind_budget", "100"},
        {"limits.max_daily_loss", "1500"},
        {"limits.max_orders_per_minute", "600"},
        {"limits.max_orders_per_hour", "12000"},
        {"model.min_confidence", "0.5"},
        {"model.volatility_scaling", "false"}}},
      testing_profile(),
  };
  return kProfiles;
}

}  // namespace arbees::app
