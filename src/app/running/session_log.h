#pragma once
// What a trading session does, as lines of the log: one line for each report of the engine.
//
// Opportunities that become requests, requests, orders, their fills or that they had none, and settlements at Info;
// judgements that lead to nothing at Debug; what a person should look at as Warning.

#include "app/running/market_report.h"
#include "core/market/outputs.h"

namespace arbees::app {

// `halt` is the text of the latch, for people; empty if there is none (yet): the reason's name says the rest.
void log_report(const Report& report, const NameOf& name_of, const std::string& halt = {});

}  // namespace arbees::app
