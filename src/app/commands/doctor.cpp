// arbees doctor: is everything there that trading needs, and what keeps it from trading now?

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"
#include "adapters/redis/redis_connection.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/commands/live_commands.h"
#include "app/config/options.h"
#include "app/config/predecessor_names.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/account_check.h"
#include "app/running/authorisation.h"
#include "app/running/halt_latch.h"
#include "app/running/halt_text.h"
#include "app/running/process_lock.h"
#include "app/running/running_status.h"
#include "app/running/secret_check.h"
#include "app/running/status_document.h"
#include "app/running/status_text.h"
#include "app/storing/database_check.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLeastFreeBytes = std::uintmax_t{1} << 30;
constexpr Duration kPatience = std::chrono::seconds(5);
// Kalshi accepts timestamps ten seconds off, by measurement; half of it is no comfort.
constexpr std::int64_t kMostSkewSeconds = 5;

struct Options {
  ConfigOptions config;
  std::int64_t port = 8420;
  bool json = false;
};

struct Check {
  std::string name;
  bool is_ok = true;
  std::string detail;
};

struct Probe {
  std::string name;
  std::string url;
  std::string path;
  std::string ca_file;
  std::unique_ptr<net::HttpClient> client;
  std::optional<net::HttpAnswer> answer;
  Timestamp answered_at = kNoTime;
};

// "Sun, 22 Nov 2026 22:45:09 GMT".
std::optional<Timestamp> parse_http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29) return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos) return std::nullopt;
  return parse_iso8601(
      fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
}

std::vector<Probe> probes_of(const Config& config) {
  std::vector<Probe> probes;
  const auto add = [&](Venue venue, std::string name, const std::string& url, std::string path) {
    if (!config.venue(venue).enabled || url.empty()) return;
    Probe probe;
    probe.name = std::move(name);
    probe.url = url;
    probe.path = std::move(path);
    probe.ca_file = config.venue(venue).ca_file;
    probes.push_back(std::move(probe));
  };
  add(Venue::Kalshi, "kalshi", config.venue(Venue::Kalshi).rest_url, "/exchange/status");
  add(Venue::Polymarket, "polymarket", config.venue(Venue::Polymarket).rest_url, "/time");
  add(Venue::Polymarket, "gamma", config.polymarket.gamma_url, "/markets/keyset?limit=1");
  add(Venue::Coinbase, "coinbase", config.venue(Venue::Coinbase).rest_url, "/products/BTC-USD/ticker");
  add(Venue::Binance, "binance", config.venue(Venue::Binance).rest_url, "/api/v3/time");
  add(Venue::Kraken, "kraken", config.venue(Venue::Kraken).rest_url, "/0/public/Time");
  add(Venue::Bitstamp, "bitstamp", config.venue(Venue::Bitstamp).rest_url, "/api/v2/ticker/btcusd/");
  add(Venue::Gemini, "gemini", config.venue(Venue::Gemini).rest_url, "/v1/pubticker/btcusd");
  return probes;
}

void ask(net::IoLoop& loop, std::vector<Probe>& probes) {
  for (Probe& probe : probes) {
    const auto url = net::parse_url(probe.url);
    if (!url) continue;
    net::HttpClientOptions options;
    options.ca_file = probe.ca_file;
    probe.client = std::make_unique<net::HttpClient>(loop, *url, options);
    net::HttpRequest request;
    request.target = net::join(*url, probe.path).target;
    request.timeout = kPatience;
    probe.client->send(std::move(request), [&probe](net::HttpAnswer answer) {
      probe.answer = std::move(answer);
      probe.answered_at = net::IoLoop::now();
    });
  }
  const Timestamp end = net::IoLoop::now() + kPatience + std::chrono::seconds(1);
  const auto is_open = [](const Probe& probe) { return probe.client != nullptr && !probe.answer; };
  while (std::any_of(probes.begin(), probes.end(), is_open) && net::IoLoop::now() < end) {
    loop.run_for(std::chrono::milliseconds(20));
  }
}

void check_venues(const Config& config, std::vector<Check>& checks) {
  net::IoLoop loop;
  std::vector<Probe> probes = probes_of(config);
  ask(loop, probes);
  std::optional<std::int64_t> worst;
  for (const Probe& probe : probes) {
    const bool has_answer = probe.answer && *probe.answer;
    const bool is_ok = has_answer && (*probe.answer)->status == 200;
    const std::string detail = is_ok          ? std::string("answers")
                               : has_answer   ? fmt::format("HTTP {}", (*probe.answer)->status)
                               : probe.answer ? probe.answer->error().reason
                                              : std::string("no answer");
    checks.push_back({"venue " + probe.name, is_ok, detail});
    auto stated = has_answer ? parse_http_date((*probe.answer)->header("date")) : std::nullopt;
    if (is_ok && probe.path == "/time") stated = parse_unix_time((*probe.answer)->body);
    if (!stated) continue;
    const std::int64_t skew = std::chrono::duration_cast<std::chrono::seconds>(probe.answered_at - *stated).count();
    if (!worst || std::abs(skew) > std::abs(*worst)) worst = skew;
  }
  const bool is_right = !worst || std::abs(*worst) <= kMostSkewSeconds;
  checks.push_back({"clock", is_right,
                    worst ? fmt::format("at most {} s from the venues' clocks", std::abs(*worst))
                          : std::string("no venue states its time")});
}

void check_machine(const Options& options, const std::string& folder, std::vector<Check>& checks) {
  std::error_code error;
  fs::create_directories(folder, error);
  const auto space = fs::space(folder, error);
  checks.push_back({"disk", !error && space.available >= kLeastFreeBytes,
                    error ? folder + ": " + error.message() : fmt::format("{} MiB free", space.available >> 20)});
  const auto holder = ProcessLock::holder(folder);
  checks.push_back({"folder", true, holder ? fmt::format("used by process {}", *holder) : std::string("free")});
  if (holder) return;
  class Nobody final : public net::ServerHandler {
    void on_request(net::ServerRequest, net::Responder) override {}
  } nobody;
  net::IoLoop loop;
  net::HttpServerOptions server;
  server.port = static_cast<std::uint16_t>(options.port);
  const auto listening = net::HttpServer::listen(loop, nobody, server);
  checks.push_back(
      {"port", listening.has_value(), listening ? fmt::format("{} is free", options.port) : listening.error()});
}

void check_keys(const Config& config, const std::string& folder, std::vector<Check>& checks) {
  const bool is_loopback = is_all_loopback(config);
  for (AccountCheck& check : std::array{check_kalshi_key(config, folder), check_keystore(config, folder)}) {
    checks.push_back({std::move(check.name), check.is_ok, std::move(check.detail)});
  }
  checks.push_back({"live permission", true,
                    is_loopback         ? "all venues are on this machine: none needed"
                    : config.allow_live ? "run.allow_live is true"
                                        : "run.allow_live is false: paper only"});
}

void check_redis(const std::string& url, std::vector<Check>& checks) {
  const auto address = redis::parse_address(url);
  if (!address) return;  // refused with the configuration
  redis::Connection connection(*address, kPatience);
  std::string trouble = connection.open();
  if (trouble.empty()) {
    const redis::Reply reply = connection.command({"GET", "trading:kill_switch_status"});
    if (!reply.is_answer()) trouble = reply.text;
  }
  checks.push_back({"redis", trouble.empty(),
                    trouble.empty() ? address->text() + " answers" : trouble + ": nothing is traded without it"});
}

void check_dead(const std::string& folder, std::vector<Check>& checks) {
  for (const DeadProcess& dead : dead_processes(folder)) {
    checks.push_back(
        {dead.role, false,
         fmt::format("{}; its last word was at {}: start it again, or remove {} if it is not wanted any more", kHasDied,
                     dead.told_at, status_path(dead.folder))});
  }
}

void check_gate(const std::string& check, const rapidjson::Document& status, std::vector<Check>& checks) {
  const auto rejected = status.FindMember("rejected");
  if (rejected == status.MemberEnd() || !rejected->value.IsObject()) return;
  std::string name = "none";
  std::uint64_t most = 0;
  for (const auto& reason : rejected->value.GetObject()) {
    if (!reason.value.IsUint64() || reason.value.GetUint64() <= most) continue;
    most = reason.value.GetUint64();
    name = reason.name.GetString();
  }
  checks.push_back({check, true, fmt::format("most opportunities end at: {} ({})", name, most)});
}

// The latch, and what the running process says it rejects most.
void check_gates(const std::string& folder, std::vector<Check>& checks) {
  const HaltLatch latch(folder);
  checks.push_back({"halt", !latch.is_halted(),
                    latch.is_halted() ? fmt::format("halted: {}; look into it, then: {}", latch.reason(),
                                                    how_to_resume(latch.reason(), folder))
                                      : std::string("not halted")});
  if (!ProcessLock::holder(folder)) return;
  std::ifstream file(status_path(folder));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  rapidjson::Document status;
  status.Parse(text.data(), text.size());
  if (!status.IsObject()) return;
  const auto feeds = status.FindMember("feeds");
  if (feeds != status.MemberEnd() && feeds->value.IsArray()) {
    for (const auto& feed : feeds->value.GetArray()) {
      if (!feed.HasMember("venue") || !feed.HasMember("status")) continue;
      const std::string state = feed["status"].GetString();
      checks.push_back({std::string("feed ") + feed["venue"].GetString(), state == "live", state});
    }
  }
  check_gate("gate", status, checks);
}

// Shards decide; what the executor's ledger has is only what they asked for.
void check_shards(const std::string& folder, std::vector<Check>& checks) {
  for (const std::string& shard : running_folders(folder, "crypto-shard")) {
    const auto told = read_status(shard, net::IoLoop::now());
    rapidjson::Document status;
    if (told) status.Parse(told->json.data(), told->json.size());
    const std::string name = process_name(folder, shard);
    if (!status.IsObject()) {
      checks.push_back({name, false, "has not told its status"});
      continue;
    }
    const std::string trouble = state_trouble(told->json);
    checks.push_back({name, trouble.empty(), trouble.empty() ? std::string("healthy") : trouble});
    check_gate(name + " gate", status, checks);
  }
}

int doctor(const Options& options) {
  if (options.port < 0 || options.port > 65'535) {
    return refuse("doctor", kUsage, fmt::format("--port {} is outside 0 to 65535", options.port), options.json);
  }
  const auto loaded = load_or_complain(options.config, "doctor", options.json);
  if (!loaded) return loaded.error();
  const std::string folder = data_folder(options.config.data);
  std::vector<Check> checks{{"configuration", true, "valid"}};
  check_machine(options, folder, checks);
  check_keys(loaded->config, folder, checks);
  const auto unusable = unusable_secrets(loaded->config);
  for (const std::string& text : unusable) checks.push_back({"secret", false, text});
  check_venues(loaded->config, checks);
  if (unusable.empty()) {
    for (AccountCheck& account : check_accounts(loaded->config, folder)) {
      checks.push_back({std::move(account.name), account.is_ok, std::move(account.detail)});
    }
  }
  if (const std::string& url = loaded->config.database.url; !url.empty()) {
    const DatabaseCheck database = check_database(url);
    checks.push_back({"database", database.is_ok, database.detail});
  }
  if (const std::string& url = loaded->config.redis.url; !url.empty()) check_redis(url, checks);
  check_dead(folder, checks);
  check_gates(folder, checks);
  check_shards(folder, checks);
  for (const std::string& text : unread_predecessor_names(environ)) checks.push_back({"environment", true, text});
  const bool is_ok = std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.is_ok; });
  JsonWriter json;
  json.begin_object().field("ok", is_ok).key("checks").begin_array();
  for (const Check& check : checks) {
    json.begin_object().field("name", check.name).field("ok", check.is_ok).field("detail", check.detail).end_object();
    if (!options.json) fmt::print("{} {:<18} {}\n", check.is_ok ? "ok  " : "FAIL", check.name, check.detail);
  }
  json.end_array().end_object();
  if (options.json) fmt::print("{}\n", json.take());
  return is_ok ? kDone : kFailed;
}

}  // namespace

void add_doctor_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command =
      line.add("doctor", "Check clock, venues, keys, ports, disk and configuration, and what blocks trading");
  add_config_options(command, options->config);
  command.option("--port", options->port, "Port that the dashboard will need (default 8420)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return doctor(*options); });
}

}  // namespace arbees::app
