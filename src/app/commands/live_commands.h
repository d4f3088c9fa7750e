#pragma once
// The commands around a live account, beside `run` itself: each is added by add_run_command().

#include "app/command.h"

namespace arbees::app {

inline constexpr const char* kKeystorePasswordHelp =
    "File whose first line opens the keystore (or ARBEES_KEYSTORE_PASSWORD, or the first line of standard input)";

void add_livetest_command(CommandLine& line);
void add_doctor_command(CommandLine& line);

}  // namespace arbees::app
