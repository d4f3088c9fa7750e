// The manifest as a JSON file of a data folder.

#include <rapidjson/document.h>

#include "adapters/telemetry/format.h"
#include "app/discovery/folder_file.h"
#include "app/discovery/manifest.h"
#include "app/discovery/manifest_json.h"

namespace arbees::app {
namespace {

constexpr const char* kFile = "manifest.json";

using Object = rapidjson::Value;

std::string text_of(const Object& object, const char* key) {
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

bool read_hex(const std::string& text, std::uint64_t& value) {
  if (text.size() != 16) return false;
  value = 0;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (c < 'a' || c > 'f')) return false;
    value = value * 16 + static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
  }
  return true;
}

bool read_contract(const Object& object, ManifestContract& row) {
  if (!object.IsObject()) return false;
  row.venue = text_of(object, "venue");
  row.symbol = text_of(object, "symbol");
  row.outcome = text_of(object, "outcome");
  row.asset = text_of(object, "asset");
  row.family = text_of(object, "family");
  row.event = text_of(object, "event");
  row.market = text_of(object, "market");
  row.version = text_of(object, "version");
  row.payoff = text_of(object, "payoff");
  row.value = text_of(object, "value");
  row.opens_at = text_of(object, "opens_at");
  row.closes_at = text_of(object, "closes_at");
  row.grid = text_of(object, "grid");
  row.sizes = text_of(object, "sizes");
  row.fees = text_of(object, "fees");
  row.phase = text_of(object, "phase");
  row.reason = text_of(object, "reason");
  row.why = text_of(object, "why");
  const auto rules = object.FindMember("rules");
  if (rules == object.MemberEnd() || !rules->value.IsObject()) return false;
  row.rules =
      RuleEssentials{text_of(rules->value, "source"), text_of(rules->value, "condition"),
                     text_of(rules->value, "instant"), text_of(rules->value, "rounding"), text_of(rules->value, "tie")};
  return !row.symbol.empty() && read_hex(text_of(object, "fingerprint"), row.fingerprint);
}

bool read_pair(const Object& object, std::size_t contracts, ManifestPair& pair) {
  if (!object.IsObject()) return false;
  const auto first = object.FindMember("first");
  const auto second = object.FindMember("second");
  if (first == object.MemberEnd() || second == object.MemberEnd()) return false;
  if (!first->value.IsUint() || !second->value.IsUint()) return false;
  pair.first = first->value.GetUint();
  pair.second = second->value.GetUint();
  pair.key = text_of(object, "key");
  pair.match = text_of(object, "match");
  const auto differs = object.FindMember("differs_on_equality");
  pair.differs_on_equality = differs != object.MemberEnd() && differs->value.IsTrue();
  return pair.first < contracts && pair.second < contracts &&
         read_hex(text_of(object, "fingerprint"), pair.fingerprint);
}

Result<Manifest, std::string> read_manifest(const std::string& path, const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  const auto wrong = [&path](const char* what) { return failure(path + ": " + what); };
  if (document.HasParseError() || !document.IsObject()) return wrong("not a manifest");
  const auto version = document.FindMember("version");
  if (version == document.MemberEnd() || !version->value.IsInt() || version->value.GetInt() != kManifestVersion) {
    return wrong("a manifest of another version");
  }
  const auto contracts = document.FindMember("contracts");
  const auto pairs = document.FindMember("pairs");
  if (contracts == document.MemberEnd() || !contracts->value.IsArray()) return wrong("no contracts");
  if (pairs == document.MemberEnd() || !pairs->value.IsArray()) return wrong("no pairs");
  Manifest manifest;
  for (const Object& object : contracts->value.GetArray()) {
    if (!read_contract(object, manifest.contracts.emplace_back())) return wrong("a damaged contract");
  }
  for (const Object& object : pairs->value.GetArray()) {
    if (!read_pair(object, manifest.contracts.size(), manifest.pairs.emplace_back())) return wrong("a damaged pair");
  }
  if (text_of(document, "hash") != to_hex(manifest_hash(manifest)))
    return wrong("the hash is not that of its contents");
  return manifest;
}

}  // namespace

std::string manifest_path(const std::string& folder) { return path_in(folder, kFile); }

std::string save_manifest(const std::string& folder, const Manifest& manifest) {
  return write_whole(folder, kFile, manifest_json(manifest, nullptr) + "\n");
}

Result<Manifest, std::string> load_manifest(const std::string& folder) {
  const auto text = read_whole(manifest_path(folder));
  if (!text) return failure(text.error());
  return read_manifest(manifest_path(folder), *text);
}

}  // namespace arbees::app
