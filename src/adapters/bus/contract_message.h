#pragma once
// The Contract payload: what a contract pays, when, by whose word, and how it trades; always whole.
//
// Sent by the orchestrator for every contract that it knows, again when something of it changes, and again and again
// for those who come late. Whoever has the latest message of a symbol needs no other. What this program does not know
// in a message (a payoff, a source, a fee model) makes the contract not tradable here, never something else.

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/market/contract.h"

namespace arbees::bus {

struct ContractMessage {
  std::string symbol;     // ticker, or token
  std::string market_id;  // ticker, or condition id
  std::string other;      // the other outcome's token; empty on Kalshi
  std::string event;      // event ticker, or slug
  std::string family;
  std::string outcome;          // what the instrument pays on: "Yes", "No", "Up", "Down"
  std::string title;            // for people only
  std::string phase;            // "active" …
  ContractTerms terms;          // with venue and asset
  std::optional<Price> payout;  // the venue's verdict
  std::optional<SpotPrice> settled_value;

  bool operator==(const ContractMessage&) const = default;
};

[[nodiscard]] std::string encode_contract(const ContractMessage& contract);
// Of a whole message. The error says which field is wrong.
[[nodiscard]] Result<ContractMessage, std::string> decode_contract(std::string_view message);

// "contracts.kalshi.TICKER", "contracts.polymarket.TOKEN"; empty for a symbol that cannot be part of a topic.
[[nodiscard]] std::string contract_topic(Venue venue, std::string_view symbol);

}  // namespace arbees::bus
