// What a message costs on its way over loopback and back: client and server of our own in one thread and one loop.
//
// One round trip is two messages sent and two received. Percentiles of single trips in microseconds (counters p50_us,
// p99_us); `to_handler_us`: from the stamp behind the read to the handler's first line, in the client.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/net/websocket_client.h"
#include "tests/support/certificates.h"

namespace arbees::net {
namespace {

struct EchoSocket : ServerSocketHandler {
  void on_open(std::shared_ptr<ServerSocket> s) override { socket = std::move(s); }
  void on_text(std::string_view text, Timestamp) override { socket->send(text); }
  void on_closed() override {}
  std::shared_ptr<ServerSocket> socket;
};

struct EchoServer : ServerHandler {
  void on_request(ServerRequest, Responder responder) override { responder.send({}); }
  Upgrade on_upgrade(const ServerRequest&) override {
    Upgrade upgrade;
    upgrade.handler = std::make_unique<EchoSocket>();
    return upgrade;
  }
};

struct CountingClient : WebSocketHandler {
  void on_open() override { is_open = true; }
  void on_frame(std::string_view, Timestamp received_at) override {
    waits.push_back(static_cast<double>((IoLoop::now() - received_at).count()) / 1000.0);
    ++frames;
  }
  void on_closed(const WebSocketClosed&) override { std::abort(); }
  bool is_open = false;
  std::uint64_t frames = 0;
  std::vector<double> waits;
};

double percentile(std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void measure(benchmark::State& state, const HttpServerOptions& options, const std::string& ca_file) {
  IoLoop loop;
  EchoServer handler;
  const auto server = HttpServer::listen(loop, handler, options);
  if (!server) std::abort();
  CountingClient counting;
  WebSocketClient client(loop, counting);
  WebSocketOptions client_options;
  client_options.ca_file = ca_file;
  const std::string scheme = ca_file.empty() ? "ws" : "wss";
  client.connect({scheme, "localhost", (*server)->port(), "/"}, client_options);
  while (!counting.is_open) loop.run_for(std::chrono::milliseconds(10));

  const std::string message(static_cast<std::size_t>(state.range(0)), 'x');
  using Clock = std::chrono::steady_clock;
  std::vector<double> trips;
  trips.reserve(1'000'000);
  counting.waits.reserve(1'000'000);
  for (auto _ : state) {
    const auto start = Clock::now();
    const std::uint64_t before = counting.frames;
    client.send(message);
    while (counting.frames == before) loop.run_for(std::chrono::milliseconds(10));
    trips.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(trips.begin(), trips.end());
  std::sort(counting.waits.begin(), counting.waits.end());
  state.counters["p50_us"] = percentile(trips, 0.5);
  state.counters["p99_us"] = percentile(trips, 0.99);
  state.counters["to_handler_us"] = percentile(counting.waits, 0.5);
}

void echo_plain(benchmark::State& state) { measure(state, {}, ""); }

void echo_tls(benchmark::State& state) {
  const std::string folder = std::filesystem::temp_directory_path() / "arbees_websocket_bench/";
  std::filesystem::create_directories(folder);
  testing::CertificateAuthority authority(folder);
  const testing::ServerFiles files = authority.issue("server", "DNS:localhost");
  HttpServerOptions options;
  options.certificate_file = files.certificate;
  options.key_file = files.key;
  measure(state, options, authority.root_file());
  std::filesystem::remove_all(folder);
}

BENCHMARK(echo_plain)->Arg(300)->Arg(30'000);
BENCHMARK(echo_tls)->Arg(300)->Arg(30'000);

}  // namespace
}  // namespace arbees::net
