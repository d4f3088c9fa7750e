#include "tests/replayed/rebuilt.h"

#include <rapidjson/document.h>

#include "app/book_rebuilder.h"
#include "tests/recorded/recorded_data.h"

namespace arbees {
namespace {

#ifdef ARBEES_SLOW_BUILD
constexpr std::size_t kMostRecordings = 5;
#else
constexpr std::size_t kMostRecordings = 1000;
#endif

// Levels of one side; their order must be best first.
naive::Side read_side(const rapidjson::Value& levels, bool best_is_highest) {
  naive::Side side;
  std::int64_t previous = 0;
  for (const auto& level : levels.GetArray()) {
    const std::int64_t price = naive::to_units(level[0].GetString());
    EXPECT_TRUE(side.empty() || (best_is_highest ? price < previous : price > previous)) << "not best first";
    previous = price;
    side[price] = naive::to_units(level[1].GetString());
  }
  return side;
}

}  // namespace

std::size_t Rebuilt::count(std::string_view kind) const {
  return static_cast<std::size_t>(std::count_if(anomalies.begin(), anomalies.end(),
                                                [kind](const FoundAnomaly& anomaly) { return anomaly.kind == kind; }));
}

naive::Books Rebuilt::levels() const {
  naive::Books all;
  for (const auto& [symbol, book] : books) all[symbol] = book.levels;
  return all;
}

Rebuilt read_books_document(const std::string& text) {
  Rebuilt rebuilt;
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) {
    ADD_FAILURE() << "not one JSON object: " << text.substr(0, 200);
    return rebuilt;
  }
  rebuilt.frames = document["frames"].GetUint64();
  rebuilt.events = document["events"].GetUint64();
  for (const auto& book : document["books"].GetArray()) {
    rebuilt.books[book["symbol"].GetString()] =
        RebuiltBook{book["status"].GetString(), {read_side(book["bids"], true), read_side(book["asks"], false)}};
  }
  for (const auto& anomaly : document["anomalies"].GetArray()) {
    EXPECT_TRUE(anomaly["detail"].IsString());
    rebuilt.anomalies.push_back(
        FoundAnomaly{anomaly["line"].GetUint64(), anomaly["kind"].GetString(), anomaly["symbol"].GetString()});
  }
  return rebuilt;
}

Rebuilt rebuild(Venue venue, const std::vector<std::string>& lines) {
  app::BookRebuilder books(venue);
  std::uint64_t number = 0;
  for (const std::string& line : lines) books.add_line(++number, line);
  books.finish(number);
  JsonWriter json;
  books.write(json);
  return read_books_document(json.take());
}

std::vector<std::string> recorded_lines(std::string_view name) {
  std::vector<std::string> lines;
  for_each_line(recorded_path(name), [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

std::vector<std::string> recorded_files(std::string_view folder, std::string_view ending) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(recorded_path(folder), error)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && path.ends_with(ending)) names.push_back(path.substr(recorded_path("").size()));
  }
  EXPECT_FALSE(names.empty()) << "no " << ending << " in " << recorded_path(folder);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> in_order_of_time(const std::vector<std::string>& frames) {
  std::vector<std::pair<std::string_view, std::size_t>> order;
  for (const std::string& frame : frames) order.emplace_back(quoted_value(frame, "timestamp"), order.size());
  std::sort(order.begin(), order.end());
  std::vector<std::string> sorted;
  for (const auto& [time, position] : order) sorted.push_back(frames[position]);
  return sorted;
}

std::vector<std::string> sampled(std::vector<std::string> names) {
  if (names.size() <= kMostRecordings) return names;
  std::vector<std::string> chosen;
  for (std::size_t i = 0; i < kMostRecordings; ++i) chosen.push_back(names[i * names.size() / kMostRecordings]);
  return chosen;
}

}  // namespace arbees
