#include "app/running/screen.h"

#include <algorithm>

namespace arbees::app {
namespace {

std::string harmless(std::string_view text) {
  std::string safe(text);
  std::replace_if(safe.begin(), safe.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return safe;
}

// Select Graphic Rendition of ECMA-48.
std::string_view escape_of(Ink ink) {
  switch (ink) {
    case Ink::Plain: return "";
    case Ink::Bold: return "\033[1m";
    case Ink::Good: return "\033[32m";
    case Ink::Warning: return "\033[33m";
    case Ink::Bad: return "\033[1;31m";
    case Ink::Faint: return "\033[2m";
  }
  return "";
}

constexpr std::string_view kPlainAgain = "\033[0m";

}  // namespace

Screen& Screen::put(std::string_view text, Ink ink) {
  lines_.back().push_back({harmless(text), ink, 0});
  return *this;
}

Screen& Screen::field(std::string_view name, std::string_view number, Ink ink) {
  lines_.back().push_back({harmless(name), Ink::Plain, name.size() + number.size()});
  lines_.back().push_back({harmless(number), ink, number.size()});
  return *this;
}

Screen& Screen::left(std::string_view text, std::size_t width, Ink ink) {
  std::string cell(text.substr(0, width));
  cell.resize(width, ' ');
  return put(cell, ink);
}

Screen& Screen::right(std::string_view text, std::size_t width, Ink ink) {
  // One that is too wide pushes the columns behind it.
  const std::size_t blanks = text.size() < width ? width - text.size() : 1;
  return field({}, std::string(blanks, ' ').append(text), ink);
}

std::string Screen::text(std::size_t columns, std::size_t rows, bool with_colours) const {
  std::string page;
  for (std::size_t i = 0; i < std::min(line_count(), rows); ++i) {
    std::size_t room = columns;
    std::string line;
    for (const Piece& piece : lines_[i]) {
      if (piece.needs > room) break;
      const std::string_view cut = std::string_view(piece.text).substr(0, room);
      room -= cut.size();
      const bool is_coloured = with_colours && piece.ink != Ink::Plain && !cut.empty();
      if (is_coloured) line += escape_of(piece.ink);
      line += cut;
      if (is_coloured) line += kPlainAgain;
    }
    if (!with_colours) line.erase(line.find_last_not_of(' ') + 1);
    page += line;
    page += '\n';
  }
  return page;
}

}  // namespace arbees::app
