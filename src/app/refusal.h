#pragma once
// How a command ends that cannot do what it was asked: a line on stderr, and with --json the one document on stdout.

#include <string_view>

namespace arbees::app {

// The exit code in words: "usage" for 2, "not_found" for 6 (cli.h).
[[nodiscard]] std::string_view exit_code_name(int exit_code) noexcept;

// {"error":{"code":"not_found","message":"…"}} on stdout, for a command that has printed no document yet.
void print_refusal(int exit_code, std::string_view text);

// "arbees COMMAND: TEXT" on stderr ("arbees: TEXT" without a command), and with `is_json` the document. Returns the
// exit code.
int refuse(std::string_view command, int exit_code, std::string_view text, bool is_json);

}  // namespace arbees::app
