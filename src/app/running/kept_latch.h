#pragma once
// A latch that is not lifted by losing its file: only a resume in the folder's halt-history ends it.
//
// Whoever has seen it set takes it for set until that resume; and so does whoever finds a history whose last word is
// that it was set. keep() puts the file back. A halt also holds where its folder has gone, or the history cannot be
// read: the answer to any doubt. What was seen is remembered, so an object belongs to one thread; the history is read
// only where it has changed, and only while the file is not there.

#include <string>
#include <vector>

#include "app/running/folder_latch.h"
#include "app/running/halt_history.h"

namespace arbees::app {

class KeptLatch {
 public:
  KeptLatch(const std::string& folder, HaltHistory::Kind kind);

  [[nodiscard]] bool is_set() const;
  // As FolderLatch has them; those of a file that is gone are told with the fact that it is.
  [[nodiscard]] std::vector<std::string> reasons() const;
  [[nodiscard]] std::string reason() const;
  // As FolderLatch::set(), and in the history.
  [[nodiscard]] Result<bool, std::string> set(const std::string& reason, Timestamp now) const;
  // The file only: the history is the caller's.
  [[nodiscard]] Result<bool, std::string> clear() const { return latch_.clear(); }
  // For who obeys it, with every look: writes what is set into the history, puts a file that is gone back where it can,
  // and tells the log.
  void keep(Timestamp now) const;

 private:
  // What this object has seen.
  struct Memory {
    HaltHistory history;
    HaltHistory::Told before;  // the history's word when it was seen free last, or first
    bool has_looked = false;
    bool is_held = false;         // it was seen set
    bool is_folder_seen = false;  // the folder was there
    bool is_folder_lost = false;  // and was gone then; until the file is in its place again
    bool is_recorded = false;     // the history has its reasons
    bool is_told = false;         // of this loss
    std::vector<std::string> reasons;
    Timestamp next_try = kNoTime;
  };

  [[nodiscard]] bool is_folder_there() const noexcept;
  [[nodiscard]] bool look_at_history() const;
  [[nodiscard]] std::vector<std::string> remembered() const;
  [[nodiscard]] bool record(const HaltHistory::Writer& writer) const;
  void keep_set(Timestamp now) const;
  void put_back(Timestamp now) const;

  std::string folder_;
  std::string name_;
  HaltHistory::Kind kind_;
  FolderLatch latch_;
  mutable Memory memory_;
};

}  // namespace arbees::app
