#!/usr/bin/env bash
# Starts all roles, checks ports and health, and then watches for 30 seconds whether prices really flow. Exit code 0
# only if they do.
#
#   scripts/deploy_crypto_shard.sh [OPTIONS]        with docker compose, or as processes where that is missing
#     --local | --compose      choose which
#     --seconds N              length of the verification (default 30)
#     --patience N             --local: seconds that feeds may take to become live (default 30)
#     --data DIR               --local: the data folder (default: ARBEES_DATA_DIR or arbees-data)
#     --config FILE, --profile NAME    --local: settings of all roles; --config may be given more than once
#   scripts/deploy_crypto_shard.sh --stop           ends what --local started
#
# A deployment that fails ends what this call has started, and nothing else: what ran before goes on.
set -euo pipefail
# shellcheck source=scripts/operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"

mode=''
seconds=30
patience=30
data=${ARBEES_DATA_DIR:-arbees-data}
config_options=()
usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while [ $# -gt 0 ]; do
  case $1 in
    --local | --compose | --stop) mode=${1#--} ;;
    --seconds | --patience | --data | --config | --profile)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      case $1 in
        --seconds) seconds=$2 ;;
        --patience) patience=$2 ;;
        --data) data=$2 ;;
        *) config_options+=("$1" "$2") ;;
      esac
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
for number in "$seconds" "$patience"; do
  [[ $number =~ ^[0-9]+$ ]] || die "--seconds and --patience take a number, not '$number'"
done
if [ -z "$mode" ]; then
  if has_compose; then mode=compose; else mode=local; fi
fi

# ---- As processes of this machine ----

logs="$data/logs"
started=() # by this call

# stop_roles ROLE...: in the opposite order; each has ten seconds.
stop_roles() {
  local role pid i
  local -a wanted=("$@")
  for ((i = ${#wanted[@]} - 1; i >= 0; --i)); do
    role=${wanted[i]}
    [ -f "$logs/$role.pid" ] || continue
    pid=$(<"$logs/$role.pid")
    rm -f "$logs/$role.pid"
    # Only if it is still that program: numbers of processes are used again.
    if ! { [ -r "/proc/$pid/cmdline" ] && tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF -- "$role"; }; then continue; fi
    kill -TERM "$pid" 2>/dev/null || continue
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    good "$role stopped"
  done
}

# Until the role has printed its ready line, half a minute at most.
wait_ready() {
  local role=$1 pid=$2
  for _ in $(seq 300); do
    if grep -q '^{"ready":true' "$logs/$role.out" 2>/dev/null; then return 0; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  bad "$role did not become ready"
  tail -n 5 "$logs/$role.err" >&2
  return 1
}

start_role() {
  local role=$1 code=0
  local -a more=()
  [ "$role" != zmq-listener ] || more=(--out "$data/bus.jsonl")
  "$program" status --data "$data" --role "$role" >/dev/null 2>&1 || code=$?
  # 1: it runs and has not told anything yet.
  if [ "$code" -le 1 ]; then
    warn "$role runs already"
    return 0
  fi
  nohup "$program" "$role" --data "$data" "${config_options[@]}" "${more[@]}" \
    >"$logs/$role.out" 2>"$logs/$role.err" </dev/null &
  printf '%s\n' "$!" >"$logs/$role.pid"
  started+=("$role")
  wait_ready "$role" "$!" && good "$role started, process $!"
}

# The ports of the bus that this machine's roles bind; sockets in files have none.
check_ports() {
  local key port failed=0
  for key in bus.spot_pub bus.kalshi_pub bus.polymarket_pub bus.results_pub "${role_ports[@]}"; do
    port=$(setting "$program" "$key" "${config_options[@]}")
    case $port in
      ipc:*) continue ;;
      *:*) port=${port##*:} ;;
    esac
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      good "$key listens on port $port"
    else
      bad "$key: nothing listens on port $port"
      failed=1
    fi
  done
  return "$failed"
}

# Feeds take a while to become live.
check_health() {
  local role told failed=0
  for role in "${roles[@]}"; do
    for _ in $(seq $((2 * patience))); do
      told=$("$program" status --data "$data" --role "$role" --healthy 2>&1 >/dev/null) && break
      sleep 0.5
    done
    if [ -z "$told" ]; then good "$role is healthy"; else bad "$role: $told" && failed=1; fi
  done
  return "$failed"
}

deploy_local() {
  local role
  program=$(find_program)
  step "configuration"
  "$program" --version
  "$program" config check "${config_options[@]}" || return 1
  mkdir -p "$logs" || return 1
  roles=()
  role_ports=()
  for role in "${all_roles[@]}"; do
    if has_role "$program" "$role"; then roles+=("$role"); else warn "this program has no $role"; fi
  done
  [ ${#roles[@]} -gt 0 ] || return 1
  [[ " ${roles[*]} " != *' crypto-shard '* ]] || role_ports+=(bus.requests_pub)
  [[ " ${roles[*]} " != *' orchestrator '* ]] || role_ports+=(bus.contracts_pub)
  step "starting"
  for role in "${roles[@]}"; do start_role "$role" || return 1; done
  step "ports"
  check_ports || return 1
  step "health"
  check_health || return 1
  step "watching for $seconds seconds whether prices flow"
  "$program" verify --data "$data" --seconds "$seconds" "${roles[@]/#/--role=}" || return 1
  step "endpoints"
  for role in "${role_ports[@]}" bus.spot_pub bus.kalshi_pub bus.polymarket_pub bus.results_pub; do
    printf '%-22s %s\n' "$role" "$(setting "$program" "$role" "${config_options[@]}")"
  done
  printf '%-22s %s\n' "data folder" "$data" "logs" "$logs" "watch" "scripts/monitor_crypto_signals.sh --data $data watch" \
    "stop" "scripts/deploy_crypto_shard.sh --data $data --stop"
}

# ---- With docker compose ----

compose() { docker compose -f "$compose_file" "$@"; }

ran_before='' # services, one a line

# The services that did not run before this call.
stop_services() {
  local service
  local -a ours=()
  while IFS= read -r service; do
    grep -qxF -- "$service" <<<"$ran_before" || ours+=("$service")
  done < <(compose config --services)
  [ ${#ours[@]} -eq 0 ] || compose stop "${ours[@]}"
}

deploy_compose() {
  local role
  step "building and starting"
  compose up -d --build || return 1
  step "waiting for health"
  # Compose itself knows when every health check has passed; it gives up when one fails for good.
  compose up -d --wait --wait-timeout 180 || return 1
  step "watching for $seconds seconds whether prices flow"
  # The data folder is shared: one container sees what all roles tell.
  compose exec -T execution-service arbees verify --seconds "$seconds" "${all_roles[@]/#/--role=}" || return 1
  step "endpoints"
  printf '%-22s %s\n' "Grafana" "http://127.0.0.1:3000" "Prometheus" "http://127.0.0.1:9090" \
    "bus" "inside the network arbees_default: spot 5560, kalshi 5555, polymarket 5556, requests 5559, results 5561, contracts 5562"
  for role in "${all_roles[@]}"; do printf '%-22s %s\n' "$role" "http://$role:9464/metrics (inside)"; done
}

case $mode in
  stop) stop_roles "${all_roles[@]}" ;;
  local)
    if deploy_local; then
      good "deployed: prices flow"
    else
      if [ ${#started[@]} -gt 0 ]; then
        bad "the deployment does not work; what this call started is stopped again, its logs are in $logs"
        stop_roles "${started[@]}"
      else
        bad "the deployment does not work; this call has started nothing, so nothing is stopped"
      fi
      exit 1
    fi
    ;;
  compose)
    has_compose || die "docker compose is missing; use --local"
    ran_before=$(compose ps --services --status running) || die "docker compose does not answer; nothing was started"
    if deploy_compose; then
      good "deployed: prices flow"
    else
      bad "the deployment does not work; what did not run before is stopped again"
      stop_services || bad "not every service could be stopped"
      printf 'see: docker compose -f deploy/docker-compose.yml ps --all, and logs SERVICE\n'
      exit 1
    fi
    ;;
esac
