#include "app/standard_streams.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace arbees::app {
namespace {

// What is written to stderr must not end in a file that has got its number.
TEST(StandardStreams, WhatWasClosedIsTakenByNoFile) {
  const auto opened = [] {
    ::close(STDIN_FILENO);
    ::close(STDERR_FILENO);
    open_standard_streams();
    const int file = ::open("/dev/zero", O_RDONLY);
    const bool swallows = ::write(STDERR_FILENO, "x", 1) == 1;
    ::_exit(file > STDERR_FILENO && swallows ? 0 : 1);
  };
  EXPECT_EXIT(opened(), testing::ExitedWithCode(0), "");
}

TEST(StandardStreams, AFullDiskBehindStdoutIsTold) {
  const auto print = [] {
    if (std::freopen("/dev/full", "w", stdout) == nullptr) ::_exit(2);
    std::fputs("a document", stdout);
    ::_exit(finish_stdout() ? 0 : 1);
  };
  EXPECT_EXIT(print(), testing::ExitedWithCode(1), "standard output cannot be written: No space left on device");
}

TEST(StandardStreams, AReaderWhoHasGoneIsNotTold) {
  const auto print = [] {
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(2);
    (void)std::signal(SIGPIPE, SIG_IGN);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    std::fputs("a document", stdout);
    ::_exit(finish_stdout() ? 0 : 1);
  };
  EXPECT_EXIT(print(), testing::ExitedWithCode(1), "^$");
}

}  // namespace
}  // namespace arbees::app
