#!/usr/bin/env bash
# Brings all sources into the form of .clang-format (a test checks it).
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

command -v clang-format-19 >/dev/null || die "clang-format-19 is missing" "install it:  ./test, or apt-get install clang-format-19"
find src tests fuzz bench \( -name '*.h' -o -name '*.cpp' \) -print0 | xargs -0 clang-format-19 -i
