#include "tests/tidy/layering.h"

#include <algorithm>
#include <array>

namespace arbees::tidy {
namespace {

// ---- The table. A module may include itself, those before it in its row, and what its row is allowed besides. ----

constexpr std::array<std::string_view, 7> kCore = {"src/core/base/",      "src/core/market/", "src/core/pricing/",
                                                   "src/core/arbitrage/", "src/core/risk/",   "src/core/engine/",
                                                   "src/core/simulation/"};
// telemetry ← net ← the rest, which do not know each other.
constexpr std::array<std::string_view, 2> kSharedAdapters = {"src/adapters/telemetry/", "src/adapters/net/"};
constexpr std::array<std::string_view, 7> kAdapters = {
    "src/adapters/venue/",    "src/adapters/bus/",      "src/adapters/redis/",    "src/adapters/store/",
    "src/adapters/keystore/", "src/adapters/postgres/", "src/adapters/dashboard/"};
constexpr std::string_view kSharedVenueCode = "src/adapters/venue/json/";

// A library's headers, its package, and the only files of src that may see them; tests, fuzz targets and benchmarks
// may use all. A place that ends in '/' is a folder, whose .cpp files alone are meant; "*" stands for one folder name.
struct Library {
  std::string_view header;
  std::string_view package;
  std::vector<std::string_view> places;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"tl/expected.hpp", "libexpected-dev", {"src/core/base/result.h"}},
      {"fmt/", "libfmt-dev", {"src/adapters/", "src/sim/", "src/app/"}},
      {"spdlog/", "libspdlog-dev", {"src/adapters/telemetry/log.cpp"}},
      {"simdjson.h", "libsimdjson-dev", {"src/adapters/venue/"}},
      {"rapidjson/",
       "rapidjson-dev",
       {"src/app/", "src/sim/", "src/sim/json_fields.h", "src/adapters/telemetry/json.cpp",
        "src/app/checking/json_fields.h", "src/app/import/json_line.h", "src/adapters/bus/",
        "src/adapters/bus/json_reader.h"}},
      {"CLI/", "libcli11-dev", {"src/app/cli.cpp"}},
      {"toml++/", "libtomlplusplus-dev", {"src/app/config/toml_file.cpp"}},
      {"openssl/",
       "libssl-dev",
       {"src/adapters/venue/*/signer.cpp", "src/adapters/venue/polymarket/sha1.cpp", "src/adapters/net/",
        "src/adapters/keystore/", "src/sim/keys.cpp", "src/sim/certificate.cpp"}},
      {"secp256k1", "libsecp256k1-dev", {"src/adapters/venue/polymarket/"}},
      {"sqlite3.h", "libsqlite3-dev", {"src/adapters/store/"}},
      {"zstd.h", "libzstd-dev", {"src/adapters/store/"}},
      {"boost/",
       "libboost1.81-dev",
       {"src/adapters/net/", "src/adapters/net/io_loop_impl.h", "src/adapters/net/stream.h"}},
      {"zmq", "libzmq3-dev", {"src/adapters/bus/"}},
      {"pqxx/", "libpqxx-dev", {"src/adapters/postgres/connection.cpp"}},
      {"hiredis/", "libhiredis-dev", {"src/adapters/redis/"}},
      {"glpk.h", "libglpk-dev", {}},
      {"gtest/", "libgtest-dev", {}},
      {"gmock/", "libgmock-dev", {}},
      {"benchmark/", "libbenchmark-dev", {}},
  };
  return kLibraries;
}

// All that the core may take from the standard library: nothing that does I/O, asks a clock, starts a thread or
// formats text. <chrono> is for its types; its clocks are found by their names (purity.cpp).
constexpr std::array<std::string_view, 33> kCoreHeaders = {
    "algorithm", "array", "atomic", "bit", "charconv", "chrono", "cmath", "compare", "concepts", "cstddef", "cstdint",
    "cstdlib", "cstring", "functional", "initializer_list", "iterator", "limits", "memory", "new", "numbers", "numeric",
    "optional", "queue", "span", "string_view", "tuple", "type_traits", "utility", "variant", "vector", "version",
    // The processor's vector units, chosen at run time, and which it has.
    "immintrin.h", "cpuid.h"};

// Slow to compile or not for us, anywhere in src.
constexpr std::array<std::string_view, 4> kBannedHeaders = {"iostream", "regex", "nlohmann/json.hpp", "bits/stdc++.h"};

// Headers of the operating system, for adapters and app.
constexpr std::array<std::string_view, 4> kSystemFolders = {"sys/", "netinet/", "arpa/", "linux/"};
constexpr std::array<std::string_view, 15> kSystemHeaders = {
    "unistd.h", "fcntl.h", "signal.h", "poll.h",  "netdb.h", "pthread.h", "sched.h",  "termios.h",
    "dirent.h", "errno.h", "pwd.h",    "spawn.h", "time.h",  "limits.h",  "ifaddrs.h"};

// ---- The rules ----

template <class List>
bool contains(const List& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

template <class List>
const std::string_view* find_prefix(const List& list, std::string_view text) {
  const auto it =
      std::find_if(list.begin(), list.end(), [&](std::string_view prefix) { return text.starts_with(prefix); });
  return it == list.end() ? nullptr : &*it;
}

// "src/adapters/venue/*/signer.cpp" against a path; '*' matches within one folder name.
bool matches(std::string_view pattern, std::string_view path) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (path.size() < before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return false;
  const std::string_view middle = path.substr(before.size(), path.size() - before.size() - after.size());
  return before.empty() || middle.find('/') == std::string_view::npos;
}

bool is_place(std::string_view place, std::string_view path) {
  if (!place.ends_with('/')) return matches(place, path);
  return path.starts_with(place) && path.ends_with(".cpp");
}

bool may_include_core(std::string_view from, std::string_view target) {
  const std::string_view* target_module = find_prefix(kCore, target);
  if (target_module == nullptr) return false;
  // All unit tests of the core are one program.
  if (from.starts_with("src/core/") && is_test_source(from)) return true;
  if (const std::string_view* module = find_prefix(kCore, from)) return target_module <= module;
  if (from.starts_with("src/adapters/")) return *target_module == kCore[0] || *target_module == kCore[1];
  return true;
}

// Folders of one venue do not know the other venues; what they share lies in venue/ itself and venue/json/.
bool is_other_venue(std::string_view from, std::string_view target) {
  const std::string_view venues = kAdapters[0];
  if (!from.starts_with(venues) || !target.starts_with(venues)) return false;
  const std::string_view folder = target.substr(0, target.rfind('/') + 1);
  return folder != venues && folder != kSharedVenueCode && !from.starts_with(folder);
}

bool may_include_adapter(std::string_view from, std::string_view target) {
  if (from.starts_with("src/core/")) return false;
  if (!from.starts_with("src/adapters/")) return true;
  const std::string_view* shared = find_prefix(kSharedAdapters, target);
  if (const std::string_view* from_shared = find_prefix(kSharedAdapters, from))
    return shared != nullptr && shared <= from_shared;
  if (shared != nullptr) return true;
  const std::string_view* module = find_prefix(kAdapters, from);
  return module != nullptr && module == find_prefix(kAdapters, target) && !is_other_venue(from, target);
}

bool may_include_own(std::string_view from, std::string_view target) {
  if (!from.starts_with("src/")) return true;
  if (target.starts_with("src/tests/")) return is_test_source(from);
  if (target.starts_with("src/core/")) return may_include_core(from, target);
  if (target.starts_with("src/adapters/")) return may_include_adapter(from, target);
  // The loopback venues stand beside the adapters that they test: of those they may use all, of the app nothing.
  if (target.starts_with("src/sim/")) return from.starts_with("src/sim/") || from.starts_with("src/app/");
  if (target.starts_with("src/app/")) return from.starts_with("src/app/") || from == "src/main.cpp";
  return false;
}

const Library* library_of(std::string_view header) {
  const auto& all = libraries();
  const auto it = std::find_if(all.begin(), all.end(), [&](const Library& l) { return header.starts_with(l.header); });
  return it == all.end() ? nullptr : &*it;
}

// Empty if the file may include this header, else what is wrong.
std::string judge_external(std::string_view from, std::string_view header) {
  const std::string name = "<" + std::string(header) + ">";
  if (contains(kBannedHeaders, header)) return name + " is not used in this project";
  if (!from.starts_with("src/") || is_test_source(from)) return "";
  if (const Library* library = library_of(header)) {
    const auto& places = library->places;
    const bool allowed =
        std::any_of(places.begin(), places.end(), [&](std::string_view place) { return is_place(place, from); });
    return allowed ? "" : name + " is not allowed here (table in tests/tidy/layering.cpp)";
  }
  if (from.starts_with("src/core/")) {
    return contains(kCoreHeaders, header) ? "" : name + " is not for the pure core";
  }
  const bool is_standard = header.find_first_of("./") == std::string_view::npos;
  const bool is_system = contains(kSystemHeaders, header) || find_prefix(kSystemFolders, header) != nullptr;
  return is_standard || is_system ? "" : name + " belongs to no library in tests/tidy/layering.cpp";
}

// What the line includes, with its delimiters: "<vector>" or "\"core/base/time.h\""; empty if nothing.
std::string_view included(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || !line.substr(hash).starts_with("#include")) return {};
  const std::size_t open = line.find_first_of("<\"", hash);
  if (open == std::string_view::npos) return {};
  const std::size_t close = line.find_first_of(">\"", open + 1);
  return close == std::string_view::npos ? std::string_view() : line.substr(open, close - open + 1);
}

}  // namespace

Findings check_includes(const SourceFile& file) {
  Findings findings;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    const std::string_view quoted = included(line);
    if (quoted.empty()) continue;
    const std::string_view name = quoted.substr(1, quoted.size() - 2);
    if (quoted.front() == '<') {
      const std::string wrong = judge_external(file.path, name);
      if (!wrong.empty()) add_finding(findings, file, number, wrong);
    } else if (!may_include_own(file.path, "src/" + std::string(name))) {
      add_finding(findings, file, number, "\"" + std::string(name) + "\" points outward");
    }
  }
  return findings;
}

std::vector<std::string> packages_used(const SourceFile& file) {
  std::vector<std::string> packages;
  for (const std::string_view line : lines_of(file.text)) {
    const std::string_view quoted = included(line);
    if (quoted.empty() || quoted.front() != '<') continue;
    const Library* library = library_of(quoted.substr(1, quoted.size() - 2));
    if (library != nullptr) packages.emplace_back(library->package);
  }
  return packages;
}

}  // namespace arbees::tidy
