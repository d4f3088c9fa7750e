#pragma once
// A page of text for a terminal: lines of coloured pieces that never exceed the terminal's width and height.
//
// Text is cut where the terminal ends; a number never is, for what is left of it would be another number: what does not
// fit is left out whole, and what follows it in the line too.
//
// Whatever comes from outside is made harmless: control characters and what is not ASCII become '?'.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::app {

enum class Ink : std::uint8_t { Plain, Bold, Good, Warning, Bad, Faint };

class Screen {
 public:
  // A piece at the end of the present line.
  Screen& put(std::string_view text, Ink ink = Ink::Plain);
  // A number behind its name, both whole or not at all.
  Screen& field(std::string_view name, std::string_view number, Ink ink = Ink::Plain);
  // In a column of this width, filled up with blanks. Text is cut if it is longer; numbers stand right and are whole.
  Screen& left(std::string_view text, std::size_t width, Ink ink = Ink::Plain);
  Screen& right(std::string_view text, std::size_t width, Ink ink = Ink::Plain);
  void end_line() { lines_.emplace_back(); }

  [[nodiscard]] std::size_t line_count() const noexcept { return lines_.size() - 1; }
  // The lines, each ended by a line feed, cut to the size; without colours as plain text.
  [[nodiscard]] std::string text(std::size_t columns, std::size_t rows, bool with_colours) const;

 private:
  struct Piece {
    std::string text;
    Ink ink = Ink::Plain;
    std::size_t needs = 0;  // columns, or it is left out; 0: it may be cut
  };
  using Line = std::vector<Piece>;

  std::vector<Line> lines_ = std::vector<Line>(1);  // the last is the present one
};

}  // namespace arbees::app
