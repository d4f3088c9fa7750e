#include "app/discovery/discovery_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/telemetry/format.h"
#include "adapters/venue/kalshi/families.h"
#include "adapters/venue/polymarket/families.h"

namespace arbees::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kSeriesInterval = minutes(10);
constexpr Duration kLadderInterval = minutes(5);
constexpr Duration kListingHorizon = minutes(100);  // windows up to an hour, their successors included
constexpr Duration kRetry = seconds(10);            // of what is announced but not known yet
constexpr Duration kHintPause = seconds(1);         // a ladder's markets are announced one by one
constexpr Duration kSaveInterval = seconds(10);
constexpr int kCryptoTag = 1312;  // Gamma's "Crypto Prices"
constexpr char kSplit = '\n';     // between the parts of a subject

// "2026-10-05T12:00:00Z", as Gamma's filters want it.
std::string gamma_time(Timestamp time) { return to_iso_ms(time).substr(0, 19) + "Z"; }

std::string kalshi_follow(std::string_view event) { return "kalshi " + std::string(event); }
std::string gamma_follow(std::string_view event) { return "polymarket " + std::string(event); }

bool is_ladder(polymarket::Product product) {
  return product == polymarket::Product::AboveDaily || product == polymarket::Product::RangeDaily;
}

// How soon an event is worth asking for again, the first times quickly.
Duration pause_after(std::uint32_t times, bool is_start) {
  if (is_start) return times < 30 ? Duration(seconds(2)) : Duration(seconds(15));
  if (times < 24) return seconds(5);
  return times < 140 ? Duration(seconds(30)) : Duration(minutes(5));
}

// The CLOB finds 31-byte condition ids by their 32-byte form.
std::string padded_condition(const std::string& condition) {
  return condition.size() == 64 ? condition + "00" : condition;
}

}  // namespace

Result<std::unique_ptr<DiscoveryService>, std::string> DiscoveryService::make(DiscoverySettings settings,
                                                                              CatalogueTransport& transport,
                                                                              DiscoverySink& sink) {
  Approvals approvals;
  if (!settings.folder.empty()) {
    auto opened = Approvals::open(settings.folder);
    if (!opened) return failure(opened.error());
    approvals = std::move(*opened);
  }
  return std::make_unique<DiscoveryService>(std::move(settings), std::move(approvals), transport, sink);
}

DiscoveryService::DiscoveryService(DiscoverySettings settings, Approvals approvals, CatalogueTransport& transport,
                                   DiscoverySink& sink)
    : settings_(std::move(settings)),
      approvals_(std::move(approvals)),
      sink_(sink),
      queue_(transport),
      known_(settings_.known, approvals_, sink) {}

void DiscoveryService::tick(Timestamp now) {
  now_ = now;
  if (now >= next_round_) begin_round(now);
  known_.tick(now);
  follow_events(now);
  ask_hinted(now);
  queue_.tick(now);
  save(now);
}

void DiscoveryService::begin_round(Timestamp now) {
  next_round_ = now + settings_.interval;
  listed_from_ = now;
  reload_approvals(now);
  std::erase_if(asked_, [now](const auto& item) { return item.second < now - hours(1); });
  if (settings_.kalshi) ask_kalshi_series(now);
  if (settings_.polymarket) {
    ask_gamma_listing({});
    ask_gamma_slugs(now);
  }
  ask_kept();
}

// ---- Questions ----

void DiscoveryService::ask(Catalogue catalogue, std::string target, std::string subject, Handler handler,
                           bool is_urgent) {
  FetchJob job;
  job.catalogue = catalogue;
  job.target = std::move(target);
  job.done = [this, subject = std::move(subject), handler](const FetchAnswer& answer, Timestamp now) {
    if (answer.status == 200) ++documents_;
    (this->*handler)(answer.status == 200 ? answer.body : std::string(), subject, now);
  };
  queue_.add(std::move(job), is_urgent);
}

void DiscoveryService::ask_kalshi_series(Timestamp now) {
  const bool with_series = now >= next_series_;
  if (with_series) next_series_ = now + kSeriesInterval;
  for (const kalshi::Family& family : kalshi::families()) {
    const auto& assets = settings_.assets;
    if (std::find(assets.begin(), assets.end(), family.asset) == assets.end()) continue;
    const std::string series(family.series);
    if (with_series) ask(Catalogue::Kalshi, "/series/" + series, series, &DiscoveryService::on_series);
    for (const char* status : {"open", "unopened"}) ask_kalshi_page(series, status, {});
  }
}

void DiscoveryService::ask_kalshi_page(const std::string& series, const std::string& status,
                                       const std::string& cursor) {
  std::string target = fmt::format("/markets?series_ticker={}&status={}&limit=1000", series, status);
  if (!cursor.empty()) target += "&cursor=" + cursor;
  ask(Catalogue::Kalshi, std::move(target), series + kSplit + status + kSplit + cursor,
      &DiscoveryService::on_kalshi_page);
}

void DiscoveryService::ask_gamma_listing(const std::string& cursor) {
  // `closed=false` does not bound a listing: windows of last year are still in it. The end date does.
  std::string target = fmt::format("/events/keyset?limit=100&closed=false&tag_id={}&end_date_min={}&end_date_max={}",
                                   kCryptoTag, gamma_time(listed_from_), gamma_time(listed_from_ + kListingHorizon));
  if (!cursor.empty()) target += "&after_cursor=" + cursor;
  ask(Catalogue::Gamma, std::move(target), cursor, &DiscoveryService::on_gamma_page);
}

// The windows to come and the ladders of these days, by their computed names.
void DiscoveryService::ask_gamma_slugs(Timestamp now) {
  const bool with_ladders = now >= next_ladders_;
  if (with_ladders) next_ladders_ = now + kLadderInterval;
  for (const Asset asset : settings_.assets) {
    const polymarket::Coin* coin = polymarket::find_coin(asset);
    if (coin == nullptr) continue;
    for (std::size_t i = 0; i < polymarket::kProductCount; ++i) {
      const auto product = static_cast<polymarket::Product>(i);
      const bool is_window = polymarket::window_of(product) > Duration{0};
      if (!is_window && !(with_ladders && is_ladder(product))) continue;
      const Timestamp until = now + (is_window ? settings_.known.lead + settings_.interval : settings_.known.horizon);
      for (const std::string& slug : polymarket::upcoming_slugs(product, *coin, now, until)) {
        const bool is_known = is_window && follows_.find(gamma_follow(slug)) != follows_.end();
        if (!is_known) ask(Catalogue::Gamma, "/events/slug/" + slug, slug, &DiscoveryService::on_gamma_event);
      }
    }
  }
}

void DiscoveryService::ask_clob(const std::string& market) {
  const auto asked = asked_.find(market);
  if (asked != asked_.end() && now_ < asked->second) return;
  asked_[market] = now_ + kRetry;
  ask(Catalogue::Clob, "/clob-markets/" + padded_condition(market), market, &DiscoveryService::on_clob);
}

// Contracts of positions that no listing brings any more.
void DiscoveryService::ask_kept() {
  for (const std::string& symbol : known_.unknown_kept(Venue::Kalshi)) {
    ask(Catalogue::Kalshi, "/markets/" + symbol, symbol + kSplit + kSplit, &DiscoveryService::on_kalshi_page);
  }
  for (const std::string& symbol : known_.unknown_kept(Venue::Polymarket)) {
    for (const char* closed : {"false", "true"}) {
      ask(Catalogue::Gamma, fmt::format("/markets/keyset?clob_token_ids={}&closed={}", symbol, closed), symbol,
          &DiscoveryService::on_gamma_event);
    }
  }
}

// Start values after an opening, verdicts after a close, the CLOB's word before either.
void DiscoveryService::follow_events(Timestamp now) {
  std::map<std::string, bool> wanted;  // event → whether it is a start value that is missing
  known_.for_each([&](KnownContract& known) {
    const CatalogEntry& entry = known.entry;
    const bool is_kalshi = entry.venue == Venue::Kalshi;
    if (!known.is_checked && now + settings_.known.lead >= entry.terms.opens_at) ask_clob(entry.market);
    if (!(is_kalshi ? settings_.kalshi : settings_.polymarket) || entry.event.empty()) return;
    const bool needs_start = entry.terms.payoff == Payoff::UpDown && entry.terms.has_lower == 0 &&
                             now >= entry.terms.opens_at + seconds(1) && now < entry.terms.closes_at;
    const bool needs_verdict =
        known.is_told && known.settled_at == kNoTime && now >= entry.terms.closes_at + seconds(2);
    if (needs_start || needs_verdict) {
      wanted[is_kalshi ? kalshi_follow(entry.event) : gamma_follow(entry.event)] |= needs_start;
    }
  });
  for (const auto& [key, is_start] : wanted) {
    Follow& follow = follows_.try_emplace(key, now).first->second;
    if (now < follow.next) continue;
    follow.next = now + pause_after(follow.times++, is_start);
    ask_event(key);
  }
  std::erase_if(follows_, [&](const auto& item) { return item.second.next < now - hours(1); });
}

void DiscoveryService::keep_watching(Venue venue, const std::string& symbol) { known_.keep(venue, symbol); }

void DiscoveryService::ask_event(const std::string& key) {
  const std::string event = key.substr(key.find(' ') + 1);
  if (key.starts_with("kalshi ")) {
    ask(Catalogue::Kalshi, "/markets?event_ticker=" + event + "&limit=1000", event + kSplit + kSplit,
        &DiscoveryService::on_kalshi_page, true);
  } else {
    ask(Catalogue::Gamma, "/events/slug/" + event, event, &DiscoveryService::on_gamma_event, true);
  }
}

void DiscoveryService::hint(Venue venue, std::string_view market) {
  const auto is_wanted = [this](Asset asset) {
    return std::find(settings_.assets.begin(), settings_.assets.end(), asset) != settings_.assets.end();
  };
  if (venue == Venue::Kalshi && settings_.kalshi) {
    const kalshi::Family* family = kalshi::find_family(kalshi::series_of(market));
    if (family == nullptr || !is_wanted(family->asset)) return;
    hinted_.try_emplace(kalshi_follow(market.substr(0, market.rfind('-'))), now_ + kHintPause);
  }
  if (venue == Venue::Polymarket && settings_.polymarket) {
    const auto parts = polymarket::read_slug(market);
    if (parts && is_wanted(parts->coin->asset)) hinted_.try_emplace(gamma_follow(market), now_ + kHintPause);
  }
}

void DiscoveryService::ask_hinted(Timestamp now) {
  std::erase_if(hinted_, [&](const auto& item) {
    if (now < item.second) return false;
    ask_event(item.first);
    return true;
  });
}

// ---- Answers ----

// A page was cut on its way: the listings are asked for again soon, but not again and again.
void DiscoveryService::list_again_soon(Timestamp now) {
  if (now < next_repeat_) return;
  next_repeat_ = now + settings_.interval;
  next_round_ = std::min(next_round_, now + seconds(2));
}

bool DiscoveryService::take_page(Venue venue, CatalogPage page, const std::string& subject, Timestamp now) {
  for (const Anomaly& anomaly : page.anomalies) {
    ++anomalies_;
    sink_.on_anomaly(venue, {anomaly.kind, anomaly.symbol.empty() ? subject : anomaly.symbol, anomaly.detail}, now);
  }
  const bool is_broken = page.rows == 0 && !page.anomalies.empty();
  for (CatalogEntry& entry : page.entries) {
    if (venue == Venue::Polymarket && !entry.family.empty()) follows_.try_emplace(gamma_follow(entry.event), now);
    known_.take(std::move(entry), now);
  }
  return !is_broken;
}

void DiscoveryService::on_series(const std::string& body, const std::string& series, Timestamp now) {
  if (body.empty()) return;  // a family that the venue does not list at present
  const CatalogPage page = kalshi_.add(body);
  if (!page.anomalies.empty()) take_page(Venue::Kalshi, page, series, now);
}

// Pages of markets, and single markets. Events that are new are asked for before their markets may be traded.
void DiscoveryService::on_kalshi_page(const std::string& body, const std::string& subject, Timestamp now) {
  const std::string series = subject.substr(0, subject.find(kSplit));
  const std::string rest = subject.substr(series.size() + 1);
  const std::string status = rest.substr(0, rest.find(kSplit));
  const std::string cursor = rest.substr(status.size() + 1);
  if (body.empty()) return;  // 404 or given up: the next round asks again
  CatalogPage page = kalshi_.add(body);
  for (const CatalogEntry& entry : page.entries) {
    const auto asked = asked_.find(entry.event);
    const bool is_asked = asked != asked_.end() && now < asked->second;
    const bool is_soon = entry.terms.opens_at <= now + settings_.known.lead + 2 * settings_.interval;
    if (entry.family.empty() || kalshi_.knows_event(entry.event) || is_asked || !is_soon) continue;
    asked_[entry.event] = now + kRetry;
    ask(Catalogue::Kalshi, "/events/" + entry.event, entry.event, &DiscoveryService::on_kalshi_event);
  }
  const std::string next = page.next_cursor;
  const bool is_whole = take_page(Venue::Kalshi, std::move(page), series, now);
  if (!is_whole && !status.empty()) {
    list_again_soon(now);
    return;
  }
  if (!status.empty() && !next.empty() && next != cursor) ask_kalshi_page(series, status, next);
}

void DiscoveryService::on_kalshi_event(const std::string& body, const std::string& event, Timestamp now) {
  if (body.empty()) {  // it may be too new: asked again with the next listing of its markets
    asked_[event] = now + kRetry;
    return;
  }
  take_page(Venue::Kalshi, kalshi_.add(body), event, now);
  std::vector<CatalogEntry> completed;
  known_.for_each([&](KnownContract& known) {
    if (known.entry.venue != Venue::Kalshi || known.entry.event != event) return;
    completed.push_back(known.entry);
    kalshi_.conclude(completed.back());
  });
  for (CatalogEntry& entry : completed) known_.take(std::move(entry), now);
}

void DiscoveryService::on_gamma_page(const std::string& body, const std::string& cursor, Timestamp now) {
  if (body.empty()) return;
  CatalogPage page = gamma_.add(body);
  const std::string next = page.next_cursor;
  const bool is_whole = take_page(Venue::Polymarket, std::move(page), "events", now);
  if (!is_whole) {
    list_again_soon(now);
    return;
  }
  if (!next.empty() && next != cursor) ask_gamma_listing(next);
}

void DiscoveryService::on_gamma_event(const std::string& body, const std::string& slug, Timestamp now) {
  if (body.empty()) return;  // not listed yet: asked again with the next round
  take_page(Venue::Polymarket, gamma_.add(body), slug, now);
}

void DiscoveryService::on_clob(const std::string& body, const std::string& market, Timestamp now) {
  if (body.empty()) {  // Gamma shows a market before the CLOB knows it
    asked_[market] = now + kRetry;
    return;
  }
  std::vector<CatalogEntry> entries;
  known_.for_each([&](KnownContract& known) {
    if (known.entry.venue == Venue::Polymarket && known.entry.market == market) entries.push_back(known.entry);
  });
  if (const char* error = gamma_.check_clob_market(body, entries)) {
    ++anomalies_;
    sink_.on_anomaly(Venue::Polymarket, {AnomalyKind::Malformed, market, error}, now);
    return;
  }
  known_.confirm(market, entries, now);
}

// What a person has approved or revoked meanwhile, with `arbees markets`.
void DiscoveryService::reload_approvals(Timestamp now) {
  if (settings_.folder.empty()) return;
  auto approvals = Approvals::open(settings_.folder);
  if (approvals) {
    known_.set_approvals(std::move(*approvals), now);
  } else {
    trouble_ = approvals.error();
  }
}

void DiscoveryService::save(Timestamp now) {
  if (settings_.folder.empty()) return;
  if (known_.take_revoked()) trouble_ = approvals_.save(settings_.folder);
  if (now < next_save_ || !known_.take_changed()) return;
  next_save_ = now + kSaveInterval;
  const Manifest present = manifest();
  bool is_revoked = false;
  for (const ManifestPair& pair : present.pairs) {
    const bool is_complete =
        present.contracts[pair.first].reason != "unknown_fee" && present.contracts[pair.second].reason != "unknown_fee";
    is_revoked = (is_complete && approvals_.observe(pair.key, pair.fingerprint, now)) || is_revoked;
  }
  std::string wrong = save_manifest(settings_.folder, present);
  if (wrong.empty() && is_revoked) wrong = approvals_.save(settings_.folder);
  if (!wrong.empty()) trouble_ = wrong;
}

DiscoveryCounts DiscoveryService::counts() const {
  DiscoveryCounts counts;
  counts.listed = known_.told();
  counts.tradable = known_.tradable();
  counts.documents = documents_;
  counts.anomalies = anomalies_;
  counts.failures = queue_.failures();
  counts.throttled = queue_.throttled();
  return counts;
}

}  // namespace arbees::app
