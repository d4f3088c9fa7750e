// arbees certify: quotes of contracts → the best riskless portfolio with its proof, or the cheapest certain dollar.

#include <cstdio>

#include "adapters/store/text_file.h"
#include "app/batch.h"
#include "app/checking/certify_document.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"

namespace arbees::app {
namespace {

// One document may span lines; several documents come one a line and are answered one by one.
int certify(const std::string& path, bool is_json) {
  auto reader = LineReader::open(path);
  if (!reader) {
    const int code = reader.error() == ReadError::NotFound ? kNotFound : kFailed;
    return refuse("certify", code, path + ": " + std::string(read_error_text(reader.error())), is_json);
  }
  std::string text;
  std::vector<std::size_t> line_starts;
  bool is_too_long = false;
  std::string_view line;
  while (reader->next(line)) {
    is_too_long = is_too_long || reader->is_too_long();
    line_starts.push_back(text.size());
    text.append(line).push_back('\n');
  }
  if (is_too_long || reader->error() != ReadError::None) {
    const std::string_view why = is_too_long ? "a line is longer than 16 MiB" : read_error_text(reader->error());
    std::printf("%s\n", wrong_line("malformed_json", why).json.c_str());
    return kBadInput;
  }
  bool any_wrong = false;
  const auto answer = [&](std::string_view document) {
    const BatchAnswer given = certify_document(document);
    any_wrong = any_wrong || given.is_error;
    std::printf("%s\n", given.json.c_str());
  };
  if (!is_json_lines(text)) {
    answer(text);
    return any_wrong ? kBadInput : kDone;
  }
  line_starts.push_back(text.size());
  for (std::size_t i = 0; i + 1 < line_starts.size(); ++i) {
    const std::string_view document =
        std::string_view(text).substr(line_starts[i], line_starts[i + 1] - line_starts[i]);
    if (document.find_first_not_of(" \t\r\n") != std::string_view::npos) answer(document);
  }
  return any_wrong ? kBadInput : kDone;
}

}  // namespace

void add_certify_command(CommandLine& line) {
  struct Options {
    std::string file = "-";
    bool json = false;
  };
  Command& command = line.add("certify", "Prove the best riskless profit in a set of quotes, or its absence");
  auto options = std::make_shared<Options>();
  command.positional("FILE", options->file, false, "JSON document; standard input if absent or -");
  command.flag("--json", options->json, "Accepted for symmetry: the answer is JSON anyway");
  command.run([options] { return certify(options->file, options->json); });
}

}  // namespace arbees::app
