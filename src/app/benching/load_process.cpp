#include "app/benching/load_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/benching/load_venue.h"
#include "sim/certificate.h"

namespace arbees::app {
namespace {

// Messages are sent one by one when they are due, not in packets of a timer's length.
constexpr Duration kPace = std::chrono::microseconds(100);
// What a halted machine has missed is not made up in one go.
constexpr std::uint64_t kMostAtOnce = 2000;

using Ports = std::array<std::uint16_t, kLoadHostCount>;

class Sender {
 public:
  explicit Sender(const LoadPlan& plan) : plan_(plan), random_(plan.seed + 1) {
    venues_ = {make_kalshi_load(plan), make_polymarket_load(plan), make_coinbase_load(plan), make_binance_load(plan)};
  }

  // All zero if one cannot listen.
  Ports listen(const sim::CertificateFiles& certificate) {
    Ports ports{};
    for (std::size_t host = 0; host < kLoadHostCount; ++host) {
      net::HttpServerOptions options;
      options.certificate_file = certificate.certificate;
      options.key_file = certificate.key;
      auto server = net::HttpServer::listen(loop_, *venues_[host], options);
      if (!server) return {};
      ports[host] = (*server)->port();
      servers_[host] = std::move(*server);
    }
    return ports;
  }

  // Never returns: the parent ends it, by hand or by its own end. `orders` can be read once it may begin.
  [[noreturn]] void serve(int orders) {
    Timestamp begun_at = kNoTime;
    Timestamp next_beat = net::IoLoop::now();
    std::uint64_t sent = 0;
    for (;;) {
      loop_.run_for(kPace);
      const Timestamp now = net::IoLoop::now();
      if (now >= next_beat) {
        next_beat = now + std::chrono::seconds(1);
        for (const auto& venue : venues_) venue->beat(now);
        char order = 0;
        if (begun_at == kNoTime && ::read(orders, &order, 1) == 1) begun_at = now;
      }
      if (begun_at == kNoTime) continue;
      const auto elapsed_us = static_cast<std::uint64_t>((now - begun_at) / std::chrono::microseconds(1));
      const std::uint64_t due = elapsed_us * plan_.rate / 1'000'000;
      if (due > sent + kMostAtOnce) sent = due - kMostAtOnce;
      for (; sent < due; ++sent) choose().send_one(now);
    }
  }

 private:
  // Shares of 40, 30, 10 and 20 in a hundred.
  LoadVenue& choose() {
    const std::uint64_t chosen = random_.below(10);
    return *venues_[chosen < 4 ? 0 : chosen < 7 ? 1 : chosen < 8 ? 2 : 3];
  }

  LoadPlan plan_;
  Random random_;
  net::IoLoop loop_;
  std::array<std::unique_ptr<LoadVenue>, kLoadHostCount> venues_;
  std::array<std::unique_ptr<net::HttpServer>, kLoadHostCount> servers_;  // gone before their handlers
};

[[noreturn]] void run_child(const LoadPlan& plan, const sim::CertificateFiles& certificate, int orders, int answers) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGINT, SIG_IGN);  // the parent's to obey
  Sender sender(plan);
  const Ports ports = sender.listen(certificate);
  if (::write(answers, ports.data(), sizeof ports) != sizeof ports || ports[0] == 0) ::_exit(1);
  sender.serve(orders);
}

}  // namespace

Result<std::unique_ptr<LoadProcess>, std::string> LoadProcess::start(const LoadPlan& plan, const std::string& folder) {
  std::unique_ptr<LoadProcess> process(new LoadProcess());
  sim::CertificateFiles certificate;
  if (plan.tls) {
    auto made = sim::make_certificate(folder);
    if (!made) return failure(made.error());
    certificate = *made;
    process->ca_file_ = certificate.certificate;
  }
  std::array<int, 2> orders{};
  std::array<int, 2> answers{};
  if (::pipe2(orders.data(), O_CLOEXEC | O_NONBLOCK) != 0 || ::pipe2(answers.data(), O_CLOEXEC) != 0) {
    return failure(std::string("no pipe to the sending process can be made"));
  }
  process->to_child_ = orders[1];
  process->child_ = ::fork();
  if (process->child_ == 0) {
    ::close(answers[0]);
    run_child(plan, certificate, orders[0], answers[1]);
  }
  ::close(orders[0]);
  ::close(answers[1]);
  const bool is_told = process->child_ > 0 && ::read(answers[0], process->ports_.data(), sizeof process->ports_) ==
                                                  static_cast<ssize_t>(sizeof process->ports_);
  ::close(answers[0]);
  if (!is_told || process->ports_[0] == 0) return failure(std::string("the sending process cannot listen"));
  return process;
}

LoadProcess::~LoadProcess() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  if (to_child_ >= 0) ::close(to_child_);
}

void LoadProcess::begin() const { (void)!::write(to_child_, "b", 1); }

std::string LoadProcess::url(LoadHost host, bool websocket) const {
  return fmt::format("{}{}://127.0.0.1:{}", websocket ? "ws" : "http", ca_file_.empty() ? "" : "s",
                     ports_[static_cast<std::size_t>(host)]);
}

}  // namespace arbees::app
