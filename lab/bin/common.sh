# Shared by the scripts of lab/bin: the names and places of a lab, and how the scripts speak. Sourced, never run.
# shellcheck shell=bash disable=SC2034

LAB=${LAB:-redisops-lab}
ESTATE=${ESTATE:-debian12}
# Each estate: Debian’s suite, and the server that its hosts have.
declare -A ESTATES=(
  [debian11]='bullseye redis' [debian12]='bookworm redis' [debian13]='trixie redis' [debian13-valkey]='trixie valkey'
  [sid]='sid redis' [sid-valkey]='sid valkey'
)
HOSTS=(redis-01 redis-02 redis-03)
# Started by `boot` only, for the tests that need them.
MORE_HOSTS=(lb-01 monitor-01 monitor-02)
ALL_HOSTS=("${HOSTS[@]}" "${MORE_HOSTS[@]}")
declare -A ADDRESS=(
  [redis-01]=10.0.0.123 [redis-02]=10.0.0.124 [redis-03]=10.0.0.125
  [lb-01]=10.0.0.120 [monitor-01]=10.0.0.126 [monitor-02]=10.0.0.127
)
BRIDGE_ADDRESS=10.0.0.1

LAB_DIRECTORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STATE=/var/lib/redisops-lab/$LAB
CACHE=/var/cache/redisops-lab

# sysexits.h: a service that this needs is not available here.
EXIT_UNAVAILABLE=69
EXIT_USAGE=64

say() { printf 'lab: %s\n' "$*"; }

# refuse STATUS SENTENCE: say why not, and end.
refuse() {
  printf 'lab: %s\n' "$2" >&2
  exit "$1"
}

require_lab_name() {
  [[ $LAB =~ ^[a-z0-9][a-z0-9-]{0,39}$ ]] ||
    refuse "$EXIT_USAGE" "LAB must be 1 to 40 small letters, digits and dashes, but is '$LAB'."
}

require_estate() {
  [[ -n ${ESTATES[$ESTATE]:-} ]] || refuse "$EXIT_USAGE" "ESTATE is '$ESTATE'; name one of: $(estate_names)."
}

estate_names() { printf '%s\n' "${!ESTATES[@]}" | sort | tr '\n' ' ' | sed 's/ $//'; }
estate_suite() { printf '%s' "${ESTATES[$1]% *}"; }
estate_server() { printf '%s' "${ESTATES[$1]#* }"; }

require_host_name() {
  [[ -n ${1:-} && -n ${ADDRESS[$1]:-} ]] || refuse "$EXIT_USAGE" "name one host of: ${ALL_HOSTS[*]}."
}

host_state() { printf '%s/hosts/%s' "$STATE" "$1"; }
host_namespace() { printf '%s-%s' "$LAB" "$1"; }

in_lab_namespace() { nsenter --net="/run/netns/$LAB" -- "$@"; }

# for_each_host FUNCTION [HOST...]: the three, or those named, at once; fails if one of them fails.
for_each_host() {
  local host pid failed=0
  local -a pids=() hosts=("${@:2}")
  ((${#hosts[@]})) || hosts=("${HOSTS[@]}")
  for host in "${hosts[@]}"; do
    "$1" "$host" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || failed=1
  done
  return "$failed"
}

# take_lock FILE: one run at a time. The kernel releases it however the script ends. Its descriptor, 9, is closed in what
# outlives the script (see start_host): a running host would hold the lock for as long as it runs.
take_lock() {
  mkdir -p "$(dirname "$1")"
  exec 9>"$1"
  flock --nonblock 9 && return
  say "another run of the lab is at work; waiting for it."
  flock --timeout 600 9 || refuse 1 "another run of the lab still holds $1 after ten minutes."
}
