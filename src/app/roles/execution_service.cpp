#include "app/roles/execution_service.h"

#include <fmt/format.h>

#include <cstdio>
#include <deque>
#include <filesystem>

#include "adapters/bus/intake.h"
#include "adapters/bus/publisher.h"
#include "adapters/bus/topics.h"
#include "adapters/telemetry/log.h"
#include "app/config/bus_endpoints.h"
#include "app/coordination/fence_watch.h"
#include "app/coordination/lease_keys.h"
#include "app/data_folder.h"
#include "app/discovery/contract_title.h"
#include "app/roles/answer_book.h"
#include "app/roles/bus_keys.h"
#include "app/roles/offer_maker.h"
#include "app/running/flatten_document.h"
#include "app/running/live_markets.h"
#include "app/running/venue_feeds.h"
#include "app/storing/database_sink.h"

namespace arbees::app {
namespace {

constexpr const char* kRole = "execution-service";
constexpr const char* kSource = "execution_service";

// Markets that are not known and books that are not proven yet are waited for so long after the start.
constexpr Duration kWarmUp = std::chrono::seconds(10);
constexpr std::size_t kMostWaiting = 1'024;
// Orders of a request without a deadline of its own must have arrived by then.
constexpr Duration kLifetime = std::chrono::seconds(2);
// Fences are told as they change; reading them as well finds those that were told while Redis was away.
constexpr Duration kReadFences = std::chrono::milliseconds(250);
// The database gets so long at the end; what it has not taken then waits for the next start.
constexpr Duration kLastStoring = std::chrono::seconds(2);

class ExecutionService final : public Role {
 public:
  explicit ExecutionService(const RoleContext& context)
      : context_(context),
        fences_(context.coordination == nullptr),
        answers_([this](const std::string& key, const bus::ExecutionResult& result) { finish_request(key, result); }) {}

  std::string start(Timestamp now) override {
    started_at_ = now;
    learn_fences();
    const auto keys = bus_keys(context_.config.bus);
    if (!keys) return keys.error();
    std::string wrong = open_bus(*keys);
    if (wrong.empty()) wrong = open_session(now);
    if (wrong.empty()) wrong = open_database(now);
    if (wrong.empty()) wrong = open_markets();
    if (wrong.empty()) wrong = answer_interrupted(now);
    if (!wrong.empty()) return wrong;
    bus::SubscriberOptions wanted;
    wanted.endpoints = request_endpoints(context_.config.bus);
    wanted.topics = {std::string(bus::kCryptoRequestPrefix), std::string(bus::kOtherRequestPrefix)};
    wanted.keys = *keys;
    warn_if_plain(kRole, wanted.endpoints, *keys);
    auto subscriber = bus::Subscriber::connect(bus_, wanted);
    if (!subscriber) return subscriber.error();
    if (context_.coordination != nullptr) {
      context_.coordination->when_switched([this] { obey_redis(net::IoLoop::now()); });
    }
    intake_ = std::make_unique<bus::Intake>(std::move(*subscriber), context_.loop,
                                            [this](bus::BusFrame&& frame) { take(std::move(frame)); });
    return {};
  }

  void tick(Timestamp now) override {
    markets_->tick(now);
    obey_redis(now);
    if (context_.coordination != nullptr && now >= next_fences_) {
      next_fences_ = now + kReadFences;
      read_fences(*context_.coordination, configured_assets(context_.config), fences_);
    }
    session_->tick(now);
    if (database_) database_->tick(now);
    std::deque<bus::BusFrame> waiting;
    waiting.swap(waiting_);
    for (bus::BusFrame& frame : waiting) take(std::move(frame));
  }

  void serve(Timestamp now) override {
    obey_redis(now);
    session_->obey(now);
    session_->drain(now);
    answers_.settle();
  }
  [[nodiscard]] Timestamp next_due() const override { return session_->next_due(); }
  [[nodiscard]] std::string trouble() const override { return trouble_.empty() ? session_->trouble() : trouble_; }

  void take_limits(const RiskLimits& limits, Timestamp now) override { session_->take_limits(limits, now); }

  void stop(Timestamp) override {
    is_stopping_ = true;
    for (bus::BusFrame& frame : waiting_) take(std::move(frame));
    waiting_.clear();
  }
  [[nodiscard]] bool is_idle() const override { return answers_.is_empty() && session_->is_idle(); }

  std::string finish() override {
    intake_.reset();
    markets_->stop();
    session_->drain(net::IoLoop::now());
    answers_.settle();
    std::string wrong = session_->finish();
    if (database_ && !database_->finish(kLastStoring, net::IoLoop::now())) {
      log(LogLevel::Warning, "not all is stored in the database; the next start, or arbees db sync, goes on with it",
          {{"trouble", database_->trouble()}});
    }
    return wrong;
  }

  std::vector<FeedHealth> feeds(Timestamp now) const override { return markets_->health(now); }
  std::uint64_t requests() const override { return session_->statistics().requests(); }
  std::uint64_t fills() const override { return session_->statistics().fills(); }
  void write_counts(JsonWriter& json) const override {
    const ExecutorEngine& engine = session_->engine();
    const auto name_of = [&](Venue venue, InstrumentId id) {
      const auto found = session_->instruments().find(id.value);
      if (found == session_->instruments().end()) return ContractName();
      return ContractName{found->second.symbol, title_of(venue, found->second.symbol)};
    };
    const Timestamp now = net::IoLoop::now();
    write_trading_state(json, engine.state(), engine.execution(), name_of, now);
    json.field("received", received_).field("executed", executed_).field("refused", refused_);
    session_->write_status(json, now);
    const MarketCounts counts = markets_->counts();
    json.key("contracts").begin_object().field("listed", counts.listed).field("tradable", counts.tradable).end_object();
    json.field("slow_subscribers", publisher_->counts().slow);
    json.field("fenced", fenced_).field("duplicates", duplicates_).field("published", publisher_->counts().sent);
    if (!database_) return;
    json.key("database");
    database_->write_status(json);
  }

 private:
  std::string open_bus(const bus::CurveKeys& keys) {
    bus::PublisherOptions options;
    options.endpoint = bound_endpoint(context_.config.bus, context_.config.bus.results_pub);
    options.keys = keys;
    warn_if_plain(kRole, {options.endpoint}, keys);
    auto publisher = bus::Publisher::bind(bus_, options);
    if (!publisher) return bind_trouble(&BusConfig::results_pub, publisher.error());
    publisher_ = std::move(*publisher);
    return {};
  }

  std::string open_session(Timestamp now) {
    auto session = ExecutorSession::open(
        context_.data_folder, context_.config, [this](const Report& report) { answers_.on(report); }, now);
    if (!session) return session.error();
    session_ = std::move(*session);
    const auto path = std::filesystem::path(context_.data_folder) / "requests.sqlite";
    auto log = RequestLog::open(path.string(), now);
    if (!log) return log.error();
    log_ = std::move(*log);
    return {};
  }

  // A copy of the ledger, made by threads of its own that read the file: nothing here ever waits for it.
  std::string open_database(Timestamp now) {
    if (context_.config.database.url.empty()) return {};
    DatabaseSinkOptions wanted;
    wanted.config = context_.config.database;
    wanted.process = kRole;
    wanted.folder = context_.data_folder;
    wanted.ledger = ledger_path(context_.data_folder);
    auto opened = DatabaseSink::open(wanted);
    if (!opened) return opened.error();
    database_ = std::move(*opened);
    database_->writer().note(now, "start", context_.data_folder);
    return {};
  }

  std::string title_of(Venue venue, const std::string& symbol) const {
    const CatalogEntry* entry = markets_->find_entry(venue, symbol);
    return entry == nullptr ? std::string() : contract_title(*entry);
  }

  std::string open_markets() {
    LiveMarketsOptions wanted{{Venue::Kalshi, Venue::Polymarket}, context_.data_folder};
    wanted.on_contract = [this](const CatalogEntry& entry) { session_->describe(contract_description(entry)); };
    auto markets = LiveMarkets::make(context_.loop, context_.config, *session_, wanted);
    if (!markets) return markets.error();
    markets_ = std::move(*markets);
    session_->set_title_of([this](Venue venue, const std::string& symbol) { return title_of(venue, symbol); });
    for (const LedgerContract& contract : session_->inherited()) {
      if (const auto venue = parse_venue(contract.venue)) markets_->keep_watching(*venue, contract.symbol);
    }
    markets_->start();
    maker_ = std::make_unique<OfferMaker>(
        *session_, [this](Venue venue, const std::string& symbol) { return markets_->find_entry(venue, symbol); });
    return {};
  }

  void obey_redis(Timestamp now) {
    if (context_.coordination != nullptr) session_->set_outside_halt(context_.coordination->halt_reason(), now);
  }

  void learn_fences() {
    if (context_.coordination == nullptr) return;
    const auto assets = configured_assets(context_.config);
    context_.coordination->when_up([this, assets] { read_fences(*context_.coordination, assets, fences_); });
    context_.coordination->listen(kFenceChannel,
                                  [this](const std::string&, const std::string& text) { fences_.on_message(text); });
  }

  // What an earlier process began and never answered.
  std::string answer_interrupted(Timestamp now) {
    const auto open = log_->unanswered();
    if (open.empty()) return {};
    const auto ledger = read_ledger(ledger_path(context_.data_folder));
    if (!ledger) return ledger.error();
    for (const LoggedRequest& logged : open) finish_request(logged.key, interrupted_result(logged, *ledger, now));
    return trouble_;
  }

  void take(bus::BusFrame&& frame) {
    const Timestamp now = net::IoLoop::now();
    obey_redis(now);
    auto request = bus::decode_request(frame.topic, frame.body, now);
    ++received_;
    if (!request) return refuse_unreadable(request.error(), frame.received_at, now);
    if (repeat_answer(*request, frame.received_at, now)) return;
    bus::ExecutionResult result = blank_result(*request, frame.received_at);
    if (is_stopping_ || session_->is_halted()) {
      result.rejection_reason = is_stopping_ ? "shutting_down" : "halted";
      return refuse_for_good(result, now);
    }
    const Asset stated = parse_asset(request->asset).value_or(Asset::Unknown);
    result.rejection_reason = fences_.judge(stated, request->fence);
    if (!result.rejection_reason.empty()) return refuse_fenced(result, now);
    auto offer = maker_->make(*request, now);
    if (!offer && offer.error().may_pass && now - started_at_ < kWarmUp && waiting_.size() < kMostWaiting) {
      --received_;
      waiting_.push_back(std::move(frame));
      return;
    }
    // The market decides which asset it is, whatever was stated.
    result.rejection_reason =
        offer ? fences_.judge(offer->legs[0].asset, request->fence) : std::string(offer.error().reason);
    if (!offer) return refuse_for_good(result, now);
    if (!result.rejection_reason.empty()) return refuse_fenced(result, now);
    execute(*request, *offer, result, now);
  }

  void refuse_fenced(const bus::ExecutionResult& result, Timestamp now) {
    ++fenced_;
    refuse_for_good(result, now);
  }

  // A repetition that comes too late still asks for an answer that may have been lost.
  void refuse_unreadable(const bus::RequestRefusal& why, Timestamp received_at, Timestamp now) {
    const bool is_late = why.reason.starts_with(bus::kPastDeadline);
    const auto known = is_late ? log_->find(why.request_id, why.request_id) : std::nullopt;
    if (!known || known->request_id != why.request_id) return refuse(refusal(why, received_at), now);
    ++duplicates_;
    if (!known->kind.empty()) publish(known->kind, known->request_id, bus::as_duplicate(known->answer), now);
  }

  // Whether it was asked before: then it is answered from memory, or when its orders have ended.
  bool repeat_answer(const bus::BusRequest& request, Timestamp received_at, Timestamp now) {
    const auto known = log_->find(request.idempotency_key, request.request_id);
    if (!known) return false;
    ++duplicates_;
    if (known->request_id != request.request_id) {
      bus::ExecutionResult result = blank_result(request, received_at);
      result.rejection_reason =
          fmt::format("duplicate: idempotency key {} is that of request {}", known->key, known->request_id);
      refuse(result, now);
    } else if (!known->kind.empty()) {
      publish(known->kind, known->request_id, bus::as_duplicate(known->answer), now);
    }
    return true;
  }

  void execute(const bus::BusRequest& request, Offer offer, bus::ExecutionResult& result, Timestamp now) {
    offer.request = session_->next_request_id();
    if (offer.deadline == kNoTime || offer.deadline > now + kLifetime) offer.deadline = now + kLifetime;
    std::vector<Quantity> wanted;
    for (std::size_t i = 0; i < offer.legs.size(); ++i) {
      const Leg& leg = offer.legs[i];
      const bus::RequestLeg& asked = request.legs[i];
      result.legs.push_back({std::string(venue_name(leg.venue)),
                             asked.market_id,
                             maker_->symbol_of(leg.instrument),
                             asked.outcome == Outcome::Yes ? "yes" : "no",
                             "",
                             {},
                             {},
                             {}});
      wanted.push_back(leg.quantity);
    }
    if (result.asset.empty()) result.asset = std::string(asset_name(offer.legs[0].asset));
    // Written down before anything leaves: whatever happens now, it is not done twice.
    if (!log_->begin({request.idempotency_key, request.request_id, offer.request.value, "", ""}, now)) {
      trouble_ = "requests cannot be written down: " + log_->error();
      result.rejection_reason = "failed: " + trouble_;
      result.status = bus::ResultStatus::Failed;
      return refuse(result, now);
    }
    log(LogLevel::Info, "Executing",
        {{"ExecutionRequest", request.request_id},
         {"legs", std::to_string(offer.legs.size())},
         {"source", request.source}});
    answers_.begin(offer.request, request.idempotency_key, result, std::move(wanted));
    const Verdict verdict = session_->execute(offer, now);
    if (verdict == Verdict::Accepted) return session_->add_latency(net::IoLoop::now() - result.received_at);
    answers_.forget(offer.request);
    result.legs.clear();
    result.rejection_reason = std::string(verdict_name(verdict));
    finish_request(request.idempotency_key, result);
  }

  static void log_refused(const bus::ExecutionResult& result) {
    log(LogLevel::Info, "refused", {{"ExecutionRequest", result.request_id}, {"reason", result.rejection_reason}});
  }

  // Not remembered: what cannot be read, or is a copy, would be judged the same again.
  void refuse(const bus::ExecutionResult& result, Timestamp now) {
    ++refused_;
    log_refused(result);
    publish(std::string(bus::result_kind(result.status)), result.request_id, bus::encode_result(result), now);
  }

  // The sender has given it up then: a copy of it that is still under way must not be executed later.
  void refuse_for_good(const bus::ExecutionResult& result, Timestamp now) {
    const std::string kind(bus::result_kind(result.status));
    if (!log_->begin({result.idempotency_key, result.request_id, 0, kind, bus::encode_result(result)}, now)) {
      trouble_ = "requests cannot be written down: " + log_->error();
    }
    refuse(result, now);
  }

  // Remembered, then told.
  void finish_request(const std::string& key, const bus::ExecutionResult& result) {
    const std::string kind(bus::result_kind(result.status));
    const std::string payload = bus::encode_result(result);
    if (!log_->answer(key, kind, payload)) trouble_ = "answers cannot be written down: " + log_->error();
    if (result.status == bus::ResultStatus::Filled || result.status == bus::ResultStatus::Partial) {
      ++executed_;
    } else {
      ++refused_;
      log_refused(result);
    }
    publish(kind, result.request_id, payload, net::IoLoop::now());
  }

  void publish(const std::string& kind, const std::string& id, const std::string& payload, Timestamp now) {
    if (publisher_->publish(bus::result_topic(kind, id), kSource, payload, now)) {
      log(LogLevel::Info, "Published", {{"topic", bus::result_topic(kind, id)}});
    }
  }

  const RoleContext& context_;
  FenceWatch fences_;
  bus::BusContext bus_;
  std::unique_ptr<bus::Publisher> publisher_;
  AnswerBook answers_;
  std::unique_ptr<RequestLog> log_;
  std::unique_ptr<ExecutorSession> session_;
  std::unique_ptr<DatabaseSink> database_;  // null: none is configured
  std::unique_ptr<LiveMarkets> markets_;
  std::unique_ptr<OfferMaker> maker_;
  std::unique_ptr<bus::Intake> intake_;  // last: gone before what it calls
  std::deque<bus::BusFrame> waiting_;
  std::string trouble_;
  Timestamp started_at_ = kNoTime;
  std::uint64_t received_ = 0;
  std::uint64_t executed_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t fenced_ = 0;
  Timestamp next_fences_ = kNoTime;
  bool is_stopping_ = false;
};

}  // namespace

std::unique_ptr<Role> make_execution_service(const RoleContext& context) {
  return std::make_unique<ExecutionService>(context);
}

}  // namespace arbees::app
