#include "app/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

namespace arbees::app {

void open_standard_streams() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest number that is free: the ones below are open by now.
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", O_RDWR);
  }
}

bool finish_stdout() noexcept {
  errno = 0;
  const bool had_failed = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !had_failed) return true;
  if (errno != EPIPE) {
    std::fprintf(stderr, "arbees: standard output cannot be written%s%s: it is not complete\n", errno == 0 ? "" : ": ",
                 errno == 0 ? "" : std::strerror(errno));
  }
  return false;
}

}  // namespace arbees::app
