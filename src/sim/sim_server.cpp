#include "sim/sim_server.h"

#include <fmt/format.h>

#include <filesystem>

#include "adapters/telemetry/json.h"
#include "sim/certificate.h"
#include "sim/keys.h"
#include "sim/private_file.h"
#include "sim/recorded_venue.h"
#include "sim/server_options.h"
#include "sim/servers.h"

namespace arbees::sim {
namespace {

constexpr std::array<std::string_view, kSimVenueCount> kNames = {"kalshi", "polymarket", "gamma", "coinbase",
                                                                 "binance"};
constexpr Duration kStep = std::chrono::milliseconds(10);

using Factory = std::unique_ptr<net::ServerHandler> (*)(const ServerContext&);
constexpr std::array<Factory, kSimVenueCount> kFactories = {make_kalshi_server, make_clob_server, make_gamma_server,
                                                            make_coinbase_server, make_binance_server};

WorldSettings settings_of(const SimOptions& options, Timestamp now) {
  WorldSettings settings = options.world;
  settings.seed = options.seed;
  settings.starts_at = now;
  if (const FaultTerms& redemption = options.faults.of(Fault::Redemption); redemption.is_on) {
    settings.redeem_after = redemption.length;
  }
  return settings;
}

}  // namespace

struct SimServer::Parts {
  Parts(net::IoLoop& where, const SimOptions& chosen, Timestamp now)
      : loop(where),
        options(chosen),
        world(settings_of(chosen, now)),
        faults(chosen.faults, chosen.seed, now),
        keys(make_keys(chosen.seed)),
        context{loop, world, faults, keys, chosen.seed},
        clock(where) {
    if (chosen.faults_for > Duration{0}) faults.heal(now + chosen.faults_for);
  }

  // Empty, or what went wrong.
  std::string write_files() {
    const std::filesystem::path folder(options.folder);
    rsa_file = (folder / "sim-kalshi-rsa.pem").string();
    ed25519_file = (folder / "sim-kalshi-ed25519.pem").string();
    std::string wrong = write_private_file(rsa_file, keys.rsa_private_pem);
    if (wrong.empty()) wrong = write_private_file(ed25519_file, keys.ed25519_private_pem);
    if (!wrong.empty() || !options.tls) return wrong;
    auto made = make_certificate(options.folder);
    if (!made) return made.error();
    certificate = *made;
    return {};
  }

  std::string read_replay() {
    if (options.replay.empty()) return {};
    auto read = read_recording(options.replay);
    if (!read) return read.error();
    recording = std::move(*read);
    return {};
  }

  std::string listen(std::size_t venue) {
    handlers[venue] = recording.frames == 0
                          ? kFactories[venue](context)
                          : make_recorded_venue(loop, recorded_connections(static_cast<SimVenue>(venue)));
    net::HttpServerOptions settings = server_options();
    settings.port = options.ports[venue];
    settings.certificate_file = certificate.certificate;
    settings.key_file = certificate.key;
    auto server = net::HttpServer::listen(loop, *handlers[venue], settings);
    if (!server) return fmt::format("{}: {}", kNames[venue], server.error());
    servers[venue] = std::move(*server);
    return {};
  }

  [[nodiscard]] const std::vector<RecordedConnection>& recorded_connections(SimVenue venue) const {
    static constexpr std::array<Venue, kSimVenueCount> kVenues = {Venue::Kalshi, Venue::Polymarket, Venue::Unknown,
                                                                  Venue::Coinbase, Venue::Binance};
    return recording.connections[static_cast<std::size_t>(kVenues[static_cast<std::size_t>(venue)])];
  }

  net::IoLoop& loop;
  SimOptions options;
  RecordedVenues recording;
  World world;
  FaultInjector faults;
  SimKeys keys;
  ServerContext context;
  CertificateFiles certificate;
  std::string rsa_file;
  std::string ed25519_file;
  std::array<std::unique_ptr<net::ServerHandler>, kSimVenueCount> handlers;
  std::array<std::unique_ptr<net::HttpServer>, kSimVenueCount> servers;  // gone before their handlers
  net::Timer clock;
};

SimServer::SimServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SimServer::~SimServer() = default;

Result<std::unique_ptr<SimServer>, std::string> SimServer::start(net::IoLoop& loop, const SimOptions& options) {
  auto parts = std::make_unique<Parts>(loop, options, net::IoLoop::now());
  std::string wrong = parts->write_files();
  if (wrong.empty()) wrong = parts->read_replay();
  for (std::size_t venue = 0; venue < kSimVenueCount && wrong.empty(); ++venue) wrong = parts->listen(venue);
  if (!wrong.empty()) return failure(std::move(wrong));
  Parts* const running = parts.get();
  if (running->recording.frames > 0) return std::unique_ptr<SimServer>(new SimServer(std::move(parts)));
  running->world.advance(net::IoLoop::now());
  running->clock.every(kStep, [running] { running->world.advance(net::IoLoop::now()); });
  return std::unique_ptr<SimServer>(new SimServer(std::move(parts)));
}

std::string SimServer::url(SimVenue venue, bool websocket) const {
  const char* const scheme = websocket ? "ws" : "http";
  const std::uint16_t port = parts_->servers[static_cast<std::size_t>(venue)]->port();
  return fmt::format("{}{}://127.0.0.1:{}", scheme, parts_->options.tls ? "s" : "", port);
}

std::string SimServer::ready_line() const {
  const Parts& parts = *parts_;
  JsonWriter json;
  json.begin_object().field("ready", true);
  json.key("kalshi").begin_object();
  json.field("rest", url(SimVenue::Kalshi, false) + "/trade-api/v2");
  json.field("ws", url(SimVenue::Kalshi, true) + "/trade-api/ws/v2");
  json.field("key_id", parts.keys.rsa_key_id).field("private_key_file", parts.rsa_file);
  json.field("ed25519_key_id", parts.keys.ed25519_key_id).field("ed25519_private_key_file", parts.ed25519_file);
  json.end_object();
  json.key("polymarket").begin_object().field("clob", url(SimVenue::Polymarket, false));
  json.field("ws", url(SimVenue::Polymarket, true) + "/ws").field("gamma", url(SimVenue::Gamma, false));
  json.field("live_data", url(SimVenue::Polymarket, true) + "/rtds");
  json.field("private_key", parts.keys.wallet_private_key).field("address", parts.keys.wallet_address);
  json.field("chain_id", parts.context.chain_id).end_object();
  for (const SimVenue venue : {SimVenue::Coinbase, SimVenue::Binance}) {
    json.key(kNames[static_cast<std::size_t>(venue)]).begin_object();
    json.field("ws", url(venue, true)).field("rest", url(venue, false)).end_object();
  }
  if (parts.options.tls) json.field("ca_file", parts.certificate.certificate);
  json.end_object();
  return json.take();
}

std::string SimServer::configuration() const {
  const Parts& parts = *parts_;
  const std::string ca =
      parts.options.tls ? fmt::format("ca_file = \"{}\"\n", parts.certificate.certificate) : std::string();
  std::string text = "# Made by arbees sim: the loopback venues of this machine.\n";
  text += fmt::format(
      "[venues.kalshi]\nrest_url = \"{}/trade-api/v2\"\nws_url = \"{}/trade-api/ws/v2\"\nkey_id = \"{}\"\n"
      "private_key_file = \"{}\"\n{}",
      url(SimVenue::Kalshi, false), url(SimVenue::Kalshi, true), parts.keys.rsa_key_id,
      std::filesystem::absolute(parts.rsa_file).string(), ca);
  text += fmt::format(
      "[venues.polymarket]\nclob_url = \"{}\"\ngamma_url = \"{}\"\nws_url = \"{}/ws\"\nlive_data_url = \"{}/rtds\"\n"
      "private_key = \"{}\"\nchain_id = {}\n{}",
      url(SimVenue::Polymarket, false), url(SimVenue::Gamma, false), url(SimVenue::Polymarket, true),
      url(SimVenue::Polymarket, true), parts.keys.wallet_private_key, parts.context.chain_id, ca);
  for (const SimVenue venue : {SimVenue::Coinbase, SimVenue::Binance}) {
    text += fmt::format("[venues.{}]\nrest_url = \"{}\"\nws_url = \"{}\"\n{}", kNames[static_cast<std::size_t>(venue)],
                        url(venue, false), url(venue, true), ca);
  }
  for (const char* const venue : {"kraken", "bitstamp", "gemini"}) {
    text += fmt::format("[venues.{}]\nenabled = false\n", venue);
  }
  return text;
}

World& SimServer::world() noexcept { return parts_->world; }
FaultInjector& SimServer::faults() noexcept { return parts_->faults; }

}  // namespace arbees::sim
