// arbees flatten: the process of the data folder sells everything that it holds and buys nothing more, until `resume`.

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "adapters/net/io_loop.h"
#include "adapters/telemetry/format.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/flatten_text.h"
#include "app/running/halt_latch.h"
#include "app/running/process_lock.h"
#include "app/running/status_document.h"

namespace arbees::app {
namespace {

struct Options {
  std::string data;
  std::string reason;
  std::uint64_t wait = 30;
  bool json = false;
};

constexpr auto kLook = std::chrono::milliseconds(100);
// The process tells its status four times a second.
constexpr Duration kNextWord = std::chrono::seconds(3);

constexpr const char* kCommand = "flatten";

std::string text_of(const rapidjson::Document& document) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// The status that the process has written since then, if it has.
std::optional<rapidjson::Document> status_since(const std::string& folder, Timestamp since) {
  std::ostringstream text;
  text << std::ifstream(status_path(folder)).rdbuf();
  rapidjson::Document document;
  const std::string bytes = text.str();
  document.Parse(bytes.data(), bytes.size());
  if (document.HasParseError() || !document.IsObject() || !document.HasMember("written_at")) return std::nullopt;
  const auto& written = document["written_at"];
  const auto at = written.IsString() ? parse_iso8601(written.GetString()) : std::nullopt;
  if (!at || *at < since) return std::nullopt;
  return document;
}

bool is_obeyed(const rapidjson::Value& status) {
  const auto flatten = status.FindMember("flatten");
  return flatten != status.MemberEnd() && flatten->value.IsObject();
}

bool is_done(const rapidjson::Value& status) {
  if (!is_obeyed(status)) return false;
  const auto flatten = status.FindMember("flatten");
  const auto done = flatten->value.FindMember("done");
  return done != flatten->value.MemberEnd() && done->value.IsTrue();
}

// {"flattening":true,"done":…,"orders":…,"left":[…]}: what the process told last.
std::string document_of(const rapidjson::Document* status) {
  rapidjson::Document answer(rapidjson::kObjectType);
  answer.AddMember("flattening", true, answer.GetAllocator());
  if (status != nullptr && status->HasMember("flatten") && (*status)["flatten"].IsObject()) {
    for (const auto& member : (*status)["flatten"].GetObject()) {
      rapidjson::Value name(member.name, answer.GetAllocator());
      rapidjson::Value value(member.value, answer.GetAllocator());
      answer.AddMember(name, value, answer.GetAllocator());
    }
  } else {
    answer.AddMember("done", false, answer.GetAllocator());
  }
  return text_of(answer);
}

// `state`: what goes on now.
std::string describe(const rapidjson::Document* status, std::string_view state) {
  std::string text(state);
  if (status == nullptr || !status->HasMember("flatten")) return text + "\n";
  const auto& flatten = (*status)["flatten"];
  const auto text_of = [](const rapidjson::Value& object, const char* key) {
    return object.HasMember(key) && object[key].IsString() ? object[key].GetString() : "";
  };
  text += fmt::format(": {} contracts sold for ${}, which had cost ${}\n", text_of(flatten, "sold"),
                      text_of(flatten, "proceeds"), text_of(flatten, "cost"));
  if (!flatten.HasMember("left")) return text;
  for (const auto& left : flatten["left"].GetArray()) {
    text += fmt::format("  left: {} {} of {} on {}: {}\n", text_of(left, "quantity"), text_of(left, "outcome"),
                        text_of(left, "symbol"), text_of(left, "venue"), text_of(left, "reason"));
  }
  return text + "nothing is bought until `arbees resume`\n";
}

int flatten(const Options& options) {
  const std::string folder = data_folder(options.data);
  if (!ProcessLock::holder(folder)) {
    return refuse(kCommand, kNotFound, fmt::format("nothing runs in {}, so nothing can be sold", folder), options.json);
  }
  const HaltLatch latch(folder);
  if (latch.is_halted()) {
    return refuse(kCommand, kRefused, "halted, and a halt is stronger: nothing is sold before `arbees resume`",
                  options.json);
  }
  const Timestamp asked_at = net::IoLoop::now();
  const auto set = latch.flatten(options.reason, asked_at);
  if (!set) return refuse(kCommand, kFailed, set.error(), options.json);
  // Without waiting for sales, what is held is told all the same, with the process's next word.
  const Duration wait = std::chrono::seconds(std::min<std::uint64_t>(options.wait, 86'400));
  const Timestamp end = asked_at + std::max<Duration>(wait, kNextWord);
  std::optional<rapidjson::Document> sales;  // the latest word about them
  bool is_latest = false;
  bool done = false;
  while (!done && net::IoLoop::now() < end && ProcessLock::holder(folder) && !latch.is_halted()) {
    std::this_thread::sleep_for(kLook);
    auto told = status_since(folder, asked_at);
    if (!told) continue;
    is_latest = is_obeyed(*told);
    if (!is_latest) continue;
    done = is_done(*told);
    sales = std::move(told);
    if (options.wait == 0) break;
  }
  const bool is_halted = !done && latch.is_halted();
  const bool has_ended = !done && !ProcessLock::holder(folder);
  if (is_halted) {
    // A process that is halted tells of no sales any more: what it said before is what is left.
    if (!sales) sales = status_since(folder, asked_at);
    if (sales) sales->Parse(stopped_by_halt(text_of(*sales)).c_str());
  }
  const rapidjson::Document* shown = sales && (is_latest || is_halted) ? &*sales : nullptr;
  const char* const state = done        ? "nothing more can be sold now"
                            : is_halted ? "halted meanwhile, so nothing more is sold"
                            : has_ended ? "the process ended before all was sold"
                                        : "being sold; `arbees status` shows what is left";
  fmt::print("{}{}", options.json ? document_of(shown) : describe(shown, state), options.json ? "\n" : "");
  if (done) return kDone;
  // The document is printed: what follows is for people.
  if (is_halted)
    return refuse(kCommand, kRefused, "halted meanwhile: a halt is stronger, `arbees resume` ends both", false);
  if (has_ended) return refuse(kCommand, kFailed, "the process ended; it goes on selling when it runs again", false);
  if (options.wait == 0) return kDone;
  return refuse(kCommand, kTimedOut, fmt::format("not done within {} s; it goes on", options.wait), false);
}

}  // namespace

void add_flatten_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command =
      line.add("flatten", "Sell all positions of the running process, and buy nothing more until `resume`");
  command.option("--data", options->data, kDataFolderHelp);
  command.option("--reason", options->reason, "Why, for those who read it later");
  command.option("--wait", options->wait, "Seconds to wait until nothing more can be sold (0: do not wait)");
  command.flag("--json", options->json, "Print JSON");
  command.run([options] { return flatten(*options); });
}

}  // namespace arbees::app
