#include "app/config/predecessor_names.h"

#include <fmt/format.h>

#include <array>

namespace arbees::app {
namespace {

constexpr std::string_view kNoPosition =
    "no exits by price: what is bought is held to settlement, unless legs are unequal";
constexpr std::string_view kNoGames = "no games here";

constexpr auto kNames = std::to_array<PredecessorName>({
    {"ASSIGNMENT_CIRCUIT_*", "assignments are written again until they hold"},
    {"AUDIT_LOG_ENABLED", "the ledger always has everything"},
    {"BALANCE_LOW_THRESHOLD", "CRYPTO_MIN_FREE_CASH"},
    {"BALANCE_REFRESH_INTERVAL_SECS", "live accounts are compared every half minute"},
    {"BRIDGE_PUB_ENDPOINT", "no bridge is needed"},
    {"CRYPTO_ALLOW_ALL_TIMEFRAMES",
     "all families that are understood are traded; `arbees markets` approves or refuses them"},
    {"CRYPTO_BASE_POSITION_SIZE", "sizes come from depth and limits; model trades: CRYPTO_MODEL_KELLY_FRACTION"},
    {"CRYPTO_EVENT_DRIVEN_EVALUATION", "always so"},
    {"CRYPTO_EXECUTION_PUB_ENDPOINT", "ARBEES__BUS__REQUESTS_PUB"},
    {"CRYPTO_INTRADAY_ONLY", "`arbees markets` approves families of contracts"},
    {"CRYPTO_KELLY_FRACTION", "CRYPTO_MODEL_KELLY_FRACTION"},
    {"CRYPTO_POLL_INTERVAL_SECS",
     "nothing is polled: every price is judged when it comes; DISCOVERY_INTERVAL_SECS for contracts"},
    {"CRYPTO_PRICE_SUB_ENDPOINTS", "ARBEES__BUS__PRICE_SUB"},
    {"CRYPTO_VOLATILITY_WINDOW_DAYS", "CRYPTO_MODEL_VOLATILITY_WINDOW_DAYS"},
    {"DEBOUNCE_EXIT_CHECKS", kNoPosition},
    {"DEFAULT_STOP_LOSS_PCT", kNoPosition},
    {"ENABLE_CRYPTO_MARKETS", "crypto is always discovered: ARBEES__RUN__ASSETS, ARBEES__VENUES__NAME__ENABLED"},
    {"ENABLE_ECONOMICS_MARKETS", "crypto only"},
    {"ENABLE_POLITICS_MARKETS", "crypto only"},
    {"EXIT_CHECK_INTERVAL", kNoPosition},
    {"EXIT_SLIPPAGE_BUFFER_PCT", kNoPosition},
    {"HEALTH_CHECK_INTERVAL_SECS", "CRYPTO_HEARTBEAT_INTERVAL_SECS and SHARD_TIMEOUT_SECS"},
    {"INITIAL_BANKROLL", "on paper $10,000 on each venue; live what the venues state"},
    {"KALSHI_BASE_URL", "ARBEES__VENUES__KALSHI__REST_URL and __WS_URL"},
    {"KALSHI_ENV", "ARBEES__VENUES__KALSHI__REST_URL and __WS_URL"},
    {"KALSHI_POLL_INTERVAL_SECONDS", "books are streamed; polled only without a key"},
    {"KALSHI_PRIVATE_KEY", "KALSHI_PRIVATE_KEY_PATH, or `arbees keys add`"},
    {"LIVE_TRADING_AUTHORIZED", "ARBEES__RUN__ALLOW_LIVE, and what else docs/operations.md asks for"},
    {"LOG_LEVEL", "ARBEES__LOG__LEVEL, `arbees log-level`"},
    {"MAX_DAILY_LOSS", "CRYPTO_MAX_DAILY_LOSS"},
    {"MAX_ORDERS_PER_HOUR", "CRYPTO_MAX_ORDERS_PER_HOUR"},
    {"MAX_ORDERS_PER_MINUTE", "CRYPTO_MAX_ORDERS_PER_MINUTE"},
    {"MAX_ORDER_CONTRACTS", "CRYPTO_MAX_POSITION_SIZE, in dollars"},
    {"MAX_ORDER_SIZE", "CRYPTO_MAX_POSITION_SIZE"},
    {"MAX_POSITION_PER_MARKET", "CRYPTO_MAX_EVENT_LOSS"},
    {"MAX_SAFE_PRICE", "CRYPTO_MAX_SAFE_PRICE"},
    {"MIN_EDGE_PCT", "CRYPTO_MIN_EDGE_PCT"},
    {"MIN_HOLD", kNoPosition},
    {"MIN_SAFE_PRICE", "CRYPTO_MIN_SAFE_PRICE"},
    {"MONITORED_ASSETS", "ARBEES__RUN__ASSETS"},
    {"MULTI_MARKET_DISCOVERY_INTERVAL_SECS", "DISCOVERY_INTERVAL_SECS"},
    {"PAPER_TRADING", "paper is the default; `run --mode live`"},
    {"PIGGYBANK_PCT", kNoPosition},
    {"POLYMARKET_ZMQ_ENDPOINT", "ARBEES__BUS__PRICE_SUB"},
    {"PRICE_STALENESS_TTL", "CRYPTO_PRICE_STALENESS_SECS"},
    {"REDIS_CONNECT_DELAY_SECS", "reconnected for ever, with growing pauses of at most a second"},
    {"REDIS_CONNECT_RETRIES", "reconnected for ever"},
    {"REQUIRE_VALID_BOOK", "always so"},
    {"RESYNC_DEBOUNCE_SECS", kNoGames},
    {"RESYNC_RATE_LIMIT_GAMES_PER_SEC", kNoGames},
    {"RUST_LOG", "ARBEES__LOG__LEVEL, `arbees log-level`"},
    {"SHARD_TYPE", "shards trade crypto"},
    {"SLIPPAGE_BPS", "books are walked level by level; model trades: CRYPTO_MODEL_SLIPPAGE"},
    {"TAKE_PROFIT_PCT", kNoPosition},
    {"ZMQ_LISTENER_CONSOLE_LOG", "`zmq-listener --quiet`"},
    {"ZMQ_LISTENER_MODE", "`zmq-listener` observes; whether it runs is up to who starts it"},
    {"ZMQ_PUB_ENDPOINT", "ARBEES__BUS__SPOT_PUB, __RESULTS_PUB …: a key for each publisher"},
    {"ZMQ_PUB_PORT", "ARBEES__BUS__KALSHI_PUB, __RESULTS_PUB …: a key for each publisher"},
    {"ZMQ_SUB_ENDPOINT", "ARBEES__BUS__REQUESTS_SUB"},
    {"ZMQ_TRANSPORT_MODE", "always ZeroMQ"},
});

}  // namespace

std::span<const PredecessorName> predecessor_names() noexcept { return kNames; }

std::vector<std::string> unread_predecessor_names(const char* const* environment) {
  std::vector<std::string> texts;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view text(*environment);
    const std::size_t end = text.find('=');
    if (end == std::string_view::npos || end + 1 == text.size()) continue;
    const std::string_view name = text.substr(0, end);
    for (const PredecessorName& known : kNames) {
      const bool is_family = known.name.ends_with('*');
      const bool is_it = is_family ? name.starts_with(known.name.substr(0, known.name.size() - 1)) : name == known.name;
      if (is_it) texts.push_back(fmt::format("environment {} is not read: {}", name, known.meaning));
    }
  }
  return texts;
}

}  // namespace arbees::app
