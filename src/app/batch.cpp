#include "app/batch.h"

#include <cstdio>

#include "adapters/store/text_file.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/refusal.h"

namespace arbees::app {

BatchAnswer wrong_line(std::string_view code, std::string_view message) {
  return {error_document(code, message), true};
}

int run_batch(const std::string& path, bool is_json, const std::function<BatchAnswer(std::string_view line)>& answer) {
  auto reader = LineReader::open(path);
  if (!reader) {
    const int code = reader.error() == ReadError::NotFound ? kNotFound : kFailed;
    return refuse({}, code, path + ": " + std::string(read_error_text(reader.error())), is_json);
  }
  bool any_wrong = false;
  std::string_view line;
  while (reader->next(line)) {
    const bool too_long = reader->is_too_long();
    if (!too_long && line.find_first_not_of(" \t") == std::string_view::npos) continue;
    const BatchAnswer given = too_long ? wrong_line("line_too_long", "the line is longer than 16 MiB") : answer(line);
    any_wrong = any_wrong || given.is_error;
    std::fprintf(stdout, "%s\n", given.json.c_str());
    std::fflush(stdout);
  }
  if (reader->error() != ReadError::None) {
    std::fprintf(stderr, "arbees: %s: %s\n", path.c_str(), std::string(read_error_text(reader->error())).c_str());
    return kBadInput;
  }
  return any_wrong ? kBadInput : kDone;
}

}  // namespace arbees::app
