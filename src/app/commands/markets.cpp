// arbees markets: what discovery knows, in words: contracts with terms, or why not; pairs with both rules side by side.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <set>

#include "adapters/telemetry/json.h"
#include "adapters/venue/kalshi/catalog.h"
#include "adapters/venue/polymarket/catalog.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/discovery/approvals.h"
#include "app/discovery/folder_file.h"
#include "app/discovery/manifest_json.h"

namespace arbees::app {
namespace {

struct MarketsOptions {
  std::string action;
  std::string key;
  std::string data;
  std::vector<std::string> from;
  bool json = false;
};

int refuse(const MarketsOptions& options, int code, std::string_view name, std::string_view message) {
  if (options.json) std::printf("%s\n", error_document(name, message).c_str());
  std::fprintf(stderr, "arbees markets: %.*s\n", static_cast<int>(message.size()), message.data());
  return code;
}

// A manifest, and what in its documents could not be read.
struct Known {
  Manifest manifest;
  std::vector<std::string> complaints;
};

// A document belongs to the venue that finds something in it; Kalshi's have tickers, Gamma's have slugs.
CatalogPage read_document(const std::string& text, kalshi::Catalog& kalshi_catalog, polymarket::Catalog& gamma) {
  CatalogPage page = kalshi_catalog.add(text);
  if (!page.entries.empty() || page.anomalies.empty()) return page;
  CatalogPage other = gamma.add(text);
  return other.entries.empty() ? page : other;
}

// Documents in the order given; series before markets is not needed.
Known read_documents(const std::vector<std::string>& paths) {
  Known known;
  kalshi::Catalog kalshi_catalog;
  polymarket::Catalog gamma;
  std::vector<CatalogEntry> entries;
  for (const std::string& path : paths) {
    const auto text = read_whole(path);
    if (!text) {
      known.complaints.push_back(text.error());
      continue;
    }
    CatalogPage page = read_document(*text, kalshi_catalog, gamma);
    for (const Anomaly& anomaly : page.anomalies) {
      known.complaints.push_back(path + ": " + (anomaly.symbol.empty() ? "" : anomaly.symbol + ": ") + anomaly.detail);
    }
    for (CatalogEntry& entry : page.entries) entries.push_back(std::move(entry));
  }
  for (CatalogEntry& entry : entries) {
    if (entry.venue == Venue::Kalshi) kalshi_catalog.conclude(entry);
  }
  known.manifest = make_manifest(std::move(entries));
  return known;
}

// Every fingerprint under which the key appears: one, unless the venue has changed a rule in between.
std::set<std::uint64_t> fingerprints_of(const Manifest& manifest, const std::string& key) {
  std::set<std::uint64_t> found;
  for (const ManifestContract& row : manifest.contracts) {
    if (row.family == key && row.reason != "unknown_fee") found.insert(row.fingerprint);
  }
  for (const ManifestPair& pair : manifest.pairs) {
    if (pair.key == key) found.insert(pair.fingerprint);
  }
  return found;
}

int approve(const MarketsOptions& options, const Manifest& manifest, Approvals& approvals, Timestamp now) {
  const auto found = fingerprints_of(manifest, options.key);
  if (found.empty()) return refuse(options, kNotFound, "not_found", "no contract or pair of '" + options.key + "'");
  if (found.size() > 1) {
    return refuse(options, kRefused, "ambiguous", "'" + options.key + "' has contracts with different rules or fees");
  }
  approvals.approve(options.key, *found.begin(), now);
  return kDone;
}

int change(const MarketsOptions& options, const Manifest& manifest, Approvals& approvals) {
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const std::string folder = data_folder(options.data);
  if (options.key.empty()) return refuse(options, kUsage, "usage", options.action + " needs a FAMILY or FAMILY~FAMILY");
  if (options.action == "approve") {
    if (const int code = approve(options, manifest, approvals, now); code != kDone) return code;
  } else if (options.action == "revoke") {
    if (!approvals.revoke(options.key, "by hand", now)) {
      return refuse(options, kNotFound, "not_found", "'" + options.key + "' was never approved");
    }
  } else {
    return refuse(options, kUsage, "usage", "unknown action '" + options.action + "': approve or revoke");
  }
  if (const std::string wrong = approvals.save(folder); !wrong.empty())
    return refuse(options, kFailed, "failed", wrong);
  if (options.json) {
    JsonWriter json;
    json.begin_object().field("key", options.key).field("approved", options.action == "approve").end_object();
    std::printf("%s\n", json.take().c_str());
  } else {
    std::printf("%s %s\n", options.action == "approve" ? "approved" : "revoked", options.key.c_str());
  }
  return kDone;
}

int show_markets(const MarketsOptions& options) {
  const std::string folder = data_folder(options.data);
  auto approvals = Approvals::open(folder);
  if (!approvals) return refuse(options, kBadInput, "damaged", approvals.error());
  Known known;
  if (!options.from.empty()) {
    known = read_documents(options.from);
  } else if (!std::filesystem::exists(manifest_path(folder))) {
    const bool can_do_without = options.action == "revoke";
    if (!can_do_without)
      return refuse(options, kNotFound, "not_found", "no manifest in '" + folder + "'; run first, or --from");
  } else {
    auto manifest = load_manifest(folder);
    if (!manifest) return refuse(options, kBadInput, "damaged", manifest.error());
    known.manifest = std::move(*manifest);
  }
  for (const std::string& complaint : known.complaints) std::fprintf(stderr, "arbees markets: %s\n", complaint.c_str());
  if (!options.action.empty()) return change(options, known.manifest, *approvals);
  const std::string text =
      options.json ? manifest_json(known.manifest, &*approvals) + "\n" : manifest_page(known.manifest, *approvals);
  std::fputs(text.c_str(), stdout);
  return known.complaints.empty() ? kDone : kBadInput;
}

}  // namespace

void add_markets_command(CommandLine& line) {
  Command& command = line.add("markets", "Listed contracts with their terms, pairs across venues, approvals");
  auto options = std::make_shared<MarketsOptions>();
  command.positional("ACTION", options->action, false, "approve or revoke; none: list");
  command.positional("KEY", options->key, false, "Family (kalshi:KXBTC15M) or pair of families (FAMILY~FAMILY)");
  command.option("--data", options->data, kDataFolderHelp);
  command.option("--from", options->from, "Recorded REST documents instead of the manifest of the data folder");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return show_markets(*options); });
}

}  // namespace arbees::app
