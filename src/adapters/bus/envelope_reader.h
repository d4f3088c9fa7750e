#pragma once
// A whole message taken apart: its envelope, and its payload for the codecs of this folder.

#include "adapters/bus/envelope.h"
#include "adapters/bus/json_reader.h"

namespace arbees::bus {

struct OpenMessage {
  rapidjson::Document document;
  Envelope envelope;

  [[nodiscard]] const rapidjson::Value& payload() const { return document["payload"]; }
};

[[nodiscard]] Result<OpenMessage, std::string> open_message(std::string_view message);
[[nodiscard]] Result<OpenMessage, std::string> open_message(rapidjson::Document document);

}  // namespace arbees::bus
