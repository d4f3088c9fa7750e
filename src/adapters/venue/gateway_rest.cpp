#include "adapters/venue/gateway_rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace arbees {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr std::size_t kShownText = 160;
// All legs of some requests at once, each on a connection of its own: one that waits comes too late.
constexpr std::size_t kWrites = 32;

net::HttpClientOptions for_writes(net::HttpClientOptions options) {
  options.max_connections = std::max(options.max_connections, kWrites);
  return options;
}

}  // namespace

bool is_trouble(const net::HttpAnswer& answer) noexcept {
  return !answer || answer->status == 429 || answer->status >= 500;
}

std::string trouble_text(const net::HttpAnswer& answer) {
  if (!answer) return answer.error().reason;
  return fmt::format("HTTP {}: {}", answer->status, std::string_view(answer->body).substr(0, kShownText));
}

GatewayRest::GatewayRest(net::IoLoop& loop, const net::Url& base, const Options& options, Sign sign)
    : loop_(loop),
      writes_(loop, base, for_writes(options.http)),
      urgent_(loop, base, for_writes(options.http)),
      reads_(loop, base, options.http),
      options_(options),
      sign_(std::move(sign)) {}

void GatewayRest::send(net::HttpClient& client, const RestCall& call, std::vector<net::Header> headers,
                       Duration timeout, Done done) {
  net::HttpRequest request;
  request.method = call.method;
  request.target = call.target;
  request.headers = std::move(headers);
  request.body = call.body;
  request.timeout = timeout;
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  client.send(std::move(request), std::move(done));
}

void GatewayRest::read(std::string_view path, Done done) {
  auto call = std::make_shared<RestCall>();
  call->target = target(path);
  attempt(call, options_.read_attempts, std::make_shared<Done>(std::move(done)));
}

void GatewayRest::attempt(const std::shared_ptr<RestCall>& call, int left, const std::shared_ptr<Done>& done) {
  const std::weak_ptr<bool> alive = alive_;
  send(reads_, *call, sign_(*call), options_.read_timeout, [this, alive, call, left, done](net::HttpAnswer answer) {
    if (alive.expired()) return;
    if (answer && answer->status == 429) ++throttled_;
    if (!is_trouble(answer) || left <= 1) return (*done)(std::move(answer));
    std::erase_if(pauses_, [](const auto& timer) { return timer == nullptr; });
    auto& pause = pauses_.emplace_back(std::make_unique<net::Timer>(loop_));
    net::Timer* const timer = pause.get();
    const int tried = options_.read_attempts - left;
    timer->after(kFirstPause * (1 << std::min(tried, 4)), [this, timer, call, left, done] {
      // The timer that runs is not destroyed here, only forgotten after the next attempt was made.
      auto own = std::find_if(pauses_.begin(), pauses_.end(), [&](const auto& held) { return held.get() == timer; });
      std::unique_ptr<net::Timer> kept;
      if (own != pauses_.end()) kept = std::move(*own);
      attempt(call, left - 1, done);
    });
  });
}

void GatewayRest::write(std::string method, std::string_view path, std::string body, Done done) {
  RestCall call{std::move(method), target(path), std::move(body)};
  auto headers = sign_(call);
  write_signed(std::move(call), std::move(headers), std::move(done));
}

void GatewayRest::write_urgent(std::string method, std::string_view path, std::string body, Done done) {
  RestCall call{std::move(method), target(path), std::move(body)};
  auto headers = sign_(call);
  write_by(urgent_, call, std::move(headers), std::move(done));
}

void GatewayRest::write_signed(RestCall call, std::vector<net::Header> headers, Done done) {
  write_by(writes_, call, std::move(headers), std::move(done));
}

void GatewayRest::write_by(net::HttpClient& client, const RestCall& call, std::vector<net::Header> headers, Done done) {
  const std::weak_ptr<bool> alive = alive_;
  send(client, call, std::move(headers), options_.write_timeout,
       [this, alive, done = std::move(done)](net::HttpAnswer answer) {
         if (alive.expired()) return;
         if (answer && answer->status == 429) ++throttled_;
         done(std::move(answer));
       });
}

}  // namespace arbees
