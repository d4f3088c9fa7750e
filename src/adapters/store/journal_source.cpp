#include "adapters/store/journal_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/store/journal_series.h"

namespace arbees {

Result<JournalSource, std::string> JournalSource::open(const std::vector<std::string>& paths) {
  JournalSource source;
  for (const std::string& given : paths) {
    for (std::string& path : journal_series(given)) {
      const bool is_known = std::find(source.paths_.begin(), source.paths_.end(), path) != source.paths_.end();
      if (!is_known) source.paths_.push_back(std::move(path));
    }
  }
  for (const std::string& path : source.paths_) {
    auto reader = JournalReader::open(path);
    if (!reader) return failure(reader.error());
    source.journals_.push_back(std::move(*reader));
  }
  return source;
}

bool JournalSource::poll(Event& event) {
  for (; current_ < journals_.size(); ++current_) {
    JournalReader& journal = journals_[current_];
    if (!journal.next(event)) continue;
    digest_ = journal.recorded_digest();
    if (event.received_at < latest_) {
      event.received_at = latest_;
      ++corrected_times_;
    }
    latest_ = event.received_at;
    return true;
  }
  digest_.reset();
  return false;
}

std::vector<std::string> JournalSource::complaints() const {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < journals_.size(); ++i) {
    const JournalCondition& condition = journals_[i].condition();
    if (condition.end != JournalEnd::Clean) texts.push_back(fmt::format("{}: {}", paths_[i], condition.describe()));
  }
  return texts;
}

bool JournalSource::is_corrupt() const noexcept {
  return std::any_of(journals_.begin(), journals_.end(),
                     [](const JournalReader& journal) { return journal.condition().end == JournalEnd::Corrupt; });
}

}  // namespace arbees
