#pragma once
// The terminal as a full screen: one page redrawn in place, keys read without Enter, everything put back at the end.

#include <memory>
#include <string>

#include "core/base/time.h"

namespace arbees::app {

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Of the terminal at standard output; 80 by 24 if it does not say.
[[nodiscard]] TerminalSize terminal_size();

class FullScreen {
 public:
  // Null if standard input and output are not both a terminal.
  [[nodiscard]] static std::unique_ptr<FullScreen> open();
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;

  // Lines ended by line feeds; what is left over of the page before is erased.
  void show(const std::string& page);
  // The key that was pressed within this time; 0: none. A signal ends the wait.
  [[nodiscard]] char key(Duration patience);

 private:
  struct Before;
  explicit FullScreen(std::unique_ptr<Before> before);
  std::unique_ptr<Before> before_;  // the terminal's modes as they were
};

}  // namespace arbees::app
