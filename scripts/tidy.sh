#!/usr/bin/env bash
# clang-tidy over the sources that differ from the branch main (committed or not), or over all of them.
#
#   scripts/tidy.sh [--all | FILE…]
#
# A changed header is checked with the sources that include it by their own name (x.h: x.cpp, x_test.cpp).
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

command -v clang-tidy-19 >/dev/null || die "clang-tidy-19 is missing" "install it:  apt-get install clang-tidy-19"

# The asan build is clang's own: its command lines hold no option that only g++ knows.
configure asan -DARBEES_BUILD_TESTS=ON
known=$(sed -n 's/^ *"file": "\(.*\)".*/\1/p' build/asan/compile_commands.json | sort -u)

candidates() {
  if [ "${1:-}" = --all ]; then
    printf '%s\n' "$known"
  elif [ $# -gt 0 ]; then
    realpath -- "$@"
  else
    { git diff --name-only "$(git merge-base main HEAD)" -- && git ls-files --others --exclude-standard; } |
      sed -n "s|^|$project_root/|; /\.cpp\$/p; s/\.h\$/.cpp/p; s/\.cpp\$/_test.cpp/p"
  fi
}

mapfile -t files < <(candidates "$@" | sort -u | grep -xF -f <(printf '%s\n' "$known") || true)
[ ${#files[@]} -gt 0 ] || { say "nothing to check"; exit 0; }
say "checking ${#files[@]} files"
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 --quiet -p build/asan
