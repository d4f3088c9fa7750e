#!/usr/bin/env bash
# Runs tests that use clients from npm. Nothing is written into the source tree: a copy in the build folder is what runs.
#
#   run.sh prepare FOLDER          copies this folder there and installs the clients if package-lock.json changed
#   run.sh test FOLDER NAME        runs NAME.test.js of the copy against the program $ARBEES_PROGRAM
set -euo pipefail
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# What was installed last: the same list for the same node needs no network.
wanted_state() {
  node --version
  cat package-lock.json
}

prepare() {
  mkdir -p "$1" && cd "$1"
  rm -f ./*.js
  cp "$source_folder"/*.js "$source_folder"/package.json "$source_folder"/package-lock.json .
  if [ -d node_modules ] && wanted_state | cmp -s - installed; then return 0; fi
  rm -f installed
  # Scripts of packages are never run; nothing but this folder is written.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --cache ./cache ||
    die "npm could not install the clients that package-lock.json lists (is registry.npmjs.org reachable?)"
  wanted_state >installed
}

for command in node npm; do
  command -v "$command" >/dev/null || die "$command is missing; ./test installs it"
done
case ${1:-} in
  prepare) prepare "$2" ;;
  test) cd "$2" && exec node --test "$3.test.js" ;;
  *) die "usage: run.sh prepare FOLDER | test FOLDER NAME" ;;
esac
