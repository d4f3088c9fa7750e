#include "app/discovery/contract_title.h"

#include <algorithm>

namespace arbees::app {
namespace {

constexpr std::size_t kLongest = 120;

// Text of others is shown on terminals: no control characters, and one column for each byte.
std::string printable(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::string shortened(std::string text, std::size_t length) {
  if (text.size() > length) text = text.substr(0, length - 3) + "...";
  return text;
}

}  // namespace

std::string contract_title(const CatalogEntry& entry) {
  const std::string outcome = entry.other.empty() || entry.outcome.empty() ? "" : ": " + entry.outcome;
  if (entry.title.empty() || outcome.size() > kLongest / 2) return printable(shortened(entry.title, kLongest));
  return printable(shortened(entry.title, kLongest - outcome.size()) + outcome);
}

ContractDescription contract_description(const CatalogEntry& entry) {
  ContractDescription description;
  description.contract.id = entry.id();
  description.contract.venue = entry.venue;
  (void)set_symbol(description.contract, entry.symbol);  // one that does not fit is never told
  description.asset = entry.terms.asset;
  description.title = contract_title(entry);
  return description;
}

}  // namespace arbees::app
