// What an authenticated request costs: percentiles of single calls, in microseconds (counters p50_us, p99_us, p999_us).
//
// Budgets: an order built, hashed and signed in 60 µs at the median; a Kalshi request signed from the prepared supply
// in 5 µs. The direct RSA signature is here to show why there is a supply.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "adapters/venue/encoding.h"
#include "adapters/venue/kalshi/prepared_signatures.h"
#include "adapters/venue/polymarket/order_amounts.h"
#include "adapters/venue/polymarket/signer.h"
#include "adapters/venue/polymarket/uint256.h"

namespace arbees {
namespace {

constexpr char kEd25519Pem[] =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kOrdersPath[] = "/trade-api/v2/portfolio/events/orders";
constexpr std::int64_t kNowMs = 1'790'000'000'000;

// Times every call on its own and reports its percentiles.
template <class Call>
void measure(benchmark::State& state, Call call) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  times.reserve(1'000'000);
  for (auto _ : state) {
    const auto start = Clock::now();
    call();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  const auto percentile = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  state.counters["p50_us"] = percentile(0.5);
  state.counters["p99_us"] = percentile(0.99);
  state.counters["p999_us"] = percentile(0.999);
}

polymarket::SignedOrder order_template(const polymarket::Wallet& wallet) {
  polymarket::SignedOrder order;
  order.maker = order.signer = wallet.address();
  order.token_id =
      *polymarket::parse_uint256("71321045679252212594626385532706912750332728571942532289631379312455583992563");
  return order;
}

polymarket::Wallet wallet() {
  return *polymarket::Wallet::from_hex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
}

void polymarket_order_hash(benchmark::State& state) {
  const auto signer = wallet();
  const polymarket::OrderDomain domain(polymarket::DomainVersion::Two, false);
  auto order = order_template(signer);
  std::uint64_t salt = 1;
  measure(state, [&] {
    order.salt = polymarket::uint256_of(++salt);
    benchmark::DoNotOptimize(domain.hash(order));
  });
}
BENCHMARK(polymarket_order_hash);

// From price and size to the hex text of the body.
void polymarket_order_sign(benchmark::State& state) {
  const auto signer = wallet();
  const polymarket::OrderDomain domain(polymarket::DomainVersion::Two, false);
  auto order = order_template(signer);
  std::uint64_t salt = 1;
  measure(state, [&] {
    const auto amounts = polymarket::order_amounts(polymarket::OrderSide::Buy, Price::from_units(5200),
                                                   Quantity::from_units(1000), Price::from_units(100));
    if (!amounts) std::abort();
    order.salt = polymarket::uint256_of(++salt);
    order.maker_amount = polymarket::uint256_of(static_cast<std::uint64_t>(amounts->maker));
    order.taker_amount = polymarket::uint256_of(static_cast<std::uint64_t>(amounts->taker));
    order.timestamp = polymarket::uint256_of(static_cast<std::uint64_t>(kNowMs) + salt);
    benchmark::DoNotOptimize(to_hex_text(signer.sign(domain.hash(order).digest)));
  });
}
BENCHMARK(polymarket_order_sign);

void polymarket_request_hmac(benchmark::State& state) {
  const auto secret = *polymarket::ApiSecret::from_base64("_-7dzLuqmYh3ZlVEMyIRAP_u3cy7qpmId2ZVRDMiEQA=");
  const std::string body(700, 'x');
  measure(state, [&] { benchmark::DoNotOptimize(secret.sign({"1791241200", "POST", "/order", body})); });
}
BENCHMARK(polymarket_request_hmac);

void sign_directly(benchmark::State& state, kalshi::PreparedSigner signer) {
  kalshi::SignatureText signature;
  std::int64_t timestamp_ms = kNowMs;
  measure(state, [&] {
    if (!signer.sign(kalshi::presign_text(++timestamp_ms, "POST", kOrdersPath), signature)) std::abort();
  });
}

void kalshi_direct_ed25519(benchmark::State& state) {
  sign_directly(state, *kalshi::PreparedSigner::from_pem(kEd25519Pem));
}
BENCHMARK(kalshi_direct_ed25519);

void kalshi_direct_rsa(benchmark::State& state) { sign_directly(state, kalshi::PreparedSigner::generate_rsa()); }
BENCHMARK(kalshi_direct_rsa);

// The hot path: every signature is of RSA and was made beforehand; filling is not timed.
void kalshi_prepared_rsa(benchmark::State& state) {
  kalshi::PreparedSignatures signatures(kalshi::PreparedSigner::generate_rsa(), "POST", kOrdersPath);
  kalshi::PreparedSignature taken;
  std::int64_t now_ms = kNowMs;
  std::vector<double> times;
  for (auto _ : state) {
    now_ms += 100;
    static_cast<void>(signatures.fill(now_ms, 100));
    const auto start = std::chrono::steady_clock::now();
    const bool found = signatures.take(now_ms, taken);
    const auto spent = std::chrono::steady_clock::now() - start;
    if (!found) std::abort();
    benchmark::DoNotOptimize(taken);
    times.push_back(std::chrono::duration<double, std::micro>(spent).count());
  }
  std::sort(times.begin(), times.end());
  state.counters["p50_us"] = times[times.size() / 2];
  state.counters["p99_us"] = times[times.size() * 99 / 100];
  state.counters["max_us"] = times.back();
}
BENCHMARK(kalshi_prepared_rsa)->Iterations(5'000);

}  // namespace
}  // namespace arbees
