// arbees books: raw frames through the very decoders and books that trading uses.

#include <fmt/format.h>

#include <cstdio>

#include "adapters/store/text_file.h"
#include "app/book_rebuilder.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"

namespace arbees::app {
namespace {

struct BooksOptions {
  std::string venue;
  std::string file;
  bool json = false;
};

// A pretty-printed document (one frame over many lines) begins with a line that is only a bracket.
bool begins_document(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  const std::size_t last = line.find_last_not_of(" \t");
  return first != std::string_view::npos && first == last && (line[first] == '{' || line[first] == '[');
}

int run_books(const BooksOptions& options) {
  const auto venue = parse_venue(options.venue);
  auto reader = LineReader::open(options.file);
  if (!reader) {
    return refuse("books", reader.error() == ReadError::NotFound ? kNotFound : kFailed,
                  fmt::format("{}: {}", options.file, read_error_text(reader.error())), options.json);
  }
  BookRebuilder books(*venue);
  std::string_view line;
  std::string document;
  bool is_document = false;
  while (reader->next(line)) {
    if (reader->is_too_long()) {
      books.add_malformed(reader->line_number(), "line longer than 16 MiB");
    } else if (is_document || (reader->line_number() == 1 && begins_document(line))) {
      is_document = true;
      document.append(line);
    } else {
      books.add_line(reader->line_number(), line);
    }
  }
  if (is_document) books.add_line(1, document);
  books.finish(reader->line_number());
  if (reader->error() != ReadError::None) {
    return refuse("books", kFailed, fmt::format("{}: {}", options.file, read_error_text(reader->error())),
                  options.json);
  }
  JsonWriter json(options.json ? JsonWriter::Layout::Compact : JsonWriter::Layout::Pretty);
  books.write(json);
  fmt::print("{}\n", json.take());
  return books.has_bad_input() ? kBadInput : kDone;
}

}  // namespace

void add_books_command(CommandLine& line) {
  Command& command = line.add("books", "Rebuild order books from raw frames and say which are proven");
  auto options = std::make_shared<BooksOptions>();
  command.choice("--venue", options->venue,
                 {"kalshi", "polymarket", "coinbase", "binance", "kraken", "bitstamp", "gemini"},
                 "Whose frames they are");
  command.require("--venue");
  command.positional("FILE", options->file, true, "Frames, a line each, plain or .zst; - is standard input");
  command.flag("--json", options->json, "Compact instead of indented");
  command.run([options] { return run_books(*options); });
}

}  // namespace arbees::app
