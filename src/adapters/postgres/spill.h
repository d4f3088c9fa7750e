#pragma once
// Batches that the database could not take, as files of a folder, until it can.
//
// One file for each batch: written beside, synced and renamed, so that it is whole or not there; never changed. They
// come back in the order of their writers' names and numbers, whichever process left them. A damaged file is set aside
// with the ending ".damaged", one that the database refuses with ".refused"; both stay for people to look at.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "adapters/postgres/batch.h"

namespace arbees::postgres {

class SpillFolder {
 public:
  // The folder is made when it is first needed; what an earlier process left is found now.
  SpillFolder(std::string folder, std::uint64_t max_bytes);

  // False: no room, or the disk does not take it; trouble() says which.
  [[nodiscard]] bool add(const Batch& batch);

  [[nodiscard]] bool empty() const noexcept { return files_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return files_.size(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  // The first batch of those that are left; damaged ones before it are set aside.
  [[nodiscard]] std::optional<Batch> oldest();
  // What oldest() gave is in the database.
  void remove_oldest();
  // What oldest() gave will never be in the database.
  void set_aside_oldest() { set_aside(".refused"); }
  // The same for a batch that is no file.
  void keep_refused(const Batch& batch);

  [[nodiscard]] std::uint64_t damaged() const noexcept { return damaged_; }

  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 private:
  [[nodiscard]] std::string path(const std::string& name) const;
  [[nodiscard]] std::string write(const Batch& batch, const std::string& text, const char* ending);
  void set_aside(const char* ending);
  void forget_oldest();

  std::string folder_;
  std::uint64_t max_bytes_;
  std::map<std::string, std::uint64_t> files_;  // name and size
  std::uint64_t bytes_ = 0;
  std::uint64_t damaged_ = 0;
  std::string trouble_;
};

}  // namespace arbees::postgres
