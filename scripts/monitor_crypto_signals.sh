#!/usr/bin/env bash
# Shows what runs: a thin front of `arbees`, which counts for itself. Nothing here reads logs.
#
#   scripts/monitor_crypto_signals.sh [OPTIONS] [MODE]     without a mode: a menu
#     watch       a page that is redrawn every second (once, where there is no terminal)
#     metrics     prices, signals, requests, trades, errors of every process
#     activity    the latest opportunities, orders and positions, and where opportunities end
#     health      every process and every feed; exit code 1 if something is wrong
#     export      ledger, status and metrics into a folder (--out DIR, default: arbees-export-TIME)
#     --data DIR  the data folder (default: ARBEES_DATA_DIR or arbees-data)
#     --compose   ask the containers of deploy/docker-compose.yml
set -euo pipefail
# shellcheck source=scripts/operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"

mode=''
data=${ARBEES_DATA_DIR:-arbees-data}
out=''
in_containers=0
usage() { sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while [ $# -gt 0 ]; do
  case $1 in
    watch | metrics | activity | health | export | menu) mode=$1 ;;
    --data | --out)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      if [ "$1" = --data ]; then data=$2; else out=$2; fi
      shift
      ;;
    --compose) in_containers=1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

# arbees COMMAND…: on the data folder of this machine, or in the container that sees all of it.
if [ "$in_containers" -eq 1 ]; then
  has_compose || die "docker compose is missing; without --compose the processes of this machine are shown"
  arbees() { docker compose -f "$compose_file" exec -T execution-service arbees "$@" --data /data; }
else
  program=$(find_program)
  arbees() { "$program" "$@" --data "$data"; }
fi

# The processes that have died, a line each.
dead_roles() { arbees watch --once 2>/dev/null | sed -n 's/^DEAD  //p'; }

# The processes that run, by role; each shard for itself: crypto-shard.ID.
running_roles() { arbees status --list 2>/dev/null | grep -xE '[a-z][A-Za-z0-9._-]*' || true; }

watch_page() {
  if [ -t 0 ] && [ -t 1 ] && [ "$in_containers" -eq 0 ]; then arbees watch; else arbees watch --once; fi
}

show_metrics() {
  local role names none=1
  names='prices_processed|bus_published|opportunities_total|execution_requests|requests_(received|executed)|trades|'
  names+='refused|bus_(gaps|missed)|feed_(errors|gaps|disconnects|age)|halted|exposure|cheapest_dollar'
  while IFS= read -r role; do
    none=0
    step "$role"
    arbees metrics --role "$role" | grep -E "^arbees_[a-z_]*($names)" || warn "nothing is counted yet"
  done < <(running_roles)
  [ "$none" -eq 0 ] || bad "nothing runs in $data"
  return "$none"
}

show_activity() {
  step "opportunities" && arbees opportunities --limit 10
  step "where opportunities end" && arbees funnel
  step "orders" && arbees orders
  step "positions" && arbees positions
  step "profit" && arbees pnl
}

check_health() {
  local role told failed=0 any=0
  while IFS= read -r role; do
    any=1
    if told=$(arbees status --role "$role" --healthy 2>&1); then
      good "$role"
    else
      bad "$role: ${told##*$'\n'}"
      failed=1
    fi
    arbees status --role "$role" | sed -n 's/^  /          /p'
  done < <(running_roles)
  while IFS= read -r told; do
    any=1
    failed=1
    bad "$told"
  done < <(dead_roles)
  if [ "$any" -eq 0 ]; then
    bad "nothing runs in $data"
    failed=1
  fi
  return "$failed"
}

# What could not be had is said; the rest is exported all the same.
export_all() {
  local role failed=0
  [ -n "$out" ] || out=arbees-export-$(date -u +%Y%m%dT%H%M%SZ)
  mkdir -p "$out"
  arbees ledger export --json >"$out/ledger.json" || { warn "there is no ledger"; rm -f "$out/ledger.json"; failed=1; }
  arbees opportunities --json --limit 1000 >"$out/opportunities.json" || rm -f "$out/opportunities.json"
  while IFS= read -r role; do
    arbees status --role "$role" --json >"$out/status-$role.json" || failed=1
    arbees metrics --role "$role" >"$out/metrics-$role.prom" || failed=1
  done < <(running_roles)
  good "exported to $out"
  return "$failed"
}

menu() {
  local choice
  while true; do
    printf '\n%s1%s activity  %s2%s metrics  %s3%s watch  %s4%s health  %s5%s export  %s6%s halt  %s7%s resume  %sq%s quit: ' \
      "$bold" "$plain" "$bold" "$plain" "$bold" "$plain" "$bold" "$plain" "$bold" "$plain" "$bold" "$plain" \
      "$bold" "$plain" "$bold" "$plain"
    IFS= read -r choice || break
    printf '\n'
    # What goes wrong has been said; the menu stays.
    case $choice in
      1) show_activity || true ;;
      2) show_metrics || true ;;
      3) watch_page || true ;;
      4) check_health || true ;;
      5) export_all || true ;;
      6) arbees halt --reason "monitor_crypto_signals.sh" || true ;;
      7) arbees resume || true ;;
      q | Q) break ;;
      *) printf 'choose 1 to 7, or q\n' ;;
    esac
  done
}

case ${mode:-menu} in
  watch) watch_page ;;
  metrics) show_metrics ;;
  activity) show_activity ;;
  health) check_health ;;
  export) export_all ;;
  menu) menu ;;
esac
