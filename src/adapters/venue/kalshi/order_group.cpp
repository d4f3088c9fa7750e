#include "adapters/venue/kalshi/order_group.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "adapters/venue/json/json_document.h"

namespace arbees::kalshi {
namespace {

constexpr std::string_view kGroups = "/portfolio/order_groups";
constexpr Duration kAskAgainAfter = std::chrono::milliseconds(500);

// Ids of the venue are UUIDs; whatever else stands in the file is not put into a path.
bool is_identifier(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") ==
             std::string::npos;
}

std::string read_identifier(const std::string& file) {
  std::string id;
  if (!file.empty()) std::ifstream(file) >> id;
  return is_identifier(id) ? id : std::string();
}

}  // namespace

OrderGroup::OrderGroup(GatewayRest& rest, OrderGroupOptions options, std::function<void()> on_change,
                       std::function<void()> on_alarm)
    : rest_(rest),
      options_(std::move(options)),
      on_change_(std::move(on_change)),
      on_alarm_(std::move(on_alarm)),
      left_behind_(options_.contracts > 0 ? read_identifier(options_.file) : std::string()) {}

void OrderGroup::open(Timestamp now) { want(Wanted::Active, now); }

void OrderGroup::want(Wanted wanted, Timestamp now) {
  if (options_.contracts <= 0) return;
  wanted_ = wanted;
  has_alarmed_ = false;
  ask_at_ = now;
  step(now);
}

void OrderGroup::step(Timestamp now) {
  if (wanted_ == Wanted::Nothing || is_asked_ || now < ask_at_) return;
  if (!left_behind_.empty()) return erase(left_behind_, now);
  switch (wanted_) {
    case Wanted::Nothing: return;
    case Wanted::Active:
      if (known_ == Known::Absent) create(now);
      if (known_ == Known::Triggered) put("reset", Known::Active, now);
      return;
    case Wanted::Triggered:
      if (known_ != Known::Active) return;
      ++own_triggers_;
      return put("trigger", Known::Triggered, now);
    case Wanted::Removed:
      if (known_ != Known::Absent) erase(id_, now);
      return;
  }
}

void OrderGroup::know(Known known) {
  known_ = known;
  on_change_();
}

void OrderGroup::ask(std::string method, const std::string& path, std::string body, GatewayRest::Done done) {
  is_asked_ = true;
  rest_.write(std::move(method), path, std::move(body), [this, done = std::move(done)](const net::HttpAnswer& answer) {
    is_asked_ = false;
    done(answer);
  });
}

bool OrderGroup::is_done(std::string_view what, const net::HttpAnswer& answer) {
  if (answer && answer->status >= 200 && answer->status < 300) return true;
  last_trouble_ = fmt::format("order group: {}: {}", what, trouble_text(answer));
  return false;
}

// A group whose answer is lost stays empty at the venue, and is harmless.
void OrderGroup::create(Timestamp now) {
  ask_at_ = now + kAskAgainAfter;
  ask("POST", fmt::format("{}/create", kGroups),
      fmt::format("{{\"contracts_limit\":{},\"exchange_index\":{}}}", options_.contracts, options_.shard),
      [this](const net::HttpAnswer& answer) {
        if (!is_done("create", answer)) return on_not_made(answer);
        JsonDocument json;
        if (json.parse(answer->body) == nullptr) id_ = std::string(json.root()["order_group_id"].text());
        if (!is_identifier(id_)) return;
        remember(id_);
        ask_at_ = kNoTime;
        know(Known::Active);
      });
}

// Refused, orders would wait in vain while those of other venues go.
void OrderGroup::on_not_made(const net::HttpAnswer& answer) {
  const bool is_refused = answer && answer->status >= 400 && answer->status < 500 && answer->status != 429;
  if (!is_refused || has_alarmed_) return;
  has_alarmed_ = true;
  on_alarm_();
}

void OrderGroup::put(std::string_view action, Known then, Timestamp now) {
  ask_at_ = now + kAskAgainAfter;
  ask("PUT", fmt::format("{}/{}/{}?exchange_index={}", kGroups, id_, action, options_.shard), "{}",
      [this, action, then](const net::HttpAnswer& answer) {
        const bool is_gone = answer && answer->status == 404;
        if (!is_gone && !is_done(action, answer)) return;
        ask_at_ = kNoTime;
        know(is_gone ? Known::Absent : then);
      });
}

void OrderGroup::erase(const std::string& id, Timestamp now) {
  ask_at_ = now + kAskAgainAfter;
  ask("DELETE", fmt::format("{}/{}?exchange_index={}", kGroups, id, options_.shard), {},
      [this, is_ours = id == id_](const net::HttpAnswer& answer) {
        const bool is_gone = answer && answer->status == 404;
        if (!is_gone && !is_done("delete", answer)) return;
        remember({});
        ask_at_ = kNoTime;
        left_behind_.clear();
        if (is_ours) know(Known::Absent);
      });
}

void OrderGroup::remember(const std::string& id) {
  if (options_.file.empty()) return;
  if (id.empty()) {
    std::error_code ignored;
    std::filesystem::remove(options_.file, ignored);
    return;
  }
  std::ofstream(options_.file) << id << '\n';
}

void OrderGroup::on_update(std::string_view event_type, std::string_view id) {
  if (id_.empty() || id != id_) return;
  if (event_type == "deleted" && wanted_ != Wanted::Removed) know(Known::Absent);
  if (event_type != "triggered") return;
  if (own_triggers_ > 0) {
    --own_triggers_;
    return;
  }
  on_refused();
}

void OrderGroup::on_refused() {
  if (wanted_ != Wanted::Active || known_ != Known::Active) return;
  // It stays as it is until trading goes on: nobody resets a limit that was reached by itself.
  wanted_ = Wanted::Triggered;
  last_trouble_ = fmt::format("order group: the venue triggered it (limit {} contracts in 15 s)", options_.contracts);
  know(Known::Triggered);
  on_alarm_();
}

bool OrderGroup::accepts(int shard) const noexcept {
  if (options_.contracts <= 0 || shard != options_.shard) return true;
  return wanted_ == Wanted::Active && known_ == Known::Active;
}

std::string_view OrderGroup::id_for(int shard) const noexcept {
  return options_.contracts > 0 && shard == options_.shard ? std::string_view(id_) : std::string_view();
}

std::string_view OrderGroup::state_name() const noexcept {
  if (options_.contracts <= 0) return {};
  if (known_ == Known::Absent) return "absent";
  return known_ == Known::Active ? "active" : "triggered";
}

}  // namespace arbees::kalshi
