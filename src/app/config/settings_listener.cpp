// The rows of [listener]: where zmq-listener puts what it hears.

#include <charconv>

#include "app/config/settings.h"

namespace arbees::app {
namespace {

template <auto Member>
std::string get_text(const Config& config, const Setting&) {
  return config.listener.*Member;
}

template <std::int64_t ListenerConfig::* Member>
std::string get_count(const Config& config, const Setting&) {
  return std::to_string(config.listener.*Member);
}
template <std::int64_t ListenerConfig::* Member, std::int64_t Least, std::int64_t Most>
bool set_count(Config& config, const Setting&, std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < Least || count > Most) return false;
  config.listener.*Member = count;
  return true;
}

bool set_format(Config& config, const Setting&, std::string_view text) {
  if (text != "json" && text != "compact" && text != "pretty") return false;
  config.listener.format = std::string(text);
  return true;
}

bool set_out(Config& config, const Setting&, std::string_view text) {
  config.listener.out = std::string(text);
  return true;
}

bool set_streams(Config& config, const Setting&, std::string_view text) {
  if (text != "true" && text != "false" && text != "1" && text != "0") return false;
  config.listener.redis_streams = text == "true" || text == "1";
  return true;
}

}  // namespace

void add_listener_settings(std::vector<Setting>& table) {
  using Group = ListenerConfig;
  table.push_back({"listener", "format", "ZMQ_LISTENER_LOG_FORMAT", SettingKind::Text, "json, compact or pretty",
                   "Form of the messages that zmq-listener prints", get_text<&Group::format>, set_format, 0});
  table.push_back({"listener", "out", "ZMQ_LISTENER_LOG_FILE", SettingKind::File, "file; empty: standard output",
                   "Where zmq-listener appends the messages", get_text<&Group::out>, set_out, 0});
  table.push_back({"listener", "out_megabytes", "", SettingKind::Number, "1 to 1000000 megabytes",
                   "A file of messages that is so large becomes FILE.1, the one before it FILE.2 and so on",
                   get_count<&Group::out_megabytes>, set_count<&Group::out_megabytes, 1, 1'000'000>, 0});
  table.push_back({"listener", "out_files", "", SettingKind::Number, "1 to 1000 files",
                   "Files of messages that are kept, the one that is written included; older ones are removed",
                   get_count<&Group::out_files>, set_count<&Group::out_files, 1, 1'000>, 0});
  table.push_back({"listener", "redis_streams", "ZMQ_LISTENER_REDIS_STREAMS", SettingKind::Flag, "true or false",
                   "Whether zmq-listener adds the messages to streams of the Redis of redis.url",
                   +[](const Config& config, const Setting&) {
                     return std::string(config.listener.redis_streams ? "true" : "false");
                   },
                   set_streams, 0});
  table.push_back({"listener", "price_stream_length", "", SettingKind::Number, "1 to 100000000 messages",
                   "About so many messages are kept in each stream of prices", get_count<&Group::price_stream_length>,
                   set_count<&Group::price_stream_length, 1, 100'000'000>, 0});
  table.push_back({"listener", "stream_length", "", SettingKind::Number, "1 to 100000000 messages",
                   "About so many messages are kept in each other stream", get_count<&Group::stream_length>,
                   set_count<&Group::stream_length, 1, 100'000'000>, 0});
}

}  // namespace arbees::app
