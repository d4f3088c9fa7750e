#include "adapters/venue/polymarket/catalog.h"

#include "adapters/venue/polymarket/market_fields.h"
#include "adapters/venue/polymarket/terms.h"

namespace arbees::polymarket {
namespace {

std::string symbol_of(const JsonView& market) {
  const std::string_view slug = market["slug"].text();
  return std::string(slug.empty() ? market["id"].text() : slug);
}

// The label that the CLOB gives to a token; empty if it does not know it.
std::string_view clob_label(const JsonView& tokens, std::string_view id) {
  std::string_view label;
  tokens.for_each([&](const JsonView& token) {
    if (token["t"].text() == id) label = token["o"].text();
  });
  return label;
}

}  // namespace

CatalogPage Catalog::add(std::string_view document) {
  CatalogPage page;
  if (const char* error = json_.parse(document)) {
    page.anomalies.push_back({AnomalyKind::Malformed, {}, error});
    return page;
  }
  const JsonView root = json_.root();
  const bool is_listing = root["events"].is_array() && !root["conditionId"].has_value();
  if (root.is_array()) {
    root.for_each([&](const JsonView& item) { add_item(item, page); });
  } else if (is_listing || (root["markets"].is_array() && !root["slug"].has_value())) {
    root["events"].for_each([&](const JsonView& event) { add_event(event, page); });
    root["markets"].for_each([&](const JsonView& market) { add_market(market, {}, page); });
    page.next_cursor = std::string(root["next_cursor"].text());
  } else {
    add_item(root, page);
  }
  return page;
}

void Catalog::add_item(const JsonView& item, CatalogPage& page) {
  if (item["markets"].is_array()) {
    add_event(item, page);
  } else if (item["conditionId"].has_value() || item["outcomes"].has_value()) {
    add_market(item, {}, page);
  } else {
    page.anomalies.push_back({AnomalyKind::UnknownMessage, {}, "neither an event nor a market"});
  }
}

void Catalog::add_event(const JsonView& event, CatalogPage& page) {
  ++page.rows;
  event["markets"].for_each([&](const JsonView& market) { add_market(market, event, page); });
}

void Catalog::add_market(const JsonView& market, const JsonView& event, CatalogPage& page) {
  ++page.rows;
  std::array<CatalogEntry, 2> entries;
  std::string problem;
  if (!read_market(market, event, entries, problem)) {
    page.anomalies.push_back({AnomalyKind::Malformed, symbol_of(market), problem});
    return;
  }
  for (CatalogEntry& entry : entries) page.entries.push_back(std::move(entry));
}

const char* Catalog::check_clob_market(std::string_view document, std::span<CatalogEntry> entries) {
  if (const char* error = json_.parse(document)) return error;
  const JsonView root = json_.root();
  if (!root["t"].is_array()) return "no tokens";
  const auto tick = Price::parse(root["mts"].text());
  const bool is_tick = tick && tick->is_positive() && *tick < kPriceOne && kPriceOne.units() % tick->units() == 0;
  for (CatalogEntry& entry : entries) {
    if (clob_label(root["t"], entry.symbol) != entry.outcome) {
      entry.refuse(NotTradable::TermsRefused, "the CLOB knows the token by another outcome, or not at all");
    }
    if (root["nr"].has_value() && root["nr"].is_true() != entry.is_negative_risk) {
      entry.refuse(NotTradable::TermsRefused, "CLOB and Gamma disagree about negative risk");
    }
    FeeSchedule fees;
    if (root["fd"].is_object() && (!read_fee_schedule(root["fd"], fees) || fees != entry.terms.fees)) {
      entry.refuse(NotTradable::UnknownFee, "CLOB and Gamma disagree about the fee");
    }
    if (is_tick) entry.terms.grid = PriceGrid::uniform(*tick);
    entry.conclude();
  }
  return nullptr;
}

}  // namespace arbees::polymarket
