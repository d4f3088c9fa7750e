#include "adapters/bus/envelope.h"

#include "adapters/bus/envelope_reader.h"
#include "adapters/telemetry/json.h"

namespace arbees::bus {

std::string encode_message(const Envelope& envelope, std::string_view payload) {
  JsonWriter json;
  json.begin_object().field("seq", envelope.seq).field("topic_seq", envelope.topic_seq);
  json.field("timestamp_ms", envelope.timestamp_ms).field("source", envelope.source);
  json.key("payload").raw(payload).end_object();
  return json.take();
}

Result<OpenMessage, std::string> open_message(rapidjson::Document document) {
  std::string error;
  JsonReader reader(document, "", error);
  Envelope envelope;
  envelope.seq = reader.count("seq");
  // Publishers of the predecessor had no count of their own for each topic.
  envelope.topic_seq = reader.optional_count("topic_seq").value_or(0);
  envelope.timestamp_ms = reader.whole("timestamp_ms");
  envelope.source = std::string(reader.text("source"));
  if (reader.object("payload") == nullptr) reader.fail("payload", "missing");
  if (!error.empty()) return failure(std::move(error));
  return OpenMessage{std::move(document), std::move(envelope)};
}

Result<OpenMessage, std::string> open_message(std::string_view message) {
  auto document = parse_json(message);
  if (!document) return failure(document.error());
  return open_message(std::move(*document));
}

Result<Envelope, std::string> decode_envelope(std::string_view message) {
  auto opened = open_message(message);
  if (!opened) return failure(opened.error());
  return std::move(opened->envelope);
}

}  // namespace arbees::bus
