#!/usr/bin/env bash
# The whole test, from a fresh clone: format, lint, types, the unit tests on the default Node and on the machine's own, and
# the tests on real hosts. The parts run side by side: each is shown when it ends, and a failure stops no other.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Labs of its own: the one of `npm run lab:up` is left as it is.
export LAB=${LAB:-redisops-lab}-test LABS=${LABS:-2}
OUTPUT=$(mktemp --directory)
declare -A PART_OF=()

main() {
  local default_node
  trap clean_up EXIT
  lab/bin/prepare.sh
  default_node=$(lab/bin/node.sh)
  prepare_hosts

  # Each part has a process group of its own, so that all of it can be ended.
  set -m
  begin format npm run --silent format:check
  begin lint npm run --silent lint
  begin types npm run --silent types
  ! can_boot_hosts || begin lab lab_twice "$default_node"
  begin unit-default-node vitest "$default_node" unit minimal
  same_release node "$default_node" || begin unit-own-node vitest node unit minimal
  show_each
  "$default_node" lab/test-summary.ts "$OUTPUT"
}

can_boot_hosts() { [[ $(id -u) -eq 0 && $(uname -s) == Linux ]]; }

prepare_hosts() {
  if can_boot_hosts; then
    lab/bin/ansible.sh
    # The first lab also installs what the unit tests need: redis-server, shellcheck.
    lab/bin/lab.sh up
  elif [[ ${CI:-} == true ]]; then
    echo "The lab needs root on Linux; in CI its tests are not skipped." >&2
    exit 1
  fi
}

same_release() { [[ $("$1" --version | cut -d . -f 1) == $("$2" --version | cut -d . -f 1) ]]; }

# vitest NODE PROJECT REPORTER [FILE...]
vitest() {
  # Hosts mostly wait: the unit tests take what the lab leaves of the processor.
  [[ $2 == lab ]] || renice --priority 10 --pid "$BASHPID" >/dev/null
  exec "$1" node_modules/vitest/vitest.mjs run --project "$2" --reporter="$3" --reporter=json \
    --outputFile.json="$OUTPUT/$PART.json" "${@:4}"
}

# lab_twice NODE: a few files that failed are run once more, with the machine to themselves; the summary names them. Many
# failures are no accident, and one in which data may be lost is none either.
lab_twice() {
  local again
  (vitest "$1" lab default) && return
  mapfile -t again < <("$1" lab/failed-files.ts "$OUTPUT/lab.json")
  ((${#again[@]})) || return 1
  PART=lab-again LABS=1 vitest "$1" lab default "${again[@]}"
}

# begin PART COMMAND...
begin() {
  local PART=$1
  shift
  {
    local started=$SECONDS status=0
    ("$@") || status=$?
    printf '%s %s\n' "$status" $((SECONDS - started)) >"$OUTPUT/$PART.end"
  } >"$OUTPUT/$PART.log" 2>&1 </dev/null &
  PART_OF[$!]=$PART
}

show_each() {
  local pid part status seconds
  echo "Side by side: ${PART_OF[*]}. Each is shown when it ends." >&2
  while ((${#PART_OF[@]})); do
    wait -n -p pid "${!PART_OF[@]}" || true
    part=${PART_OF[$pid]}
    unset "PART_OF[$pid]"
    read -r status seconds <"$OUTPUT/$part.end"
    printf '\n━━━━ %s: %s after %s s ━━━━\n' "$part" "$( ((status)) && echo FAILED || echo passed)" "$seconds"
    cat "$OUTPUT/$part.log"
  done
}

clean_up() {
  local pid number
  for pid in "${!PART_OF[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  rm -rf "$OUTPUT"
  can_boot_hosts || return 0
  for ((number = 1; number <= LABS; number++)); do
    LAB=$LAB$( ((number == 1)) || echo "-$number") lab/bin/lab.sh down >/dev/null || true
  done
}

main
