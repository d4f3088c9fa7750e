#!/usr/bin/env bash
# Two builds of the program must decide the same: a generated market and recorded sessions, from either.
#
#   same_digest.sh ARBEES OTHER_ARBEES RECORDINGS_FOLDER
set -euo pipefail
first=$1 second=$2 recordings=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

digest() { sed -n 's/.*"digest":"\([0-9a-f]\{16,\}\)".*/\1/p'; }

# compare NAME JOURNAL: the digests of its replays
compare() {
  local a b
  a=$("$first" replay "$2" --json | digest)
  b=$("$second" replay "$2" --json | digest)
  printf '%s: %s %s\n' "$1" "$a" "$b"
  if [ -z "$a" ] || [ "$a" != "$b" ]; then
    printf 'the builds decide differently on %s\n' "$1" >&2
    exit 1
  fi
}

"$first" demo --seconds 20 --seed 7 --headless --json --port 0 --data "$folder/demo" >/dev/null
compare demo "$(ls "$folder"/demo/*.journal)"

if [ ! -e "$recordings/README.md" ]; then
  printf 'no recordings in %s: only the demo was compared\n' "$recordings"
  exit 0
fi
for session in 20260511T235205Z 20260513T175306Z 20260514T043123Z; do
  "$second" import --format kalshi-btc15m-l2 "$recordings/kalshi-btc15m-l2/$session.jsonl.zst" \
    --out "$folder/$session.journal" --json >/dev/null
  compare "$session" "$folder/$session.journal"
done
