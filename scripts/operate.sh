# shellcheck shell=bash
# What the operating scripts share: finding the program, colours, the list of roles. To be sourced.

# In the order in which they are started.
# shellcheck disable=SC2034  # for those who source this
all_roles=(crypto-spot-monitor kalshi-monitor polymarket-monitor execution-service crypto-shard orchestrator zmq-listener)
project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
compose_file="$project_root/deploy/docker-compose.yml"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\033[1m' green=$'\033[32m' yellow=$'\033[33m' red=$'\033[31m' plain=$'\033[0m'
else
  bold='' green='' yellow='' red='' plain=''
fi

step() { printf '%s== %s%s\n' "$bold" "$*" "$plain"; }
good() { printf '%sok%s      %s\n' "$green" "$plain" "$*"; }
warn() { printf '%swarning%s %s\n' "$yellow" "$plain" "$*"; }
bad() { printf '%sFAILED%s  %s\n' "$red" "$plain" "$*"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# The program: $ARBEES, or the one that is built here, or the installed one.
find_program() {
  local candidate
  for candidate in "${ARBEES:-}" "$project_root/build/release/arbees" "$(command -v arbees || true)"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  die "there is no program: build it with ./run --version, or name it in ARBEES"
}

has_compose() { docker compose version >/dev/null 2>&1; }

# has_role PROGRAM ROLE: whether this program knows the role.
has_role() { [[ $("$1" --help) == *"  $2 "* ]]; }

# setting PROGRAM KEY [OPTIONS]: the value of one key, as `arbees config show` says.
setting() {
  local program=$1 key=$2
  shift 2
  "$program" config show "$@" | awk -v key="$key" '$1 == key {print $2}'
}
