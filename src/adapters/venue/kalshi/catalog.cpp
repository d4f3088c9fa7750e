#include "adapters/venue/kalshi/catalog.h"

#include "adapters/venue/kalshi/families.h"
#include "adapters/venue/kalshi/terms.h"

namespace arbees::kalshi {
namespace {

constexpr std::uint32_t kTakerRate = 70'000;  // millionths: 0.07
constexpr std::uint32_t kMakerRate = 17'500;  // a quarter of it, where makers pay at all

std::optional<std::uint32_t> read_multiplier(std::string_view text) {
  const auto value = parse_decimal(text, 4);
  if (!value || *value < 0 || *value > 1'000'000) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

}  // namespace

CatalogPage Catalog::add(std::string_view document) {
  CatalogPage page;
  if (const char* error = json_.parse(document)) {
    page.anomalies.push_back({AnomalyKind::Malformed, {}, error});
    return page;
  }
  JsonView root = json_.root();
  if (root["response"].is_object()) root = root["response"];  // a recorded exchange with its description
  const JsonView series = root["series"];
  const JsonView events = root["events"];
  const JsonView event = root["event"];
  if (series.is_object()) add_series(series, page);
  series.for_each([&](const JsonView& one) { add_series(one, page); });
  events.for_each([&](const JsonView& one) { add_event(one, page); });
  if (event.is_object()) add_event(event, page);
  add_markets(root["markets"], page);
  if (root["market"].is_object()) add_market(root["market"], page);
  page.next_cursor = std::string(root["cursor"].text());
  const bool is_known = series.has_value() || events.is_array() || event.is_object() || root["markets"].is_array() ||
                        root["market"].is_object();
  if (!is_known) page.anomalies.push_back({AnomalyKind::UnknownMessage, {}, "no series, events or markets in it"});
  for (CatalogEntry& entry : page.entries) conclude(entry);
  return page;
}

void Catalog::add_series(const JsonView& series, CatalogPage& page) {
  const std::string_view ticker = series["ticker"].text();
  ++page.rows;
  if (ticker.empty()) {
    page.anomalies.push_back({AnomalyKind::Malformed, {}, "a series without a ticker"});
    return;
  }
  series_[std::string(ticker)] =
      Fees{std::string(series["fee_type"].text()), std::string(series["fee_multiplier"].text())};
}

void Catalog::add_event(const JsonView& event, CatalogPage& page) {
  const std::string_view ticker = event["event_ticker"].text();
  ++page.rows;
  if (ticker.empty()) {
    page.anomalies.push_back({AnomalyKind::Malformed, {}, "an event without a ticker"});
    return;
  }
  events_[std::string(ticker)] =
      Fees{std::string(event["fee_type_override"].text()), std::string(event["fee_multiplier_override"].text())};
  add_markets(event["markets"], page);
}

void Catalog::add_markets(const JsonView& markets, CatalogPage& page) {
  markets.for_each([&](const JsonView& market) { add_market(market, page); });
}

void Catalog::add_market(const JsonView& market, CatalogPage& page) {
  ++page.rows;
  CatalogEntry entry;
  std::string problem;
  if (read_market(market, entry, problem)) {
    page.entries.push_back(std::move(entry));
  } else {
    page.anomalies.push_back({AnomalyKind::Malformed, {}, problem});
  }
}

std::string Catalog::read_fees(const CatalogEntry& entry, FeeSchedule& fees) const {
  const auto series = series_.find(series_of(entry.symbol));
  if (series == series_.end()) return "the series has not been read, so the fee is unknown";
  const auto event = events_.find(entry.event);
  if (event == events_.end() && needs_events_) return "the event has not been read, so the fee is unknown";
  std::string type = series->second.type;
  std::string multiplier = series->second.multiplier;
  if (event != events_.end() && !event->second.type.empty()) type = event->second.type;
  if (event != events_.end() && !event->second.multiplier.empty()) multiplier = event->second.multiplier;
  const auto factor = read_multiplier(multiplier);
  if (!factor) return "fee multiplier '" + multiplier + "' not understood";
  if (type != "quadratic" && type != "quadratic_with_maker_fees") return "fee type '" + type + "' not understood";
  fees = FeeSchedule{};
  fees.model = FeeModel::KalshiQuadratic;
  fees.taker_rate = kTakerRate;
  fees.maker_rate = type == "quadratic" ? 0 : kMakerRate;
  fees.multiplier = *factor;
  return {};
}

void Catalog::conclude(CatalogEntry& entry) const {
  std::erase_if(entry.refusals, [](const Refusal& refusal) { return refusal.reason == NotTradable::UnknownFee; });
  if (!entry.family.empty()) {
    const std::string problem = read_fees(entry, entry.terms.fees);
    if (!problem.empty()) {
      entry.terms.fees = FeeSchedule{};
      entry.refuse(NotTradable::UnknownFee, problem);
    }
  }
  entry.conclude();
}

bool Catalog::knows_series(std::string_view series) const { return series_.find(series) != series_.end(); }
bool Catalog::knows_event(std::string_view event) const { return events_.find(event) != events_.end(); }

}  // namespace arbees::kalshi
