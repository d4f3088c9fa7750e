#include "app/checking/certify_document.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/checking/json_fields.h"
#include "core/arbitrage/payoff_graph.h"
#include "core/base/stable_order.h"

namespace arbees::app {
namespace {

struct QuotedContract {
  std::string id;
  std::uint8_t axis = 0;
  bool has_lower = false;
  bool has_upper = false;
  ExactDecimal lower;
  ExactDecimal upper;
  FeeTerms fees;
  std::vector<QuoteLevel> asks[2];  // by outcome
};

struct Question {
  std::vector<std::string> axes;
  std::vector<QuotedContract> contracts;
  std::optional<ExactDecimal> bound;
  Quantity lot;
  int scale = 0;  // decimals of the finest strike or bound
};

std::vector<QuoteLevel> read_asks(JsonFields& fields, const char* name) {
  std::vector<QuoteLevel> asks;
  if (!fields.has(name)) return asks;
  const rapidjson::Value& levels = fields.at(name);
  if (!levels.IsArray()) {
    fields.fail("invalid_field", name, "must be an array of [price, quantity]");
    return asks;
  }
  for (const rapidjson::Value& level : levels.GetArray()) {
    if (!level.IsArray() || level.Size() != 2) {
      fields.fail("invalid_field", name, "must be an array of [price, quantity]");
      return asks;
    }
    const auto price = fields.read_decimal(level[0], name).units(Price::kDecimals);
    const ExactDecimal depth = fields.read_decimal(level[1], name);
    if (!price || *price < 0 || *price > kPriceOne.units()) {
      fields.fail("out_of_range", name, "must have prices from 0 to 1 with at most 4 decimals");
      return asks;
    }
    if (depth.is_negative()) fields.fail("out_of_range", name, "must not have negative quantities");
    const std::int64_t units = depth.units_floored(Quantity::kDecimals, kMaxDepth.units());
    asks.push_back({Price::from_units(static_cast<std::int64_t>(*price)), Quantity::from_units(units)});
  }
  // Best first is promised; sorting makes the answer right even if the promise is broken.
  sort_stably(asks, [](const QuoteLevel& a, const QuoteLevel& b) { return a.price < b.price; });
  return asks;
}

bool is_below(const ExactDecimal& a, const ExactDecimal& b) {
  const int scale = std::max(a.decimals, b.decimals);
  const auto left = a.units(scale);
  const auto right = b.units(scale);
  return left && right && *left < *right;
}

void read_payoff(JsonFields& fields, const std::string& where, Mistake& mistake, QuotedContract& contract) {
  const rapidjson::Value& payoff = fields.at("payoff");
  if (!payoff.IsObject()) {
    fields.fail("invalid_field", "payoff", "must be an object");
    return;
  }
  JsonFields inner(payoff, where + "payoff.", mistake);
  const int given = int{inner.has("above")} + int{inner.has("below")} + int{inner.has("between")};
  if (given != 1 || payoff.MemberCount() != 1) {
    fields.fail("invalid_field", "payoff", "must have exactly one of above, below, between");
    return;
  }
  contract.has_lower = !inner.has("below");
  contract.has_upper = !inner.has("above");
  if (inner.has("above")) contract.lower = inner.decimal("above");
  if (inner.has("below")) contract.upper = inner.decimal("below");
  if (!inner.has("between")) return;
  const rapidjson::Value& ends = inner.at("between");
  if (!ends.IsArray() || ends.Size() != 2) {
    inner.fail("invalid_field", "between", "must be [lower, upper]");
    return;
  }
  contract.lower = inner.read_decimal(ends[0], "between");
  contract.upper = inner.read_decimal(ends[1], "between");
  if (!is_below(contract.lower, contract.upper)) {
    inner.fail("invalid_field", "between", "must have its lower bound below its upper bound");
  }
}

QuotedContract read_contract(const rapidjson::Value& value, const std::string& where, Question& question,
                             Mistake& mistake) {
  QuotedContract contract;
  JsonFields fields(value, where, mistake);
  contract.id = fields.text("id");
  if (fields.has("venue")) {
    const auto venue = parse_venue(fields.text("venue"));
    if (!venue || *venue == Venue::Unknown) fields.fail("invalid_field", "venue", "is not a known venue");
  }
  const std::string axis(fields.text("axis"));
  auto place = std::find(question.axes.begin(), question.axes.end(), axis);
  if (place == question.axes.end()) place = question.axes.insert(place, axis);
  contract.axis = static_cast<std::uint8_t>(place - question.axes.begin());
  if (question.axes.size() > kMaxAxes) fields.fail("out_of_range", "axis", "is one too many: at most 32 are possible");
  read_payoff(fields, where, mistake, contract);
  contract.asks[0] = read_asks(fields, "yes");
  contract.asks[1] = read_asks(fields, "no");
  const rapidjson::Value& fee = fields.at("fee");
  if (!fee.IsObject()) {
    fields.fail("invalid_field", "fee", "must be an object");
    return contract;
  }
  JsonFields fee_fields(fee, where + "fee.", mistake);
  contract.fees = read_fee_terms(fee_fields, fee_fields.word("model", {"none", "kalshi", "polymarket"}));
  return contract;
}

void read_contracts(JsonFields& fields, Question& question, Mistake& mistake) {
  const rapidjson::Value& contracts = fields.at("contracts");
  if (!contracts.IsArray()) {
    fields.fail("invalid_field", "contracts", "must be an array");
    return;
  }
  std::set<std::string> ids;
  for (rapidjson::SizeType i = 0; i < contracts.Size() && !mistake; ++i) {
    const std::string where = "contracts[" + std::to_string(i) + "].";
    if (!contracts[i].IsObject()) {
      fields.fail("invalid_field", where.substr(0, where.size() - 1), "must be an object");
      return;
    }
    question.contracts.push_back(read_contract(contracts[i], where, question, mistake));
    if (!ids.insert(question.contracts.back().id).second) fields.fail("invalid_field", where + "id", "is there twice");
  }
}

// The strikes must fit into coordinates at the common scale.
void choose_scale(JsonFields& fields, Question& question) {
  if (question.bound) question.scale = question.bound->decimals;
  for (const QuotedContract& contract : question.contracts) {
    question.scale = std::max({question.scale, contract.lower.decimals, contract.upper.decimals});
  }
  bool fits = !question.bound || question.bound->units(question.scale).has_value();
  for (const QuotedContract& contract : question.contracts) {
    fits = fits && contract.lower.units(question.scale) && contract.upper.units(question.scale);
  }
  if (!fits) fields.fail("out_of_range", "contracts", "have strikes and bounds of more than 36 digits together");
}

Question read_question(const rapidjson::Value& object, Mistake& mistake) {
  Question question;
  JsonFields fields(object, "", mistake);
  if (fields.has("basis_bound")) {
    question.bound = fields.decimal("basis_bound");
    if (question.bound->is_negative()) fields.fail("out_of_range", "basis_bound", "must not be negative");
  }
  const auto lot = fields.decimal_or("lot", "0.01").units(Quantity::kDecimals);
  if (!lot || *lot <= 0 || *lot > kMaxDepth.units()) {
    fields.fail("out_of_range", "lot", "must be a positive multiple of 0.01");
  } else {
    question.lot = Quantity::from_units(static_cast<std::int64_t>(*lot));
  }
  read_contracts(fields, question, mistake);
  if (!mistake) choose_scale(fields, question);
  return question;
}

PayoffGraphLimits limits_of(const Question& question, Quantity lot) {
  PayoffGraphLimits limits;
  limits.contracts = std::max<std::size_t>(1, question.contracts.size());
  limits.axes = std::max<std::size_t>(1, question.axes.size());
  limits.levels = 1;
  limits.lot = lot;
  for (const QuotedContract& contract : question.contracts) {
    limits.levels = std::max({limits.levels, contract.asks[0].size(), contract.asks[1].size()});
  }
  limits.cycles = std::max<std::size_t>(4096, 8 * limits.contracts * limits.levels);
  return limits;
}

GraphContract graph_contract(const Question& question, const QuotedContract& contract, std::size_t index) {
  GraphContract listed;
  listed.instrument = InstrumentId{index + 1};
  listed.axis.serial = contract.axis;
  listed.fees = contract.fees;
  if (contract.has_lower) listed.interval.from = at_least(*contract.lower.units(question.scale));
  if (contract.has_upper) listed.interval.to = at_least(*contract.upper.units(question.scale));
  return listed;
}

// False if a contract cannot be part of a graph.
bool fill_graph(const Question& question, PayoffGraph& graph) {
  std::vector<AxisIndex> axes(question.axes.size());
  for (std::size_t i = 0; i < question.contracts.size(); ++i) {
    const auto added = graph.add_contract(graph_contract(question, question.contracts[i], i));
    if (!added) return false;
    axes[question.contracts[i].axis] = graph.axis_of(*added);
  }
  for (std::size_t a = 0; question.bound && a < axes.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      graph.set_basis_bound(axes[a], axes[b], *question.bound->units(question.scale));
    }
  }
  for (ContractIndex i = 0; i < question.contracts.size(); ++i) {
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      graph.set_quotes(i, outcome, question.contracts[i].asks[static_cast<std::size_t>(outcome)]);
    }
  }
  return true;
}

std::string cell_text(const Question& question, const AxisCell& cell) {
  const std::string& axis = question.axes[cell.axis];
  const auto strike = [&](Coordinate coordinate) { return exact_decimal_text(coordinate / 2, question.scale); };
  if (cell.from == kMinusInfinity && cell.to == kPlusInfinity) return axis + " anywhere";
  if (cell.from == kMinusInfinity) return axis + " < " + strike(cell.to);
  if (cell.to == kPlusInfinity) return axis + " >= " + strike(cell.from);
  return strike(cell.from) + " <= " + axis + " < " + strike(cell.to);
}

std::string certificate_json(const Question& question, const Certificate& certificate) {
  JsonWriter json;
  json.begin_object().field("arbitrage", true);
  json.field("profit", to_short_text(certificate.profit()));
  json.field("outlay", to_short_text(certificate.outlay));
  json.field("guaranteed", to_short_text(certificate.guaranteed));
  json.field("fees", to_short_text(certificate.fees));
  json.key("legs").begin_array();
  for (const CertificateLeg& leg : certificate.legs) {
    json.begin_object().field("id", question.contracts[leg.contract].id);
    json.field("outcome", leg.outcome == Outcome::Yes ? "yes" : "no");
    json.field("price", to_short_text(leg.price)).field("quantity", to_short_text(leg.quantity));
    json.field("fee", to_short_text(leg.fee)).end_object();
  }
  json.end_array().key("worst_states").begin_array();
  for (const WorstState& state : certificate.worst_states) {
    std::string text;
    for (const AxisCell& cell : state) text += (text.empty() ? "" : ", ") + cell_text(question, cell);
    json.value(text);
  }
  json.end_array().end_object();
  return json.take();
}

// Depth does not count here: any quantity on display will do.
std::string cheapest_json(Question question) {
  for (QuotedContract& contract : question.contracts) {
    for (auto& asks : contract.asks) {
      std::erase_if(asks, [](const QuoteLevel& ask) { return ask.quantity.is_zero(); });
    }
  }
  PayoffGraph graph(limits_of(question, Quantity::from_units(1)));
  JsonWriter json;
  json.begin_object().field("arbitrage", false);
  if (fill_graph(question, graph)) {
    if (const auto dollar = graph.cheapest_dollar()) json.field("cheapest_dollar", to_short_text(*dollar));
  }
  json.end_object();
  return json.take();
}

}  // namespace

BatchAnswer certify_document(std::string_view text) {
  rapidjson::Document document;
  document.Parse<kNumbersAsText>(text.data(), text.size());
  if (document.HasParseError()) {
    return wrong_line("malformed_json", "not JSON at byte " + std::to_string(document.GetErrorOffset()));
  }
  if (!document.IsObject()) return wrong_line("malformed_json", "the document must be a JSON object");
  Mistake mistake;
  const Question question = read_question(document, mistake);
  if (mistake) return wrong_line(mistake.code, mistake.message);
  PayoffGraph graph(limits_of(question, question.lot));
  if (!fill_graph(question, graph)) return wrong_line("out_of_range", "a contract's terms are beyond what fees allow");
  if (const Certificate* certificate = graph.find(SIZE_MAX)) return {certificate_json(question, *certificate), false};
  return {cheapest_json(question), false};
}

bool is_json_lines(std::string_view text) {
  rapidjson::Document document;
  document.Parse<kNumbersAsText>(text.data(), text.size());
  return document.GetParseError() == rapidjson::kParseErrorDocumentRootNotSingular;
}

}  // namespace arbees::app
