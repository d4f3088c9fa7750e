#include "sim/sim_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/telemetry/json.h"
#include "sim/certificate.h"

namespace arbees::sim {
namespace {

constexpr char kRsaFile[] = "kalshi-rsa.pem";
constexpr char kEd25519File[] = "kalshi-ed25519.pem";
constexpr char kCertificateFile[] = "certificate.pem";
constexpr char kCertificateKeyFile[] = "certificate-key.pem";

// Text of a TOML basic string.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

void add_line(std::string& text, std::string_view key, std::string_view value) {
  text += fmt::format("{} = {}\n", key, quoted(value));
}

}  // namespace

std::string write_private_file(const std::string& path, const std::string& text) {
  const auto wrong = [&] { return fmt::format("{}: {}", path, std::strerror(errno)); };
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return wrong();
  std::string error;
  // An older file keeps its mode when it is opened.
  if (::fchmod(file, 0600) != 0) error = wrong();
  std::size_t written = 0;
  while (error.empty() && written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) error = wrong();
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  if (::close(file) != 0 && error.empty()) error = wrong();
  return error;
}

SimServer::SimServer(net::IoLoop& loop, const SimSettings& settings, Timestamp now)
    : settings_(settings),
      keys_(make_keys(settings.world.seed)),
      faults_(settings.faults, settings.world.seed, now),
      last_tick_change_(now) {
  settings_.world.starts_at = now;
  world_ = std::make_unique<World>(settings_.world);
  if (settings.faults_for > Duration{0}) faults_.heal(now + settings.faults_for);
  const ServerContext context{loop, *world_, faults_, keys_, settings.world.seed, settings.chain_id};
  handlers_ = {make_kalshi_server(context), make_clob_server(context), make_gamma_server(context),
               make_coinbase_server(context), make_binance_server(context)};
}

SimServer::~SimServer() = default;

std::string SimServer::file(const char* name) const { return settings_.data + "/" + name; }

std::string SimServer::write_files(Timestamp now) {
  std::string error = write_private_file(file(kRsaFile), keys_.rsa_private_pem);
  if (error.empty()) error = write_private_file(file(kEd25519File), keys_.ed25519_private_pem);
  if (!settings_.tls || !error.empty()) return error;
  error = write_private_file(file(kCertificateFile), self_signed_certificate(keys_.rsa_private_pem, now));
  if (error.empty()) error = write_private_file(file(kCertificateKeyFile), keys_.rsa_private_pem);
  return error;
}

std::string SimServer::listen(net::IoLoop& loop) {
  const SimPorts& ports = settings_.ports;
  const std::array<std::uint16_t, kPlaces> wanted = {ports.kalshi, ports.polymarket, ports.gamma, ports.coinbase,
                                                     ports.binance};
  for (std::size_t i = 0; i < kPlaces; ++i) {
    net::HttpServerOptions options;
    options.port = wanted[i];
    if (settings_.tls) {
      options.certificate_file = file(kCertificateFile);
      options.key_file = file(kCertificateKeyFile);
    }
    auto server = net::HttpServer::listen(loop, *handlers_[i], options);
    if (!server) return server.error();
    servers_[i] = std::move(*server);
  }
  return {};
}

Result<std::unique_ptr<SimServer>, std::string> SimServer::start(net::IoLoop& loop, const SimSettings& settings) {
  const Timestamp now = net::IoLoop::now();
  std::unique_ptr<SimServer> sim(new SimServer(loop, settings, now));
  std::string error = sim->write_files(now);
  if (error.empty()) error = sim->listen(loop);
  if (!error.empty()) return failure(std::move(error));
  return sim;
}

void SimServer::advance(Timestamp now) {
  const bool is_paused = faults_.is_in_phase(Fault::Maintenance, now);
  if (is_paused != is_paused_) {
    world_->set_paused(Venue::Kalshi, is_paused);
    world_->set_paused(Venue::Polymarket, is_paused);
    is_paused_ = is_paused;
  }
  if (faults_.is_due(Fault::TickChange, last_tick_change_, now)) {
    const bool is_odd = faults_.count(Fault::TickChange) % 2 != 0;
    world_->change_tick(is_odd ? Venue::Polymarket : Venue::Kalshi);
  }
  world_->advance(now);
}

SimPorts SimServer::ports() const noexcept {
  return SimPorts{servers_[kKalshi]->port(), servers_[kPolymarket]->port(), servers_[kGamma]->port(),
                  servers_[kCoinbase]->port(), servers_[kBinance]->port()};
}

std::string SimServer::address(const char* scheme, Place place, const char* path) const {
  return fmt::format("{}{}://127.0.0.1:{}{}", scheme, settings_.tls ? "s" : "", servers_[place]->port(), path);
}

std::string SimServer::ready_line() const {
  JsonWriter json;
  json.begin_object().field("ready", true);
  json.key("kalshi").begin_object();
  json.field("rest", address("http", kKalshi, "/trade-api/v2")).field("ws", address("ws", kKalshi, "/trade-api/ws/v2"));
  json.field("key_id", keys_.rsa_key_id).field("private_key_file", file(kRsaFile));
  json.field("ed25519_key_id", keys_.ed25519_key_id).field("ed25519_private_key_file", file(kEd25519File)).end_object();
  json.key("polymarket").begin_object();
  json.field("clob", address("http", kPolymarket, "")).field("ws", address("ws", kPolymarket, "/ws"));
  json.field("gamma", address("http", kGamma, "")).field("private_key", keys_.wallet_private_key);
  json.field("address", keys_.wallet_address).field("chain_id", settings_.chain_id).end_object();
  json.key("coinbase").begin_object();
  json.field("ws", address("ws", kCoinbase, "")).field("rest", address("http", kCoinbase, "")).end_object();
  json.key("binance").begin_object();
  json.field("ws", address("ws", kBinance, "")).field("rest", address("http", kBinance, "")).end_object();
  if (settings_.tls) json.field("ca_file", file(kCertificateFile));
  json.field("pid", static_cast<std::int64_t>(::getpid())).field("data", settings_.data);
  return json.end_object().take();
}

std::string SimServer::configuration() const {
  std::string text = "# Written by `arbees sim`: its loopback venues and their keys.\n";
  const auto section = [&](const char* name) {
    text += fmt::format("\n[venues.{}]\n", name);
    if (settings_.tls) add_line(text, "ca_file", file(kCertificateFile));
  };
  section("kalshi");
  add_line(text, "rest_url", address("http", kKalshi, "/trade-api/v2"));
  add_line(text, "ws_url", address("ws", kKalshi, "/trade-api/ws/v2"));
  add_line(text, "key_id", keys_.rsa_key_id);
  add_line(text, "private_key_file", file(kRsaFile));
  section("polymarket");
  add_line(text, "clob_url", address("http", kPolymarket, ""));
  add_line(text, "gamma_url", address("http", kGamma, ""));
  add_line(text, "ws_url", address("ws", kPolymarket, "/ws"));
  add_line(text, "live_data_url", "");
  add_line(text, "private_key", keys_.wallet_private_key);
  text += fmt::format("chain_id = {}\n", settings_.chain_id);
  section("coinbase");
  add_line(text, "rest_url", address("http", kCoinbase, ""));
  add_line(text, "ws_url", address("ws", kCoinbase, ""));
  section("binance");
  add_line(text, "rest_url", address("http", kBinance, ""));
  add_line(text, "ws_url", address("ws", kBinance, ""));
  for (const char* absent : {"kraken", "bitstamp", "gemini"})
    text += fmt::format("\n[venues.{}]\nenabled = false\n", absent);
  return text;
}

}  // namespace arbees::sim
