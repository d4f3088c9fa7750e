#include "app/data_folder.h"

#include <cstdlib>
#include <filesystem>

namespace arbees::app {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string data_folder(const std::string& given) {
  if (!given.empty()) return given;
  const std::string from_environment = environment("ARBEES_DATA_DIR");
  return from_environment.empty() ? "arbees-data" : from_environment;
}

std::string ledger_path(const std::string& folder) {
  return (std::filesystem::path(folder) / "ledger.sqlite").string();
}

}  // namespace arbees::app
