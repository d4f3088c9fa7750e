#include "app/running/watch_screen.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "app/running/flatten_text.h"
#include "app/running/status_text.h"

namespace arbees::app {
namespace {

using rapidjson::Document;
using rapidjson::Value;

constexpr std::size_t kMostFeeds = 8;
constexpr std::size_t kMostGroups = 4;
constexpr std::size_t kMostCounts = 4;
constexpr std::size_t kMostLeft = 4;

const Value* member(const Value& object, const char* key) {
  if (!object.IsObject()) return nullptr;
  const auto it = object.FindMember(key);
  return it == object.MemberEnd() ? nullptr : &it->value;
}

std::string text_of(const Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsUint64()) return std::to_string(value.GetUint64());
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsDouble()) return fmt::format("{:.1f}", value.GetDouble());
  return "-";
}

std::string text_of(const Value& object, const char* key) {
  const Value* value = member(object, key);
  return value == nullptr ? std::string("-") : text_of(*value);
}

bool is_set(const Value& object, const char* key) {
  const Value* value = member(object, key);
  return value != nullptr && value->IsBool() && value->GetBool();
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// "1:02:03".
std::string length_text(Duration length) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length).count();
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// Time of day of an ISO text.
std::string time_of_day(const std::string& text) { return text.size() < 19 ? text : text.substr(11, 8); }

std::string age_text(const Value& feed) {
  const Value* age = member(feed, "age_ms");
  if (age == nullptr || !age->IsInt64() || age->GetInt64() < 0) return "-";
  if (age->GetInt64() < 10'000) return fmt::format("{} ms", age->GetInt64());
  return fmt::format("{} s", age->GetInt64() / 1000);
}

Ink state_ink(const std::string& state) {
  if (state == "live") return Ink::Good;
  return state == "stale" ? Ink::Warning : Ink::Bad;
}

// One process, as it is shown.
struct Shown {
  Document document;
  std::string trouble;
  std::string name;
  bool is_reducing = false;
  std::vector<std::string> flatten;
};

void show_state(const Shown& shown, Screen& screen) {
  if (is_set(shown.document, "halted")) {
    screen.put("HALTED", Ink::Bad);
  } else if (shown.is_reducing) {
    screen.put("REDUCING", Ink::Warning);
  } else {
    screen.put("ACTIVE", Ink::Good);
  }
}

void show_head(const Shown& shown, Timestamp now, Screen& screen) {
  const Document& document = shown.document;
  const std::string role = text_of(document, "role");
  const std::string label = text_of(document, "label") == "-" ? text_of(document, "mode") : text_of(document, "label");
  screen.put("ARBEES ", Ink::Bold).put(role == "-" ? upper(label) : role, Ink::Bold).put("  ");
  screen.put(text_of(document, "mode")).put(" trading  ");
  show_state(shown, screen);
  const auto started = parse_iso8601(text_of(document, "started_at"));
  const auto written = parse_iso8601(text_of(document, "written_at"));
  screen.put(fmt::format("  pid {}", text_of(document, "pid")), Ink::Faint);
  if (started) screen.put(fmt::format("  up {}", length_text(now - *started)), Ink::Faint);
  if (written && now - *written > std::chrono::seconds(2)) {
    screen.put(fmt::format("  silent for {}", length_text(now - *written)), Ink::Bad);
  }
  screen.end_line();
  if (is_set(document, "halted")) {
    screen.put("halted: ").put(text_of(document, "halt_reason"), Ink::Warning).end_line();
  }
  if (!shown.flatten.empty()) screen.put(shown.flatten.front(), Ink::Warning).end_line();
}

// What could not be sold yet; the status names all of it.
void show_left(const Shown& shown, Screen& screen) {
  const std::size_t end = std::min(shown.flatten.size(), kMostLeft + 1);
  for (std::size_t i = 1; i < end; ++i) screen.put(shown.flatten[i]).end_line();
  if (end < shown.flatten.size()) {
    screen.put(fmt::format("  and {} more (arbees status names all)", shown.flatten.size() - end)).end_line();
  }
}

void show_dead(const DeadProcess& dead, Screen& screen) {
  screen.put("DEAD", Ink::Bad).put(fmt::format("  {}  {}, last word {}", dead.role, kHasDied, dead.told_at)).end_line();
}

// What can be spent. By the books Kalshi's cash may be below zero beside what it has paid for pairs already, so that is
// told as well and the balance of the books is not; so is what settled contracts have not brought yet.
void show_cash(const Value& document, Screen& screen) {
  const Value* free = member(document, "free_cash");
  const Value* cash = free != nullptr ? free : member(document, "cash");
  if (cash == nullptr || !cash->IsObject() || cash->ObjectEmpty()) return;
  screen.put(free != nullptr ? "free cash" : "cash");
  for (const auto& [venue, money] : cash->GetObject()) {
    screen.field(fmt::format("  {} ", venue.GetString()), text_of(money), Ink::Faint);
  }
  for (const auto& [key, name] :
       {std::pair("paid_for_pairs", "  for pairs "), std::pair("unpaid", "  not paid yet ")}) {
    const Value* amounts = member(document, key);
    if (amounts == nullptr || !amounts->IsObject()) continue;
    for (const auto& [venue, money] : amounts->GetObject()) {
      if (text_of(money) != "0") screen.field(name, text_of(money), Ink::Faint);
    }
  }
  screen.end_line();
}

void show_money(const Value& document, Screen& screen) {
  const Value* pnl = member(document, "pnl");
  if (pnl == nullptr) return;
  screen.field("cash flow ", text_of(*pnl, "total"), Ink::Bold);
  if (const Value* exposure = member(document, "exposure")) screen.field("  at stake ", text_of(*exposure, "total"));
  if (member(document, "day_result") != nullptr) {
    screen.field("  today ", text_of(document, "day_result"));
    screen.field(" of -", text_of(document, "max_daily_loss"), Ink::Faint);
  }
  screen.end_line();
  show_cash(document, screen);
}

void show_counts(const Value& document, Screen& screen) {
  bool any = false;
  for (const char* field : {"events", "decisions", "requests", "fills", "settled", "published", "received", "executed",
                            "refused", "markets"}) {
    if (member(document, field) == nullptr) continue;
    screen.field(fmt::format("{}{} ", any ? "  " : "", field), text_of(document, field), Ink::Bold);
    any = true;
  }
  screen.end_line();
}

void show_latency(const Value& document, Screen& screen) {
  const Value* latency = member(document, "latency_us");
  if (latency == nullptr) return;
  // An executor's begins with the request that it hears.
  const bool is_executor = text_of(document, "role") == "execution-service";
  screen.put(fmt::format("{}: p50 {} us, p99 {} us, max {} us", is_executor ? "request to orders" : "event to request",
                         text_of(*latency, "p50"), text_of(*latency, "p99"), text_of(*latency, "max")));
  screen.end_line();
}

void show_feeds(const Value& document, Screen& screen) {
  const Value* feeds = member(document, "feeds");
  if (feeds == nullptr || !feeds->IsArray() || feeds->Empty()) return;
  screen.left("FEED", 13, Ink::Faint).left("STATE", 7, Ink::Faint);
  for (const char* head : {"AGE", "FRAMES", "GAPS", "RESYNCS", "LOST", "ERRORS"}) screen.right(head, 9, Ink::Faint);
  screen.end_line();
  for (std::size_t i = 0; i < std::min<std::size_t>(feeds->Size(), kMostFeeds); ++i) {
    const Value& feed = (*feeds)[static_cast<rapidjson::SizeType>(i)];
    const std::string state = text_of(feed, "status");
    screen.left(text_of(feed, "venue"), 13).left(state, 7, state_ink(state)).right(age_text(feed), 9);
    for (const char* field : {"frames", "gaps", "resyncs", "disconnects", "malformed"}) {
      screen.right(text_of(feed, field), 9);
    }
    screen.end_line();
  }
}

// Both lists side by side: name and count.
using Counts = std::vector<std::pair<std::string, std::string>>;

Counts counts_of(const Value& document, const char* key) {
  Counts counts;
  const Value* object = member(document, key);
  if (object == nullptr || !object->IsObject()) return counts;
  for (const auto& [name, count] : object->GetObject()) counts.emplace_back(name.GetString(), text_of(count));
  const auto is_more = [](const auto& a, const auto& b) {
    return a.second.size() != b.second.size() ? a.second.size() > b.second.size() : a.second > b.second;
  };
  std::sort(counts.begin(), counts.end(), is_more);
  return counts;
}

void show_opportunities(const Value& document, Screen& screen) {
  if (member(document, "opportunities") == nullptr) return;
  const Counts seen = counts_of(document, "opportunities");
  const Counts rejected = counts_of(document, "rejected");
  screen.left("OPPORTUNITIES", 20, Ink::Faint).right("SEEN", 9, Ink::Faint).put("    ");
  screen.left("NOT TRADED, BY REASON", 30, Ink::Faint).right("JUDGED", 9, Ink::Faint).end_line();
  const std::size_t rows = std::min(kMostCounts, std::max({seen.size(), rejected.size(), std::size_t{1}}));
  for (std::size_t i = 0; i < rows; ++i) {
    const auto cell = [i](const Counts& counts) { return i < counts.size() ? counts[i] : Counts::value_type(); };
    const auto [detector, times] = cell(seen);
    const auto [reason, judged] = cell(rejected);
    screen.left(i == 0 && seen.empty() ? "none yet" : detector, 20).right(times, 9).put("    ");
    screen.left(reason, 30).right(judged, 9).end_line();
  }
}

void show_groups(const Value& document, Screen& screen) {
  const Value* told = member(document, "event_groups");
  const Value* groups = told == nullptr ? nullptr : member(*told, "nearest");
  if (groups == nullptr || !groups->IsArray()) return;
  screen.left("NEAREST TO A PROFIT", 20, Ink::Faint).right("CONTRACTS", 10, Ink::Faint);
  screen.right("SETTLES", 12, Ink::Faint).right("$1 COSTS", 12, Ink::Faint).end_line();
  for (std::size_t i = 0; i < std::min<std::size_t>(groups->Size(), kMostGroups); ++i) {
    const Value& group = (*groups)[static_cast<rapidjson::SizeType>(i)];
    const bool is_profit = is_set(group, "arbitrage");
    screen.left(text_of(group, "asset"), 20).right(text_of(group, "contracts"), 10);
    screen.right(time_of_day(text_of(group, "settles_at")), 12);
    screen.right(text_of(group, "cheapest_dollar"), 12, is_profit ? Ink::Good : Ink::Plain);
    if (is_profit) screen.put("  arbitrage", Ink::Good);
    screen.end_line();
  }
}

void show_brief(const Shown& shown, Timestamp now, Screen& screen) {
  show_head(shown, now, screen);
  if (!shown.trouble.empty()) screen.put(shown.trouble, Ink::Warning).end_line();
  show_counts(shown.document, screen);
}

void show_whole(const Shown& shown, Timestamp now, Screen& screen) {
  show_head(shown, now, screen);
  if (!shown.trouble.empty()) screen.put(shown.trouble, Ink::Warning).end_line();
  show_left(shown, screen);
  show_money(shown.document, screen);
  show_counts(shown.document, screen);
  show_latency(shown.document, screen);
  show_feeds(shown.document, screen);
  show_opportunities(shown.document, screen);
  show_groups(shown.document, screen);
}

using Show = void (*)(const Shown&, Timestamp, Screen&);

std::size_t lines_of(Show show, const Shown& shown, Timestamp now) {
  Screen screen;
  show(shown, now, screen);
  return screen.line_count();
}

std::vector<Shown> parsed(const std::vector<std::string>& documents) {
  std::vector<Shown> all;
  for (const std::string& text : documents) {
    Shown shown;
    shown.document.Parse(text.data(), text.size());
    if (shown.document.HasParseError() || !shown.document.IsObject()) continue;
    shown.trouble = state_trouble(text);
    shown.is_reducing = is_reducing(text);
    shown.flatten = flatten_lines(text);
    shown.name = text_of(shown.document, "role") == "-" ? "run" : text_of(shown.document, "role");
    if (member(shown.document, "shard") != nullptr) shown.name += "." + text_of(shown.document, "shard");
    all.push_back(std::move(shown));
  }
  return all;
}

// How each is shown in so many lines; shorter than the list if not all have room, with a line left for their names.
std::vector<Show> plan(const std::vector<Shown>& all, Timestamp now, std::size_t lines) {
  std::vector<Show> plan;
  if (all.size() == 1) return {show_whole};  // a page for itself, cut where the terminal ends
  std::size_t used = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t brief = lines_of(show_brief, all[i], now);
    const std::size_t spare = i + 1 < all.size() ? 1 : 0;
    if (used + brief + spare > lines) return plan;
    used += brief;
    plan.push_back(show_brief);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t more = lines_of(show_whole, all[i], now) - lines_of(show_brief, all[i], now);
    if (used + more > lines) continue;
    used += more;
    plan[i] = show_whole;
  }
  return plan;
}

}  // namespace

Screen watch_screen(const WatchedProcesses& processes, Timestamp now, std::size_t rows) {
  Screen screen;
  for (const DeadProcess& process : processes.dead) show_dead(process, screen);
  const std::vector<Shown> all = parsed(processes.documents);
  if (all.empty() && processes.dead.empty()) {
    screen.put(fmt::format("nothing runs in {}", processes.data_folder)).end_line();
    return screen;
  }
  const std::vector<Show> shows = plan(all, now, rows - std::min(rows, screen.line_count()));
  for (std::size_t i = 0; i < shows.size(); ++i) shows[i](all[i], now, screen);
  if (shows.size() == all.size()) return screen;
  std::string names;
  for (std::size_t i = shows.size(); i < all.size(); ++i) names += (names.empty() ? "" : ", ") + all[i].name;
  screen.put(fmt::format("+{} more: {}", all.size() - shows.size(), names), Ink::Warning).end_line();
  return screen;
}

}  // namespace arbees::app
