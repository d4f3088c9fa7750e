#include "sim/coinbase_connection.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/coinbase_advanced.h"
#include "sim/coinbase_server.h"

namespace arbees::sim::coinbase {
namespace {

constexpr Duration kMustSubscribeWithin = std::chrono::seconds(5);
constexpr int kPolicyViolation = 1008;
constexpr const char* kFailed = "Failed to subscribe";

// The channels of products.
constexpr std::array<std::string_view, 6> kExchangeChannels = {"heartbeat", "level2", "level2_batch",
                                                               "matches",   "ticker", "ticker_batch"};
constexpr std::array<std::string_view, 6> kAdvancedChannels = {"candles", "level2", "market_trades",
                                                               "status",  "ticker", "ticker_batch"};

template <class List>
bool contains(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void change(SubscriptionList& list, const std::string& channel, const std::string& product, bool adds) {
  if (adds) {
    list[channel].insert(product);
    return;
  }
  const auto found = list.find(channel);
  if (found == list.end()) return;
  found->second.erase(product);
  if (found->second.empty()) list.erase(found);
}

// The `-USDC` products deliver the `-USD` stream.
std::string alias_of(std::string name) {
  if (name.ends_with("-USDC")) name.pop_back();
  return name;
}

}  // namespace

Connection::Connection(Server& server) : server_(server), opened_at_(server.world().now()) { server_.join(*this); }

Connection::~Connection() { server_.leave(*this); }

void Connection::on_open(std::shared_ptr<net::ServerSocket> socket) {
  socket_ = std::make_unique<FaultySocket>(std::move(socket), server_.context().loop, server_.context().faults);
}

void Connection::on_closed() { socket_.reset(); }

void Connection::on_text(std::string_view text, Timestamp) {
  const auto command = parse_command(text);
  if (!command) return socket_->send_reliable(command.error());
  if (command->feed == Feed::Exchange) return change_exchange(*command);
  change_advanced(*command);
}

bool Connection::wants(Feed feed, std::string_view channel, std::string_view product) const {
  const SubscriptionList& list = feed == Feed::Exchange ? exchange_ : advanced_;
  const auto found = list.find(channel);
  return socket_ != nullptr && found != list.end() && found->second.contains(std::string(product));
}

void Connection::send_exchange(std::string_view message) { socket_->send(message); }

void Connection::send_advanced(std::string_view channel, std::string_view event) {
  socket_->send(advanced::envelope(channel, server_.stated_now(), next_sequence_++, event));
}

void Connection::close_if_idle(Timestamp at) {
  if (socket_ == nullptr || has_subscribed_ || at - opened_at_ < kMustSubscribeWithin) return;
  socket_->close(kPolicyViolation, "no subscription");
}

// All or nothing: the first thing wrong refuses the whole command.
void Connection::change_exchange(const Command& command) {
  for (const Command::Channel& channel : command.channels) {
    if (channel.name != "status" && !contains(kExchangeChannels, channel.name)) {
      return socket_->send_reliable(exchange::error(kFailed, channel.name + " is not a valid channel"));
    }
    if (channel.name == "status") continue;
    if (command.subscribes && channel.products.empty()) {
      return socket_->send_reliable(exchange::error(kFailed, "No product_ids provided for " + channel.name));
    }
    for (const std::string& product : channel.products) {
      if (server_.find_product(product) != nullptr) continue;
      return socket_->send_reliable(exchange::error(kFailed, product + " is not a valid product"));
    }
  }
  has_subscribed_ = has_subscribed_ || command.subscribes;
  for (const Command::Channel& channel : command.channels) {
    if (channel.name == "status") {
      change(exchange_, channel.name, "", command.subscribes);
      continue;
    }
    if (channel.products.empty()) exchange_.erase(channel.name);
    for (const std::string& product : channel.products) change(exchange_, channel.name, product, command.subscribes);
  }
  SubscriptionList told = exchange_;
  if (const auto status = told.find("status"); status != told.end()) status->second.clear();
  socket_->send_reliable(exchange::subscriptions(told));
  if (!command.subscribes) return;
  for (const Command::Channel& channel : command.channels) {
    const bool is_status = channel.name == "status";
    for (const std::string& product : is_status ? std::vector<std::string>{""} : channel.products) {
      send_first(Feed::Exchange, channel.name, product);
    }
  }
}

void Connection::change_advanced(const Command& command) {
  const Command::Channel& channel = command.channels.front();
  if (channel.name == "user" || channel.name == "futures_balance_summary") {
    return socket_->send_reliable(advanced::error("authentication failure"));
  }
  const bool is_heartbeats = channel.name == "heartbeats";
  if (!is_heartbeats && !contains(kAdvancedChannels, channel.name)) {
    return socket_->send_reliable(advanced::error("failure to subscribe"));
  }
  std::vector<std::string> products;
  for (const std::string& name : channel.products) products.push_back(alias_of(name));
  if (is_heartbeats) products = {"heartbeats"};
  if (products.empty()) {
    for (const SpotProduct* product : server_.products()) products.push_back(product->symbol);
  }
  const auto is_unknown = [&](const std::string& name) {
    return !is_heartbeats && server_.find_product(name) == nullptr;
  };
  if (std::any_of(products.begin(), products.end(), is_unknown)) {
    return socket_->send_reliable(advanced::error("failure to subscribe"));
  }
  has_subscribed_ = has_subscribed_ || command.subscribes;
  for (const std::string& product : products) change(advanced_, channel.name, product, command.subscribes);
  socket_->send_reliable(
      advanced::envelope("subscriptions", server_.stated_now(), next_sequence_++, advanced::subscriptions(advanced_)));
  if (!command.subscribes) return;
  for (const std::string& product : products) send_first(Feed::Advanced, channel.name, product);
}

void Connection::send_first(Feed feed, const std::string& channel, const std::string& product) {
  const std::string text = server_.first_message(feed, channel, product);
  if (text.empty()) return;
  if (feed == Feed::Exchange) return send_exchange(text);
  send_advanced(channel == "level2" ? "l2_data" : channel, text);
}

}  // namespace arbees::sim::coinbase
