#include "app/running/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <string_view>

namespace arbees::app {
namespace {

// Escape sequences that every terminal since the VT220 and xterm knows.
constexpr std::string_view kEnter = "\033[?1049h\033[?25l";  // the other page, no cursor
constexpr std::string_view kLeave = "\033[?25h\033[?1049l";
constexpr std::string_view kHome = "\033[H";
constexpr std::string_view kEraseLine = "\033[K";
constexpr std::string_view kEraseBelow = "\033[J";

// A terminal that has gone away is noticed by key().
void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

struct FullScreen::Before {
  termios modes{};
};

TerminalSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

std::unique_ptr<FullScreen> FullScreen::open() {
  auto before = std::make_unique<Before>();
  if (::isatty(STDOUT_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before->modes) != 0) return nullptr;
  termios modes = before->modes;
  modes.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  modes.c_cc[VMIN] = 0;
  modes.c_cc[VTIME] = 0;
  if (::tcsetattr(STDIN_FILENO, TCSANOW, &modes) != 0) return nullptr;
  return std::unique_ptr<FullScreen>(new FullScreen(std::move(before)));
}

FullScreen::FullScreen(std::unique_ptr<Before> before) : before_(std::move(before)) { write_all(kEnter); }

FullScreen::~FullScreen() {
  write_all(kLeave);
  (void)::tcsetattr(STDIN_FILENO, TCSANOW, &before_->modes);
}

void FullScreen::show(const std::string& page) {
  std::string text(kHome);
  std::string_view rest = page;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    text += rest.substr(0, end);
    text += kEraseLine;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!rest.empty()) text += "\r\n";  // none behind the last line, which would scroll a full page
  }
  text += kEraseBelow;
  write_all(text);
}

char FullScreen::key(Duration patience) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  if (::poll(&input, 1, static_cast<int>(ms)) <= 0) return 0;
  char pressed = 0;
  // A terminal that is gone is at its end: nobody looks any more.
  return ::read(STDIN_FILENO, &pressed, 1) == 1 ? pressed : 'q';
}

}  // namespace arbees::app
